import { StoreError } from './store-error.ts';

/** Most names one session may carry. */
export const MAX_LABELS = 256;

const NONE: readonly string[] = Object.freeze([]);

/**
 * The names of a set and those that are added to it, sorted as `sort()` does. Throws `STORE_FULL` when they are too
 * many, and then none of them counts. Stores call it on what they hold.
 */
export function joinLabels(held: Iterable<string>, add: readonly string[]): readonly string[] {
  const all = new Set(held);
  for (const name of add) all.add(name);
  if (all.size > MAX_LABELS && add.length > 0) throw labelsFull();
  return all.size === 0 ? NONE : [...all].sort();
}

/** Concerns the one session: the store goes on, so its `failure` must not be one that says it is gone. */
export function labelsFull(): StoreError {
  return new StoreError('STORE_FULL', `a session carries at most ${MAX_LABELS} labels; add fewer distinct names`, {
    failure: 'THREW',
  });
}
