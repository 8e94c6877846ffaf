import { checkAgentOptions, decideToolCall } from '@flyball/agent-kit';
import type { Governor, OptionShape } from '@flyball/core/adapter';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type {
  LanguageModel,
  PrepareStepFunction,
  PrepareStepResult,
  TelemetryOptions,
  ToolApprovalConfiguration,
  ToolCallRepairFunction,
  ToolInputRefinement,
  ToolSet,
} from 'ai';
import { governedModel, MODEL_OPTIONS, type GovernModelOptions } from './model/model.ts';
import { withVerdict } from './model/tool-part.ts';
import type { Checked, Run } from './options.ts';
import { callIdentity, createRun, sharedIdentity, type RunIdentity } from './run.ts';
import { governedApproval, type GovernedApproval } from './tools/approval.ts';
import { rememberRefined } from './tools/refine.ts';
import { contextFor } from './tools/context.ts';
import { finalArgumentsOf, governedTools } from './tools/tools.ts';
import { createHearing } from './telemetry/hearing.ts';
import { telling } from './telemetry/telling.ts';

/** Whatever a run carries from step to step. */
type RuntimeContext = Readonly<Record<string, unknown>>;

/** What a call without tools takes, as the application wrote it. */
export interface GovernOptions<TOOLS extends ToolSet = ToolSet> extends Omit<GovernModelOptions, 'governor'> {
  readonly tools?: undefined;
  /** Steps may choose another model: that one is governed too. */
  readonly prepareStep?: PrepareStepFunction<TOOLS, RuntimeContext>;
  /**
   * An agent's own preparation of a call. What it answers with is governed: it may choose another model or other tools.
   */
  readonly prepareCall?: (settings: never) => unknown;
  /** The call's telemetry: integrations hear of prompts as the model gets them, and governance of the run's end. */
  readonly telemetry?: TelemetryOptions<never, TOOLS>;
}

