import { call, type Answer } from '../outside/call.ts';
import { isPromise, mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import { notify } from '../outside/notify.ts';
import type { Push, SyncAnswer } from '../store/store.ts';
import { CLOSED, nextBreaker, type Breaker, type BreakerEvent } from './breaker.ts';
import type { NearCache } from './near-cache.ts';
import { perform, type Pending, type Send } from './pending.ts';
import type { Failed, StoreCalls } from './store-calls.ts';

export interface LinkOptions {
  readonly calls: StoreCalls;
  /** True when other processes may change the state: what is known then goes stale, and the breaker may open. */
  readonly shared: boolean;
  readonly near: NearCache;
  readonly pending: Pending;
  readonly now: () => number;
  readonly pollMs: number;
  readonly staleAfterMs: number;
  /** For calls that an event waits for. */
  readonly deadlineMs: number;
  /** For calls that no event waits for. */
  readonly backgroundTimeoutMs: number;
  /** The name under which the store knows this process. */
  readonly process: string;
  /** The store answers, and has been told everything that was queued. */
  readonly onCaughtUp: () => void;
}

/**
 * The connection of one process to its store: the breaker, the re-read each second and whenever something was missed,
 * and what is sent once the store is back. So one slow answer costs one event, and a store that hangs costs no event
 * more than its deadline, and most of them nothing.
 */
export interface Link {
  /** Runs a call that an event waits for. While the breaker is open it fails at once. */
  call<T>(run: () => MaybePromise<Answer<T>>): MaybePromise<Answer<T>>;
  /** A call failed, whoever made it. */
  failed(failed: Failed): void;
  /** A call was answered, whoever made it. */
  answered(): void;
  /** The shortest of the latest round trips without the first one; `undefined` before the second. */
  roundTripMs(): number | undefined;
  /** True when what is known here was not confirmed for longer than `staleAfterMs`, or never. */
  stale(): boolean;
  /** Calls back when what is known has become stale. Answers how to stop. */
  onStale(listener: () => unknown): () => void;
  /** Takes a change that was pushed, or that this process made itself. */
  learn(push: Extract<Push, { kind: 'control' | 'cooldown' }>): void;
  /** Re-reads what changed, now. Answers with what went wrong. */
  refresh(): Promise<Failed | undefined>;
  status(): { readonly connected: boolean; readonly staleMs: number; readonly roundTripMs?: number };
  /** Stops, and says goodbye to the store within an event's deadline. */
  close(): Promise<void>;
}

// While the store is gone, it is asked this many times as often.
const EAGER = 4;
// A control that was heard of is confirmed to the store so soon: whoever set it may be waiting to hear where it is in
// force. And how far away the store is shows from the second question on.
const CONFIRM_MS = 20;
// Round trips remembered.
const MEASURED = 8;
// Questions in a row, while answers show that something else has to be asked or told first.
const ROUNDS = 5;

export function createLink(options: LinkOptions): Link {
  const { calls, shared, near, pending, now, backgroundTimeoutMs } = options;
  const startedAt = now();
  const stalenessListeners = new Set<() => unknown>();
  let breaker: Breaker = CLOSED;
  let confirmedAt = -Infinity;
  let running: Promise<Failed | undefined> | undefined;
  let pollTimer: ReturnType<typeof setTimeout> | undefined;
  let staleTimer: ReturnType<typeof setTimeout> | undefined;
  let reconnected = false;
  /** Set once the breaker has opened, until the store has everything. */
  let behind = false;
  let closed = false;
  /** The newest control change that was heard of, and what the store has been told that this process knows. */
  let heardControl = 0;
  let confirmed = 0;
  /** How long the latest questions took: the shortest is the way there and back, others waited for something. */
  const took: number[] = [];
  let roundTripMs: number | undefined;
  let reached = false;

  function moveBreaker(event: BreakerEvent): void {
    // A store of this process is never gone: what it refuses concerns the one call.
    if (shared) breaker = nextBreaker(breaker, event);
    behind ||= breaker.state === 'open';
  }

  function failed({ failure, cause }: Failed): void {
    const before = breaker.state;
    moveBreaker({ kind: 'failed', code: failure.code, cause });
    if (breaker.state === before) return;
    if (breaker.state === 'open') poll(0);
    else probe();
  }

  function answered(): void {
    if (breaker.state === 'half-open') moveBreaker({ kind: 'answered' });
  }

  /** Asks whether the store is there. The deadline is an event's; the question goes on after it. */
  function probe(): void {
    const answered = call('store', 'sync', refresh, { deadlineMs: options.deadlineMs });
    void mapMaybe(answered, (answer) => {
      if (!answer.ok && answer.failure.code === 'TIMEOUT') moveBreaker({ kind: 'probe overdue' });
    });
  }

  function poll(ms: number): void {
    if (closed || !(shared || confirmedAt === -Infinity)) return;
    clearTimeout(pollTimer);
    pollTimer = setTimeout(() => void refresh(), ms);
    (pollTimer as { unref?: () => void }).unref?.();
  }

  function refresh(): Promise<Failed | undefined> {
    running ??= pull().then((failure) => {
      running = undefined;
      moveBreaker(failure === undefined ? { kind: 'probe answered' } : { kind: 'probe failed', cause: failure.cause });
      if (failure === undefined && behind && pending.size === 0) {
        behind = false;
        options.onCaughtUp();
      }
      const soon = heardControl > confirmed || (reached && roundTripMs === undefined) ? CONFIRM_MS : options.pollMs;
      poll(failure === undefined ? Math.min(soon, options.pollMs) : options.pollMs / EAGER);
      return failure;
    });
    return running;
  }

  /** Tells the store what it missed, then reads what this process missed. */
  async function pull(): Promise<Failed | undefined> {
    // A store that takes no writes may still be read: halts must arrive while it is full.
    let unsent = await pending.flush(send);
    // A server that was reconnected to may be another one, or an older copy: nothing is taken on trust.
    let everything = reconnected;
    reconnected = false;
    let reminded = false;
    for (let round = 0; round < ROUNDS; round++) {
      const question = near.ask(everything);
      const askedAt = now();
      const answer = await calls.sync(question.since, backgroundTimeoutMs, options.process);
      if (answer.ok) {
        note(now() - askedAt);
        confirmed = question.since?.epoch ?? 0;
      } else {
        reconnected ||= everything;
        return answer;
      }
      if (!reminded && (reminded = remind(answer.value))) {
        unsent = await pending.flush(send);
        // What it was told has moved its sequence on, and may have hidden that it is another one.
        everything = true;
        continue;
      }
      const taken = near.take(answer.value, question);
      if (taken === 'refused') {
        everything = true;
        continue;
      }
      // INVARIANT: confirmed as of the question, not of the answer: what changed in between is not in it. And only by
      // an answer that was taken.
      confirm(askedAt);
      if (answer.value.full || answer.value.changes !== undefined) heardControl = answer.value.epoch;
      if (taken === 'taken') break;
      everything = false;
    }
    return unsent;
  }

  /**
   * A store that lost its memory, or the last part of it, is told the halts and modes this process knows, and the
   * lifts: a restart must neither lift a halt nor bring one back. True when there was something to tell.
   */
  function remind(answer: SyncAnswer): boolean {
    const { restore, lift } = near.forgotten(answer);
    for (const one of restore) {
      near.hold(one.control);
      pending.add({ op: 'control', request: { op: 'restore', ...one } });
    }
    for (const { control, who, why } of lift) {
      const { id, kind, scope } = control;
      pending.add({ op: 'control', request: { op: 'lift', id: `again ${id}`, kind, scope, who, why, only: id } });
    }
    return restore.length + lift.length > 0;
  }

  const send: Send = async (writes) => {
    const answer = await perform(calls, writes, backgroundTimeoutMs);
    if (!answer.ok) return answer;
    const [write] = writes;
    if (answer.value !== undefined) learn({ kind: 'control', change: answer.value });
    else if (write?.op === 'control' && write.request.op === 'restore') near.leaveToStore(write.request.control.id);
    return undefined;
  };

  function note(ms: number): void {
    const first = !reached;
    reached = true;
    // It may have had to connect before it could ask.
    if (first) return;
    if (took.push(ms) > MEASURED) took.shift();
    roundTripMs = Math.min(...took);
  }

  function confirm(askedAt: number): void {
    confirmedAt = askedAt;
    if (shared && staleTimer === undefined && !closed) watchStaleness();
  }

  /** One timer, set again only when it ends: confirmations come every second. */
  function watchStaleness(): void {
    staleTimer = setTimeout(
      () => {
        staleTimer = undefined;
        if (stale()) notify(stalenessListeners, []);
        else watchStaleness();
      },
      Math.max(1, confirmedAt + options.staleAfterMs - now() + 1),
    );
    (staleTimer as { unref?: () => void }).unref?.();
  }

  const learn: Link['learn'] = (push) => {
    const heard = near.push(push);
    if (heard === 'gap') poll(0);
    else if (heard === 'taken' && push.kind === 'control') {
      heardControl = push.change.epoch;
      poll(0);
    }
  };

  function stale(): boolean {
    return confirmedAt === -Infinity || (shared && now() - confirmedAt > options.staleAfterMs);
  }

  const unsubscribe = calls.subscribe((push) => {
    if (push.kind === 'connected') {
      reconnected = near.cursor() !== undefined;
      poll(0);
    } else if (push.kind !== 'lost') learn(push);
  });

  // A store that answers at once is known before the first event; one that does not is stale until it has answered.
  const question = shared ? undefined : near.ask();
  const first = question === undefined ? undefined : calls.sync(undefined, backgroundTimeoutMs);
  if (question !== undefined && first !== undefined && !isPromise(first) && first.ok) {
    near.take(first.value, question);
    confirmedAt = startedAt;
  } else void refresh();

  return {
    call(run) {
      if (breaker.state === 'open') return { ok: false, failure: GONE, cause: breaker.cause };
      return run();
    },
    failed,
    answered,
    roundTripMs: () => roundTripMs,
    stale,
    onStale(listener) {
      stalenessListeners.add(listener);
      return () => void stalenessListeners.delete(listener);
    },
    learn,
    refresh,
    status: () => ({
      connected: breaker.state !== 'open' && confirmedAt !== -Infinity,
      ...(shared && roundTripMs !== undefined && { roundTripMs: Math.round(roundTripMs * 10) / 10 }),
      staleMs: shared || confirmedAt === -Infinity ? Math.round(now() - Math.max(confirmedAt, startedAt)) : 0,
    }),
    async close() {
      closed = true;
      clearTimeout(pollTimer);
      clearTimeout(staleTimer);
      unsubscribe();
      // Where it is not heard, the store forgets this process after a while.
      if (shared && breaker.state === 'closed') await calls.processes(options.process, options.deadlineMs);
    },
  };
}

const GONE = Object.freeze({ part: 'store', id: 'store', code: 'UNAVAILABLE' } as const);
