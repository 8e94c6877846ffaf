// For authors of stores: the interface, its error, and what a store may reuse. Published as `@flyball/core/store`.
export type {
  Amount,
  Charge,
  ChargeAnswer,
  ControlChange,
  ControlRequest,
  ControlTerms,
  Hold,
  LadderStrike,
  LadderTerms,
  Mark,
  Push,
  Store,
  StrikeResult,
  SyncAnswer,
} from './store/store.ts';
export type { MaybePromise } from './outside/maybe-promise.ts';
export { StoreError } from './store/store-error.ts';
export { within } from './store/with-timeout.ts';
export { controlKey, tenantPart } from './store/keys.ts';
export { createMemoryStore, type MemoryStoreOptions } from './store/memory-store.ts';
export { createState, type State, type StateOptions } from './state/state.ts';
