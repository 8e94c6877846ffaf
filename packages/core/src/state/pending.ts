import type { Answer } from '../outside/call.ts';
import { mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import type { Amount, ControlChange, ControlRequest, Hold, LabelsRequest, LadderStrike } from '../store/store.ts';
import type { Failed, StoreCalls } from './store-calls.ts';

/** A write that the store has not acknowledged. */
export type Write =
  | { readonly op: 'strike'; readonly strike: LadderStrike }
  | { readonly op: 'report'; readonly amount: Amount }
  | { readonly op: 'release'; readonly hold: Hold }
  | { readonly op: 'labels'; readonly request: LabelsRequest }
  | { readonly op: 'control'; readonly request: ControlRequest };

interface Waiting {
  readonly write: Write;
  readonly since: number;
  refusals: number;
  notBefore: number;
}

const RARELY_MS = 60_000;

/**
 * Writes kept while the store is gone. Sending one twice does no harm, because the store counts each id once; so a
 * write whose answer was lost is kept as well.
 */
export interface Pending {
  readonly size: number;
  /** Writes refused because the queue was full. */
  readonly lost: number;
  /** False when it was refused. A write already queued is not queued again. */
  add(write: Write): boolean;
  /** Sends everything, oldest first. When the store is gone it keeps what is left, and answers with that failure. */
  flush(send: (write: Write) => Promise<Failed | undefined>): Promise<Failed | undefined>;
}

export function createPending(max: number, now: () => number): Pending {
  const queue = new Map<string, Waiting>();
  let lost = 0;

  return {
    get size() {
      return queue.size;
    },
    get lost() {
      return lost;
    },
    add(write) {
      const key = identity(write);
      if (queue.has(key)) return true;
      // INVARIANT: control changes are never refused: there are as many as operators make, and one may be a halt.
      if (queue.size >= max && write.op !== 'control') {
        lost++;
        return false;
      }
      queue.set(key, { write, since: now(), refusals: 0, notBefore: 0 });
      return true;
    },
    async flush(send) {
      for (const [key, waiting] of queue) {
        if (now() < waiting.notBefore) continue;
        const write = stillDue(waiting.write, now() - waiting.since);
        const failed = write === undefined ? undefined : await send(write);
        if (failed === undefined) {
          queue.delete(key);
          continue;
        }
        const { code } = failed.failure;
        if (code === 'TIMEOUT' || code === 'UNAVAILABLE') return failed;
        // This write alone is refused: it stays, is tried ever more rarely, and the others go on.
        waiting.notBefore = now() + Math.min(RARELY_MS, 1000 * 2 ** waiting.refusals++);
      }
      return undefined;
    },
  };
}

/** What is left of a write after it has waited; `undefined` when it no longer matters. */
function stillDue(write: Write, waitedMs: number): Write | undefined {
  switch (write.op) {
    case 'strike':
      // The points of a strike older than the ladder's window no longer count anywhere.
      return waitedMs > write.strike.ladder.after.withinMs ? undefined : write;
    case 'labels':
      return waitedMs > write.request.rememberMs ? undefined : write;
    case 'control': {
      const { request } = write;
      // A control that ends by itself ends when it would have.
      if (request.op === 'set' && request.forMs !== undefined) {
        const forMs = request.forMs - waitedMs;
        return forMs <= 0 ? undefined : { op: 'control', request: { ...request, forMs } };
      }
      if (request.op === 'restore' && request.remainingMs !== undefined) {
        const remainingMs = request.remainingMs - waitedMs;
        return remainingMs <= 0 ? undefined : { op: 'control', request: { ...request, remainingMs } };
      }
      return write;
    }
    default:
      return write;
  }
}

function identity(write: Write): string {
  switch (write.op) {
    case 'strike':
      return `strike ${write.strike.key} ${write.strike.id}`;
    case 'report':
      // What one attempt gives back is another matter than what the id came to.
      return `report ${JSON.stringify([write.amount.key, write.amount.id, write.amount.amount === 0 && write.amount.attempt])}`;
    case 'release':
      return `release ${write.hold.key} ${write.hold.id}`;
    case 'labels':
      return `labels ${JSON.stringify([write.request.key, ...write.request.add])}`;
    case 'control':
      return `control ${write.request.op === 'lift' ? write.request.id : write.request.control.id}`;
  }
}

/** Carries a write out. Only a control has an answer that matters. */
export function perform(
  calls: StoreCalls,
  write: Write,
  deadlineMs: number,
): MaybePromise<Answer<ControlChange | undefined>> {
  switch (write.op) {
    case 'strike':
      return mapMaybe(calls.strike([write.strike], deadlineMs), withoutValue);
    case 'report':
      return mapMaybe(calls.report([write.amount], deadlineMs), withoutValue);
    case 'release':
      return mapMaybe(calls.release([write.hold], deadlineMs), withoutValue);
    case 'labels':
      return mapMaybe(calls.labels(write.request, deadlineMs), withoutValue);
    case 'control':
      return calls.control(write.request, deadlineMs);
  }
}

function withoutValue(answer: Answer<unknown>): Answer<undefined> {
  return answer.ok ? { ok: true, value: undefined } : answer;
}
