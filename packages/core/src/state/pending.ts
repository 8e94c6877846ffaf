import { failureCode } from '../outside/call.ts';
import type { Amount, ControlChange, ControlRequest, Hold, LadderStrike, Store } from '../store/store.ts';

/** A write that the store has not acknowledged. */
export type Write =
  | { readonly op: 'strike'; readonly strike: LadderStrike }
  | { readonly op: 'report'; readonly amount: Amount }
  | { readonly op: 'release'; readonly hold: Hold }
  | { readonly op: 'control'; readonly request: ControlRequest };

interface Waiting {
  readonly write: Write;
  readonly since: number;
  refusals: number;
  notBefore: number;
}

const RARELY_MS = 60_000;

/**
 * Writes kept while the store is gone. Sending one twice does no harm, because the store counts each id once; so a write
 * whose answer was lost is kept as well.
 */
export interface Pending {
  readonly size: number;
  /** Writes refused because the queue was full. */
  readonly lost: number;
  /** False when it was refused. A write already queued is not queued again. */
  add(write: Write): boolean;
  /** Sends everything, oldest first. Rejects when the store is gone and keeps what is left. */
  flush(send: (write: Write) => Promise<void>): Promise<void>;
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
        const { write, since } = waiting;
        if (now() < waiting.notBefore) continue;
        // The points of a strike older than the ladder's window no longer count anywhere.
        const outlived = write.op === 'strike' && now() - since > write.strike.ladder.after.withinMs;
        try {
          if (!outlived) await send(write);
        } catch (error) {
          const code = failureCode(error);
          if (code === 'TIMEOUT' || code === 'UNAVAILABLE') throw error;
          // This write alone is refused: it stays, is tried ever more rarely, and the others go on.
          waiting.notBefore = now() + Math.min(RARELY_MS, 1000 * 2 ** waiting.refusals++);
          continue;
        }
        queue.delete(key);
      }
    },
  };
}

function identity(write: Write): string {
  switch (write.op) {
    case 'strike':
      return `strike ${write.strike.key} ${write.strike.id}`;
    case 'report':
      return `report ${write.amount.key} ${write.amount.id}`;
    case 'release':
      return `release ${write.hold.key} ${write.hold.id}`;
    case 'control':
      return `control ${write.request.op === 'lift' ? write.request.id : write.request.control.id}`;
  }
}

/** Carries a write out. Only a control has an answer that matters. */
export async function perform(store: Store, write: Write): Promise<ControlChange | undefined> {
  switch (write.op) {
    case 'strike':
      await store.strike([write.strike]);
      return undefined;
    case 'report':
      await store.report([write.amount]);
      return undefined;
    case 'release':
      await store.release([write.hold]);
      return undefined;
    case 'control':
      return store.control(write.request);
  }
}
