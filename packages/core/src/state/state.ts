import type { Failure, FailureCode } from '../contract/ruling.ts';
import type { StrikeAnswer } from '../contract/snapshot.ts';
import type { Answer } from '../outside/call.ts';
import { mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Amount, Charge, LabelsRequest, LadderStrike } from '../store/store.ts';
import { createFallback } from './fallback.ts';
import { createHealth } from './health.ts';
import { createHolds } from './holds.ts';
import { createKnownWaits } from './known-waits.ts';
import { createLink } from './link.ts';
import { createNearCache, type ControlListener } from './near-cache.ts';
import { createOperatorControls } from './operator.ts';
import { createPending, type Write } from './pending.ts';
import {
  amountsOf,
  chargesOf,
  labelsOf,
  limitAnswers,
  ownAnswers,
  reservationsOf,
  reservedBy,
  stoppedOf,
  strikeOf,
  type Charges,
} from './requests.ts';
import type { Charged, SessionLabels, State, StateOptions, StoppedTexts, Struck } from './state-api.ts';
import { createStoreCalls, storeErrorOf } from './store-calls.ts';
import { createSubjectControls } from './subjects.ts';
import { createTurns, roomFor, type Turn } from './turns.ts';

export type { Offence, State, StateOptions, StateStatus } from './state-api.ts';

const NONE: readonly never[] = Object.freeze([]);
const NOTHING_CONTROLS: ReturnType<State['controlsFor']> = Object.freeze({ controls: NONE, errors: NONE });
const NOTHING_CHARGED: Charged = Object.freeze({ answers: NONE, errors: NONE, held: NONE });
const NOTHING_STRUCK: Struck = Object.freeze({ answers: NONE, errors: NONE });
const NO_LABELS: SessionLabels = Object.freeze({ labels: NONE, errors: NONE });
const STALE: readonly Failure[] = Object.freeze([Object.freeze({ part: 'store', id: 'controls', code: 'STALE' })]);

