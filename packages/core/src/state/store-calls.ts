import { call, type Answer } from '../outside/call.ts';
import { isPromise, mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import { StoreError } from '../store/store-error.ts';
import { timedOut } from '../store/timeout.ts';
import type {
  Amendment,
  Amount,
  Charge,
  ChargeAnswer,
  ControlChange,
  ControlRequest,
  ControlTerms,
  Hold,
  LabelsRequest,
  LadderStrike,
  Look,
  Looked,
  ProcessSeen,
  Push,
  Store,
  StrikeResult,
  SyncAnswer,
  SyncCursor,
} from '../store/store.ts';
import {
  amendedState,
  changes,
  changesMade,
  chargeAnswers,
  controlChange,
  labelNames,
  lookedAt,
  processesSeen,
  pushOf,
  storeFill,
  storeWarning,
  strikeResults,
  syncAnswer,
} from './store-answers.ts';
import type { Turn } from './turns.ts';

export type Failed = Extract<Answer<never>, { readonly ok: false }>;

/**
 * A store, as the rest of `state` sees it: each operation answers a value or a failure within its deadline in
 * milliseconds, and never throws. What an event waits for is given a `turn`. INVARIANT: nothing else in `state` calls a
 * store.
 */
export interface StoreCalls {
  charge(charges: readonly Charge[], deadlineMs: number, turn?: Turn): MaybePromise<Answer<readonly ChargeAnswer[]>>;
  report(amounts: readonly Amount[], deadlineMs: number, turn?: Turn): MaybePromise<Answer<unknown>>;
  release(holds: readonly Hold[], deadlineMs: number, turn?: Turn): MaybePromise<Answer<unknown>>;
  strike(
    strikes: readonly LadderStrike[],
    deadlineMs: number,
    turn?: Turn,
  ): MaybePromise<Answer<readonly StrikeResult[]>>;
  labels(request: LabelsRequest, deadlineMs: number, turn?: Turn): MaybePromise<Answer<readonly string[]>>;
  control(request: ControlRequest, deadlineMs: number): MaybePromise<Answer<ControlChange | undefined>>;
  setAll(
    controls: readonly ControlTerms[],
    forMs: number | undefined,
    deadlineMs: number,
  ): MaybePromise<Answer<readonly ControlChange[]>>;
  history(limit: number, deadlineMs: number): MaybePromise<Answer<readonly ControlChange[]>>;
  sync(since: SyncCursor | undefined, deadlineMs: number, process?: string): MaybePromise<Answer<SyncAnswer>>;
  processes(leaving: string | undefined, deadlineMs: number): MaybePromise<Answer<readonly ProcessSeen[]>>;
  look(asked: readonly Look[], deadlineMs: number): MaybePromise<Answer<readonly Looked[]>>;
  amend(amendment: Amendment, deadlineMs: number): MaybePromise<Answer<Looked>>;
  /** Passes on what makes sense; a lost connection is a failure as well. Answers how to stop. */
  subscribe(listener: (push: Push) => void): () => void;
  /** How full it is, where it says so. */
  fill(): { readonly held: number; readonly max: number } | undefined;
  /** What an operator should know of it, where it says so. */
  warning(): string | undefined;
  /** Answers how it went: nobody else would hear of it. */
  close(deadlineMs: number): Promise<Answer<unknown>>;
}

/** Those who are told how calls went, before their callers are. */
export interface StoreListener {
  /** `asked`: false when the store has not even heard of it: others of the tenant were there before. */
  failed(failed: Failed, deadlineMs: number, asked: boolean): void;
  /** An answer of it was taken. */
  answered(): void;
}

export function createStoreCalls(store: Store, listener: StoreListener): StoreCalls {
  function ask<T>(
    operation: string,
    run: () => MaybePromise<unknown>,
    check: (answer: unknown) => T,
    deadlineMs: number,
    turn?: Turn,
  ): MaybePromise<Answer<T>> {
    const go = (): MaybePromise<T> => mapMaybe(run(), check);
    const answer = call('store', operation, turn?.ready === undefined ? go : () => turn.ready!.then(go), {
      deadlineMs,
    });
    return mapMaybe(answer, (got): Answer<T> => {
      const asked = turn?.begun !== false;
      turn?.over();
      if (got.ok) {
        // What has no deadline is said on the spot, and tells nothing of the connection.
        if (deadlineMs < Infinity) listener.answered();
        return got;
      }
      const failed = asked ? got : { ...got, cause: crowded(deadlineMs) };
      listener.failed(failed, deadlineMs, asked);
      return failed;
    });
  }

  return {
    charge: (charges, ms, turn) =>
      ask(
        'charge',
        () => store.charge(charges),
        (answer) => chargeAnswers(answer, charges.length),
        ms,
        turn,
      ),
    report: (amounts, ms, turn) => ask('report', () => store.report(amounts), anything, ms, turn),
    release: (holds, ms, turn) => ask('release', () => store.release(holds), anything, ms, turn),
    strike: (strikes, ms, turn) =>
      ask(
        'strike',
        () => store.strike(strikes),
        (answer) => strikeResults(answer, strikes.length),
        ms,
        turn,
      ),
    labels: (request, ms, turn) => ask('labels', () => store.labels(request), labelNames, ms, turn),
    control: (request, ms) => ask('control', () => store.control(request), controlChange, ms),
    setAll: (controls, forMs, ms) =>
      ask(
        'setAll',
        () => store.setAll(controls, forMs),
        (answer) => changesMade(answer, controls.length),
        ms,
      ),
    history: (limit, ms) => ask('history', () => store.history(limit), changes, ms),
    sync: (since, ms, process) => ask('sync', () => store.sync(since, process), syncAnswer, ms),
    processes: (leaving, ms) => ask('processes', () => store.processes(leaving), processesSeen, ms),
    look: (asked, ms) =>
      ask(
        'look',
        () => store.look(asked),
        (answer) => lookedAt(answer, asked),
        ms,
      ),
    amend: (amendment, ms) => ask('amend', () => store.amend(amendment), amendedState, ms),

    subscribe(heard) {
      const receive = (said: Push): void => {
        const push = pushOf(said);
        if (push?.kind === 'lost') {
          listener.failed({ ok: false, failure: LOST, cause: push.cause ?? lost() }, Infinity, true);
        }
        if (push !== undefined) heard(push);
      };
      const stop = ask('subscribe', () => store.subscribe(receive), anything, Infinity);
      return () => {
        void call('store', 'subscribe', () =>
          mapMaybe(stop, (answer) => {
            if (answer.ok && typeof answer.value === 'function') (answer.value as () => unknown)();
          }),
        );
      };
    },

    fill() {
      if (store.fill === undefined) return undefined;
      const answer = ask('fill', () => store.fill?.(), storeFill, Infinity);
      return !isPromise(answer) && answer.ok ? answer.value : undefined;
    },

    warning() {
      if (store.warning === undefined) return undefined;
      const answer = ask('warning', () => store.warning?.(), storeWarning, Infinity);
      return !isPromise(answer) && answer.ok ? answer.value : undefined;
    },

    close: async (ms) => ask('close', () => store.close(), anything, ms),
  };
}

const LOST = Object.freeze({ part: 'store', id: 'subscribe', code: 'UNAVAILABLE' } as const);

function crowded(deadlineMs: number): StoreError {
  const message = `calls of the same tenant were before this one for ${deadlineMs} ms: more of them than the store takes`;
  return new StoreError('STORE_CROWDED', message, { failure: 'TIMEOUT' });
}

function lost(): StoreError {
  return new StoreError('STORE_LOST', 'the connection to the store is lost', { failure: 'UNAVAILABLE' });
}

const anything = (answer: unknown): unknown => answer;

/** What a person who gave an instruction is told. */
export function storeErrorOf({ failure, cause }: Failed, deadlineMs: number): StoreError {
  if (cause instanceof StoreError) return cause;
  if (failure.code === 'TIMEOUT') return timedOut(deadlineMs);
  return new StoreError('STORE_FAILED', `the store could not serve \`${failure.id}\`: ${messageOf(cause)}`, {
    failure: failure.code,
    cause,
  });
}

/** One line of what was thrown, whatever that was. */
function messageOf(cause: unknown): string {
  try {
    const text = cause instanceof Error ? cause.message : String(cause);
    return text.slice(0, 500).replace(/\s+/g, ' ');
  } catch {
    return 'an error that cannot be read';
  }
}
