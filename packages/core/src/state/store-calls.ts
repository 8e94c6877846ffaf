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
  strikeResults,
  syncAnswer,
} from './store-answers.ts';

export type Failed = Extract<Answer<never>, { readonly ok: false }>;

/**
 * A store, as the rest of `state` sees it: each operation answers a value or a failure within its deadline in
 * milliseconds, and never throws. INVARIANT: nothing else in `state` calls a store.
 */
export interface StoreCalls {
  charge(charges: readonly Charge[], deadlineMs: number): MaybePromise<Answer<readonly ChargeAnswer[]>>;
  report(amounts: readonly Amount[], deadlineMs: number): MaybePromise<Answer<unknown>>;
  release(holds: readonly Hold[], deadlineMs: number): MaybePromise<Answer<unknown>>;
  strike(strikes: readonly LadderStrike[], deadlineMs: number): MaybePromise<Answer<readonly StrikeResult[]>>;
  labels(request: LabelsRequest, deadlineMs: number): MaybePromise<Answer<readonly string[]>>;
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
  /** Answers how it went: nobody else would hear of it. */
  close(deadlineMs: number): Promise<Answer<unknown>>;
}

/** `onFailure` is told of each failure, before its caller is. */
export function createStoreCalls(store: Store, onFailure: (failed: Failed, deadlineMs: number) => void): StoreCalls {
  function ask<T>(
    operation: string,
    run: () => MaybePromise<unknown>,
    check: (answer: unknown) => T,
    deadlineMs: number,
  ): MaybePromise<Answer<T>> {
    const answer = call('store', operation, () => mapMaybe(run(), check), { deadlineMs });
    return mapMaybe(answer, (got) => {
      if (!got.ok) onFailure(got, deadlineMs);
      return got;
    });
  }

  return {
    charge: (charges, ms) =>
      ask(
        'charge',
        () => store.charge(charges),
        (answer) => chargeAnswers(answer, charges.length),
        ms,
      ),
    report: (amounts, ms) => ask('report', () => store.report(amounts), anything, ms),
    release: (holds, ms) => ask('release', () => store.release(holds), anything, ms),
    strike: (strikes, ms) =>
      ask(
        'strike',
        () => store.strike(strikes),
        (answer) => strikeResults(answer, strikes.length),
        ms,
      ),
    labels: (request, ms) => ask('labels', () => store.labels(request), labelNames, ms),
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

    subscribe(listener) {
      const receive = (said: Push): void => {
        const push = pushOf(said);
        if (push?.kind === 'lost') onFailure({ ok: false, failure: LOST, cause: push.cause ?? lost() }, Infinity);
        if (push !== undefined) listener(push);
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

    close: async (ms) => ask('close', () => store.close(), anything, ms),
  };
}

const LOST = Object.freeze({ part: 'store', id: 'subscribe', code: 'UNAVAILABLE' } as const);

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