/** What a call with tools takes. Whatever changes tool calls belongs here, not beside the spread. */
export interface GovernToolsOptions<TOOLS extends ToolSet> extends Omit<GovernOptions<TOOLS>, 'tools'> {
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
  prepareCall: 'function',
  telemetry: 'object',
  toolApproval: {
    is: (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
    words: 'an approval function, or a status or function by tool',
  },
  repairToolCall: 'function',
  experimental_repairToolCall: 'function',
  experimental_refineToolInput: 'object',
};

/** The model, governed, and what belongs to it. */
export interface Governed<TOOLS extends ToolSet = ToolSet> {
  readonly model: LanguageModelV4;
  readonly telemetry: TelemetryOptions<never, TOOLS>;
  /** For agents, which may live as long as the process: governs each of their calls by itself. */
  readonly prepareCall: <SETTINGS>(settings: SETTINGS) => Promise<SETTINGS>;
  readonly prepareStep?: (step: unknown) => PromiseLike<PrepareStepResult<TOOLS, never>>;
}

/** The model with its tools and what belongs to them, governed. */
export interface GovernedTools<TOOLS extends ToolSet> extends Governed<TOOLS> {
  readonly tools: TOOLS;
  readonly toolApproval: GovernedApproval<TOOLS>;
  readonly repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_repairToolCall?: ToolCallRepairFunction<TOOLS>;
  readonly experimental_refineToolInput: ToolInputRefinement<TOOLS>;
}

/**
 * Governs a call through every hook at once; spread the result into `generateText` or `streamText`, once for each
 * request: `streamText({ ...govern(governor, { subject, model, tools }), messages })`. Its interaction is the
 * request's, and spans all steps.
 *
 * Spread into `new ToolLoopAgent`, it governs each call of the agent by itself: a subject function is asked for each
 * call, with its options, so the agent may live as long as the process:
 * `new ToolLoopAgent({ ...govern(governor, { subject: ({ options }) => userOf(options), model, tools }), instructions
 * })`.
 */
export function govern<TOOLS extends ToolSet>(
  governor: Governor,
  options: GovernToolsOptions<TOOLS>,
): GovernedTools<TOOLS>;
export function govern(governor: Governor, options: GovernOptions): Governed;
export function govern<TOOLS extends ToolSet>(
  governor: Governor,
  options: Omit<GovernToolsOptions<TOOLS>, 'tools'> & { readonly tools: TOOLS | undefined },
): Governed<TOOLS> & Partial<GovernedTools<TOOLS>>;
export function govern(
  governor: Governor,
  options: GovernOptions | GovernToolsOptions<ToolSet>,
): Governed | GovernedTools<ToolSet> {
  const checked = checkAgentOptions('govern', { ...options, governor }, { own: OWN_OPTIONS, required: ['model'] });
  const shared = hooksOf(options, checked, sharedIdentity(checked));
  return {
    ...shared,
    prepareCall: async <SETTINGS>(settings: SETTINGS): Promise<SETTINGS> => {
      const answered: unknown = await options.prepareCall?.(settings as never);
      const prepared = (answered ?? settings) as Readonly<Record<string, unknown>>;
      const identity = await callIdentity(checked, prepared);
      return { ...prepared, ...hooksOf(chosenIn(prepared, options, shared), checked, identity) } as SETTINGS;
    },
  };
}

/** What governs one run. */
type Hooks = Omit<Governed, 'prepareCall'> & Partial<GovernedTools<ToolSet>>;

const HOOKS: readonly (keyof GovernToolsOptions<ToolSet>)[] = [
  'model',
  'tools',
  'prepareStep',
  'telemetry',
  'toolApproval',
  'repairToolCall',
  'experimental_repairToolCall',
  'experimental_refineToolInput',
];

/**
 * What the application chose for one call of an agent. What the agent was made with is governed for no call in
 * particular: each call starts from what `govern` was given, unless the application's `prepareCall`, or something
 * beside the spread, has put another in its place.
 */
function chosenIn(
  prepared: Readonly<Record<string, unknown>>,
  options: GovernOptions | GovernToolsOptions<ToolSet>,
  shared: Hooks,
): GovernOptions | GovernToolsOptions<ToolSet> {
  const given = options as unknown as Readonly<Record<string, unknown>>;
  const made = shared as unknown as Readonly<Record<string, unknown>>;
  const chosen = HOOKS.map((name) => [name, prepared[name] === made[name] ? given[name] : prepared[name]] as const);
  return { ...options, ...Object.fromEntries(chosen) };
}

function hooksOf(options: GovernOptions | GovernToolsOptions<ToolSet>, given: Checked, identity: RunIdentity): Hooks {
  const { governor, attributes, refusal, onBlock } = given;
  const { model, middleware, prepareStep, telemetry, tools } = options;
  const refined = new Map<string, unknown[]>();
  const refine = tools && rememberRefined(tools, options.experimental_refineToolInput, refined, () => run.withheld);
  const hearing = createHearing(() => mayEnforce(given));
  const run = createRun(tools === undefined ? new Map() : finalArgumentsOf(tools, refine?.ahead), refined, hearing);
  const checked: Checked & { readonly run: Run } = {
    governor,
    run,
    ...identity,
    ...(attributes !== undefined && { attributes }),
    ...(refusal !== undefined && { refusal }),
    ...(onBlock !== undefined && { onBlock }),
  };
  const governed = (ungoverned: LanguageModel): LanguageModelV4 => governedModel(ungoverned, middleware, checked);

  return {
    model: governed(model),
    telemetry: telling(telemetry, hearing, () => run.end()),
    ...(tools !== undefined && {
      ...toolHooksOf(options, tools, checked),
      ...(refine !== undefined && { experimental_refineToolInput: refine.once }),
    }),
    ...(prepareStep !== undefined && {
      prepareStep: async (step: unknown) => {
        const prepared = await prepareStep(step as never);
        const chosen = prepared?.model === undefined ? prepared : { ...prepared, model: governed(prepared.model) };
        return chosen as PrepareStepResult<ToolSet, never>;
      },
    }),
  };
}

/**
 * Outside of a subject or an interaction of its own, whose policy decides is known when the model is called: until then
 * it may enforce.
 */
function mayEnforce({ governor, subject, interaction, policy }: Checked): boolean {
  if (typeof interaction === 'object') return governor.strictestMode(interaction.policy) === 'enforce';
  return subject === undefined || typeof policy === 'function' || governor.strictestMode(policy) === 'enforce';
}

function toolHooksOf(
  { toolApproval, repairToolCall, experimental_repairToolCall }: GovernToolsOptions<ToolSet>,
  tools: ToolSet,
  checked: Checked & { readonly run: Run },
): Pick<GovernedTools<ToolSet>, 'tools' | 'toolApproval' | 'repairToolCall' | 'experimental_repairToolCall'> {
  const contexts = contextFor(checked);
  const governRepair =
    (repair: ToolCallRepairFunction<ToolSet>): ToolCallRepairFunction<ToolSet> =>
    async (broken) => {
      // Repairing is the SDK's own contract: a function that throws fails the call as it does without governance.
      const repaired = await repair(broken);
      if (repaired === null) return null;
      const written = { tool: repaired.toolName, text: repaired.input };
      const verdict = await decideToolCall({ ...contexts(), onBlock: 'continue' }, written);
      return verdict.kind === 'stop' ? null : withVerdict(repaired, verdict, checked.run);
    };
  return {
    tools: governedTools(tools, checked),
    toolApproval: governedApproval(toolApproval, checked),
    ...(repairToolCall !== undefined && { repairToolCall: governRepair(repairToolCall) }),
    ...(experimental_repairToolCall !== undefined && {
      experimental_repairToolCall: governRepair(experimental_repairToolCall),
    }),
  };
}
