import {
  asSchema,
  jsonSchema,
  type FlexibleSchema,
  type Schema,
  type Tool,
  type ToolExecutionOptions,
  type ToolSet,
} from 'ai';
import {
  applyEditsToJson,
  segmentsOfJson,
  type Decision,
  type EventInit,
  type GovernedEvent,
} from '@flyball/core/adapter';
import { onBlockOf } from './call.ts';
import { notApplicable } from './blocked.ts';
import { GovernanceBlockedError } from './error.ts';
import { toJson } from './json.ts';
import { interactionFor, type GovernanceOptions } from './options.ts';
import type { Refinements } from './refine.ts';
import { denialForModel, isStop, summaryOf } from './summary.ts';
import { judgeArguments, type Judge } from './tool-calls.ts';
import { outputSegments, editOutput } from './tool-output.ts';
import { callKey, toolRunOf, type FinalArguments } from './tool-run.ts';
import { isWithheld } from './withheld.ts';

/** Finds who decides on a call that is about to run. */
export type JudgeFor = () => Judge;

/** The judge of calls outside of a model's message. */
export function judgeFor(options: GovernanceOptions): JudgeFor {
  const { governor, attributes } = options;
  return () => {
    const interaction = interactionFor(options);
    const event = (init: EventInit): GovernedEvent =>
      interaction.event({
        point: 'tool',
        ...init,
        ...(attributes !== undefined && { attributes: { ...attributes, ...init.attributes } }),
      });
    return { governor, interaction, event, onBlock: onBlockOf(options, interaction) };
  };
}

/**
 * The tools, governed where they run: the arguments they really get, every preliminary and final result, and what
 * `toModelOutput` makes of it. Tools that the provider runs are returned as they are: nothing of them happens here.
 */
export function governTools<TOOLS extends ToolSet>(tools: TOOLS, options: GovernanceOptions): TOOLS {
  options.governor.wire(['tool_call', 'tool_result']);
  const judge = judgeFor(options);
  return mapTools(tools, (tool, name) => governTool(tool, name, judge));
}

/** Tells the model's side how the arguments of these tools come about. */
export function finalArgumentsOf(tools: ToolSet, refine: Refinements = {}): Map<string, FinalArguments> {
  const found = new Map<string, FinalArguments>();
  for (const [name, tool] of Object.entries(tools as Record<string, Tool>)) {
    if (runsElsewhere(tool)) continue;
    const refined = Object.hasOwn(refine, name) ? refine[name] : undefined;
    found.set(name, async (input) => {
      const parsed = await validate(asSchema(tool.inputSchema as FlexibleSchema), input);
      // Arguments that do not fit the schema do not run; they are judged as written.
      if (!parsed.success) return input;
      return refined === undefined ? parsed.value : refined(parsed.value);
    });
  }
  return found;
}

export function mapTools<TOOLS extends ToolSet>(tools: TOOLS, map: (tool: Tool, name: string) => Tool): TOOLS {
  return Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, map(tool as Tool, name)])) as TOOLS;
}

function governTool(tool: Tool, name: string, judgeFor: JudgeFor): Tool {
  if (runsElsewhere(tool)) return tool;
  const { execute, toModelOutput, onInputAvailable } = tool;
  return {
    ...tool,
    inputSchema: acceptWithheld(tool.inputSchema as FlexibleSchema),
    ...(execute !== undefined && { execute: governExecute(tool, name, judgeFor) }),
    ...(toModelOutput !== undefined && {
      toModelOutput: async (result: Parameters<typeof toModelOutput>[0]) => {
        const judge = judgeFor();
        const output = await toModelOutput.call(tool, result);
        const decision = await judge.governor.decide(
          judge.event({ stage: 'tool_result', resource: { tool: name }, content: outputSegments(output) }),
        );
        const edited = isStop(decision) ? undefined : editOutput(output, decision.edits);
        return edited ?? { type: 'error-text', value: denialForModel(summaryOf(decision)) };
      },
    }),
    ...(onInputAvailable !== undefined && {
      onInputAvailable: (options: Parameters<typeof onInputAvailable>[0]) =>
        isWithheld(options.input) ? undefined : onInputAvailable.call(tool, options),
    }),
  } as Tool;
}

