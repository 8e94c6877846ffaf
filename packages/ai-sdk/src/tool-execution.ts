import { applyEditsToJson, isDenied, segmentsOfJson, type Decision } from '@flyball/core/adapter';
import type { Tool, ToolExecutionOptions } from 'ai';
import { notApplicable } from './blocked.ts';
import { GovernanceBlockedError } from './error.ts';
import { readableJson } from './json.ts';
import { denialForModel, summaryOf } from './summary.ts';
import { judgeArguments, type Judge } from './tool-calls.ts';
import { callKey, toolRunOf } from './tool-run.ts';
import { isWithheld } from './withheld.ts';

/** Finds who decides on a call that is about to run. */
export type JudgeFor = () => Judge;

type Execute = (input: unknown, options: ToolExecutionOptions<never>) => unknown;
type Check = (output: unknown) => Promise<unknown>;

/** Decides before `execute`, and on everything it yields, returns or fails with before anyone else sees it. */
export function governExecute(tool: Tool, name: string, judgeFor: JudgeFor): Execute {
  const run: Execute = (input, options) => tool.execute!.call(tool, input as never, options as never);

  return (input, options) => {
    const judge = judgeFor();
    const state = toolRunOf(judge.interaction);
    if (isWithheld(input)) throw denied(state.withheld.get(input.auditId));

    const before = async (): Promise<void> => {
      const decision = await judgeArguments(judge, name, input);
      if (!isDenied(decision)) return;
      if (judge.onBlock === 'stop') state.stopped = decision;
      throw denied(decision);
    };
    const check: Check = (output) => judgeResult(judge, name, output);
    const outputs = (): AsyncIterable<unknown> => run(input, options) as AsyncIterable<unknown>;

    // INVARIANT: the tool's code runs after the decision on its arguments. Where that was made with the model's message, what
    // `execute` returns tells whether the tool yields; where it has to be made first, only the kind of its function can.
    const args = readableJson(input);
    if (args !== undefined && state.allowed.has(callKey(name, args))) {
      const begun = attempt(() => run(input, options));
      return 'output' in begun && isAsyncIterable(begun.output)
        ? each(begun.output, check)
        : settle(() => outcomeOf(begun), check);
    }
    if (isGenerator(tool.execute)) return each(begin(before, outputs), check);
    return (async () => {
      await before();
      return settle(() => run(input, options), check);
    })();
  };
}

async function judgeResult(judge: Judge, tool: string, output: unknown): Promise<unknown> {
  const result = readableJson(output);
  const content = result === undefined ? [] : segmentsOfJson(result, 'result', { role: 'tool' });
  const event = judge.event({ stage: 'tool_result', resource: { tool }, content });
  const decision = await (result === undefined
    ? judge.governor.refuse(event, 'FAILED_CLOSED')
    : judge.governor.decide(event));
  if (isDenied(decision)) {
    if (judge.onBlock === 'stop') toolRunOf(judge.interaction).stopped = decision;
    throw denied(decision);
  }
  if (result === undefined || decision.edits.length === 0) return output;
  const edited = applyEditsToJson(result, 'result', decision.edits);
  if (!edited.ok) throw denied(await notApplicable(judge.governor, event, decision));
  return edited.value;
}

/** What the model reads as the call's result: the SDK turns the error of a tool into text. */
function denied(decision: Decision | undefined): Error {
  if (decision === undefined) return new Error('the arguments of this call were withheld by policy');
  return new GovernanceBlockedError(decision, denialForModel(summaryOf(decision)));
}

/** What the tool gives in the end. One that turns out to yield has run too far to show it on the way: only the last is shown. */
async function settle(run: () => unknown, check: Check): Promise<unknown> {
  let final: unknown;
  for await (const output of each(asIterable(run), check)) final = output;
  return final;
}

type Attempt = { readonly output: unknown } | { readonly error: unknown };

function attempt(run: () => unknown): Attempt {
  try {
    return { output: run() };
  } catch (error) {
    return { error };
  }
}

function outcomeOf(attempt: Attempt): unknown {
  if ('error' in attempt) throw attempt.error;
  return attempt.output;
}

async function* asIterable(run: () => unknown): AsyncGenerator<unknown> {
  const output = run();
  if (isAsyncIterable(output)) yield* output;
  else yield await output;
}

async function* begin(before: () => Promise<void>, outputs: () => AsyncIterable<unknown>): AsyncGenerator<unknown> {
  await before();
  yield* outputs();
}

/** Every yield is shown as a preliminary result, the last one as the final one too: each is judged once, before it is shown. */
async function* each(outputs: AsyncIterable<unknown>, check: Check): AsyncGenerator<unknown> {
  const source = outputs[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await failing(source.next(), check);
      if (next.done === true) return;
      yield await check(next.value);
    }
  } finally {
    await source.return?.();
  }
}

/** A failure of the tool is text that the model reads: it is judged like a result, and is the tool's own if it may be said. */
async function failing<T>(outcome: Promise<T>, check: Check): Promise<T> {
  try {
    return await outcome;
  } catch (error) {
    if (GovernanceBlockedError.isInstance(error)) throw error;
    const judged = await check(error);
    throw judged === error ? error : new Error(messageOf(judged));
  }
}

function messageOf(judged: unknown): string {
  const { message } = judged as { readonly message?: unknown };
  return typeof message === 'string' ? message : 'the tool failed';
}

function isGenerator(execute: unknown): boolean {
  return typeof execute === 'function' && execute.constructor.name === 'AsyncGeneratorFunction';
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
