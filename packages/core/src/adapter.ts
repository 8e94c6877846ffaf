// For authors of adapters: the nouns of the contract, and what every adapter shares.
export type { Mode, OnError, Outcome } from './contract/effect.ts';
export type { Channel, GovernedEvent, Point, Resource, Role, Segment, Stage, Subject } from './contract/event.ts';
export type { Json } from './contract/json.ts';
export type { BuiltInReason, Reason } from './contract/reasons.ts';
export type { Decision, Edit, Ruling } from './contract/ruling.ts';
export { applyEditsAcrossParts, splitAcrossParts } from './content/edits-across-parts.ts';
export { applyEditsToSegments, editsBySegment, type Applied } from './content/edits.ts';
export { applyEditsToJson } from './content/json-edits.ts';
export { applyEditsToJsonText, readJsonText } from './content/json-text.ts';
export { textRuns, type TextRun } from './content/messages.ts';
export { segmentsOfJson } from './content/segments.ts';
export { ambientInteraction, setAmbientInteraction } from './enforcement/ambient.ts';
export { DENIAL_STATUS, denialKind, isDenied, type DenialKind } from './enforcement/denial.ts';
export { requireGovernor } from './enforcement/require-governor.ts';
export { FlyballError } from './errors.ts';
export type { MarkPlace, OutputGate, Piece } from './gate/types.ts';
export type { EventInit, Governor, Interaction, SegmentInit } from './governor.ts';
export type { RefusalReason } from './governor/refuse-event.ts';
