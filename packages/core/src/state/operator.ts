import type { Control, Scope } from '../contract/control.ts';
import type { Mode } from '../contract/effect.ts';
import { within } from '../store/with-timeout.ts';
import type { Link } from './link.ts';
import type { ControlNotice, NearCache } from './near-cache.ts';
import type { Pending } from './pending.ts';
import { failureCode } from '../outside/call.ts';
import { StoreError } from '../store/store-error.ts';
import type { ControlChange, ControlRequest, Store } from '../store/store.ts';
import { isPromise } from '../outside/maybe-promise.ts';

/** Who gives an instruction, and why. Both are kept with it and in its record. */
export interface OperatorInit {
  readonly who: string;
  readonly why: string;
  /** Milliseconds after which it ends by itself. */
  readonly forMs?: number;
}

/** What operators can tell every process that shares the store. */
export interface OperatorControls {
  /** Stops everything in the scope, running streams included. Resolves once the store has it. */
  halt(scope: Scope, init: OperatorInit): Promise<Control>;
  /** Lifts the halt of exactly this scope. `undefined`: there was none. */
  resume(scope: Scope, init: OperatorInit): Promise<ControlChange | undefined>;
  setMode(scope: Scope, mode: Mode, init: OperatorInit): Promise<Control>;
  /** Takes back the mode of exactly this scope. `undefined`: there was none. */
  clearMode(scope: Scope, init: OperatorInit): Promise<ControlChange | undefined>;
  /** What stands now, re-read from the store. */
  list(): Promise<readonly Control[]>;
  /** Changes, newest first. */
  history(limit?: number): Promise<readonly ControlChange[]>;
  /** Calls back in this process whenever a control comes to stand or is lifted, by whomever. Returns how to stop listening. */
  onChange(listener: (notice: ControlNotice) => void): () => void;
}

interface Parts {
  readonly store: Store;
  readonly near: NearCache;
  readonly pending: Pending;
  readonly link: Link;
  readonly listeners: Set<(notice: ControlNotice) => void>;
  readonly patientMs: number;
  readonly mintId: () => string;
}

export function createOperatorControls(parts: Parts): OperatorControls {
  const { store, near, pending, link, listeners, patientMs, mintId } = parts;

  async function change(request: ControlRequest): Promise<ControlChange | undefined> {
    // Not through the link: an operator's call is tried even while events no longer wait for the store.
    const answer = store.control(request);
    const done = isPromise(answer) ? await within(answer, patientMs) : answer;
    // The push may still be on its way, and whoever awaited the call must find it in force.
    if (done !== undefined) link.learn({ kind: 'control', change: done });
    return done;
  }

  async function set(terms: Omit<Control, 'id' | 'at' | 'expiresAt'>, forMs: number | undefined): Promise<Control> {
    const control = Object.freeze({
      ...terms,
      scope: Object.freeze({ ...terms.scope }),
      id: mintId(),
    });
    const request: ControlRequest = { op: 'set', control, ...(forMs === undefined ? {} : { forMs }) };
    // INVARIANT: a halt is never late or lost for want of a store. It stands here before the store is asked, and everywhere
    // once the store has it.
    if (control.kind === 'halt') near.hold({ ...control, at: Date.now() });
    try {
      const done = await change(request);
      if (done !== undefined) return done.control;
      throw new StoreError('STORE_ANSWER', 'the store answered nothing to a control', { failure: 'INVALID_ANSWER' });
    } catch (error) {
      if (control.kind !== 'halt') throw error;
      pending.add({ op: 'control', request });
      throw new StoreError(
        'HALT_NOT_SHARED',
        'the store did not confirm the halt: it is in force in this process alone until the store answers; halt the other processes too',
        { failure: failureCode(error), cause: error },
      );
    }
  }

  const lift = (kind: Control['kind'], scope: Scope, { who, why }: OperatorInit): Promise<ControlChange | undefined> =>
    change({ op: 'lift', id: mintId(), kind, scope, who, why });

  return {
    halt: (scope, { who, why, forMs }) => set({ kind: 'halt', scope, who, why }, forMs),
    resume: (scope, init) => lift('halt', scope, init),
    setMode: (scope, mode, { who, why, forMs }) => set({ kind: 'mode', scope, mode, who, why }, forMs),
    clearMode: (scope, init) => lift('mode', scope, init),
    async list() {
      await link.refresh();
      return near.controls();
    },
    async history(limit = 100) {
      return store.history(limit);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
