import type { Charge, Hold } from '../store/store.ts';

/**
 * Places taken in `in_flight` limits by this process. A store frees a place whose holder was not heard of for the
 * limit's `per`, so each is renewed three times as often while its request runs: until it is released, or nobody refers
 * to the charge any more. A request that was forgotten, or whose process died, so lets go after `per`.
 */
export interface Holds {
  keep(charges: readonly Charge[]): void;
  drop(held: readonly Hold[]): void;
  close(): void;
}

interface Kept {
  readonly charge: WeakRef<Charge>;
  readonly everyMs: number;
  dueAt: number;
}

const RENEWALS = 3;
/** Shortest time between two rounds: holds that fall due within it are renewed together. */
const ROUND_MS = 50;

/** `renew` charges the hold again; what goes wrong with it is tried again the next time. */
export function createHolds(now: () => number, renew: (charge: Charge) => void): Holds {
  const kept = new Map<string, Kept>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerAt = Infinity;

  function schedule(dueAt: number): void {
    if (dueAt >= timerAt) return;
    clearTimeout(timer);
    timerAt = dueAt;
    timer = setTimeout(round, Math.max(ROUND_MS, dueAt - now()));
    (timer as { unref?: () => void }).unref?.();
  }

  function round(): void {
    timerAt = Infinity;
    let next = Infinity;
    for (const [key, hold] of kept) {
      if (hold.dueAt <= now()) {
        const charge = hold.charge.deref();
        if (charge === undefined) {
          kept.delete(key);
          continue;
        }
        hold.dueAt = now() + hold.everyMs;
        renew(charge);
      }
      next = Math.min(next, hold.dueAt);
    }
    if (next < Infinity) schedule(next);
  }

  return {
    keep(charges) {
      for (const charge of charges) {
        const everyMs = charge.perMs / RENEWALS;
        const dueAt = now() + everyMs;
        kept.set(identity(charge), { charge: new WeakRef(charge), everyMs, dueAt });
        schedule(dueAt);
      }
    },
    drop(held) {
      for (const hold of held) kept.delete(identity(hold));
    },
    close() {
      clearTimeout(timer);
      kept.clear();
    },
  };
}

function identity({ key, id }: Hold): string {
  return JSON.stringify([key, id]);
}
