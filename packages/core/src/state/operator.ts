import type { Control, Scope } from '../contract/control.ts';
import type { Mode } from '../contract/effect.ts';
import type { Share } from '../contract/share.ts';
import { StoreError } from '../store/store-error.ts';
import type { ControlChange, ControlRequest, ControlTerms } from '../store/store.ts';
import type { Link } from './link.ts';
import type { ControlListener, NearCache } from './near-cache.ts';
import type { Pending } from './pending.ts';
import { storeErrorOf, type StoreCalls } from './store-calls.ts';

/** Who gives an instruction, and why. Both are kept with it and in its record. */
export interface OperatorInit {
  readonly who: string;
  readonly why: string;
  /** Milliseconds after which it ends by itself. */
  readonly forMs?: number;
}

/** How long to wait until a halt is in force elsewhere too. */
export interface HaltInit extends OperatorInit {
  /** Of the processes that share the store: all of them, or more than half. Default: none is waited for. */
  readonly waitFor?: 'all' | 'majority';
  /**
   * Longest wait for them, in milliseconds. Default 2,000. When it is over, the answer says how far the halt has come.
   */
  readonly waitMs?: number;
}

/** A halt that the store has, and how far it had come when this was answered. */
export interface Halted extends Control {
  readonly inForce: Reach;
}

/**
 * In how many of how many processes. Counted are those that share the store and were heard of within half a minute. One
 * that lost the store is among `of` and not among `processes`, and stops by its policy's `onError`. One that has just
 * died is counted until then.
 */
export interface Reach {
  readonly processes: number;
  readonly of: number;
}

/**
 * What operators can tell every process that shares the store. Rejects with a `StoreError` when the store does not take
 * it in time.
 */
export interface OperatorControls {
  /**
   * Stops everything in the scope, running streams included. Resolves once the store has it, and with `waitFor` once
   * others have it too.
   */
  halt(scope: Scope, init: HaltInit): Promise<Halted>;
  /** Lifts the halt of exactly this scope. `undefined`: there was none. */
  resume(scope: Scope, init: OperatorInit): Promise<ControlChange | undefined>;
  setMode(scope: Scope, mode: Mode, init: OperatorInit & { readonly share?: Share }): Promise<Control>;
  /** The same mode for at most 1,000 scopes: the store takes all of them or none. */
  setModes(
    scopes: readonly Scope[],
    mode: Mode,
    init: OperatorInit & { readonly share?: Share },
  ): Promise<readonly Control[]>;
  /** Takes back the mode of exactly this scope. `undefined`: there was none. */
  clearMode(scope: Scope, init: OperatorInit): Promise<ControlChange | undefined>;
  /** What stands now, re-read from the store. */
  list(): Promise<readonly Control[]>;
  /** Changes, newest first. */
  history(limit?: number): Promise<readonly ControlChange[]>;
  /**
   * Calls back in this process whenever a control comes to stand or is lifted, by whomever. What a listener throws
   * changes nothing. Returns how to stop listening.
   */
  onChange(listener: ControlListener): () => void;
}

interface OperatorParts {
  readonly calls: StoreCalls;
  readonly near: NearCache;
  readonly pending: Pending;
  readonly link: Link;
  readonly listeners: Set<ControlListener>;
  readonly backgroundTimeoutMs: number;
  readonly mintId: () => string;
  /** Other processes use the store. */
  readonly shared: boolean;
}

const ONE: Reach = Object.freeze({ processes: 1, of: 1 });
/** How often it is looked whether others have a halt. */
const LOOK_MS = 10;
const WAIT_MS = 2000;