/** Decides before `execute`, and on everything it yields or returns before anyone else sees it. */
function governExecute(
  tool: Tool,
  name: string,
  judgeFor: JudgeFor,
): (input: unknown, options: ToolExecutionOptions<never>) => unknown {
  const run = (input: unknown, options: ToolExecutionOptions<never>): unknown =>
    tool.execute!.call(tool, input as never, options as never);

  return (input, options) => {
    const judge = judgeFor();
    const state = toolRunOf(judge.interaction);
    if (isWithheld(input)) throw denied(state.withheld.get(input.auditId));

    const before = async (): Promise<void> => {
      const decision = await judgeArguments(judge, name, toJson(input));
      if (!isStop(decision)) return;
      if (judge.onBlock === 'stop') state.stopped = decision;
      throw denied(decision);
    };
    const after = (output: unknown): Promise<unknown> => judgeResult(judge, name, output);

    // INVARIANT: the tool's code runs after the decision on its arguments. Where that was made with the model's message, what
    // `execute` returns tells whether the tool yields; where it has to be made first, only the kind of its function can.
    if (state.allowed.has(callKey(name, toJson(input)))) {
      const output = run(input, options);
      return isAsyncIterable(output) ? each(output, after) : settle(output, after);
    }
    if (isGenerator(tool.execute))
      return each(
        begin(before, () => run(input, options) as AsyncIterable<unknown>),
        after,
      );
    return (async () => {
      await before();
      const output = run(input, options);
      return isAsyncIterable(output) ? last(output, after) : settle(output, after);
    })();
  };
}

async function judgeResult(judge: Judge, tool: string, output: unknown): Promise<unknown> {
  const result = toJson(output);
  const content = segmentsOfJson(result, 'result', { role: 'tool' });
  const event = judge.event({ stage: 'tool_result', resource: { tool }, content });
  const decision = await judge.governor.decide(event);
  if (isStop(decision)) {
    if (judge.onBlock === 'stop') toolRunOf(judge.interaction).stopped = decision;
    throw denied(decision);
  }
  if (decision.edits.length === 0) return output;
  const edited = applyEditsToJson(result, 'result', decision.edits);
  if (!edited.ok) throw denied(await notApplicable(judge.governor, event, decision));
  return edited.value;
}

/** What the model reads as the call's result: the SDK turns the error of a tool into text. */
function denied(decision: Decision | undefined): Error {
  if (decision === undefined) return new Error('the arguments of this call were withheld by policy');
  return new GovernanceBlockedError(decision, denialForModel(summaryOf(decision)));
}

const settle = async (output: unknown, after: (output: unknown) => Promise<unknown>): Promise<unknown> =>
  after(await output);

async function* begin(before: () => Promise<void>, run: () => AsyncIterable<unknown>): AsyncGenerator<unknown> {
  await before();
  yield* run();
}

/** Every yield is shown as a preliminary result, the last one as the final one too: each is judged once, before it is shown. */
async function* each(
  outputs: AsyncIterable<unknown>,
  after: (output: unknown) => Promise<unknown>,
): AsyncGenerator<unknown> {
  for await (const output of outputs) yield await after(output);
}

/** A tool that only looks iterable once it runs has run too far to show its intermediate results: they are judged and left out. */
async function last(outputs: AsyncIterable<unknown>, after: (output: unknown) => Promise<unknown>): Promise<unknown> {
  let final: unknown;
  for await (const output of outputs) final = await after(output);
  return final;
}

/** The tool's schema, which lets the stand-in for withheld arguments through to where it becomes a denial. */
function acceptWithheld(schema: FlexibleSchema): Schema {
  let inner: Schema | undefined;
  const own = (): Schema => (inner ??= asSchema(schema));
  // The SDK's schemas name a type of JSON schema that this package does not depend on.
  return jsonSchema(() => own().jsonSchema as never, {
    validate: (value) => (isWithheld(value) ? { success: true, value } : validate(own(), value)),
  });
}

function validate(schema: Schema, value: unknown): ReturnType<NonNullable<Schema['validate']>> {
  return schema.validate === undefined ? { success: true, value } : schema.validate(value);
}

function runsElsewhere(tool: Tool): boolean {
  return tool.type === 'provider' && tool.execute === undefined;
}

function isGenerator(execute: unknown): boolean {
  return typeof execute === 'function' && execute.constructor.name === 'AsyncGeneratorFunction';
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
