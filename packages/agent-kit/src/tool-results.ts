import {
  decideAndCarryOut,
  segmentsOfJson,
  type Applied,
  type Carried,
  type Decision,
  type Edit,
  type MaybePromise,
  type SegmentInit,
} from '@flyball/core/adapter';
import { nameOf, type CallContext } from './call-context.ts';
import { denialForModel, summaryOf, type StoppedPart } from './denial.ts';
import { applyEditsToValue } from './edit-value.ts';
import { GovernanceBlockedError } from './error.ts';
import { viewJson } from './json-view.ts';
import { mediaIn, unreadIn, type Unread } from './media.ts';
import { ownCopy } from './own-copy.ts';
import { stopRun } from './tool-run.ts';

/** What a result says, addressed below `result`, and the result with edits in it. */
export interface ResultView {
  readonly segments: readonly SegmentInit[];
  readonly unreadable: readonly string[];
  /** Media in it that nobody reads. */
  readonly unread?: readonly Unread[];
  edit(edits: readonly Edit[]): Applied<unknown> | undefined;
}

/**
 * Decides on what a tool answered, a preliminary result or the last one, before the model or anyone else reads it (T3).
 * What passes is the tool's own value; of what is edited only the strings that are masked change, unless `read` knows
 * the framework's own shape. A stopped one ends the run where `onBlock` says so.
 */
export async function decideToolResult(
  context: CallContext,
  tool: string,
  output: unknown,
  read: (output: unknown) => ResultView = asJson,
): Promise<Carried<unknown>> {
  const carried = await decided(context, tool, output, read);
  if (carried.kind === 'stopped') stopRun(context, carried.decision);
  return carried;
}

/**
 * Decides on what a tool yields on its way, as on a result. What passes is a copy: a tool may yield the same object
 * again and again, and what is added to it afterwards was not decided on. In `shadow` it is the tool's own value.
 */
export async function decideToolYield(
  context: CallContext,
  tool: string,
  output: unknown,
  read: (output: unknown) => ResultView = asJson,
): Promise<Carried<unknown>> {
  if (!context.covers('tool_result', tool)) return decideToolResult(context, tool, output, read);
  const carried = await decideToolResult(context, tool, ownCopy(output), read);
  const isOwn = carried.kind === 'passed' && carried.decision.mode !== 'enforce';
  return isOwn ? { ...carried, value: output } : carried;
}

function decided(
  context: CallContext,
  tool: string,
  output: unknown,
  read: (output: unknown) => ResultView,
): MaybePromise<Carried<unknown>> {
  const { governor } = context;
  const event = { stage: 'tool_result', resource: { tool: nameOf(tool) } } as const;
  if (!context.covers('tool_result', tool)) {
    // Nothing reads it: the result is counted as ungoverned, and not looked at.
    return decideAndCarryOut(governor, context.event({ ...event, content: [] }), output, () => undefined);
  }
  const { segments, unreadable, unread = [], edit } = read(output);
  const init = { ...event, content: segments, unreadable, ...unreadIn(unread) };
  return decideAndCarryOut(governor, context.event(init), output, edit);
}

function asJson(output: unknown): ResultView {
  const { json, unreadable } = viewJson(output, 'result');
  return {
    segments: segmentsOfJson(json, 'result', { role: 'tool' }),
    unreadable,
    unread: mediaIn(json, 'result'),
    edit: (edits) => applyEditsToValue(output, json, 'result', edits),
  };
}

/**
 * What a tool failed with is text that the model reads: it is decided on like a result. Answers with what may be thrown
 * instead: the tool's own error, one with an edited message, or the denial.
 */
export async function decideToolFailure(context: CallContext, tool: string, error: unknown): Promise<unknown> {
  if (GovernanceBlockedError.isInstance(error)) return error;
  const carried = await decideToolResult(context, tool, error);
  if (carried.kind === 'stopped') return toolDenial(carried.decision, 'result');
  return carried.kind === 'passed' ? error : new Error(messageOf(carried.value));
}

/** The denial as the error of a tool: frameworks turn that into the result that the model reads (T4). */
export function toolDenial(decision: Decision | undefined, what: StoppedPart): Error {
  if (decision === undefined) return new Error('the arguments of this call were withheld by policy');
  return new GovernanceBlockedError(decision, denialForModel(summaryOf(decision), what));
}

function messageOf(edited: unknown): string {
  if (typeof edited === 'string') return edited;
  const { message } = edited as { readonly message?: unknown };
  return typeof message === 'string' ? message : 'the tool failed';
}
