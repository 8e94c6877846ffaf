// The Flyball core: make a governor, decide on events, open gates for streams.
export { createGovernor, type GovernorOptions } from './governor.ts';
export { precompilePolicy, type PrecompileOptions } from './precompile-policy.ts';
export type { PrecompiledPolicy } from './precompiled/format.ts';
export type {
  CloseOptions,
  EventInit,
  Governor,
  GovernorStatus,
  Interaction,
  ReportOptions,
  Reservation,
  InteractionJson,
  InteractionOptions,
  SegmentInit,
} from './governor/api.ts';
export type {
  GovernorEvent,
  GovernorEventListener,
  GovernorEvents,
  LoadedPolicy,
} from './governor/lifecycle/events.ts';
export type { PolicyChange } from './governor/lifecycle/policies.ts';
export type { PolicyFile, PolicySource } from './governor/lifecycle/policy-source.ts';

export { definePolicy, type PolicyDocument } from './policy/document/document.ts';
export { PolicyError, type PolicyIssue, type PolicyWarning } from './policy/document/policy-error.ts';
export type { PolicyProblemCode, PolicyWarningCode } from './policy/document/problem-code.ts';
export { FlyballError, type FlyballErrorCode } from './errors.ts';

export { DetectorError, type DetectorErrorCode } from './detectors/detector-error.ts';
export { type ForeignPattern, ForeignPatternError, fromDialect } from './dialects/from-dialect.ts';
export type { Dialect } from './dialects/syntax.ts';
export type { PatternErrorCode } from './dialects/refusal.ts';
export { PatternError } from './scanner/pattern-error.ts';
export { StoreError } from './store/store-error.ts';
export { defineDetector } from './detectors/detector.ts';
export { definePack } from './detectors/define-pack.ts';
export { checkExamples } from './detectors/examples.ts';
export type { Form, Pack, Recogniser, Token } from '@flyball/detectors';
export type {
  Detector,
  DetectorInput,
  DetectorWindow,
  Finding,
  GrowingWindow,
  NotAsked,
  Pattern,
  PatternContext,
  SlidingWindow,
} from './contract/detector.ts';

export { applyEdits, applyEditsToContent, type Applied } from './content/edits.ts';
export { gateTransform } from './adapter/gate-transform.ts';
export type {
  BlockPlace,
  GateLeaf,
  GateState,
  LeafHandle,
  LeafInit,
  OutputGate,
  Piece,
  ReleasedAttachment,
  ReleasedText,
} from './gate/types.ts';

export { createMemoryStore } from './store/memory-store.ts';
export type { Store } from './store/store.ts';
export { createMemorySink, type MemorySink } from './audit/memory-sink.ts';
export type { AcceptOptions, Sink } from './audit/sink.ts';
export type {
  AuditRecord,
  ControlRecord,
  DecisionRecord,
  OpenedRecord,
  PolicyRecord,
  SubjectRecord,
} from './contract/record.ts';
export type {
  ControlInit,
  ControlPlane,
  CoolingFilter,
  CoolingSubject,
  SubjectLimit,
  ModeInit,
  PutOnInit,
  SubjectInit,
  SubjectOptions,
  SubjectScope,
  SubjectState,
} from './governor/control/api.ts';
export type { LadderCause } from './state/requests.ts';
export type { Halted, HaltInit, Reach } from './state/operator.ts';

export { REASONS, type BuiltInReason, type Reason } from './contract/reasons.ts';
export type { Control, Scope } from './contract/control.ts';
export type { Mode, OnError, Outcome } from './contract/effect.ts';
export type { Channel, GovernedEvent, Point, Resource, Role, Segment, Stage, Subject } from './contract/event.ts';
export type { Json } from './contract/json.ts';
export type {
  Ahead,
  Coverage,
  Decision,
  Edit,
  Exposure,
  Failure,
  FailureCode,
  FailurePart,
  NotAskedCount,
  Ruling,
  Strike,
  Unjudged,
  Verdict,
} from './contract/ruling.ts';
export type { Signal } from './contract/signal.ts';
export type { Clock } from './clock.ts';
