import type { OnError } from '../contract/effect.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Failure } from '../contract/ruling.ts';
import type { CompiledPolicy, CompiledRule } from '../policy/compiled.ts';
import type { Given } from './given.ts';
import { cooldownStops } from '../contract/limits.ts';

/**
 * What the failures of an event ask for: the strictest `onError` of those concerned, and the rule whose setting it is.
 */
export interface FailureSetting {
  readonly onError: OnError;
  /** Absent: the setting is the policy's own. */
  readonly ruleId?: string;
}

/** The setting that applies to the failures of an event. `undefined`: nothing failed that mattered. */
export function failureSetting(given: Given, undecided: readonly CompiledRule[]): FailureSetting | undefined {
  const whole = concernsEvent(given);
  if (whole && given.policy.onError === 'block') return { onError: 'block' };
  let first: CompiledRule | undefined;
  for (const rule of undecided) {
    if (rule.then === undefined) continue;
    if (rule.onError === 'block') return { onError: 'block', ruleId: rule.id };
    first ??= rule;
  }
  if (whole) return { onError: 'no_op' };
  return first === undefined ? undefined : { onError: 'no_op', ruleId: first.id };
}

/** True when something failed that every rule would need: the subject, the state, or part of the event itself. */
function concernsEvent({ policy, event, snapshot, covered }: Given): boolean {
  // Nobody would have looked at the unreadable part of an event that nothing covers.
  if (covered && event.unreadable !== undefined && event.unreadable.length > 0) return true;
  return snapshot.errors.some((error) => stateConcerns(policy, event, error));
}

/**
 * A ladder that could not be read concerns the stages its cooldown stops, and a limit the stages it names: a limit on
 * `input` that the store did not answer for says nothing about `output`. Everything else (subject, labels, controls)
 * concerns every event.
 */
function stateConcerns(policy: CompiledPolicy, event: GovernedEvent, { part, id }: Failure): boolean {
  if (part === 'subject' || part === 'labels') return true;
  if (part !== 'store' && part !== 'limit') return false;
  // INVARIANT: a ladder or limit of the same name must not narrow what these two concern.
  if (id === 'controls' || id === 'labels') return true;
  if (policy.ladders[id] !== undefined) return cooldownStops(event.stage);
  return policy.stages[event.stage].limits.some((limit) => limit.id === id) || !limitIds(policy).has(id);
}

function limitIds(policy: CompiledPolicy): ReadonlySet<string> {
  return new Set(Object.values(policy.stages).flatMap((stage) => stage.limits.map((limit) => limit.id)));
}

const NO_FAILURES: readonly Failure[] = Object.freeze([]);

/** All failures, each once, sorted: detectors and stores answer in any order. `conditions` are those of the rules. */
export function allFailures({ event, findings, snapshot }: Given, conditions: readonly Failure[]): readonly Failure[] {
  const lists = [findings.errors, snapshot.errors, conditions, unreadable(event)];
  if (lists.every((list) => list.length === 0)) return NO_FAILURES;
  return sortedFailures(lists.flat());
}

/** Each once, in the one order that does not depend on who answered first. */
export function sortedFailures(failures: readonly Failure[]): readonly Failure[] {
  const byKey = new Map<string, Failure>();
  for (const { part, id, code } of failures) {
    byKey.set(`${part}\n${id}\n${code}`, Object.freeze({ part, id, code }));
  }
  return Object.freeze([...byKey.keys()].sort().map((key) => byKey.get(key)!));
}

/** Said in the ruling also where the event is not covered: what was not read is never passed over in silence. */
function unreadable({ unreadable: addresses }: GovernedEvent): readonly Failure[] {
  if (addresses === undefined) return NO_FAILURES;
  return addresses.map((id): Failure => ({ part: 'content', id, code: 'UNREADABLE' }));
}
