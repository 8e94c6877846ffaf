import type { Limit } from '../contract/limits.ts';
import type { Failure, FailureCode } from '../contract/ruling.ts';
import type { StrikeAnswer } from '../contract/snapshot.ts';
import { createLink } from './link.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createNearCache, type ControlNotice } from './near-cache.ts';
import { createOperatorControls } from './operator.ts';
import { createPending, type Write } from './pending.ts';
import { amountsOf, chargeOf, limitAnswers, strikeOf } from './requests.ts';
import type { Charged, State, StateOptions, Struck } from './state-api.ts';
import { failureCode } from '../outside/call.ts';
import { StoreError } from '../store/store-error.ts';
import type { Charge, ChargeAnswer, LadderStrike, Store } from '../store/store.ts';
import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';

export type { Offence, State, StateOptions, StateStatus } from './state-api.ts';

const NONE: readonly never[] = Object.freeze([]);
const NOTHING_CONTROLS: ReturnType<State['controlsFor']> = Object.freeze({ controls: NONE, errors: NONE });
const NOTHING_CHARGED: Charged = Object.freeze({ answers: NONE, errors: NONE, held: NONE });
const NOTHING_STRUCK: Struck = Object.freeze({ answers: NONE, errors: NONE });
const STALE: readonly Failure[] = Object.freeze([Object.freeze({ part: 'store', id: 'controls', code: 'STALE' })]);

