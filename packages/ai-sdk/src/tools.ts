import { asSchema, jsonSchema, type FlexibleSchema, type Schema, type Tool, type ToolSet } from 'ai';
import { isDenied, requireGovernor, type EventInit, type GovernedEvent } from '@flyball/core/adapter';
import { onBlockOf } from './call.ts';
import { interactionFor, type CheckedOptions, type GovernanceOptions } from './options.ts';
import type { Refinements } from './refine.ts';
import { denialForModel, summaryOf } from './summary.ts';
import { governExecute, type JudgeFor } from './tool-execution.ts';
import { editOutput, outputSegments } from './tool-output.ts';
import type { FinalArguments } from './tool-run.ts';
import { isWithheld } from './withheld.ts';

/** The judge of calls outside of a model's message. */
export function judgeFor(options: CheckedOptions): JudgeFor {
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
  const governor = requireGovernor(options?.governor, 'governTools(tools, { governor })');
  governor.declareStages(['tool_call', 'tool_result']);
  const judge = judgeFor({ ...options, governor });
  return mapTools(tools, (tool, name) => governTool(tool, name, judge));
}

/** Tells the model's side how the arguments of these tools come about. */
export function finalArgumentsOf(tools: ToolSet, refine: Refinements = {}): Map<string, FinalArguments> {
  const found = new Map<string, FinalArguments>();
  for (const [name, tool] of Object.entries(tools as Record<string, Tool>)) {
    if (runsElsewhere(tool)) continue;
    const refined = Object.hasOwn(refine, name) ? refine[name] : undefined;
    found.set(name, async (input) => {
      // Arguments that do not fit the schema, or cannot be refined, do not run; they are judged as written.
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
        const edited = isDenied(decision) ? undefined : editOutput(output, decision.edits);
        return edited ?? { type: 'error-text', value: denialForModel(summaryOf(decision)) };
      },
    }),
    ...(onInputAvailable !== undefined && {
      onInputAvailable: (options: Parameters<typeof onInputAvailable>[0]) =>
        isWithheld(options.input) ? undefined : onInputAvailable.call(tool, options),
    }),
  } as Tool;
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
