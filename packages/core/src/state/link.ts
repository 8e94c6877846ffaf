import { within } from '../store/with-timeout.ts';
import type { NearCache } from './near-cache.ts';
import { perform, type Pending, type Write } from './pending.ts';
import { failureCode } from '../outside/call.ts';
import { StoreError } from '../store/store-error.ts';
import type { Push, Store, SyncAnswer } from '../store/store.ts';
import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';

export interface LinkOptions {
  readonly store: Store;
  readonly near: NearCache;
  readonly pending: Pending;
  readonly now: () => number;
  readonly pollMs: number;
  readonly staleAfterMs: number;
  /** For calls that an event waits for. */
  readonly deadlineMs: number;
  /** For calls that no event waits for. */
  readonly patientMs: number;
  /** The store answers again and has been told everything. */
  readonly onReturn: () => void;
}

/**
 * The connection of one process to its store. A call without an answer puts the store in doubt: it is asked again at once,
 * and if that is not answered within a deadline either, further calls fail at once until it answers. So one slow answer
 * costs one event, and a store that hangs costs no event more than its deadline, and most of them nothing.
 */
export interface Link {
  /** Runs a store call under a deadline. Throws or rejects with what went wrong. */
  call<T>(run: () => MaybePromise<T>, ms: number): MaybePromise<T>;
  /** True when what is known here was not confirmed for longer than `staleAfterMs`, or never. */
  stale(): boolean;
  /** Takes a change that was pushed, or that this process made itself. */
  learn(push: Extract<Push, { kind: 'control' | 'cooldown' }>): void;
  /** Re-reads what changed, now. */
  refresh(): Promise<void>;
  status(): { readonly connected: boolean; readonly staleMs: number };
  close(): void;
}

// While the store is gone, it is asked this many times as often.
const EAGER = 4;
const RETRIES = 5;

export function createLink(options: LinkOptions): Link {
  const { store, near, pending, now, patientMs } = options;
  const startedAt = now();
  let confirmedAt = -Infinity;
  let suspended: unknown;
  let running: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Running out: the store was asked whether it is there. */
  let doubt: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function failed(error: unknown): void {
    const code = failureCode(error);
    if (!store.shared || suspended !== undefined) return;
    if (code === 'UNAVAILABLE') {
      suspended = error;
      schedule(0);
    } else if (code === 'TIMEOUT' && doubt === undefined) {
      doubt = setTimeout(() => (suspended ??= error), options.deadlineMs);
      ask();
    }
  }

  function ask(): void {
    void refresh().catch(() => undefined);
  }

  function schedule(ms: number): void {
    if (closed || !store.shared) return;
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
    (timer as { unref?: () => void }).unref?.();
  }

  function refresh(): Promise<void> {
    running ??= pull().then(
      () => {
        running = undefined;
        settleDoubt();
        schedule(options.pollMs);
      },
      (error: unknown) => {
        running = undefined;
        settleDoubt();
        if (store.shared) suspended ??= error;
        schedule(options.pollMs / EAGER);
        throw error;
      },
    );
    return running;
  }

  const learn: Link['learn'] = (push) => {
    if (near.push(push) === 'gap') schedule(0);
  };

  function settleDoubt(): void {
    clearTimeout(doubt);
    doubt = undefined;
  }

  /** Tells the store what it missed, then reads what this process missed. */
  async function pull(): Promise<void> {
    // A store that takes no writes may still be read: halts must arrive while it is full.
    const unsent = pending.size === 0 ? undefined : await pending.flush(send).then(() => undefined, asError);
    let told = false;
    for (let round = 0; round < RETRIES; round++) {
      const askedAt = now();
      const answer = await patient(() => store.sync(near.mark()));
      if (!told && (told = await restored(answer))) continue;
      const taken = near.sync(answer);
      // INVARIANT: confirmed as of the question, not of the answer: what changed in between is not in it.
      confirmedAt = askedAt;
      if (taken === 'taken') break;
    }
    if (unsent !== undefined) throw unsent;
    if (suspended !== undefined) {
      suspended = undefined;
      options.onReturn();
    }
  }

  async function send(write: Write): Promise<void> {
    const change = await patient(() => perform(store, write));
    if (change !== undefined) learn({ kind: 'control', change });
  }

  /** A store that came back empty is given the halts and modes this process knows: a restart must not lift a halt. */
  async function restored(answer: SyncAnswer): Promise<boolean> {
    const mark = near.mark();
    if (mark === undefined || mark.incarnation === answer.incarnation) return false;
    const lost = near.held().filter(({ control, remainingMs }) => {
      return remainingMs !== 0 && answer.controls?.some(({ id }) => id === control.id) !== true;
    });
    for (const one of lost) await patient(() => store.control({ op: 'restore', ...one }));
    return lost.length > 0;
  }

  async function patient<T>(run: () => MaybePromise<T>): Promise<T> {
    const answer = run();
    return isPromise(answer) ? within(answer, patientMs) : answer;
  }

  const unsubscribe = store.subscribe((push) => {
    if (push.kind === 'lost') {
      if (store.shared)
        suspended ??= push.cause ?? new StoreError('STORE_LOST', 'the store is gone', { failure: 'UNAVAILABLE' });
    } else if (push.kind === 'connected') schedule(0);
    else learn(push);
  });

  // A store that answers at once is known before the first event; one that does not is stale until it has answered.
  const first = store.shared ? undefined : store.sync();
  if (first === undefined || isPromise(first)) {
    first?.catch(() => undefined);
    ask();
  } else {
    near.sync(first);
    confirmedAt = startedAt;
  }

  return {
    call(run, ms) {
      if (suspended !== undefined) {
        throw new StoreError('STORE_SUSPENDED', 'the store gave no answer the last time and is being asked again', {
          failure: 'UNAVAILABLE',
          cause: suspended,
        });
      }
      let answer;
      try {
        answer = run();
      } catch (error) {
        failed(error);
        throw error;
      }
      if (!isPromise(answer)) return answer;
      return within(answer, ms).catch((error: unknown) => {
        failed(error);
        throw error;
      });
    },
    learn,
    stale: () => confirmedAt === -Infinity || (store.shared && now() - confirmedAt > options.staleAfterMs),
    refresh,
    status: () => ({
      connected: suspended === undefined && confirmedAt !== -Infinity,
      staleMs: store.shared || confirmedAt === -Infinity ? Math.round(now() - Math.max(confirmedAt, startedAt)) : 0,
    }),
    close() {
      closed = true;
      clearTimeout(timer);
      settleDoubt();
      unsubscribe();
    },
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the store refused a queued write', { cause: error });
}
