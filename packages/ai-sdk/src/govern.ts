import type { Governor } from '@flyball/core/adapter';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type {
  PrepareStepFunction,
  ToolApprovalConfiguration,
  ToolCallRepairFunction,
  ToolInputRefinement,
  ToolSet,
} from 'ai';
import { governApproval, type GovernedApproval } from './approval.ts';
import { governModel, type GovernModelOptions } from './model.ts';
import { interactionFor } from './options.ts';
import { judgeToolCall } from './tool-calls.ts';
import { toolRunOf } from './tool-run.ts';
import { rememberRefined } from './refine.ts';
import { finalArgumentsOf, governTools, judgeFor } from './tools.ts';

/** What a call takes, as the application wrote it. Whatever changes tool calls belongs here, not beside the spread. */
export interface GovernOptions<TOOLS extends ToolSet> extends Omit<GovernModelOptions, 'governor'> {
  readonly tools?: TOOLS;
  readonly toolApproval?: ToolApprovalConfiguration<TOOLS, never>;
  readonly repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_refineToolInput?: ToolInputRefinement<TOOLS>;
  readonly prepareStep?: PrepareStepFunction<TOOLS, never>;
}

/** The same, governed: spread it into `generateText`, `streamText` or `new ToolLoopAgent`. */
export interface Governed<TOOLS extends ToolSet> {
  readonly model: LanguageModelV4;
  readonly tools: TOOLS;
  readonly toolApproval: GovernedApproval<TOOLS>;
  readonly repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_refineToolInput?: ToolInputRefinement<TOOLS>;
  readonly prepareStep?: PrepareStepFunction<TOOLS, never>;
}

/**
 * Governs one request through every hook at once: `streamText({ ...govern(governor, { subject, model, tools }), messages })`.
 * Call it for each request: its interaction is the request's, and spans all steps.
 */
export function govern<TOOLS extends ToolSet = ToolSet>(
  governor: Governor,
  options: GovernOptions<TOOLS>,
): Governed<TOOLS> {
  const { model, middleware, tools = {} as TOOLS, toolApproval, prepareStep, subject: _, ...rest } = options;
  const interaction = interactionFor({ ...options, governor });
  const shared = { ...rest, governor, interaction };
  const { repairToolCall, experimental_repairToolCall, experimental_refineToolInput: refine } = options;

  const refineOnce = refine === undefined ? undefined : rememberRefined(refine);
  const run = toolRunOf(interaction);
  for (const [name, finalArguments] of finalArgumentsOf(tools, refineOnce)) run.tools.set(name, finalArguments);

  const judge = judgeFor(shared);
  const governRepair =
    (repair: ToolCallRepairFunction<TOOLS>): ToolCallRepairFunction<TOOLS> =>
    async (broken) => {
      const repaired = await repair(broken);
      if (repaired === null) return null;
      const verdict = await judgeToolCall({ ...judge(), onBlock: 'continue' }, repaired);
      return verdict.kind === 'stop' ? null : verdict.part;
    };

  return {
    model: governModel({ ...shared, model, ...(middleware !== undefined && { middleware }) }),
    tools: governTools(tools, shared),
    toolApproval: governApproval<TOOLS>({ ...shared, ...(toolApproval !== undefined && { toolApproval }) }),
    ...(repairToolCall !== undefined && { repairToolCall: governRepair(repairToolCall) }),
    ...(experimental_repairToolCall !== undefined && {
      experimental_repairToolCall: governRepair(experimental_repairToolCall),
    }),
    ...(refineOnce !== undefined && { experimental_refineToolInput: refineOnce }),
    ...(prepareStep !== undefined && {
      prepareStep: async (step) => {
        const prepared = await prepareStep(step);
        if (prepared?.model === undefined) return prepared;
        return {
          ...prepared,
          model: governModel({ ...shared, model: prepared.model, ...(middleware !== undefined && { middleware }) }),
        };
      },
    }),
  };
}