export function createState(options: StateOptions = {}): State {
  const store = options.store ?? createMemoryStore();
  const now = options.now ?? (() => performance.now());
  const deadlineMs = options.deadlineMs ?? store.deadlineMs ?? 25;
  const patientMs = options.patientMs ?? 1000;
  const listeners = new Set<(notice: ControlNotice) => void>();
  const near = createNearCache(now, (notice) => {
    for (const listener of listeners) listener(notice);
  });
  const pending = createPending(options.maxPending ?? 10_000, now);
  /** What this process has admitted and struck by itself while the store is gone. */
  let insurance: Store | undefined;
  const link = createLink({
    store,
    near,
    pending,
    now,
    deadlineMs,
    patientMs,
    pollMs: options.pollMs ?? 1000,
    staleAfterMs: options.staleAfterMs ?? 5000,
    onReturn: () => (insurance = undefined),
  });

  /** One store call an event waits for. What goes wrong becomes an answer. */
  function ask<T, R>(
    run: () => MaybePromise<readonly T[]>,
    count: number,
    remainingMs: number | undefined,
    done: (answers: readonly T[]) => R,
    failed: (error: unknown) => R,
  ): MaybePromise<R> {
    const ms = Math.max(0, Math.min(deadlineMs, remainingMs ?? deadlineMs));
    try {
      const answers = link.call(run, ms);
      if (!isPromise(answers)) return done(complete(answers, count));
      return answers.then((got) => done(complete(got, count))).catch(failed);
    } catch (error) {
      return failed(error);
    }
  }

  function insured(): Store {
    return (insurance ??= createMemoryStore());
  }

  /** The declared failure, and beside it what this process knows by itself: an exceeded limit stands. */
  function chargeAlone(limits: readonly Limit[], charges: readonly Charge[], error: unknown): Charged {
    const errors = limits.map((limit) => storeFailure(limit.id, failureCode(error)));
    const answers = tryStore(() => insured().charge(charges) as readonly ChargeAnswer[]);
    return { answers: answers === undefined ? NONE : limitAnswers(limits, answers), errors, held: NONE };
  }

  function strikeAlone(ladders: readonly string[], strikes: readonly LadderStrike[], error: unknown): Struck {
    for (const strike of strikes) pending.add({ op: 'strike', strike });
    const results = tryStore(() => insured().strike(strikes) as readonly { readonly retryAfterMs: number }[]) ?? [];
    return {
      answers: cooled(ladders, strikes, results),
      errors: ladders.map((ladder) => storeFailure(ladder, failureCode(error))),
    };
  }

  /** INVARIANT: a cooldown holds in the process that caused it before its answer is given, pushed or not. */
  function cooled(
    ladders: readonly string[],
    strikes: readonly LadderStrike[],
    results: readonly { readonly retryAfterMs: number }[],
  ): readonly StrikeAnswer[] {
    return results.map(({ retryAfterMs }, i) => {
      if (retryAfterMs > 0) near.cool(strikes[i]!.key, retryAfterMs);
      return { ladder: ladders[i]!, retryAfterMs };
    });
  }

  /** A write of which nobody waits for an answer: kept when the store does not take it. */
  function write(run: () => MaybePromise<void>, writes: readonly Write[]): MaybePromise<void> {
    const keep = (): void => {
      for (const one of writes) pending.add(one);
    };
    try {
      const done = link.call(run, deadlineMs);
      return isPromise(done) ? done.catch(keep) : done;
    } catch {
      return keep();
    }
  }

  return {
    controlsFor(event) {
      const controls = near.controlsFor(event);
      if (link.stale()) return { controls, errors: STALE };
      return controls.length === 0 ? NOTHING_CONTROLS : { controls, errors: NONE };
    },

    cooldownsFor: near.cooldownsFor,

    charge({ limits: all, event, shadow, output, remainingMs }) {
      const limits = output === undefined ? all.filter((limit) => limit.unit !== 'repeats') : all;
      if (limits.length === 0) return NOTHING_CHARGED;
      const charges = limits.map((limit) => chargeOf(limit, event, shadow, output));
      return ask(
        () => store.charge(charges),
        charges.length,
        remainingMs,
        (answers): Charged => ({
          answers: limitAnswers(limits, answers),
          errors: NONE,
          held: charges.filter((charge, i) => charge.kind === 'hold' && answers[i]?.fresh === true),
        }),
        (error) => chargeAlone(limits, charges, error),
      );
    },

    strike({ strikes, trips = NONE, ladders, event, shadow, offences = NONE, remainingMs }) {
      const named = [...new Set([...strikes.map((strike) => strike.ladder), ...trips])].filter(
        (id) => ladders[id] !== undefined,
      );
      if (named.length === 0) return NOTHING_STRUCK;
      const list = named.map((id) => strikeOf(ladders[id]!, strikes, trips.includes(id), event, shadow, offences));
      return ask(
        () => store.strike(list),
        list.length,
        remainingMs,
        (results): Struck => ({ answers: cooled(named, list, results), errors: NONE }),
        (error) => strikeAlone(named, list, error),
      );
    },

    report(init) {
      const amounts = amountsOf(init);
      if (amounts.length === 0) return;
      return write(
        () => store.report(amounts),
        amounts.map((amount) => ({ op: 'report', amount })),
      );
    },

    release(held) {
      if (held.length === 0) return;
      return write(
        () => store.release(held),
        held.map((hold) => ({ op: 'release', hold })),
      );
    },

    control: createOperatorControls({
      store,
      near,
      pending,
      link,
      listeners,
      patientMs,
      mintId: options.mintControlId ?? (() => `ctl_${crypto.randomUUID()}`),
    }),

    async ready() {
      if (link.stale()) await link.refresh().catch(() => undefined);
    },

    status: () => ({ name: store.name, ...link.status(), queued: pending.size, lost: pending.lost }),

    async close() {
      link.close();
      listeners.clear();
      await store.close();
    },
  };
}

function complete<T>(answers: readonly T[], count: number): readonly T[] {
  // Stores are other people's code: an answer that is no list must not pass for one.
  if ((answers as readonly T[] | undefined)?.length === count) return answers;
  throw new StoreError('STORE_ANSWER', `the store did not give ${count} answers`, { failure: 'INVALID_ANSWER' });
}

function storeFailure(id: string, code: FailureCode): Failure {
  return { part: 'store', id, code };
}

function tryStore<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
