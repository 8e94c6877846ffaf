import { createControlBook } from './controls.ts';
import { emptyTally, take, waitFor, type Tally } from './limits.ts';
import { joinLabels } from './labels.ts';
import { countStrike, emptyRung, type Rung } from './rung.ts';
import { createShares } from './shares.ts';
import { createShelf, type Shelf } from './shelf.ts';
import { StoreError } from './store-error.ts';
import { addAmount, emptySums, reserve, waitForRoom, type Sums } from './sums.ts';
import { notify } from '../outside/notify.ts';
import type { Charge, ChargeAnswer, LadderStrike, Push, Store, StrikeResult } from './store.ts';

export interface MemoryStoreOptions {
  /** Milliseconds since the epoch. Default: a clock that never goes back. */
  readonly now?: () => number;
  /**
   * Most subjects remembered, over all ladders, limits and labels. Default 100,000. One user gets at most half of them, one tenant eight
   * ninths, so that nobody fills it for everybody.
   */
  readonly maxKeys?: number;
  /**
   * What becomes of a new subject of somebody whose share is used up: `refuse` (the default) forgets nothing, `evict` lets the oldest count
   * of the same user give way. Strikes, cooldowns and labels never do.
   */
  readonly whenFull?: 'refuse' | 'evict';
}

/** State of one process: the default, and what a shared store is replaced by while it is gone. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const now = neverBack(options.now ?? (() => Math.floor(performance.timeOrigin + performance.now())));
  const maxKeys = options.maxKeys ?? 100_000;
  const shares = createShares(maxKeys);
  const rungs = createShelf<Rung>(now, shares.leave);
  const tallies = createShelf<Tally>(now, shares.leave);
  const sums = createShelf<Sums>(now, shares.leave);
  const labelled = createShelf<Set<string>>(now, shares.leave);
  const cooling = createShelf<{ readonly until: number; readonly epoch: number }>(now);
  const listeners = new Set<(push: Push) => void>();
  const incarnation = crypto.randomUUID();
  let sweptAt = -Infinity;
  let epoch = 0;
  let controlEpoch = 0;
  const book = createControlBook(() => (controlEpoch = ++epoch), now);

  const push = (what: Push): void => notify(listeners, [what]);

  /** INVARIANT: evicts nothing unasked, and nothing of others. Forgetting a strike to make room would let an attacker buy it with noise. */
  function room(key: string): void {
    if (shares.refuses(key) === undefined) return;
    // A full store must not pay for a sweep on every call.
    if (now() >= sweptAt + 1000) {
      sweptAt = now();
      for (const shelf of [rungs, tallies, sums, labelled]) shelf.sweep();
    }
    const refused = shares.refuses(key);
    if (refused === undefined) return;
    const oldest = options.whenFull === 'evict' ? shares.oldestCount(key) : undefined;
    if (oldest === undefined) throw full(refused, maxKeys);
    for (const shelf of [tallies, sums]) if (shelf.delete(oldest)) shares.leave(oldest);
  }

  /** The entry under a key, made if there is room for one more. It is kept at least until `until`. */
  function kept<T>(shelf: Shelf<T>, key: string, until: number, make: () => T): T {
    const known = shelf.get(key);
    if (known !== undefined) {
      shelf.keepUntil(key, until);
      return known;
    }
    if (shelf.delete(key)) shares.leave(key);
    room(key);
    const made = make();
    shares.enter(key);
    shelf.set(key, made, until);
    return made;
  }

  /** How long the charge would have to wait, and how it is recorded; asking changes nothing. */
  function weigh(charge: Charge, at: number): { readonly retryAfterMs: number; readonly take: () => boolean } {
    if (charge.kind === 'sum') {
      const reported = sums.get(charge.key) ?? emptySums();
      return { retryAfterMs: waitForRoom(reported, charge, at), take: () => false };
    }
    if (charge.kind === 'reserve') {
      const reported = kept(sums, charge.key, at + 2 * charge.perMs, emptySums);
      return { retryAfterMs: waitForRoom(reported, charge, at), take: () => reserve(reported, charge, at) };
    }
    const tally = kept(tallies, charge.key, at + charge.perMs, emptyTally);
    return { retryAfterMs: waitFor(tally, charge, at), take: () => take(tally, charge, at) };
  }

  function strikeOne(strike: LadderStrike): StrikeResult {
    const at = now();
    const { key } = strike;
    const { result, cooledUntil, forgetAt } = countStrike(
      kept(rungs, key, at + strike.rememberMs, emptyRung),
      strike,
      at,
    );
    rungs.keepUntil(key, forgetAt);
    if (cooledUntil !== undefined) {
      cooling.set(key, { until: cooledUntil, epoch: ++epoch }, cooledUntil);
      push({ kind: 'cooldown', epoch, key, retryAfterMs: cooledUntil - at });
    }
    return result;
  }

  return {
    name: 'memory',
    shared: false,

    charge(charges) {
      const at = now();
      const weighed = charges.map((charge) => weigh(charge, at));
      // INVARIANT: all or none. A refused event has used up nothing, so what a limit admits is what went through.
      const admitted = weighed.every(({ retryAfterMs }) => retryAfterMs === 0);
      return weighed.map((one): ChargeAnswer => ({
        exceeded: one.retryAfterMs > 0,
        retryAfterMs: one.retryAfterMs,
        fresh: admitted && one.take(),
      }));
    },

    report(amounts) {
      for (const amount of amounts) {
        const at = now();
        // Ids are remembered for up to two windows.
        addAmount(kept(sums, amount.key, at + 2 * amount.perMs, emptySums), amount, at);
      }
    },

    release(holds) {
      for (const { key, id } of holds) tallies.get(key)?.delete(id);
    },

    strike: (strikes) => strikes.map(strikeOne),

    labels({ key, add, rememberMs }) {
      const all = joinLabels(labelled.get(key) ?? [], add);
      if (add.length > 0) {
        const names = kept(labelled, key, now() + rememberMs, () => new Set<string>());
        for (const name of add) names.add(name);
      }
      return all;
    },

    control(request) {
      const applied = book.apply(request);
      if (applied?.changed === true) push({ kind: 'control', change: applied.change });
      return applied?.change;
    },

    history: (limit) => book.history(limit),

    sync(since) {
      const at = now();
      const full = since === undefined || since.incarnation !== incarnation || since.epoch > epoch;
      const cooldowns: { key: string; retryAfterMs: number }[] = [];
      for (const [key, cooldown] of cooling.active()) {
        if (full || cooldown.epoch > since.epoch) cooldowns.push({ key, retryAfterMs: cooldown.until - at });
      }
      const changed = full || controlEpoch > since.epoch;
      return { incarnation, epoch, now: at, full, cooldowns, ...(changed ? { controls: book.active() } : {}) };
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    // Several governors may use it: whoever listens stops listening by itself.
    close: () => undefined,

    fill: () => ({ held: shares.held, max: maxKeys }),
  };
}

const WHOSE = { store: 'every tenant', tenant: 'this tenant', user: 'this user' } as const;

function full(whose: keyof typeof WHOSE, maxKeys: number): StoreError {
  return new StoreError(
    'STORE_FULL',
    `of the ${maxKeys} subjects of the memory store ${WHOSE[whose]} has its share; raise \`maxKeys\`, or share a store`,
    { failure: 'UNAVAILABLE' },
  );
}

function neverBack(clock: () => number): () => number {
  let last = -Infinity;
  return () => (last = Math.max(last, clock()));
}
