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
  MaybePromise,
  Push,
  Store,
  StrikeResult,
  SyncAnswer,
} from './state/store.ts';
export { StoreError } from './state/store-error.ts';
export { within } from './state/deadline.ts';
export { controlKey, tenantPart } from './state/keys.ts';
export { createMemoryStore, type MemoryStoreOptions } from './state/memory-store.ts';
export { createState, type State, type StateOptions } from './state/state.ts';
