/**
 * A map whose entries end by themselves. Each `set` looks at two others and removes what has ended, so the size stays
 * within a constant factor of what is active while entries come in, without a timer.
 */
export interface Shelf<T> {
  /** The entry that has not ended. */
  get(key: string): T | undefined;
  /** Puts or replaces the entry; it ends at `until`. */
  set(key: string, value: T, until: number): void;
  /** Lets an entry end later, never earlier. */
  keepUntil(key: string, until: number): void;
  /** False when there was none, ended or not. */
  delete(key: string): boolean;
  clear(): void;
  /** Those that have not ended. */
  active(): IterableIterator<readonly [key: string, value: T]>;
  /** Entries held, those included that have ended and were not yet removed. */
  readonly size: number;
  /** Looks at all of them. */
  sweep(): void;
}

interface Kept<T> {
  readonly value: T;
  until: number;
}

/** `removed` is told of every entry that ended and was removed. */
export function createShelf<T>(now: () => number, removed?: (key: string, value: T) => void): Shelf<T> {
  const kept = new Map<string, Kept<T>>();
  let hand = kept.entries();

  function removeIfEnded(key: string, { value, until }: Kept<T>, at: number): void {
    if (until > at) return;
    kept.delete(key);
    removed?.(key, value);
  }

  function sweepTwo(): void {
    const at = now();
    for (let i = 0; i < 2; i++) {
      const next = hand.next();
      if (next.done === true) {
        hand = kept.entries();
        return;
      }
      removeIfEnded(next.value[0], next.value[1], at);
    }
  }

  return {
    get(key) {
      const entry = kept.get(key);
      return entry !== undefined && entry.until > now() ? entry.value : undefined;
    },
    set(key, value, until) {
      kept.set(key, { value, until });
      sweepTwo();
    },
    keepUntil(key, until) {
      const entry = kept.get(key);
      if (entry !== undefined) entry.until = Math.max(entry.until, until);
    },
    delete: (key) => kept.delete(key),
    clear() {
      kept.clear();
      hand = kept.entries();
    },
    *active() {
      const at = now();
      for (const [key, { value, until }] of kept) if (until > at) yield [key, value] as const;
    },
    get size() {
      return kept.size;
    },
    sweep() {
      const at = now();
      for (const [key, entry] of kept) removeIfEnded(key, entry, at);
    },
  };
}
