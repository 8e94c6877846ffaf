import type { AssembledPolicy } from '../assemble.ts';
import type { Clock } from '../clock.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Mode } from '../contract/effect.ts';
import type { Failure } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { EMPTY_SNAPSHOT } from '../contract/snapshot.ts';
import { laddersFor, limitsFor, resolveMode } from '../decision/applies.ts';
import { dependsOnTime } from '../policy/exemptions.ts';
import type { Reserved } from '../state/state-api.ts';
import type { State } from '../state/state.ts';
import { interactionOf } from './interaction/event-state.ts';
import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';

/** The state an event is decided on, as far as it is known without asking the store. */
export interface KnownState {
  readonly mode: Mode;
  readonly snapshot: Snapshot;
  /** Nothing further can change the decision: no limit is charged, nothing is scanned. */
  readonly settled: boolean;
}

const SUBJECT_MISSING: Failure = Object.freeze({ part: 'subject', id: 'subject', code: 'MISSING' });

/** What of an event the state is read by. */
type ScopedEvent = Pick<GovernedEvent, 'stage' | 'subject' | 'resource' | 'subjectMissing'>;

/** Controls, mode and cooldowns: contract section 3, steps 1 to 3. Never waits. */
export function readState(state: State, { policy }: AssembledPolicy, event: ScopedEvent): KnownState {
  const known = state.controlsFor(event);
  const { mode, halt } = resolveMode(policy, event, known.controls);
  const errors = event.subjectMissing === true ? [...known.errors, SUBJECT_MISSING] : known.errors;
  if (halt !== undefined || mode === 'off') {
    return { mode, snapshot: { ...EMPTY_SNAPSHOT, controls: known.controls, errors }, settled: true };
  }
  const cooldowns = state.cooldownsFor(laddersFor(policy, event), event, mode === 'shadow');
  if (cooldowns.length === 0 && known.controls.length === 0 && errors.length === 0) {
    return { mode, snapshot: EMPTY_SNAPSHOT, settled: false };
  }
  return { mode, snapshot: { controls: known.controls, cooldowns, limits: [], errors }, settled: cooldowns.length > 0 };
}

/** The state with the time it was read at, where the decision depends on it. */
export function timed(
  { clock }: { readonly clock: Clock },
  { policy }: AssembledPolicy,
  event: Pick<GovernedEvent, 'stage'>,
  known: KnownState,
): KnownState {
  return dependsOnTime(policy, event) ? { ...known, snapshot: { ...known.snapshot, at: clock.now() } } : known;
}

/** The state with the answers of limits, and what was reserved to get them. */
export interface ChargedState {
  readonly snapshot: Snapshot;
  readonly reserved?: Reserved;
}

/**
 * Step 4: charges the limits of the stage, once, and adds their answers. `output` is the keyed hash of a complete
 * output.
 */
export function charge(
  state: State,
  { policy }: AssembledPolicy,
  event: GovernedEvent,
  from: Pick<KnownState, 'mode' | 'snapshot'>,
  output?: string,
): MaybePromise<ChargedState> {
  const limits = limitsFor(policy, event);
  if (limits.length === 0) return from;
  const charged = state.charge({
    limits,
    event,
    shadow: from.mode === 'shadow',
    first: interactionOf.get(event)?.firstCharge() === true,
    ...(output !== undefined && { output }),
  });
  const add = (answer: Awaited<typeof charged>): ChargedState => {
    if (answer.held.length > 0) interactionOf.get(event)?.hold(answer.held);
    const { limits: before, errors } = from.snapshot;
    const snapshot = {
      ...from.snapshot,
      limits: before.length === 0 ? answer.answers : [...before, ...answer.answers],
      errors: answer.errors.length === 0 ? errors : [...errors, ...answer.errors],
    };
    return answer.reserved === undefined ? { snapshot } : { snapshot, reserved: answer.reserved };
  };
  return isPromise(charged) ? charged.then(add) : add(charged);
}
