import type { Applied } from '../content/edits.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Decision, Edit } from '../contract/ruling.ts';
import type { AdapterGovernor } from '../governor/api.ts';
import { mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import { isDenied } from './denial.ts';

/**
 * What became of a value that a decision was about. `decision` is the one that was enforced, and recorded as enforced.
 */
export type Carried<T> =
  /** It goes on as it was. */
  | { readonly kind: 'passed'; readonly value: T; readonly decision: Decision }
  /** It goes on with the decision's edits in it. */
  | { readonly kind: 'edited'; readonly value: T; readonly decision: Decision }
  /** It does not go on. */
  | { readonly kind: 'stopped'; readonly decision: Decision };

/**
 * Puts edits into a value. `ok: false`, `undefined` or an exception: they do not fit. Must not change `value` itself.
 */
export type ApplyEdits<T> = (edits: readonly Edit[], value: T) => Applied<T> | undefined;

/**
 * The one way to carry a decision out (E2): what is denied stops, what is edited goes on edited, and what would have to
 * be edited and cannot be stops as well, recorded as such. The decision is carried out in the mode it was made in: an
 * operator who relaxes the mode meanwhile changes the next decision, not this one.
 *
 *     const carried = await carryOut(governor, decision, event, args, (edits) => applyEditsToJson(args, 'args', edits));
 *     if (carried.kind === 'stopped') return deny(carried.decision);
 *     run(carried.value);
 */
export function carryOut<T>(
  governor: AdapterGovernor,
  decision: Decision,
  event: GovernedEvent,
  value: T,
  apply: ApplyEdits<T>,
): MaybePromise<Carried<T>> {
  if (isDenied(decision)) return { kind: 'stopped', decision };
  // A NO_OP touches nothing, whatever else it carries.
  if (decision.outcome !== 'ALLOW' || decision.edits.length === 0) return { kind: 'passed', value, decision };
  const edited = applied(apply, decision.edits, value);
  if (edited !== undefined) return { kind: 'edited', value: edited.value, decision };
  return mapMaybe(governor.refuse(event, 'EDIT_NOT_APPLICABLE', decision), (refusal) => ({
    kind: 'stopped' as const,
    decision: refusal,
  }));
}

/** Decides on an event and carries the decision out on `value`. Answers at once where nothing has to be waited for. */
export function decideAndCarryOut<T>(
  governor: AdapterGovernor,
  event: GovernedEvent,
  value: T,
  apply: ApplyEdits<T>,
): MaybePromise<Carried<T>> {
  return mapMaybe(governor.decideNow(event), (decision) => carryOut(governor, decision, event, value, apply));
}

function applied<T>(apply: ApplyEdits<T>, edits: readonly Edit[], value: T): { readonly value: T } | undefined {
  try {
    const result = apply(edits, value);
    return result?.ok === true ? result : undefined;
  } catch {
    // Edits made for another text, or a value of the framework's that refuses to be read: they do not fit.
    return undefined;
  }
}
