import {
  checkAgentOptions,
  decideArguments,
  denialForModel,
  isWithheld,
  stopRun,
  summaryOf,
  toolRunOf,
} from '@flyball/agent-kit';
import type { Decision, OptionShape } from '@flyball/core/adapter';
import {
  asSchema,
  type FlexibleSchema,
  type ModelMessage,
  type ToolApprovalConfiguration,
  type ToolApprovalStatus,
  type ToolSet,
} from 'ai';
import type { Checked, GovernanceOptions } from '../options.ts';
import { contextFor, type ContextFor } from './context.ts';

/** An approval function for these tools, whatever the application's runtime context is. */
export type GovernedApproval<TOOLS extends ToolSet> = Extract<
  ToolApprovalConfiguration<TOOLS, unknown>,
  (asked: never) => unknown
>;

/** What the SDK asks with, as far as it is read here. */
interface Asked {
  readonly toolCall: { readonly toolName: string; readonly toolCallId: string; readonly input: unknown };
  readonly tools: ToolSet | undefined;
  readonly toolsContext: { readonly [name: string]: unknown } | undefined;
  readonly messages: readonly ModelMessage[];
  readonly runtimeContext: unknown;
}

/**
 * A `toolApproval` that denies what the policy stops, and leaves everything else to the approval that was there before:
 * the application's own `toolApproval`, or each tool's `needsApproval`. The SDK asks `needsApproval` only when no
 * approval function is given, so one that answered "not applicable" would switch human approval off.
 */
export function governApproval<TOOLS extends ToolSet>(
  options: GovernanceOptions & { readonly toolApproval?: ToolApprovalConfiguration<TOOLS, never> },
): GovernedApproval<TOOLS> {
  return governedApproval(
    options.toolApproval,
    checkAgentOptions('governApproval', options, { own: APPROVAL_OPTIONS }),
  );
}

/** The same, with options that were checked. */
export function governedApproval<TOOLS extends ToolSet>(
  toolApproval: ToolApprovalConfiguration<TOOLS, never> | undefined,
  checked: Checked,
): GovernedApproval<TOOLS> {
  checked.governor.declareStages(['tool_call']);
  const contexts = contextFor(checked);
  const approve = async (asked: Asked): Promise<ToolApprovalStatus> => {
    const denied = await denialOf(contexts, asked);
    return denied === undefined ? before(asked, toolApproval) : { type: 'denied', reason: denied };
  };
  return approve;
}

const APPROVAL_OPTIONS: { readonly [name: string]: OptionShape } = {
  toolApproval: {
    is: (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
    words: 'an approval function, or a status or function by tool',
  },
};

/** What the model is told of a call that the policy stops; `undefined` for one that may go on. */
async function denialOf(contexts: ContextFor, { toolCall }: Asked): Promise<string | undefined> {
  const { toolName, toolCallId, input } = toolCall;
  const context = contexts();
  try {
    let decision: Decision | undefined;
    if (isWithheld(input)) {
      decision = toolRunOf(context.interaction).withheld.get(input.auditId);
      if (decision === undefined) return 'the arguments of this call were withheld by policy';
    } else {
      const carried = await decideArguments(context, toolName, input, { id: toolCallId, ahead: true });
      if (carried.kind !== 'stopped') return undefined;
      decision = carried.decision;
    }
    stopRun(context, decision);
    return denialForModel(summaryOf(decision), 'call');
  } finally {
    context.over();
  }
}

/**
 * What the SDK would have answered without governance. These functions are the SDK's own contract: one that throws
 * fails the SDK's call, as it does without governance, and the call it was asked about does not run.
 */
async function before<TOOLS extends ToolSet>(
  asked: Asked,
  toolApproval: ToolApprovalConfiguration<TOOLS, never> | undefined,
): Promise<ToolApprovalStatus> {
  if (typeof toolApproval === 'function') return toolApproval(asked as never);
  const { toolName, toolCallId, input } = asked.toolCall;
  const { messages, runtimeContext } = asked;
  const tool = own(asked.tools, toolName);

  const status = own(toolApproval, toolName);
  if (status !== undefined && status !== null) {
    if (typeof status !== 'function') return status;
    const toolContext = await contextOf(tool, own(asked.toolsContext, toolName));
    return status(input as never, { toolCallId, messages, toolContext, runtimeContext } as never);
  }

  // oxlint-disable-next-line typescript/no-deprecated -- the SDK still asks it, so it is still asked here
  const needsApproval = tool?.needsApproval;
  if (needsApproval === undefined || needsApproval === null) return 'not-applicable';
  if (typeof needsApproval === 'boolean') return needsApproval ? 'user-approval' : 'not-applicable';
  const context = await contextOf(tool, own(asked.toolsContext, toolName));
  return (await needsApproval(input, { toolCallId, messages, context } as never)) ? 'user-approval' : 'not-applicable';
}

/** The tool's own context, parsed by its schema as the SDK does. */
async function contextOf(tool: ToolSet[string] | undefined, context: unknown): Promise<unknown> {
  if (tool?.contextSchema === undefined) return context;
  const parsed = await asSchema(tool.contextSchema as FlexibleSchema).validate?.(context);
  if (parsed === undefined) return context;
  if (!parsed.success) throw parsed.error;
  return parsed.value;
}

/** Names come from the model: only own properties count. */
function own<T extends object, K extends keyof T>(object: T | undefined, key: K): T[K] | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