export function createState(options: StateOptions = {}): State {
  const store = options.store ?? createMemoryStore();
  const now = options.now ?? (() => performance.now());
  const deadlineMs = options.deadlineMs ?? store.deadlineMs ?? 25;
  const backgroundTimeoutMs = options.backgroundTimeoutMs ?? 1000;
  const listeners = new Set<ControlListener>();
  const knownWaits = createKnownWaits(now);
  const near = createNearCache(now, listeners, knownWaits.forget);
  const pending = createPending(options.maxPending ?? 10_000, now);
  const health = createHealth();
  const fallback = createFallback();
  const process = `prc_${crypto.randomUUID()}`;
  const calls = createStoreCalls(store, {
    failed(failed, ms, asked) {
      health.failed(failed, ms);
      if (asked) link?.failed(failed);
    },
    answered: () => link?.answered(),
  });
  // Unset while it makes its own first call.
  let link: ReturnType<typeof createLink> | undefined;
  const linked = (link = createLink({
    calls,
    shared: store.shared,
    near,
    pending,
    now,
    deadlineMs,
    backgroundTimeoutMs,
    process,
    pollMs: options.pollMs ?? 900,
    staleAfterMs: options.staleAfterMs ?? 5000,
    onCaughtUp: fallback.clear,
  }));

  const turns = createTurns(() => roomFor(linked.roundTripMs()));
  /** A store of this process answers at once: nobody waits for it. */
  const turnOf = ([first]: readonly { readonly key: string }[]): Turn | undefined =>
    store.shared ? turns.take(first!.key, deadlineMs) : undefined;

  const holds = createHolds(now, (charge) => void linked.call(() => calls.charge([charge], backgroundTimeoutMs)));

  /** One store call an event waits for. What goes wrong becomes an answer. */
  function ask<T, R>(
    run: () => MaybePromise<Answer<T>>,
    done: (answer: T) => R,
    failed: (code: FailureCode) => R,
  ): MaybePromise<R> {
    return mapMaybe(linked.call(run), (answer) => (answer.ok ? done(answer.value) : failed(answer.failure.code)));
  }

  function keepHolds(charges: readonly Charge[]): readonly Charge[] {
    const held = charges.filter(({ kind }) => kind === 'hold');
    if (held.length === 0) return NONE;
    holds.keep(held);
    return held;
  }

  /** The declared failure, and beside it what this process knows by itself: an exceeded limit stands. */
  function chargeAlone({ limits, charges, errors: unread }: Charges, code: FailureCode): Charged {
    return {
      answers: ownAnswers(limits, fallback.charge(charges)),
      errors: [...unread, ...limits.map((limit) => storeFailure(limit.id, code))],
      // Whether the store carried the charge out is not known: places that it may have taken are given back as all
      // others are.
      held: keepHolds(charges),
      ...reservedBy(charges, false),
    };
  }

  function take(asked: Charges): MaybePromise<Charged> {
    const { charges, errors } = asked;
    if (charges.length === 0) return errors.length === 0 ? NOTHING_CHARGED : { ...NOTHING_CHARGED, errors };
    const askedAt = now();
    return ask(
      () => calls.charge(charges, deadlineMs, turnOf(charges)),
      (answers): Charged => {
        knownWaits.learn(charges, answers, (key) => near.releasedSince(key, askedAt));
        const taken = charges.filter((_, i) => answers[i]?.fresh === true);
        return { answers: limitAnswers(asked, answers), errors, held: keepHolds(taken), ...reservedBy(taken, true) };
      },
      (code) => chargeAlone(asked, code),
    );
  }

  function report(amounts: readonly Amount[]): MaybePromise<void> {
    if (amounts.length === 0) return;
    return write(
      () => calls.report(amounts, deadlineMs, turnOf(amounts)),
      amounts.map((amount) => ({ op: 'report', amount })),
    );
  }

  function strikeAlone(ladders: readonly string[], strikes: readonly LadderStrike[], code: FailureCode): Struck {
    for (const strike of strikes) pending.add({ op: 'strike', strike });
    return {
      answers: cooled(ladders, strikes, fallback.strike(strikes)),
      errors: ladders.map((ladder) => storeFailure(ladder, code)),
    };
  }

  /**
   * A set of names, after what the request adds to it. While the store is gone it is known in this process, and queued.
   */
  function remembered(request: LabelsRequest, what: 'labels' | 'history'): MaybePromise<SessionLabels> {
    return ask(
      () => calls.labels(request, deadlineMs, turnOf([request])),
      (labels): SessionLabels => ({ labels: fallback.joinLabels(request.key, labels), errors: NONE }),
      (code) => {
        const errors = [storeFailure(what, code)];
        // A history that is full stays as it is: what it does not hold stops again.
        if (what === 'history' && code === 'THREW') return { labels: NONE, errors };
        if (request.add.length > 0) pending.add({ op: 'labels', request });
        return { labels: fallback.labels(request), errors };
      },
    );
  }

  /** INVARIANT: a cooldown holds in the process that caused it before its answer is given, pushed or not. */
  function cooled(
    ladders: readonly string[],
    strikes: readonly LadderStrike[],
    results: readonly { readonly retryAfterMs: number }[],
    askedAt?: number,
  ): readonly StrikeAnswer[] {
    return results.map(({ retryAfterMs }, i) => {
      if (retryAfterMs > 0) near.cool(strikes[i]!.key, retryAfterMs, askedAt);
      return { ladder: ladders[i]!, retryAfterMs };
    });
  }

  /** A write of which nobody waits for an answer: kept when the store does not take it. */
  function write(run: () => MaybePromise<Answer<unknown>>, writes: readonly Write[]): MaybePromise<void> {
    return mapMaybe(linked.call(run), (answer) => {
      if (!answer.ok) for (const one of writes) pending.add(one);
    });
  }

  return {
    controlsFor(event) {
      const controls = near.controlsFor(event);
      if (linked.stale()) return { controls, errors: STALE };
      return controls.length === 0 ? NOTHING_CONTROLS : { controls, errors: NONE };
    },

    standingControls: near.controls,

    cooldownsFor: near.cooldownsFor,

    charge({ limits, event, shadow, output, first = false }) {
      const asked = chargesOf(limits, event, shadow, output);
      // A store of this process answers as fast.
      const known = store.shared ? knownWaits.answer(asked.charges, first) : undefined;
      if (known === undefined) return take(asked);
      return { answers: limitAnswers(asked, known), errors: asked.errors, held: NONE };
    },

    reserve: (init) => take(reservationsOf(init)),

    settle({ amounts, certain }, stands) {
      if (certain && stands) return;
      const settled = stands ? amounts : amounts.map((amount) => ({ ...amount, amount: 0 }));
      fallback.settle(settled);
      return report(settled);
    },

    strike({ strikes, ladders, event, shadow, offences = NONE }) {
      const tripped = offences.flatMap(({ ladder }) => (ladder === undefined ? [] : [ladder]));
      const named = [...new Set([...strikes.map(({ ladder }) => ladder), ...tripped])].filter(
        (id) => ladders[id] !== undefined,
      );
      if (named.length === 0) return NOTHING_STRUCK;
      const list = named.map((id) => strikeOf(ladders[id]!, strikes, event, shadow, offences));
      const askedAt = now();
      return ask(
        () => calls.strike(list, deadlineMs, turnOf(list)),
        (results): Struck => ({ answers: cooled(named, list, results, askedAt), errors: NONE }),
        (code) => strikeAlone(named, list, code),
      );
    },

    labelsFor(init) {
      if (init.event.subject.session === undefined) return NO_LABELS;
      return remembered(labelsOf(init), 'labels');
    },

    stoppedTexts(init) {
      const found = remembered(stoppedOf(init), 'history');
      return mapMaybe(found, ({ labels, errors }): StoppedTexts => ({ hashes: labels, errors }));
    },

    report(init) {
      const amounts = amountsOf(init);
      // Room that was given back is free here at once.
      if (init.attempt !== undefined) fallback.settle(amounts);
      return report(amounts);
    },

    release(held) {
      if (held.length === 0) return;
      holds.drop(held);
      fallback.release(held);
      return write(
        () => calls.release(held, deadlineMs, turnOf(held)),
        held.map((hold) => ({ op: 'release', hold })),
      );
    },

    control: createOperatorControls({
      calls,
      near,
      pending,
      link: linked,
      listeners,
      backgroundTimeoutMs,
      mintId: options.mintControlId ?? (() => `ctl_${crypto.randomUUID()}`),
      shared: store.shared,
    }),

    subjects: createSubjectControls({ calls, near, link: linked, backgroundTimeoutMs }),

    async ready() {
      const failed = linked.stale() ? await linked.refresh() : undefined;
      return failed === undefined ? undefined : storeErrorOf(failed, backgroundTimeoutMs);
    },

    onStale: linked.onStale,

    status() {
      const fill = calls.fill();
      const link = linked.status();
      return {
        name: store.name,
        ...link,
        ...warningOf(distanceWarning(link.roundTripMs, deadlineMs), calls.warning()),
        queued: pending.size,
        lost: pending.lost,
        ...health.status(),
        ...(fill !== undefined && { fill }),
      };
    },

    async close() {
      holds.close();
      listeners.clear();
      await linked.close();
      return calls.close(backgroundTimeoutMs);
    },
  };
}

function distanceWarning(roundTripMs: number | undefined, deadlineMs: number): string | undefined {
  if (roundTripMs === undefined || roundTripMs < deadlineMs) return undefined;
  return `the store is ${roundTripMs} ms away and has ${deadlineMs} ms: no limit is answered in time; raise its \`deadlineMs\``;
}

function warningOf(...warnings: readonly (string | undefined)[]): { readonly warning?: string } {
  const warning = sentences(...warnings);
  return warning === undefined ? {} : { warning };
}

/** Several warnings as one text; `undefined` where there is none. */
export function sentences(...said: readonly (string | undefined)[]): string | undefined {
  const all = said.filter((one) => one !== undefined);
  return all.length === 0 ? undefined : all.join('. ');
}

function storeFailure(id: string, code: FailureCode): Failure {
  return { part: 'store', id, code };
}
