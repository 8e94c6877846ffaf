import type { Control } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import type { Failure, FailureCode, Strike } from '../contract/ruling.ts';
import type { ActiveCooldown, LimitAnswer, StrikeAnswer } from '../contract/snapshot.ts';
import { isPromise } from './deadline.ts';
import { stateKey } from './keys.ts';
import { MICRO } from './limits.ts';
import { createLink } from './link.ts';
import { createMemoryStore } from './memory-store.ts';
import { createNearCache, type ControlNotice } from './near-cache.ts';
import { createOperatorControls, type OperatorControls } from './operator.ts';
import { createPending, type Write } from './pending.ts';
import { failureCode, StoreError } from './store-error.ts';
import type { Charge, ChargeAnswer, Hold, LadderStrike, MaybePromise, Store } from './store.ts';

export interface StateOptions {
  /** Default: a memory store of its own. */
  readonly store?: Store;
  /** Without confirmation from the store for this long, what is known of it counts as failed. Default 5,000. */
  readonly staleAfterMs?: number;
  /** How often changes are re-read, whatever was pushed. Default 1,000. */
  readonly pollMs?: number;
  /** Longest wait for one store call that an event waits for. Default: what the store says, else 25. */
  readonly deadlineMs?: number;
  /** Longest wait for calls that no event waits for: controls, re-reads, queued writes. Default 1,000. */
  readonly patientMs?: number;
  /** Most writes kept while the store is gone. Default 10,000. */
  readonly maxPending?: number;
  /** Makes the ids of controls. Default: `ctl_` and a random UUID. */
  readonly mintControlId?: () => string;
  /** Milliseconds on a clock that never goes back; its zero does not matter. Default: `performance.now`. */
  readonly now?: () => number;
}

/** What one rule found in one place, so that the same text sent again is not an offence again. */
export interface Offence {
  readonly rule: string;
  /**
   * Keyed hash of the segment's text: state never holds text. The same text counts once per session, or per interaction where
   * there is no session. Absent: it lies in no text and counts once per event.
   */
  readonly segment?: string;
  /** The rule's points by ladder. */
  readonly strike: { readonly [ladder: string]: number };
  /** The ladder that the rule's `then: cooldown` names. */
  readonly ladder?: string;
}

export interface StrikeInit {
  readonly strikes: readonly Strike[];
  /** Ladders on which the subject is put at once, as `then: cooldown` asks. */
  readonly trips?: readonly string[];
  readonly ladders: { readonly [id: string]: Ladder };
  readonly event: GovernedEvent;
  readonly shadow: boolean;
  /** Where the strikes come from. Absent: nothing of them lies in text, and they count once per event. */
  readonly offences?: readonly Offence[];
  readonly remainingMs?: number;
}

export interface ChargeInit {
  readonly limits: readonly Limit[];
  readonly event: GovernedEvent;
  readonly shadow: boolean;
  /** Keyed hash of the output, for limits on `repeats`; without it they are not charged. */
  readonly output?: string;
  readonly remainingMs?: number;
}

export interface ReportInit {
  /** Limits of other units are passed over. */
  readonly limits: readonly Limit[];
  readonly unit: string;
  readonly amount: number;
  readonly event: GovernedEvent;
  readonly shadow: boolean;
}

export interface Charged {
  /** One for each limit that was asked, in order. */
  readonly answers: readonly LimitAnswer[];
  readonly errors: readonly Failure[];
  /** Places taken in `in_flight` limits by this call: give them to `release` when the work is over. */
  readonly held: readonly Hold[];
}

export interface Struck {
  readonly answers: readonly StrikeAnswer[];
  readonly errors: readonly Failure[];
}

export interface StateStatus {
  readonly name: string;
  readonly connected: boolean;
  /** Age of the last confirmation, 0 for a store of this process. */
  readonly staleMs: number;
  /** Writes waiting for the store, and writes given up because there were too many. */
  readonly queued: number;
  readonly lost: number;
}

/**
 * Everything the governor asks of state. What goes wrong is data: no call throws or rejects for want of a store.
 * With `shadow`, cooldowns and limits are read and written in a namespace of their own, and real ones are not touched.
 */