export function createOperatorControls(parts: OperatorParts): OperatorControls {
  const { calls, near, pending, link, listeners, backgroundTimeoutMs, mintId } = parts;

  async function change(request: ControlRequest): Promise<ControlChange | undefined> {
    // Not through the breaker: an operator's call is tried even while events no longer wait for the store.
    const answer = await calls.control(request, backgroundTimeoutMs);
    if (!answer.ok) throw storeErrorOf(answer, backgroundTimeoutMs);
    if (answer.value !== undefined) await learn([answer.value]);
    return answer.value;
  }

  /** The push may still be on its way, and whoever awaited the call must find it in force. */
  async function learn(changes: readonly ControlChange[]): Promise<void> {
    for (const value of changes) link.learn({ kind: 'control', change: value });
    // Not so if the store numbers its changes as one does that has lost some: then everything is re-read.
    const inForce = changes.every(({ op, control }) => near.stands(control.kind, control.scope) === (op !== 'lift'));
    if (!inForce) await link.refresh();
  }

  const named = (terms: Omit<ControlTerms, 'id'>): ControlTerms =>
    Object.freeze({ ...terms, scope: Object.freeze({ ...terms.scope }), id: mintId() });

  async function set(terms: Omit<ControlTerms, 'id'>, forMs: number | undefined): Promise<ControlChange> {
    const control = named(terms);
    const request: ControlRequest = { op: 'set', control, ...(forMs === undefined ? {} : { forMs }) };
    // INVARIANT: a halt is never late or lost for want of a store. It stands here before the store is asked, and
    // everywhere once the store has it.
    if (control.kind === 'halt') near.hold({ ...control, at: Date.now() }, forMs);
    try {
      const done = await change(request);
      if (done !== undefined) return done;
      throw new StoreError('STORE_ANSWER', 'the store answered nothing to a control', { failure: 'INVALID_ANSWER' });
    } catch (error) {
      if (control.kind !== 'halt' || !(error instanceof StoreError)) throw error;
      pending.add({ op: 'control', request });
      throw new StoreError(
        'HALT_NOT_SHARED',
        'the store did not confirm the halt: it is in force in this process alone until the store answers; halt the other processes too',
        { failure: error.failure, cause: error },
      );
    }
  }

  /** How far a change has come. Where nobody can say, it is in force here. */
  async function reachOf(epoch: number): Promise<Reach> {
    if (!parts.shared) return ONE;
    const answer = await calls.processes(undefined, backgroundTimeoutMs);
    if (!answer.ok || answer.value.length === 0) return ONE;
    const { value } = answer;
    return { processes: value.filter((process) => process.epoch >= epoch).length, of: value.length };
  }

  async function halt(scope: Scope, { who, why, forMs, waitFor, waitMs = WAIT_MS }: HaltInit): Promise<Halted> {
    const { control, epoch } = await set({ kind: 'halt', scope, who, why }, forMs);
    // This process has it, and says so now.
    await link.refresh();
    const giveUpAt = performance.now() + waitMs;
    for (let pause = LOOK_MS; ; pause = Math.min(2 * pause, 200)) {
      const reach = await reachOf(epoch);
      const enough = waitFor === undefined || isEnough(reach, waitFor);
      if (enough || performance.now() + pause > giveUpAt) return Object.freeze({ ...control, inForce: reach });
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async function lift(
    kind: Control['kind'],
    scope: Scope,
    { who, why }: OperatorInit,
  ): Promise<ControlChange | undefined> {
    const request = (): ControlRequest => ({ op: 'lift', id: mintId(), kind, scope, who, why });
    const done = await change(request());
    if (done !== undefined || !near.stands(kind, scope)) return done;
    // The store does not know what stands here: it has lost it, or lifted it just now. It is told, or this process is.
    await link.refresh();
    return near.stands(kind, scope) ? change(request()) : undefined;
  }

  return {
    halt,
    resume: (scope, init) => lift('halt', scope, init),
    setMode: async (scope, mode, { who, why, forMs, share }) =>
      (await set({ kind: 'mode', scope, mode, ...(share !== undefined && { share }), who, why }, forMs)).control,
    async setModes(scopes, mode, { who, why, forMs, share }) {
      const more = share === undefined ? {} : { share };
      const controls = scopes.map((scope) => named({ kind: 'mode', scope, mode, ...more, who, why }));
      const answer = await calls.setAll(controls, forMs, backgroundTimeoutMs);
      if (!answer.ok) throw storeErrorOf(answer, backgroundTimeoutMs);
      await learn(answer.value);
      return answer.value.map(({ control }) => control);
    },
    clearMode: (scope, init) => lift('mode', scope, init),
    async list() {
      const failed = await link.refresh();
      if (failed !== undefined) throw storeErrorOf(failed, backgroundTimeoutMs);
      return near.controls();
    },
    async history(limit = 100) {
      const answer = await calls.history(limit, backgroundTimeoutMs);
      if (!answer.ok) throw storeErrorOf(answer, backgroundTimeoutMs);
      return answer.value;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function isEnough({ processes, of }: Reach, wanted: 'all' | 'majority'): boolean {
  return wanted === 'all' ? processes >= of : 2 * processes > of;
}
