import { amended, CLEAN, climb, forgettableAt, levelAt, pointsAt, remaining, type LadderState } from './cooldown.ts';
import type { Amendment, LadderStrike, LadderTerms, Looked, StrikeResult } from './store.ts';

/** Ids and offences remembered per subject and ladder; the oldest give way. */
export const MAX_SEEN = 1024;

/** Everything a store keeps of one subject on one ladder. */
export interface Rung {
  state: LadderState;
  /** Id or offence → when it is forgotten, oldest first. */
  readonly seen: Map<string, number>;
  /** Of the latest strike that counted, or the latest amendment. */
  cause?: string;
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
  if (points > 0) {
    rung.state = climb(ladder, rung.state, points, now);
    if (strike.cause === undefined) delete rung.cause;
    else rung.cause = strike.cause;
  }
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

/**
 * What an operator is shown of a rung. Where nothing counts any more there is no cause either: when it is forgotten
 * differs by store.
 */
export function lookAt(rung: Rung | undefined, ladder: LadderTerms, now: number): Extract<Looked, { of: 'ladder' }> {
  const { state, cause } = rung ?? { state: CLEAN };
  const points = pointsAt(ladder, state, now);
  const level = levelAt(ladder, state, now);
  const retryAfterMs = remaining(state, now);
  const counts = points > 0 || level > 0 || retryAfterMs > 0;
  return { of: 'ladder', points, level, retryAfterMs, ...(counts && cause !== undefined && { cause }) };
}

/**
 * An operator's hand on a rung: what is kept then, when a cooldown that was put on ends, and when the rung may be
 * deleted.
 */
export interface AmendedRung {
  /** End of the cooldown that was put on; nothing if it ends no later than the one before. */
  readonly cooledUntil?: number;
  /** End of the cooldown before, if this has ended it early: until then every process must be able to hear of it. */
  readonly liftedUntil?: number;
  readonly forgetAt: number;
}

export function amendRung(rung: Rung, amendment: Exclude<Amendment, { op: 'reset' }>, now: number): AmendedRung {
  const before = rung.state.until;
  const forMs = amendment.op === 'put_on' ? amendment.forMs : 0;
  rung.state = amended(amendment.ladder, rung.state, amendment.op, forMs, now);
  rung.cause = amendment.cause;
  const { until } = rung.state;
  return {
    ...(until > before && { cooledUntil: until }),
    ...(before > now && until < before && { liftedUntil: before }),
    forgetAt: Math.max(now, forgettableAt(amendment.ladder, rung.state)),
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
