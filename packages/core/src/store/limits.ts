import { periodAt } from './calendar.ts';
import type { Charge, LimitTerms } from './store.ts';

/** Reported amounts are kept as whole millionths of their unit. */
export const MICRO = 1_000_000;

/**
 * What one limit has admitted to one subject: the ids within the window and when each was admitted, oldest first.
 * Remembering ids makes the window exact and a repeated charge free at once, for one entry per admission in the window.
 * Reported numbers are in `sums.ts`.
 */
export type Tally = Map<string, number>;

/** Waiting hint for concurrency, where nobody knows when a holder lets go. */
export const HOLD_RETRY_MS = 1000;

export function emptyTally(): Tally {
  return new Map();
}

type Terms = Pick<Charge, 'perMs' | 'window' | 'calendar'>;

/**
 * Entries before this moment are outside the window. Fixed windows start at multiples of their length since the epoch.
 */
export function windowStart(terms: Terms, now: number): number {
  if (terms.calendar !== undefined) return periodAt(terms.calendar, now).start;
  return terms.window === 'fixed' ? now - (now % terms.perMs) : now - terms.perMs + 1;
}

/** When a window that does not slide starts over. */
export function windowEnd(terms: Terms, now: number): number {
  return terms.calendar === undefined ? windowStart(terms, now) + terms.perMs : periodAt(terms.calendar, now).end;
}

/** Milliseconds until the charge would be admitted, 0 if now. Drops what has left the window. */
export function waitFor(tally: Tally, charge: Charge, now: number): number {
  const { id, kind, allow, window } = charge;
  prune(tally, charge, now);
  if (tally.has(id) || tally.size < allow) return 0;
  if (window !== 'sliding') return windowEnd(charge, now) - now;
  const wait = slidingWait(tally, charge, now);
  return kind === 'hold' ? Math.min(wait, HOLD_RETRY_MS) : wait;
}

/** How many more fit, and when the oldest that counts leaves or the window starts over. */
export interface Room {
  readonly remaining: number;
  readonly resetMs: number;
}

/** What is left of a limit on what is counted. */
export function roomIn(tally: Tally, terms: Omit<LimitTerms, 'kind'> & Pick<Charge, 'kind'>, now: number): Room {
  const start = windowStart(terms, now);
  let used = tally.size;
  let oldest: number | undefined;
  // Those that have left the window come first; once a charge has pruned them there are none.
  for (const at of tally.values()) {
    if (at >= start) {
      oldest = at;
      break;
    }
    used--;
  }
  const remaining = Math.max(0, terms.allow - used);
  return { remaining, resetMs: terms.kind === 'hold' ? 0 : resetAfter(terms, oldest, now) };
}

/** `oldest`: the time of the oldest that counts; none when nothing does. */
export function resetAfter(terms: Terms, oldest: number | undefined, now: number): number {
  if (oldest === undefined) return 0;
  return terms.window === 'sliding' ? oldest + terms.perMs - now : windowEnd(terms, now) - now;
}

/**
 * For stores whose clock is another machine's: what was counted in what is now the future, because that clock was set
 * back, counts from now on. So nothing is admitted too early, and nobody waits longer than a window for it.
 */
export function afterStepBack(tally: Tally, now: number): Tally {
  for (const [id, at] of tally) if (at > now) tally.set(id, now);
  return tally;
}

function prune(tally: Tally, terms: Terms, now: number): void {
  const start = windowStart(terms, now);
  for (const [id, at] of tally) {
    if (at >= start) return;
    tally.delete(id);
  }
}

/** Until enough of the oldest entries have left that one more fits. */
function slidingWait(tally: Tally, { allow, perMs }: Charge, now: number): number {
  let used = tally.size;
  for (const at of tally.values()) if (--used < allow) return at + perMs - now;
  return perMs;
}

/** Records the charge; false when its id was there already. A hold that is charged again is held for longer. */
export function take(tally: Tally, { id, kind }: Charge, now: number): boolean {
  const fresh = !tally.has(id);
  if (!fresh && kind === 'hold') tally.delete(id); // to the end: the order is that of times
  if (fresh || kind === 'hold') tally.set(id, now);
  return fresh;
}
