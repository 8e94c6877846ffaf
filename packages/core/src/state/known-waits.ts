import { createShelf } from '../store/shelf.ts';
import type { Charge, ChargeAnswer } from '../store/store.ts';

/**
 * Limits that are known to have no room for a while: what the store said of a subject is true until the wait it named
 * is over. So a subject that hammers costs a look-up instead of a round trip. A sum may get room earlier, where what
 * was reserved is given back: it is asked about again after a second.
 */
export interface KnownWaits {
  /** `outdated`: keys of which the answers say what is no longer so. */
  learn(charges: readonly Charge[], answers: readonly ChargeAnswer[], outdated?: (key: string) => boolean): void;
  /**
   * What the store would answer; `undefined` where it has to be asked. `unseen`: it has never seen the ids. To one that
   * it has seen a count answers otherwise, a sum does not.
   */
  answer(charges: readonly Charge[], unseen: boolean): readonly ChargeAnswer[] | undefined;
  /** An operator has given room under the key; without one, nothing that was known counts any more. */
  forget(key?: string): void;
}

interface Wait {
  readonly until: number;
  /** What the wait was named for: a limit that was raised since has to be asked about. */
  readonly allow: number;
  readonly perMs: number;
}

/** Longest time for which a sum is not asked about. */
const SUM_MS = 1000;
/** Subjects remembered; beyond them the store is asked. */
const MAX_WAITS = 100_000;

export function createKnownWaits(now: () => number): KnownWaits {
  const waits = createShelf<Wait>(now);

  return {
    learn(charges, answers, outdated = () => false) {
      for (const [i, { key, kind, allow, perMs }] of charges.entries()) {
        const { exceeded, retryAfterMs } = answers[i]!;
        // Nobody knows when a holder lets go, and a smaller amount may fit earlier.
        if (!exceeded || kind === 'hold' || kind === 'reserve' || waits.size >= MAX_WAITS || outdated(key)) continue;
        const until = now() + retryAfterMs;
        waits.set(key, { until, allow, perMs }, kind === 'sum' ? Math.min(until, now() + SUM_MS) : until);
      }
    },

    answer(charges, unseen) {
      if (waits.size === 0) return undefined;
      let refused = false;
      const answers = charges.map(({ key, kind, allow, perMs }): ChargeAnswer => {
        const wait = unseen || kind === 'sum' ? waits.get(key) : undefined;
        const known = wait !== undefined && allow <= wait.allow && perMs >= wait.perMs;
        if (!known) return { exceeded: false, retryAfterMs: 0, fresh: false, remaining: 0, resetMs: 0 };
        refused = true;
        const retryAfterMs = Math.ceil(wait.until - now());
        return { exceeded: true, retryAfterMs, fresh: false, remaining: 0, resetMs: retryAfterMs };
      });
      // One limit without room is enough: then none is charged.
      return refused ? answers : undefined;
    },

    forget(key) {
      if (key === undefined) waits.clear();
      else waits.delete(key);
    },
  };
}
