// For authors of stores: the interface, its error, and what a store may reuse. Published as `@flyball/core/store`.
export type {
  Amount,
  Charge,
  ChargeAnswer,
  ControlChange,
  ControlRequest,
  ControlTerms,
  Hold,
  LabelsRequest,
  LadderStrike,
  LadderTerms,
  Push,
  Store,
  StrikeResult,
  SyncAnswer,
  SyncCursor,
} from './store/store.ts';
export type { MaybePromise } from './outside/maybe-promise.ts';
export { notify } from './outside/notify.ts';
export { StoreError } from './store/store-error.ts';
export { withTimeout } from './store/timeout.ts';
export { controlKey, tenantPart } from './store/keys.ts';
export { joinLabels, labelsFull, MAX_LABELS } from './store/labels.ts';
export { CLEAN, climb, forgettableAt, levelAt, pointsAt, remaining, type LadderState } from './store/cooldown.ts';
export { createMemoryStore, type MemoryStoreOptions } from './store/memory-store.ts';
