import {
  decideAndCarryOut,
  isDenied,
  mapMaybe,
  type AdapterGovernor,
  type Applied,
  type Carried,
  type Decision,
  type Edit,
  type GovernedEvent,
  type MaybePromise,
} from '@flyball/core/adapter';

import type { Place } from './place.ts';

/** What of an adapter's options matters for carrying a decision out. `response: false`: answers are not governed. */
export interface CarryOutOptions {
  readonly governor: AdapterGovernor;
  readonly response?: unknown;
}

/**
 * Decides on what came in, and carries the decision out. Where the application could not say what is acted upon, and
 * so nothing covers the event as it stands, it is stopped by the policy's `onError`.
 */
export function carryOutInput(
  event: GovernedEvent,
  payload: unknown,
  place: Place,
  options: CarryOutOptions,
  edit: (edits: readonly Edit[], payload: unknown) => Applied<unknown> | undefined,
): MaybePromise<Carried<unknown>> {
  return mapMaybe(decideAndCarryOut(options.governor, event, payload, edit), (result) =>
    result.kind !== 'stopped' && mayBeGoverned(result, place, options) ? stopInstead(result, event, options) : result,
  );
}

/** What is acted upon is not known, so nobody can say that no rule would have named it. */
function mayBeGoverned(
  { decision }: { readonly decision: Decision },
  { unreadable }: Place,
  { governor, response }: CarryOutOptions,
): boolean {
  if (unreadable?.includes('resource') !== true) return false;
  if (decision.reason !== 'NOT_GOVERNED' || decision.onError !== 'block') return false;
  const stages = governor.adapterSettings(decision.policyId)?.stages ?? [];
  return stages.includes('input') || (response !== false && stages.includes('output'));
}

function stopInstead(
  goesOn: Exclude<Carried<unknown>, { readonly kind: 'stopped' }>,
  event: GovernedEvent,
  { governor }: CarryOutOptions,
): MaybePromise<Carried<unknown>> {
  return mapMaybe(governor.refuse(event, 'FAILED_CLOSED', goesOn.decision), (decision) =>
    // In shadow nothing is enforced.
    isDenied(decision) ? { kind: 'stopped' as const, decision } : goesOn,
  );
}
