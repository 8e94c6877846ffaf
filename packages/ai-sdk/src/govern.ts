import { checkAgentOptions, decideToolCall, resolveInteractionNow, toolRunOf } from '@flyball/agent-kit';
import type { Governor, OptionShape } from '@flyball/core/adapter';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type {
  LanguageModel,
  PrepareStepFunction,
  PrepareStepResult,
  ToolApprovalConfiguration,
  ToolCallRepairFunction,
  ToolInputRefinement,
  ToolSet,
} from 'ai';
import { governModel, MODEL_OPTIONS, type GovernModelOptions } from './model/model.ts';
import { withVerdict } from './model/tool-part.ts';
import type { Checked } from './options.ts';
import { governApproval, type GovernedApproval } from './tools/approval.ts';
import { contextFor } from './tools/context.ts';
import { rememberRefined } from './tools/refine.ts';
import { finalArgumentsOf, governTools } from './tools/tools.ts';

/** What a call without tools takes, as the application wrote it. */
export interface GovernOptions<TOOLS extends ToolSet = ToolSet> extends Omit<GovernModelOptions, 'governor'> {
  /** Steps may choose another model: that one is governed too. */
  readonly prepareStep?: PrepareStepFunction<TOOLS, never>;
}

/** What a call with tools takes. Whatever changes tool calls belongs here, not beside the spread. */
export interface GovernToolsOptions<TOOLS extends ToolSet> extends GovernOptions<TOOLS> {
  readonly tools: TOOLS;
  readonly toolApproval?: ToolApprovalConfiguration<TOOLS, never>;
  readonly repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_refineToolInput?: ToolInputRefinement<TOOLS>;
}

const OWN_OPTIONS: { readonly [name: string]: OptionShape } = {
  ...MODEL_OPTIONS,
  tools: 'object',
  prepareStep: 'function',
  toolApproval: {
    is: (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
    words: 'an approval function, or a status or function by tool',
  },
  repairToolCall: 'function',
  experimental_repairToolCall: 'function',
  experimental_refineToolInput: 'object',
};

/** The model, governed, and the step preparation if there was one. */
export interface Governed<TOOLS extends ToolSet = ToolSet> {
  readonly model: LanguageModelV4;
  readonly prepareStep?: (step: unknown) => PromiseLike<PrepareStepResult<TOOLS, never>>;
}

/** The model with its tools and what belongs to them, governed. */
export interface GovernedTools<TOOLS extends ToolSet> extends Governed<TOOLS> {
  readonly tools: TOOLS;
  readonly toolApproval: GovernedApproval<TOOLS>;
  readonly repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_refineToolInput?: ToolInputRefinement<TOOLS>;
}

/**
 * Governs one request through every hook at once; spread the result into `generateText`, `streamText` or `new ToolLoopAgent`:
 * `streamText({ ...govern(governor, { subject, model, tools }), messages })`.
 * Call it for each request: its interaction is the request's, and spans all steps.
 */
export function govern<TOOLS extends ToolSet>(
  governor: Governor,
  options: GovernToolsOptions<TOOLS>,
): GovernedTools<TOOLS>;
export function govern(governor: Governor, options: GovernOptions): Governed;
export function govern(
  governor: Governor,
  options: GovernOptions | GovernToolsOptions<ToolSet>,
): Governed | GovernedTools<ToolSet> {
  const checked = checkAgentOptions('govern', { ...options, governor }, { own: OWN_OPTIONS, required: ['model'] });
  const { governor: adapter, attributes, refusal, onBlock } = checked;
  const { model, middleware, prepareStep } = options;
  const shared: Checked = {
    governor: adapter,
    interaction: resolveInteractionNow(adapter, checked, undefined),
    ...(attributes !== undefined && { attributes }),
    ...(refusal !== undefined && { refusal }),
    ...(onBlock !== undefined && { onBlock }),
  };
  const governed = (ungoverned: LanguageModel): LanguageModelV4 =>
    governModel({ ...shared, model: ungoverned, ...(middleware !== undefined && { middleware }) });

  return {
    model: governed(model),
    ...('tools' in options && options.tools !== undefined && governAllOfTools(options, shared)),
    ...(prepareStep !== undefined && {
      prepareStep: async (step: unknown) => {
        const prepared = await prepareStep(step as never);
        return prepared?.model === undefined ? prepared : { ...prepared, model: governed(prepared.model) };
      },
    }),
  };
}

function governAllOfTools(
  options: GovernToolsOptions<ToolSet>,
  shared: Checked,
): Omit<GovernedTools<ToolSet>, 'model'> {
  const { tools, toolApproval, repairToolCall, experimental_repairToolCall } = options;
  const context = contextFor(shared)();
  const run = toolRunOf(context.interaction);
  const refine =
    options.experimental_refineToolInput === undefined
      ? undefined
      : rememberRefined(options.experimental_refineToolInput, run);
  const governRepair =
    (repair: ToolCallRepairFunction<ToolSet>): ToolCallRepairFunction<ToolSet> =>
    async (broken) => {
      // Repairing is the SDK's own contract: a function that throws fails the call as it does without governance.
      const repaired = await repair(broken);
      if (repaired === null) return null;
      const written = { tool: repaired.toolName, text: repaired.input };
      const verdict = await decideToolCall({ ...context, onBlock: 'continue' }, written);
      return verdict.kind === 'stop' ? null : withVerdict(repaired, verdict);
    };

  for (const [name, finalArguments] of finalArgumentsOf(tools, refine?.ahead)) run.tools.set(name, finalArguments);
  return {
    tools: governTools(tools, shared),
    toolApproval: governApproval({ ...shared, ...(toolApproval !== undefined && { toolApproval }) }),
    ...(repairToolCall !== undefined && { repairToolCall: governRepair(repairToolCall) }),
    ...(experimental_repairToolCall !== undefined && {
      experimental_repairToolCall: governRepair(experimental_repairToolCall),
    }),
    ...(refine !== undefined && { experimental_refineToolInput: refine.once }),
  };
}
