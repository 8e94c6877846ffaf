// For authors of stores: the interface, its error, and what a store may reuse. Published as `@flyball/core/store`.
export type {
  Amendment,
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
  LimitTerms,
  Look,
  Looked,
  ProcessSeen,
  Push,
  Store,
  StrikeResult,
  SyncAnswer,
  SyncCursor,
} from './store/store.ts';
export type { MaybePromise } from './outside/maybe-promise.ts';
export { notify } from './outside/notify.ts';
export { PROCESS_MS } from './store/store.ts';
export { StoreError } from './store/store-error.ts';
export { withTimeout } from './store/timeout.ts';
export { controlKey, tenantPart } from './store/keys.ts';
export { periodAt, type Period } from './store/calendar.ts';
export type { Calendar } from './contract/limits.ts';
export { forgottenAt, HISTORY_LENGTH, nextChange, stands } from './store/controls.ts';
export { afterStepBack, emptyTally, roomIn, take, waitFor, type Room, type Tally } from './store/limits.ts';
export { amendRung, countStrike, emptyRung, lookAt, type AmendedRung, type Counted, type Rung } from './store/rung.ts';
export {
  addAmount,
  emptySums,
  reserve,
  roomInSums,
  waitForRoom,
  type Bucket,
  type Reserved,
  type Sums,
} from './store/sums.ts';
export { joinLabels, labelsFull, MAX_LABELS } from './store/labels.ts';
export { CLEAN, climb, forgettableAt, levelAt, pointsAt, remaining, type LadderState } from './store/cooldown.ts';
export { createMemoryStore, type MemoryStoreOptions } from './store/memory-store.ts';
