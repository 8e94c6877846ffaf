import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';
import type { Answer } from '../outside/call.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Amount, Charge, ChargeAnswer, Hold, LabelsRequest, LadderStrike, StrikeResult } from '../store/store.ts';
import { createStoreCalls, type StoreCalls, type StoreListener } from './store-calls.ts';

/**
 * The fallback store: what this process has admitted, struck and labelled by itself since its store was last known to
 * have everything. It is asked where the store gave no answer, and forgotten once the store has caught up.
 */
export interface Fallback {
  charge(charges: readonly Charge[]): readonly ChargeAnswer[];
  strike(strikes: readonly LadderStrike[]): readonly StrikeResult[];
  release(holds: readonly Hold[]): void;
  /** Settles what was reserved here. Reports of what is only known to the store change nothing. */
  settle(amounts: readonly Amount[]): void;
  labels(request: LabelsRequest): readonly string[];
  /** The store's labels, and those of this process that it has not taken yet. */
  joinLabels(key: string, labels: readonly string[]): readonly string[];
  clear(): void;
}

const NONE: readonly never[] = Object.freeze([]);
const NOBODY: StoreListener = Object.freeze({ failed() {}, answered() {} });

export function createFallback(): Fallback {
  let calls: StoreCalls | undefined;
  const store = (): StoreCalls => (calls ??= createStoreCalls(createMemoryStore(), NOBODY));

  return {
    charge: (charges) => valueOf(store().charge(charges, Infinity)),
    strike: (strikes) => valueOf(store().strike(strikes, Infinity)),
    settle: (amounts) => void calls?.report(amounts, Infinity),
    release: (holds) => void calls?.release(holds, Infinity),
    labels: (request) => valueOf(store().labels(request, Infinity)),
    joinLabels(key, labels) {
      if (calls === undefined) return labels;
      const own = valueOf(calls.labels({ key, add: NONE, rememberMs: 0 }, Infinity));
      return own.length === 0 ? labels : [...new Set([...labels, ...own])].sort();
    },
    clear: () => void (calls = undefined),
  };
}

/** A memory store answers at once; when it is full it knows nothing. */
function valueOf<T>(answer: MaybePromise<Answer<readonly T[]>>): readonly T[] {
  return !isPromise(answer) && answer.ok ? answer.value : NONE;
}
