import { createShelf } from '../store/shelf.ts';
import type { Charge, ChargeAnswer } from '../store/store.ts';

/**
 * Limits that are known to have no room for a while: what the store said of a subject is true until the wait it named
 * is over. So a subject that hammers costs a look-up instead of a round trip.
 */
export interface KnownWaits {
  /** `outdated`: keys of which the answers say what is no longer so. */
  learn(charges: readonly Charge[], answers: readonly ChargeAnswer[], outdated?: (key: string) => boolean): void;
  /** What the store would answer to ids that it has never seen; `undefined` where it has to be asked. */
  answer(charges: readonly Charge[]): readonly ChargeAnswer[] | undefined;
  /** An operator has given room under the key; without one, nothing that was known counts any more. */
  forget(key?: string): void;
}

interface Wait {
  readonly until: number;
  /** What the wait was named for: a limit that was raised since has to be asked about. */
  readonly allow: number;
  readonly perMs: number;
}

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
        waits.set(key, { until, allow, perMs }, until);
      }
    },

    answer(charges) {
      if (waits.size === 0) return undefined;
      let refused = false;
      const answers = charges.map(({ key, allow, perMs }): ChargeAnswer => {
        const wait = waits.get(key);
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
