import { checkOptions } from '../check-options.ts';
import { createControlBook } from './controls.ts';
import { emptyTally, roomIn, take, waitFor, type Room, type Tally } from './limits.ts';
import { joinLabels } from './labels.ts';
import { amendRung, countStrike, emptyRung, lookAt, type Rung } from './rung.ts';
import { createShares } from './shares.ts';
import { createShelf, type Shelf } from './shelf.ts';
import { StoreError } from './store-error.ts';
import { addAmount, emptySums, reserve, roomInSums, waitForRoom, type Sums } from './sums.ts';
import { notify } from '../outside/notify.ts';
import {
  PROCESS_MS,
  type Charge,
  type ChargeAnswer,
  type LadderStrike,
  type Look,
  type Looked,
  type Push,
  type Store,
  type StrikeResult,
} from './store.ts';

export interface MemoryStoreOptions {
  /** Milliseconds since the epoch. Default: a clock that never goes back. */
  readonly now?: () => number;
  /**
   * Most subjects remembered, over all ladders, limits and labels. Default 100,000. One user gets at most half of them,
   * one tenant eight ninths, so that nobody fills it for everybody.
   */
  readonly maxKeys?: number;
  /**
   * What becomes of a new subject of somebody whose share is used up: `refuse` (the default) forgets nothing, `evict`
   * lets the oldest count of the same user give way. Strikes, cooldowns and labels never do.
   */
  readonly whenFull?: 'refuse' | 'evict';
}

/** State of one process: the default, and what a shared store is replaced by while it is gone. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  checkOptions('createMemoryStore', options, {
    now: 'function',
    maxKeys: { is: (value) => Number.isInteger(value) && (value as number) >= 1, words: 'a whole number above 0' },
    whenFull: { is: (value) => value === 'refuse' || value === 'evict', words: '`refuse` or `evict`' },
  });
  const now = neverBack(options.now ?? (() => Math.floor(performance.timeOrigin + performance.now())));
  const maxKeys = options.maxKeys ?? 100_000;
  const shares = createShares(maxKeys);
  const rungs = createShelf<Rung>(now, shares.leave);
  const tallies = createShelf<Tally>(now, shares.leave);
  const sums = createShelf<Sums>(now, shares.leave);
  const labelled = createShelf<Set<string>>(now, shares.leave);
  /** Active cooldowns; and what was lifted or reset, for as long as a process could still know of it. */
  const cooling = createShelf<{ readonly until: number; readonly epoch: number; readonly lifted?: true }>(now);
  const seen = createShelf<{ readonly epoch: number; readonly at: number }>(now);
  const listeners = new Set<(push: Push) => void>();
  const incarnation = crypto.randomUUID();
  let sweptAt = -Infinity;
  let epoch = 0;
  let controlEpoch = 0;
  const book = createControlBook(() => (controlEpoch = ++epoch), now);

  const push = (what: Push): void => notify(listeners, [what]);

  /**
   * INVARIANT: evicts nothing unasked, and nothing of others. Forgetting a strike to make room would let an attacker
   * buy it with noise.
   */
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

  function weigh(charge: Charge, at: number): Weighed {
    if (charge.kind === 'sum' || charge.kind === 'reserve') {
      const reserves = charge.kind === 'reserve';
      const reported = reserves
        ? kept(sums, charge.key, at + 2 * charge.perMs, emptySums)
        : (sums.get(charge.key) ?? emptySums());
      return {
        retryAfterMs: waitForRoom(reported, charge, at),
        take: () => reserves && reserve(reported, charge, at),
        room: () => roomInSums(reported, charge, at),
      };
    }
    const tally = kept(tallies, charge.key, at + charge.perMs, emptyTally);
    return {
      retryAfterMs: waitFor(tally, charge, at),
      take: () => take(tally, charge, at),
      room: () => roomIn(tally, charge, at),
    };
  }

  function lookOne(look: Look, at: number): Looked {
    if (look.of === 'ladder') return lookAt(rungs.get(look.key), look.ladder, at);
    const room =
      look.kind === 'sum'
        ? roomInSums(sums.get(look.key) ?? emptySums(), look, at)
        : roomIn(tallies.get(look.key) ?? emptyTally(), look, at);
    return { of: 'limit', ...room };
  }

  function announce(key: string, until: number, at: number, lifted: boolean): void {
    cooling.set(key, { until, epoch: ++epoch, ...(lifted && { lifted }) }, until);
    push({ kind: 'cooldown', epoch, key, retryAfterMs: lifted ? 0 : until - at });
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
    if (cooledUntil !== undefined) announce(key, cooledUntil, at, false);
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
      return weighed.map(({ retryAfterMs, take: takeIt, room: roomLeft }): ChargeAnswer => {
        const fresh = admitted && takeIt();
        return { exceeded: retryAfterMs > 0, retryAfterMs, fresh, ...roomLeft() };
      });
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

    look(asked) {
      const at = now();
      return asked.map((one) => lookOne(one, at));
    },

    amend(amendment) {
      const at = now();
      const { key } = amendment;
      if (amendment.op === 'reset') {
        if (tallies.delete(key) || sums.delete(key)) shares.leave(key);
        announce(key, at + amendment.perMs, at, true);
        return lookOne({ of: 'limit', ...amendment }, at);
      }
      const rung = amendment.op === 'put_on' ? kept(rungs, key, at + amendment.forMs, emptyRung) : rungs.get(key);
      if (rung !== undefined) {
        const { cooledUntil, liftedUntil, forgetAt } = amendRung(rung, amendment, at);
        rungs.keepUntil(key, forgetAt);
        const until = cooledUntil ?? liftedUntil;
        if (until !== undefined) announce(key, until, at, cooledUntil === undefined);
      }
      return lookAt(rung, amendment.ladder, at);
    },

    control(request) {
      const applied = book.apply(request);
      if (applied?.changed === true) push({ kind: 'control', change: applied.change });
      return applied?.change;
    },

    setAll(controls, forMs) {
      const more = forMs === undefined ? {} : { forMs };
      const applied = controls.map((control) => book.apply({ op: 'set', control, ...more })!);
      for (const { change, changed } of applied) if (changed) push({ kind: 'control', change });
      return applied.map(({ change }) => change);
    },

    history: (limit) => book.history(limit),

    sync(since, process) {
      const at = now();
      const full = since === undefined || since.incarnation !== incarnation || since.epoch > epoch;
      if (process !== undefined) seen.set(process, { epoch: full ? 0 : since.epoch, at }, at + PROCESS_MS);
      const cooldowns: { key: string; retryAfterMs: number }[] = [];
      for (const [key, cooldown] of cooling.active()) {
        const { until, lifted } = cooldown;
        // Whoever is told everything knows of nothing that was lifted.
        if (full ? !lifted : cooldown.epoch > since.epoch)
          cooldowns.push({ key, retryAfterMs: lifted ? 0 : until - at });
      }
      const answer = { incarnation, epoch, now: at, full, cooldowns };
      if (full) return { ...answer, controls: book.active() };
      return controlEpoch > since.epoch ? { ...answer, changes: book.since(since.epoch) } : answer;
    },

    processes(leaving) {
      if (leaving !== undefined) seen.delete(leaving);
      const at = now();
      return [...seen.active()].map(([process, { epoch: known, at: then }]) => ({
        ...{ process, epoch: known, agoMs: at - then },
      }));
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

/** What a charge would have to wait, how it is recorded, and how much fits after that. Asking changes nothing. */
interface Weighed {
  readonly retryAfterMs: number;
  readonly take: () => boolean;
  readonly room: () => Room;
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
