import {
  checkAgentOptions,
  denialForModel,
  isWithheld,
  nameOf,
  stopRun,
  summaryOf,
  type FinalArguments,
} from '@flyball/agent-kit';
import { decideAndCarryOut, segmentsOfJson } from '@flyball/core/adapter';
import { asSchema, jsonSchema, type FlexibleSchema, type Schema, type Tool, type ToolSet } from 'ai';
import type { Checked, GovernanceOptions } from '../options.ts';
import { contextFor, type ContextFor } from './context.ts';
import { governExecute } from './execution.ts';
import { editOutput, readOutput, type Output } from './output.ts';
import type { Refinements } from './refine.ts';

/**
 * The tools, governed where they run: the arguments they really get, every preliminary and final result, and what
 * `toModelOutput` makes of it. Tools that the provider runs are returned as they are: nothing of them happens here.
 */
export function governTools<TOOLS extends ToolSet>(tools: TOOLS, options: GovernanceOptions): TOOLS {
  return governedTools(tools, checkAgentOptions('governTools', options));
}

/** The same, with options that were checked. */
export function governedTools<TOOLS extends ToolSet>(tools: TOOLS, checked: Checked): TOOLS {
  checked.governor.declareStages(['tool_call', 'tool_result']);
  const contexts = contextFor(checked);
  return mapTools(tools, (tool, name) => governTool(tool, name, contexts));
}

/** Tells the model's side how the arguments of these tools come about. */
export function finalArgumentsOf(tools: ToolSet, refine: Refinements = {}): Map<string, FinalArguments> {
  const found = new Map<string, FinalArguments>();
  for (const [name, tool] of Object.entries(tools as Record<string, Tool>)) {
    if (runsElsewhere(tool)) continue;
    const refined = Object.hasOwn(refine, name) ? refine[name] : undefined;
    found.set(name, async (input) => {
      // Arguments that do not fit the schema, or cannot be refined, do not run; they are decided on as written.
      try {
        const parsed = await validate(asSchema(tool.inputSchema as FlexibleSchema), input);
        if (!parsed.success) return input;
        return refined === undefined ? parsed.value : await refined(parsed.value);
      } catch {
        return input;
      }
    });
  }
  return found;
}

function mapTools<TOOLS extends ToolSet>(tools: TOOLS, map: (tool: Tool, name: string) => Tool): TOOLS {
  return Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, map(tool as Tool, name)])) as TOOLS;
}

/** The tool with some of its members replaced: getters, prototype and what is not enumerable are its own. */
function withMembers(tool: Tool, members: Partial<Record<keyof Tool, unknown>>): Tool {
  const replaced = Object.entries(members).map(
    ([name, value]) => [name, { value, enumerable: true, configurable: true, writable: true }] as const,
  );
  const descriptors = { ...Object.getOwnPropertyDescriptors(tool), ...Object.fromEntries(replaced) };
  return Object.create(Object.getPrototypeOf(tool) as object, descriptors) as Tool;
}

function governTool(tool: Tool, name: string, contexts: ContextFor): Tool {
  if (runsElsewhere(tool)) return tool;
  const { execute, toModelOutput, onInputAvailable } = tool;
  return withMembers(tool, {
    inputSchema: acceptWithheld(tool.inputSchema as FlexibleSchema),
    ...(execute !== undefined && { execute: governExecute(tool, name, contexts) }),
    ...(toModelOutput !== undefined && {
      // The SDK's own contract: one that throws fails the SDK's call, as it does without governance.
      toModelOutput: async (result: Parameters<typeof toModelOutput>[0]) =>
        admitOutput(contexts, name, (await toModelOutput.call(tool, result)) as Output),
    }),
    ...(onInputAvailable !== undefined && {
      onInputAvailable: (options: Parameters<typeof onInputAvailable>[0]) =>
        isWithheld(options.input) ? undefined : onInputAvailable.call(tool, options),
    }),
  });
}

/**
 * Decides on what a tool's own code makes of a result for the model, which may say more than the result that was
 * decided on.
 */
async function admitOutput(contexts: ContextFor, tool: string, output: Output): Promise<Output> {
  const context = contexts();
  try {
    if (!context.covers('tool_result', tool)) return output;
    const read = readOutput(output);
    const { json, unreadable } = read;
    const content = segmentsOfJson(json, 'result', { role: 'tool' });
    const event = context.event({ stage: 'tool_result', resource: { tool: nameOf(tool) }, content, unreadable });
    const carried = await decideAndCarryOut(context.governor, event, output, (edits) =>
      editOutput(output, read, edits),
    );
    if (carried.kind !== 'stopped') return carried.value;
    stopRun(context, carried.decision);
    return { type: 'error-text', value: denialForModel(summaryOf(carried.decision), 'result') };
  } finally {
    context.over();
  }
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
