import { CLEAN, climb, forgettableAt, levelAt, pointsAt, remaining, type LadderState } from './cooldown.ts';
import type { LadderStrike, StrikeResult } from './store.ts';

/** Ids and offences remembered per subject and ladder; the oldest give way. */
export const MAX_SEEN = 1024;

/** Everything a store keeps of one subject on one ladder. */
export interface Rung {
  state: LadderState;
  /** Id or offence → when it is forgotten, oldest first. */
  readonly seen: Map<string, number>;
}

export function emptyRung(): Rung {
  return { state: CLEAN, seen: new Map() };
}

/** What a strike came to, and when nothing of the rung can matter any more: then it may be deleted. */
export interface Counted {
  readonly result: StrikeResult;
  /** End of the cooldown, if this strike started or prolonged one. */
  readonly cooledUntil?: number;
  readonly forgetAt: number;
}

/** Counts one strike, once per id and offence. */
export function countStrike(rung: Rung, strike: LadderStrike, now: number): Counted {
  const { ladder } = strike;
  const points = remember(rung.seen, strike, now);
  const before = rung.state.until;
  if (points > 0) rung.state = climb(ladder, rung.state, points, now);
  const { state } = rung;
  return {
    result: {
      fresh: points > 0,
      points: pointsAt(ladder, state, now),
      level: levelAt(ladder, state, now),
      retryAfterMs: remaining(state, now),
    },
    ...(state.until > before && { cooledUntil: state.until }),
    forgetAt: Math.max(now + strike.rememberMs, forgettableAt(ladder, state)),
  };
}

/** Points that count now, 0 if the id or every offence was seen before. What is seen again is remembered for longer. */
function remember(seen: Map<string, number>, strike: LadderStrike, now: number): number {
  const isNew = (key: string) => !((seen.get(key) ?? 0) > now);
  const repeated = !isNew(strike.id);
  let points = 0;
  for (const offence of strike.offences) if (!repeated && isNew(offence.key)) points = Math.max(points, offence.points);
  for (const key of [strike.id, ...strike.offences.map((offence) => offence.key)]) {
    seen.delete(key); // to the end of the map: its order is the order of forgetting
    seen.set(key, now + strike.rememberMs);
  }
  for (const [key, until] of seen) {
    if (seen.size <= MAX_SEEN && until > now) break;
    seen.delete(key);
  }
  return points;
}
