import {
  decideArguments,
  decideToolFailure,
  decideToolResult,
  decideToolYield,
  isWithheld,
  stopRun,
  toolDenial,
  toolRunOf,
} from '@flyball/agent-kit';
import { isPromise, type Carried, type MaybePromise } from '@flyball/core/adapter';
import type { Tool, ToolExecutionOptions } from 'ai';
import { governAttempt } from './attempt.ts';
import { each, ending, isAsyncIterable, type Attempt, type Checks } from './outputs.ts';
import type { ContextFor, ToolCallContext } from './context.ts';

type Execute = (input: unknown, options: ToolExecutionOptions<never>) => unknown;

/** Decides before `execute`, and on everything it yields, returns or fails with before anyone else sees it. */
export function governExecute(tool: Tool, name: string, contextFor: ContextFor): Execute {
  const run: Execute = (input, options) => tool.execute!.call(tool, input as never, options as never);

  return (input, options) => {
    const context = contextFor();
    const state = toolRunOf(context.interaction);
    if (isWithheld(input)) throw toolDenial(state.withheld.get(input.auditId), 'call');

    const checks = checksOf(context, name);
    const outputs = (): AsyncIterable<unknown> => run(input, options) as AsyncIterable<unknown>;
    // Without options the application has called it by itself.
    const { toolCallId: id } = Object(options) as Partial<typeof options>;
    const call = id === undefined ? undefined : { id, ahead: false };
    const decided = decideNow(() => decideArguments(context, name, input, call));

    // INVARIANT: the tool's code runs after the decision on its arguments. Where that is there already, what `execute`
    // returns tells whether the tool yields; where it has to be waited for, only the kind of its function can.
    if (!isPromise(decided) && decided.kind !== 'stopped') {
      return governAttempt(
        context,
        attempt(() => run(input, options)),
        checks,
      );
    }
    const before = async (): Promise<void> => {
      const carried = await decided;
      if (carried.kind !== 'stopped') return;
      stopRun(context, carried.decision);
      throw toolDenial(carried.decision, 'call');
    };
    if (isGenerator(tool.execute)) return ending(context, each(begin(before, outputs), checks));
    return last(context, () => run(input, options), checks, before);
  };
}

/** A governor that cannot decide at all (it was closed) fails the call, as anything that a tool waits for would. */
function decideNow(decide: () => MaybePromise<Carried<unknown>>): MaybePromise<Carried<unknown>> {
  const failed = async (error: unknown): Promise<never> => {
    throw error;
  };
  let decided: MaybePromise<Carried<unknown>>;
  try {
    decided = decide();
  } catch (error) {
    decided = failed(error);
  }
  // Awaited by whoever runs the tool: a generator that nobody reads awaits nothing.
  if (isPromise(decided)) decided.catch(() => undefined);
  return decided;
}

function checksOf(context: ToolCallContext, name: string): Checks {
  const released = (carried: Carried<unknown>): unknown => {
    if (carried.kind === 'stopped') throw toolDenial(carried.decision, 'result');
    return carried.value;
  };
  return {
    matter: () => context.governor.strictestMode(context.interaction.policy) !== 'off',
    result: async (output) => released(await decideToolResult(context, name, output)),
    yielded: async (output) => released(await decideToolYield(context, name, output)),
    failure: (error) => decideToolFailure(context, name, error),
  };
}

/**
 * What the tool gives in the end. One that turns out to yield has run too far to show it on the way: only the last is
 * shown.
 */
async function last(
  context: ToolCallContext,
  run: () => unknown,
  checks: Checks,
  before: () => Promise<void>,
): Promise<unknown> {
  try {
    await before();
    const begun = attempt(run);
    if ('error' in begun || !isAsyncIterable(begun.output)) return await checks.result(await outcome(begun, checks));
    let final: unknown;
    for await (const output of each(begun.output[Symbol.asyncIterator](), checks)) final = output;
    return final;
  } finally {
    context.over();
  }
}

function attempt(run: () => unknown): Attempt {
  try {
    return { output: run() };
  } catch (error) {
    return { error };
  }
}

async function outcome(begun: Attempt, checks: Checks): Promise<unknown> {
  try {
    if ('error' in begun) throw begun.error;
    return await begun.output;
  } catch (error) {
    throw await checks.failure(error);
  }
}

async function* begin(before: () => Promise<void>, outputs: () => AsyncIterable<unknown>): AsyncGenerator<unknown> {
  await before();
  yield* outputs();
}

function isGenerator(execute: unknown): boolean {
  return typeof execute === 'function' && execute.constructor.name === 'AsyncGeneratorFunction';
}
