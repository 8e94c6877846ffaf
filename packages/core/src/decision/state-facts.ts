import type { GovernedEvent } from '../contract/event.ts';
import type { Limit } from '../contract/limits.ts';
import type { Failure } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { cooldownStops } from '../contract/limits.ts';
import { limitsFor } from './applies.ts';

/** The part of the state that stops the event, and how long. */
export interface Stop {
  readonly id: string;
  readonly retryAfterMs: number;
}

/** The longest active cooldown that stops the event, ties by ladder id. */
export function cooldownWait(policy: CompiledPolicy, event: GovernedEvent, snapshot: Snapshot): Stop | undefined {
  if (snapshot.cooldowns.length === 0 || !cooldownStops(event.stage)) return undefined;
  let longest: Stop | undefined;
  for (const { ladder, retryAfterMs } of snapshot.cooldowns) {
    if (retryAfterMs <= 0 || policy.ladders[ladder] === undefined) continue;
    if (longest === undefined || longer(ladder, retryAfterMs, longest)) longest = { id: ladder, retryAfterMs };
  }
  return longest;
}

/** Of the limits that are used up, the one with the strictest effect, then the longest wait, then the smallest id. */
export function exceededLimit(limits: readonly Limit[], snapshot: Snapshot): (Stop & Pick<Limit, 'then'>) | undefined {
  if (snapshot.limits.length === 0) return undefined;
  let worst: (Stop & Pick<Limit, 'then'>) | undefined;
  for (const { id, then } of limits) {
    for (const { limit, exceeded, retryAfterMs } of snapshot.limits) {
      if (limit !== id || !exceeded) continue;
      if (worst === undefined || (then === worst.then ? longer(id, retryAfterMs, worst) : then === 'block')) {
        worst = { id, retryAfterMs, then };
      }
    }
  }
  return worst;
}

const longer = (id: string, wait: number, than: Stop): boolean =>
  wait > than.retryAfterMs || (wait === than.retryAfterMs && id < than.id);

/**
 * True when a failure to read the state, or to establish the subject, concerns the event.
 * A ladder concerns the stages its cooldown stops, a limit the stages it names; whatever else could not be read, such as
 * the controls, concerns every event.
 */
export function stateFailed(policy: CompiledPolicy, event: GovernedEvent, errors: readonly Failure[]): boolean {
  return errors.some(({ part, id }) => {
    if (part === 'subject') return true;
    if (part !== 'store') return false;
    if (policy.ladders[id] !== undefined) return cooldownStops(event.stage);
    return limitsFor(policy, event).some((limit) => limit.id === id) || !limitIds(policy).has(id);
  });
}

function limitIds(policy: CompiledPolicy): ReadonlySet<string> {
  return new Set(Object.values(policy.stages).flatMap((stage) => stage.limits.map((limit) => limit.id)));
}
