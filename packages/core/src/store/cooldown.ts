import type { LadderTerms } from './store.ts';

/**
 * Where a subject stands on a ladder. Whole points and whole milliseconds only: a sum that decays in fractions would
 * let the third strike of three arrive as 2.999999.
 */
export interface LadderState {
  /**
   * Strikes since the last cooldown, oldest first. Shorter than the ladder's threshold, since every strike is a point.
   */
  readonly log: readonly Struck[];
  /** Cooldowns not yet forgotten. */
  readonly level: number;
  /** End of the latest cooldown, 0 before the first. */
  readonly until: number;
}

export interface Struck {
  readonly at: number;
  readonly points: number;
}

export const CLEAN: LadderState = Object.freeze({ log: Object.freeze([]), level: 0, until: 0 });

// Past this many cooldowns a level no longer grows: it bounds the loop in `duration`, which the store runs as well.
const MAX_LEVEL = 1000;

/**
 * One strike of `points` at `now`. The Redis store runs the same arithmetic inside the server; a property test holds
 * the two together, so neither changes alone.
 */
export function climb(terms: LadderTerms, state: LadderState, points: number, now: number): LadderState {
  const level = levelAt(terms, state, now);
  const log = withinWindow(terms, state, now);
  let total = points;
  for (const struck of log) total += struck.points;
  if (total < terms.after.strikes) return { log: append(log, points, now), level, until: state.until };
  return {
    log: [],
    level: terms.escalate === undefined ? 0 : Math.min(level + 1, MAX_LEVEL),
    until: Math.max(state.until, now + duration(terms, level)),
  };
}

/** What an operator makes of where a subject stands. A cooldown put on is no strike, and never shortens one. */
export function amended(
  terms: LadderTerms,
  state: LadderState,
  op: 'lift' | 'forgive' | 'put_on',
  forMs: number,
  now: number,
): LadderState {
  if (op === 'forgive') return CLEAN;
  const until = op === 'lift' ? Math.min(state.until, now) : Math.max(state.until, now + forMs);
  // The level is forgotten so long after the end of the latest cooldown: one that is forgotten already does not come
  // back.
  return { ...state, level: levelAt(terms, state, now), until };
}

/** Milliseconds of cooldown left. */
export function remaining(state: LadderState, now: number): number {
  return Math.max(0, state.until - now);
}

export function pointsAt(terms: LadderTerms, state: LadderState, now: number): number {
  return withinWindow(terms, state, now).reduce((sum, struck) => sum + struck.points, 0);
}

/** The level counts down to nothing at once: `forgetMs` after the end of the last cooldown. */
export function levelAt(terms: LadderTerms, state: LadderState, now: number): number {
  if (terms.escalate === undefined || now >= state.until + terms.escalate.forgetMs) return 0;
  return state.level;
}

/** When nothing of the state can matter any more. */
export function forgettableAt(terms: LadderTerms, state: LadderState): number {
  const last = state.log.at(-1);
  const cooled = state.until === 0 ? 0 : state.until + (terms.escalate?.forgetMs ?? 0);
  return Math.max(cooled, last === undefined ? 0 : last.at + terms.after.withinMs);
}

/** Length of the cooldown that starts at `level`. Rounded down at every step, so that two languages agree. */
export function duration(terms: LadderTerms, level: number): number {
  if (terms.escalate === undefined) return terms.forMs;
  const { factor, maxMs } = terms.escalate;
  let ms = terms.forMs;
  for (let step = 0; step < level && ms < maxMs; step++) ms = Math.floor(ms * factor);
  return Math.min(ms, maxMs);
}

function withinWindow(terms: LadderTerms, state: LadderState, now: number): readonly Struck[] {
  const counting = state.log.filter((struck) => struck.at > now - terms.after.withinMs);
  // The clock was set back: what lies in what is now the future counts from now on.
  return counting.some((struck) => struck.at > now)
    ? counting.map((struck) => ({ ...struck, at: Math.min(struck.at, now) }))
    : counting;
}

function append(log: readonly Struck[], points: number, now: number): readonly Struck[] {
  const last = log.at(-1);
  if (last === undefined || last.at !== now) return [...log, { at: now, points }];
  return [...log.slice(0, -1), { at: now, points: last.points + points }];
}
