import {
  asSchema,
  type FlexibleSchema,
  type ModelMessage,
  type ToolApprovalConfiguration,
  type ToolApprovalStatus,
  type ToolSet,
} from 'ai';
import type { GovernanceOptions } from './options.ts';
import { isDenied, requireGovernor } from '@flyball/core/adapter';
import { denialForModel, summaryOf } from './summary.ts';
import { judgeArguments } from './tool-calls.ts';
import { toolRunOf } from './tool-run.ts';
import { judgeFor } from './tools.ts';
import { isWithheld } from './withheld.ts';

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
 * the application's own `toolApproval`, or each tool's `needsApproval`. The SDK asks `needsApproval` only when no approval function
 * is given, so one that answered "not applicable" would switch human approval off.
 */
export function governApproval<TOOLS extends ToolSet>(
  options: GovernanceOptions & { readonly toolApproval?: ToolApprovalConfiguration<TOOLS, never> },
): GovernedApproval<TOOLS> {
  const governor = requireGovernor(options?.governor, 'governApproval({ governor })');
  const judge = judgeFor({ ...options, governor });
  const approve = async (asked: Asked): Promise<ToolApprovalStatus> => {
    const { toolName, input } = asked.toolCall;
    const who = judge();
    const run = toolRunOf(who.interaction);
    const decision = isWithheld(input) ? run.withheld.get(input.auditId) : await judgeArguments(who, toolName, input);
    if (decision === undefined) return { type: 'denied', reason: 'the arguments of this call were withheld by policy' };
    if (!isDenied(decision)) return before(asked, options.toolApproval);
    if (who.onBlock === 'stop') run.stopped = decision;
    return { type: 'denied', reason: denialForModel(summaryOf(decision)) };
  };
  return approve;
}

/** What the SDK would have answered without governance. */
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
