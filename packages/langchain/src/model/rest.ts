import { mediaIn, unreadIn, viewJson, withoutBytes, type Unread } from '@flyball/agent-kit';
import {
  applyEditsToJson,
  decideAndCarryOut,
  mapMaybe,
  segmentsOfJson,
  type Carried,
  type Edit,
  type Json,
  type Applied,
  type MaybePromise,
  type SegmentInit,
} from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import type { Rest } from './slots.ts';

/** What a rest says, addressed, and how its edits are put into it. */
export interface RestView {
  readonly segments: readonly SegmentInit[];
  readonly unreadable: readonly string[];
  /** Media in it that nobody reads. */
  readonly unread: readonly Unread[];
  edit(edits: readonly Edit[]): Applied<Rest>;
}

export function viewRest(rest: unknown, root = 'rest'): RestView {
  const { json, unreadable } = viewJson(rest, root);
  return {
    segments: textsIn(json, root),
    unreadable,
    unread: mediaIn(json, root),
    edit: (edits) => applyEditsToJson(json, root, edits) as Applied<Rest>,
  };
}

/** The texts of a value that holds words of an answer. */
export function textsIn(json: Json, root: string): readonly SegmentInit[] {
  return segmentsOfJson(withoutBytes(json), root, { role: 'assistant', separate: true });
}

/** Decides on what an answer says beside its texts and its calls, before it goes on. */
export function decideRest(call: ModelCall, rest: Rest): MaybePromise<Carried<Rest>> {
  const view = viewRest(rest);
  const { segments: content, unreadable, unread } = view;
  const event = call.event({ stage: 'output', content, unreadable, ...unreadIn(unread) });
  return decideAndCarryOut(call.governor, event, rest, (edits) => view.edit(edits));
}

/**
 * Providers' errors quote the answer (`"…" is not valid JSON`): what an error says is decided on before callbacks and
 * callers read it. Answers with the error that may be thrown: the provider's own, one with edited words, or the denial.
 */
export function decideError(
  call: ModelCall,
  error: unknown,
  denial: (decision: Carried<unknown>['decision']) => unknown,
): MaybePromise<unknown> {
  if (isAbort(error) || !call.covers('output')) return error;
  const view = viewRest(error, 'error');
  const event = call.event({ stage: 'output', content: view.segments, unreadable: [] });
  const carried = decideAndCarryOut<unknown>(call.governor, event, error, (edits) => view.edit(edits));
  return mapMaybe(carried, (done) => {
    if (done.kind === 'passed') return error;
    if (done.kind === 'stopped') return denial(done.decision);
    const { message } = done.value as { readonly message?: unknown };
    return errorLike(error, typeof message === 'string' ? message : 'the model failed');
  });
}

export const isAbort = (error: unknown): boolean =>
  ['AbortError', 'ModelAbortError'].includes((Object(error) as Error).name);

/** An error of the same kind that says something else, and nothing besides. */
export function errorLike(error: unknown, message: string): Error {
  const { name, status, code } = Object(error) as { readonly [field: string]: unknown };
  return Object.assign(new Error(message), { name, status, code });
}
