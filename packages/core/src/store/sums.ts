import type { Amount, Charge } from './store.ts';
import { windowStart } from './limits.ts';

/**
 * What was reported for one subject and one limit: sums by sixtieth of the window, so that a call costs the same whatever the history,
 * and three hundred thousand small reports are sixty numbers. A sixtieth leaves the window with its latest report: never too early,
 * and at most a sixtieth of the window too late. The twin of the same code in `redis/src/lua/sums.ts`; neither changes alone.
 */
export interface Sums {
  /** By number of the sixtieth since the epoch, in any order. */
  readonly buckets: Map<number, Bucket>;
  /** Reports seen in the window's length that `generation` numbers, and in the one before it. */
  generation: number;
  current: Set<string>;
  previous: Set<string>;
}

interface Bucket {
  sum: number;
  /** Time of the latest report. */
  last: number;
}

const BUCKETS = 60;
/** Sums stop here: past it numbers are no longer exact. */
const MOST: number = Number.MAX_SAFE_INTEGER;

export function emptySums(): Sums {
  return { buckets: new Map(), generation: 0, current: new Set(), previous: new Set() };
}

type Terms = Pick<Charge, 'perMs' | 'window'>;

/** Adds a reported amount. One with the id of another in the window, or a while longer, was added before. */
export function addAmount(sums: Sums, amount: Amount, now: number): void {
  const { perMs, id } = amount;
  turn(sums, Math.floor(now / perMs));
  if (sums.current.has(id) || sums.previous.has(id)) return;
  sums.current.add(id);
  const width = amount.window === 'fixed' ? perMs : Math.ceil(perMs / BUCKETS);
  const number = Math.floor(now / width);
  const bucket = sums.buckets.get(number);
  if (bucket === undefined) {
    dropEnded(sums, amount, now);
    sums.buckets.set(number, { sum: Math.min(MOST, amount.amount), last: now });
  } else {
    bucket.sum = Math.min(MOST, bucket.sum + amount.amount);
    bucket.last = Math.max(bucket.last, now);
  }
}

/** Milliseconds until there is room, 0 if now. */
export function waitForRoom(sums: Sums, charge: Charge, now: number): number {
  const { allow, perMs, window } = charge;
  dropEnded(sums, charge, now);
  let used = 0;
  for (const { sum } of sums.buckets.values()) used = Math.min(MOST, used + sum);
  if (used < allow) return 0;
  if (window === 'fixed') return windowStart(charge, now) + perMs - now;
  for (const { sum, last } of [...sums.buckets.values()].sort((a, b) => a.last - b.last)) {
    used -= sum;
    if (used < allow) return last + perMs - now;
  }
  return perMs;
}

function dropEnded(sums: Sums, terms: Terms, now: number): void {
  const start = windowStart(terms, now);
  for (const [number, { last }] of sums.buckets) if (last < start) sums.buckets.delete(number);
}

/** Ids are forgotten by whole generations: constant work, and remembered for at least one window. */
function turn(sums: Sums, generation: number): void {
  if (generation <= sums.generation) return;
  sums.previous = generation === sums.generation + 1 ? sums.current : new Set();
  sums.current = new Set();
  sums.generation = generation;
}
