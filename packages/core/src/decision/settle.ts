import type { Ruling } from '../contract/ruling.ts';
import type { StrikeAnswer } from '../contract/snapshot.ts';

/**
 * Puts the cooldown that the strikes of a ruling led to in place of the first rung it assumed. Pure. Nothing else
 * changes: strikes never change the decision that made them, so only a `COOLDOWN` of a rule has a time to settle. An
 * answer of 0 (the strike was a repetition, and the cooldown it once started is over) leaves the ruling as it is.
 */
export function settle(ruling: Ruling, answers: readonly StrikeAnswer[]): Ruling {
  if (ruling.outcome !== 'COOLDOWN') return ruling;
  let wait = 0;
  for (const { ladder, retryAfterMs } of answers) {
    if (ruling.strikes.some((strike) => strike.ladder === ladder)) wait = Math.max(wait, retryAfterMs);
  }
  return wait > 0 ? Object.freeze({ ...ruling, retryAfterMs: wait }) : ruling;
}
