import type { GovernedEvent } from '../contract/event.ts';
import type { Limit } from '../contract/limits.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { cooldownStops } from '../contract/limits.ts';

/** The ladder or limit that stops an event, and for how long. */
export interface Stop {
  /** Id of the ladder or limit. */
  readonly id: string;
  readonly retryAfterMs: number;
}

/** A limit that is used up, with the effect its policy wants. */
export interface LimitStop extends Stop {
  readonly then: Limit['then'];
}

/** Step 3: the longest active cooldown that stops the event, ties by ladder id. */
export function activeCooldown(policy: CompiledPolicy, event: GovernedEvent, snapshot: Snapshot): Stop | undefined {
  if (snapshot.cooldowns.length === 0 || !cooldownStops(event.stage)) return undefined;
  let longest: Stop | undefined;
  for (const { ladder, retryAfterMs } of snapshot.cooldowns) {
    if (retryAfterMs <= 0 || policy.ladders[ladder] === undefined) continue;
    if (longest === undefined || longer(ladder, retryAfterMs, longest)) longest = { id: ladder, retryAfterMs };
  }
  return longest;
}

/**
 * Step 4: of the limits that are used up, the one with the strictest effect, then the longest wait, then the smallest
 * id.
 */
export function exceededLimit(policy: CompiledPolicy, event: GovernedEvent, snapshot: Snapshot): LimitStop | undefined {
  if (snapshot.limits.length === 0) return undefined;
  let worst: LimitStop | undefined;
  for (const { id, then } of policy.stages[event.stage].limits) {
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
