import type { Amount, Charge } from './store.ts';

/** Reported amounts are kept as whole millionths of their unit. */
export const MICRO = 1_000_000;

/**
 * What one limit has admitted to one subject: the ids within the window, oldest first, each with what it took.
 * Remembering ids makes the window exact and a repeated charge free at once, for one entry per admission in the window.
 */
export interface Tally {
  readonly entries: Map<string, Entry>;
  /** Of all entries. */
  sum: number;
}

interface Entry {
  readonly at: number;
  readonly took: number;
}

/** Waiting hint for concurrency, where nobody knows when a holder lets go. */
export const HOLD_RETRY_MS = 1000;

export function emptyTally(): Tally {
  return { entries: new Map(), sum: 0 };
}

type Terms = Pick<Charge, 'perMs' | 'window'>;

/** Entries before this moment are outside the window. Fixed windows start at multiples of their length since the epoch. */
export function windowStart(terms: Terms, now: number): number {
  return terms.window === 'fixed' ? now - (now % terms.perMs) : now - terms.perMs + 1;
}

/** Drops what has left the window. */
export function prune(tally: Tally, terms: Terms, now: number): void {
  const start = windowStart(terms, now);
  for (const [id, entry] of tally.entries) {
    if (entry.at >= start) break;
    tally.entries.delete(id);
    tally.sum -= entry.took;
  }
}

/** Milliseconds until the charge would be admitted, 0 if now. The tally is pruned. */
export function waitFor(tally: Tally, charge: Charge, now: number): number {
  if (charge.kind !== 'sum' && tally.entries.has(charge.id)) return 0;
  const used = charge.kind === 'sum' ? tally.sum : tally.entries.size;
  if (used < charge.allow) return 0;
  if (charge.window === 'fixed') return windowStart(charge, now) + charge.perMs - now;
  const wait = slidingWait(tally, charge, now);
  return charge.kind === 'hold' ? Math.min(wait, HOLD_RETRY_MS) : wait;
}

/** Until enough of the oldest entries have left that one more fits. */
function slidingWait(tally: Tally, charge: Charge, now: number): number {
  let used = charge.kind === 'sum' ? tally.sum : tally.entries.size;
  for (const entry of tally.entries.values()) {
    used -= charge.kind === 'sum' ? entry.took : 1;
    if (used < charge.allow) return entry.at + charge.perMs - now;
  }
  return charge.perMs;
}

/** Records the charge; false when its id was there already. `sum` takes nothing. */
export function take(tally: Tally, charge: Charge, now: number): boolean {
  if (charge.kind === 'sum' || tally.entries.has(charge.id)) return false;
  tally.entries.set(charge.id, { at: now, took: 1 });
  tally.sum += 1;
  return true;
}

/** Adds a reported amount, once per id. */
export function addAmount(tally: Tally, amount: Amount, now: number): void {
  if (tally.entries.has(amount.id)) return;
  tally.entries.set(amount.id, { at: now, took: amount.amount });
  tally.sum += amount.amount;
}

export function letGo(tally: Tally, id: string): void {
  const entry = tally.entries.get(id);
  if (entry === undefined) return;
  tally.entries.delete(id);
  tally.sum -= entry.took;
}