export interface State {
  /** Halts and modes whose scope covers the event. Never waits. */
  controlsFor(event: Pick<GovernedEvent, 'subject' | 'resource'>): {
    readonly controls: readonly Control[];
    readonly errors: readonly Failure[];
  };
  /** Never waits. What it cannot know is in `controlsFor(...).errors`: one connection serves both. */
  cooldownsFor(ladders: readonly Ladder[], event: GovernedEvent, shadow: boolean): readonly ActiveCooldown[];
  charge(init: ChargeInit): MaybePromise<Charged>;
  strike(init: StrikeInit): MaybePromise<Struck>;
  /** Adds a number known only afterwards, once per event and unit. */
  report(init: ReportInit): MaybePromise<void>;
  release(held: readonly Hold[]): MaybePromise<void>;
  readonly control: OperatorControls;
  /** Resolves once the store has answered, or has failed to: until it answers, every event sees `STALE`. */
  ready(): Promise<void>;
  status(): StateStatus;
  close(): Promise<void>;
}

const NONE: readonly never[] = Object.freeze([]);
const NOTHING_CONTROLS: ReturnType<State['controlsFor']> = Object.freeze({ controls: NONE, errors: NONE });
const NOTHING_CHARGED: Charged = Object.freeze({ answers: NONE, errors: NONE, held: NONE });
const NOTHING_STRUCK: Struck = Object.freeze({ answers: NONE, errors: NONE });
const STALE: readonly Failure[] = Object.freeze([Object.freeze({ part: 'store', id: 'controls', code: 'STALE' })]);

// Ids and offences outlive any conversation that sends its history again.
const REMEMBER_MS = 24 * 60 * 60 * 1000;

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

    report({ limits, unit, amount, event, shadow }) {
      const amounts = limits
        .filter((limit) => limit.unit === unit)
        .map((limit) => ({
          key: stateKey('limit', limit.id, limit.key, event, shadow),
          id: event.id,
          amount: Math.round(amount * MICRO),
          perMs: limit.perMs,
          window: limit.window,
        }));
      if (amounts.length === 0) return;
      return write(
        () => store.report(amounts),
        amounts.map((one) => ({ op: 'report', amount: one })),
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

/** Which id a limit counts follows from its unit. */
function chargeOf(limit: Limit, event: GovernedEvent, shadow: boolean, output: string | undefined): Charge {
  const { perMs, window } = limit;
  const allow = Math.ceil(limit.allow);
  const key = stateKey('limit', limit.id, limit.key, event, shadow);
  switch (limit.unit) {
    case 'interactions':
      return { key, id: event.interactionId, kind: 'count', allow, perMs, window };
    case 'events':
      return { key, id: event.id, kind: 'count', allow, perMs, window };
    case 'in_flight':
      return { key, id: event.interactionId, kind: 'hold', allow, perMs, window: 'sliding' };
    case 'repeats':
      return { key: `${key}/output=${output}`, id: event.id, kind: 'count', allow, perMs, window };
    default:
      return { key, id: event.id, kind: 'sum', allow: Math.round(limit.allow * MICRO), perMs, window };
  }
}

function strikeOf(
  ladder: Ladder,
  strikes: readonly Strike[],
  trip: boolean,
  event: GovernedEvent,
  shadow: boolean,
  offences: readonly Offence[],
): LadderStrike {
  // `then: cooldown` is a strike of as many points as start a cooldown.
  const enough = ladder.after.strikes;
  const id = `event ${event.id}`;
  const offended: { key: string; points: number }[] = [];
  for (const { rule, segment, strike, ladder: tripped } of offences) {
    const points = tripped === ladder.id ? enough : (strike[ladder.id] ?? 0);
    if (points === 0) continue;
    const place = segment === undefined ? [event.id] : [event.subject.session ?? event.interactionId, segment];
    offended.push({ key: `offence ${JSON.stringify([rule, ...place])}`, points });
  }
  if (offended.length === 0) {
    const points = strikes.find((strike) => strike.ladder === ladder.id)?.points ?? 0;
    offended.push({ key: `offence of ${id}`, points: trip ? Math.max(enough, points) : points });
  }
  return {
    key: stateKey('ladder', ladder.id, ladder.key, event, shadow),
    id,
    offences: offended,
    ladder: {
      after: ladder.after,
      forMs: ladder.forMs,
      ...(ladder.escalate === undefined ? {} : { escalate: ladder.escalate }),
    },
    rememberMs: Math.max(REMEMBER_MS, ladder.after.withinMs, ladder.escalate?.forgetMs ?? 0),
  };
}

function limitAnswers(limits: readonly Limit[], answers: readonly ChargeAnswer[]): readonly LimitAnswer[] {
  return answers.map(({ exceeded, retryAfterMs }, i) => ({ limit: limits[i]!.id, exceeded, retryAfterMs }));
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
