import type { Amount, Charge, LimitTerms } from './store.ts';
import { resetAfter, windowEnd, windowStart, type Room } from './limits.ts';

/**
 * What was reported and reserved for one subject and one limit: sums by sixtieth of the window, so that a call costs
 * the same whatever the history, and three hundred thousand small reports are sixty numbers. A sixtieth leaves the
 * window with its latest amount: never too early, and at most a sixtieth of the window too late. The twin of the same
 * code in `redis/src/lua/sums.ts`; neither changes alone.
 */
export interface Sums {
  /** By number of the sixtieth since the epoch, in any order. */
  readonly buckets: Map<number, Bucket>;
  /**
   * Ids seen in the window's length that `generation` numbers, and in the one before it, each with what is reserved
   * under it.
   */
  generation: number;
  current: Map<string, Reserved | undefined>;
  previous: Map<string, Reserved | undefined>;
}

export interface Bucket {
  sum: number;
  /** Time of the latest amount. */
  last: number;
}

/** An amount that was reserved, and not yet settled. */
export interface Reserved {
  readonly bucket: number;
  readonly amount: number;
  readonly attempt: string;
}

const BUCKETS = 60;
/** Sums stop here: past it numbers are no longer exact. */
const MOST: number = Number.MAX_SAFE_INTEGER;

export function emptySums(): Sums {
  return { buckets: new Map(), generation: 0, current: new Map(), previous: new Map() };
}

type Terms = Pick<Charge, 'perMs' | 'window' | 'calendar'>;

/**
 * Adds an amount known afterwards, or settles what was reserved under its id. An id that was added or settled in the
 * window, or a while longer, is not added again.
 */
export function addAmount(sums: Sums, amount: Amount, now: number): void {
  turn(sums, Math.floor(now / amount.perMs));
  const ids = idsWith(sums, amount.id);
  if (ids !== undefined) settle(sums, ids, amount);
  else if (amount.amount > 0) note(sums, amount, amount.amount, now, undefined);
}

/**
 * Milliseconds until there is room for what a charge asks for, 0 if now. An id that has been seen has its room already.
 */
export function waitForRoom(sums: Sums, charge: Charge, now: number): number {
  const { allow, perMs, window } = charge;
  if (charge.kind === 'reserve') {
    turn(sums, Math.floor(now / perMs));
    if (idsWith(sums, charge.id) !== undefined) return 0;
  }
  // Amounts are whole: there is room where one more fits.
  const most = allow - (charge.kind === 'reserve' ? (charge.amount ?? 0) : 1);
  dropEnded(sums, charge, now);
  let used = 0;
  for (const { sum } of sums.buckets.values()) used = Math.min(MOST, used + sum);
  if (used <= most) return 0;
  if (window !== 'sliding') return windowEnd(charge, now) - now;
  for (const { sum, last } of [...sums.buckets.values()].sort((a, b) => a.last - b.last)) {
    used -= sum;
    if (used <= most) return last + perMs - now;
  }
  return perMs;
}

/** What is left of a limit on reported and reserved numbers. */
export function roomInSums(sums: Sums, terms: Omit<LimitTerms, 'kind'>, now: number): Room {
  const start = windowStart(terms, now);
  let used = 0;
  let oldest: number | undefined;
  for (const { sum, last } of sums.buckets.values()) {
    if (last < start) continue;
    used = Math.min(MOST, used + sum);
    if (sum > 0) oldest = Math.min(oldest ?? last, last);
  }
  return { remaining: Math.max(0, terms.allow - used), resetMs: resetAfter(terms, oldest, now) };
}

/** Takes what `waitForRoom` found room for; false when the id had been seen. */
export function reserve(sums: Sums, charge: Charge, now: number): boolean {
  turn(sums, Math.floor(now / charge.perMs));
  if (idsWith(sums, charge.id) !== undefined) return false;
  note(sums, charge, charge.amount ?? 0, now, charge.attempt ?? '');
  return true;
}

function idsWith({ current, previous }: Sums, id: string): Sums['current'] | undefined {
  if (current.has(id)) return current;
  return previous.has(id) ? previous : undefined;
}

function note(sums: Sums, terms: Terms & { readonly id: string }, amount: number, now: number, attempt?: string): void {
  const number = bucketNumber(terms, now);
  const bucket = sums.buckets.get(number);
  if (bucket === undefined) {
    dropEnded(sums, terms, now);
    sums.buckets.set(number, { sum: Math.min(MOST, amount), last: now });
  } else {
    bucket.sum = Math.min(MOST, bucket.sum + amount);
    bucket.last = Math.max(bucket.last, now);
  }
  sums.current.set(terms.id, attempt === undefined ? undefined : { bucket: number, amount, attempt });
}

function bucketNumber(terms: Terms, now: number): number {
  if (terms.window === 'calendar') return windowStart(terms, now);
  return Math.floor(now / (terms.window === 'fixed' ? terms.perMs : Math.ceil(terms.perMs / BUCKETS)));
}

/** Nothing gives it back, to the attempt that took it alone: the id is then as if it had never been seen. */
function settle(sums: Sums, ids: Sums['current'], { id, amount, attempt }: Amount): void {
  const reserved = ids.get(id);
  if (reserved === undefined || (amount === 0 && reserved.attempt !== attempt)) return;
  const bucket = sums.buckets.get(reserved.bucket);
  // A sum that has reached the most has lost count, and stays there.
  if (bucket !== undefined && bucket.sum < MOST) {
    bucket.sum = Math.min(MOST, Math.max(0, bucket.sum - reserved.amount) + amount);
  }
  if (amount === 0) ids.delete(id);
  else ids.set(id, undefined);
}

function dropEnded(sums: Sums, terms: Terms, now: number): void {
  const start = windowStart(terms, now);
  for (const [number, bucket] of sums.buckets) {
    if (bucket.last < start) sums.buckets.delete(number);
    // The clock was set back: what was added in what is now the future counts from now on.
    else if (bucket.last > now) bucket.last = now;
  }
}

/** Ids are forgotten by whole generations: constant work, and remembered for at least one window. */
function turn(sums: Sums, generation: number): void {
  if (generation <= sums.generation) return;
  sums.previous = generation === sums.generation + 1 ? sums.current : new Map<string, Reserved | undefined>();
  sums.current = new Map<string, Reserved | undefined>();
  sums.generation = generation;
}
