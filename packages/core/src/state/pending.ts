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
 * Writes on their way at once, so that many of them do not take as many round trips; no more, because whoever asks the
 * store meanwhile waits for them.
 */
const UNDER_WAY = 64;

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
  /**
   * Sends everything: of one subject oldest first, of several at the same time. When the store is gone it keeps what is
   * left, and answers with that failure.
   */
  flush(send: Send): Promise<Failed | undefined>;
}

/** One call to the store. Several writes are reports of one subject, or releases of one. */
export type Send = (writes: readonly Write[]) => Promise<Failed | undefined>;

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
      const seen = new Set<Waiting>();
      for (;;) {
        const lanes = lanesOf(queue, seen, now());
        if (lanes.length === 0) return undefined;
        const gone = await sendLanes(lanes, send);
        // Otherwise more may have come meanwhile.
        if (gone !== undefined) return gone;
      }
    },
  };

  /** Each lane in its order, several lanes at a time. Answers with the failure of a store that is gone. */
  async function sendLanes(lanes: Lane[], send: Send): Promise<Failed | undefined> {
    let gone: Failed | undefined;
    let working = Math.min(UNDER_WAY, lanes.length);
    async function work(): Promise<void> {
      for (let lane = lanes.shift(); lane !== undefined && gone === undefined; lane = lanes.shift()) {
        while (lane.length > 0 && gone === undefined) {
          const together = takeTogether(lane, Math.floor(UNDER_WAY / working));
          const failed = await sendTogether(together, send);
          // Another one may have failed meanwhile.
          gone ??= failed;
        }
      }
      working--;
    }
    await Promise.all(Array.from({ length: working }, work));
    return gone;
  }

  async function sendTogether(together: readonly Entry[], send: Send): Promise<Failed | undefined> {
    const due: Entry[] = [];
    const writes: Write[] = [];
    for (const entry of together) {
      const [key, { write, since }] = entry;
      const left = stillDue(write, now() - since);
      if (left === undefined) queue.delete(key);
      else {
        due.push(entry);
        writes.push(left);
      }
    }
    if (writes.length === 0) return undefined;
    const failed = await send(writes);
    if (failed === undefined) {
      for (const [key] of due) queue.delete(key);
      return undefined;
    }
    const { code } = failed.failure;
    if (code === 'TIMEOUT' || code === 'UNAVAILABLE') return failed;
    if (due.length > 1) {
      // One of them is refused: which one, they say by themselves.
      for (const one of due) {
        const gone = await sendTogether([one], send);
        if (gone !== undefined) return gone;
      }
      return undefined;
    }
    // This write alone is refused: it stays, is tried ever more rarely, and the others go on.
    const [, waiting] = due[0]!;
    waiting.notBefore = now() + Math.min(RARELY_MS, 1000 * 2 ** waiting.refusals++);
    return undefined;
  }
}

type Entry = readonly [key: string, waiting: Waiting];
/** The writes about one subject, oldest first. */
type Lane = Entry[];

/** What is due and was not seen before, by subject. Halts go first. */
function lanesOf(queue: ReadonlyMap<string, Waiting>, seen: Set<Waiting>, time: number): Lane[] {
  const controls: Lane = [];
  const lanes = new Map<string, Lane>();
  for (const entry of queue) {
    const [, waiting] = entry;
    if (seen.has(waiting) || time < waiting.notBefore) continue;
    seen.add(waiting);
    const subject = subjectOf(waiting.write);
    if (subject === undefined) controls.push(entry);
    else {
      const lane = lanes.get(subject);
      if (lane === undefined) lanes.set(subject, [entry]);
      else lane.push(entry);
    }
  }
  return controls.length === 0 ? [...lanes.values()] : [controls, ...lanes.values()];
}

/** The key under which a store keeps what the write changes; `undefined` for a control: they share one order. */
function subjectOf(write: Write): string | undefined {
  switch (write.op) {
    case 'strike':
      return write.strike.key;
    case 'report':
      return write.amount.key;
    case 'release':
      return write.hold.key;
    case 'labels':
      return write.request.key;
    case 'control':
      return undefined;
  }
}

/**
 * Removes from the front of a lane what one call can carry: several reports, or what several interactions gave back.
 */
function takeTogether(lane: Lane, most: number): readonly Entry[] {
  const [, { write, refusals }] = lane[0]!;
  let count = 1;
  if ((write.op === 'report' || write.op === 'release') && refusals === 0) {
    const alike = ([, next]: Entry): boolean => next.write.op === write.op && next.refusals === 0;
    while (count < most && count < lane.length && alike(lane[count]!)) count++;
  }
  return lane.splice(0, count);
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

/** Carries out what goes together. Only a control has an answer that matters. */
export function perform(
  calls: StoreCalls,
  writes: readonly Write[],
  deadlineMs: number,
): MaybePromise<Answer<ControlChange | undefined>> {
  const [write] = writes as readonly [Write];
  switch (write.op) {
    case 'strike':
      return mapMaybe(calls.strike([write.strike], deadlineMs), withoutValue);
    case 'report': {
      const amounts = writes.flatMap((one) => (one.op === 'report' ? [one.amount] : []));
      return mapMaybe(calls.report(amounts, deadlineMs), withoutValue);
    }
    case 'release': {
      const holds = writes.flatMap((one) => (one.op === 'release' ? [one.hold] : []));
      return mapMaybe(calls.release(holds, deadlineMs), withoutValue);
    }
    case 'labels':
      return mapMaybe(calls.labels(write.request, deadlineMs), withoutValue);
    case 'control':
      return calls.control(write.request, deadlineMs);
  }
}

function withoutValue(answer: Answer<unknown>): Answer<undefined> {
  return answer.ok ? { ok: true, value: undefined } : answer;
}
