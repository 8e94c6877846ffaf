// For authors of adapters: the nouns of the contract, and what every adapter shares.
export type { Mode, OnError, Outcome } from './contract/effect.ts';
export type { Channel, GovernedEvent, Point, Resource, Role, Segment, Stage, Subject } from './contract/event.ts';
export type { Json } from './contract/json.ts';
export type { BuiltInReason, Reason } from './contract/reasons.ts';
export type { Decision, Edit, Failure, Ruling } from './contract/ruling.ts';
export { applyEditsAcrossParts, splitAcrossParts } from './content/edits-across-parts.ts';
export { applyEditsToSegments, editsBySegment, type Applied } from './content/edits.ts';
export { applyEditsToJson } from './content/json-edits.ts';
export {
  applyEditsToJsonText,
  jsonTextReader,
  readJsonText,
  type JsonText,
  type JsonTextReader,
  type JsonTextSegment,
} from './content/json-text.ts';
export { lastOfUser, textRuns, type TextRun } from './content/messages.ts';
export { applyEditsToParts, segmentsOfParts, type PartReader } from './content/parts.ts';
export { keyStep, walkJson, type JsonTextKind } from './content/json-walk.ts';
export { joinedRest, MAX_SEGMENTS, segmentsOfJson } from './content/segments.ts';
export { isPromise, mapMaybe, type MaybePromise } from './outside/maybe-promise.ts';
export { pull, readableOf, sourceOf, type PullOptions, type PullSource, type PullSteps } from './adapter/pull.ts';
export { ambientInteraction, setAmbientInteraction } from './adapter/ambient.ts';
export { carryOut, decideAndCarryOut, type ApplyEdits, type Carried } from './adapter/carry-out.ts';
export { DENIAL_STATUS, denialKind, isDenied, type DenialKind } from './adapter/denial.ts';
export { endInteraction, whenHolding, type EndsInteraction } from './adapter/end-interaction.ts';
export { requireGovernor } from './adapter/require-governor.ts';
export { resolvePolicy, type PolicyChoice } from './adapter/resolve-policy.ts';
export { resolveSubject, SUBJECT_DEADLINE_MS, type SubjectSource } from './adapter/resolve-subject.ts';
export { checkOptions, withMethods, type OptionShape } from './check-options.ts';
export { FlyballError } from './errors.ts';
export type { BlockPlace, GateLeaf, GateState, LeafHandle, LeafInit, OutputGate, Piece } from './gate/types.ts';
export type {
  AdapterGovernor,
  RouteNaming,
  AdapterSettings,
  EventInit,
  Governor,
  Interaction,
  QuietEvent,
  QuietLane,
  ReportOptions,
  Reservation,
  RefusalReason,
  SegmentInit,
} from './governor/api.ts';
export type { FailureWatcher } from './governor/lifecycle/events.ts';
export { call, type Answer, type CallOptions } from './outside/call.ts';
export { notify } from './outside/notify.ts';
