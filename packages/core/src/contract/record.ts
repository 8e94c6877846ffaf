import type { Control, Scope } from './control.ts';
import type { ConditionResults, DetectorInfo, Findings } from './detector.ts';
import type { Mode } from './effect.ts';
import type { Channel, Point, Resource, Role, Segment, Stage, Subject } from './event.ts';
import type { Json } from './json.ts';
import type { Reason } from './reasons.ts';
import type { Decision, Failure } from './ruling.ts';
import type { Snapshot, StrikeAnswer } from './snapshot.ts';

/** Of all kinds of records. A field more is no new version; another meaning, or a field less, is. */
export const RECORD_SCHEMA_VERSION = 1;

/** A segment without its text. */
export interface RecordedSegment {
  /**
   * Its address. A key of JSON stands in it only if the policy names it or chat formats have it; any other is numbered
   * in the order of the record (`args.@1`), because a key can be content. Signals, edits and coverage of the same
   * record use the same numbers.
   */
  readonly path: string;
  readonly role?: Role;
  readonly channel?: Channel;
  readonly fixed?: true;
}

/** What the event was, as far as the policy reads it: never content. */
export interface RecordedEvent {
  readonly id: string;
  readonly stage: Stage;
  readonly point: Point;
  readonly subject: Subject;
  readonly resource: Resource;
  readonly attributes: { readonly [name: string]: Json };
  readonly labels: readonly string[];
  readonly segments: readonly RecordedSegment[];
  /** Addresses of media that nobody read. */
  readonly media?: readonly string[];
  /** Arguments that the policy lists under `facts`, by their path: `tool.args.amount`. */
  readonly facts: { readonly [path: string]: Json };
  /** The policy that the event named. */
  readonly policy?: string;
  readonly subjectMissing?: true;
  readonly unreadable?: readonly string[];
}

/**
 * Which path made a ruling. `decide`: a complete event; `gate`: a stream; `refusal`: an adapter stopped it;
 * `sink_refusal`: the first record of a stream was refused; `unknown_policy`: nobody was asked.
 */
export type RulingPath = 'decide' | 'gate' | 'refusal' | 'sink_refusal' | 'unknown_policy';

/** What else a ruling was made from: with the event, the snapshot and the answers it can be made again. */
export interface RulingInputs {
  readonly by: RulingPath;
  /** The reason an adapter gave, and the mode of the decision that it stood in for. */
  readonly refused?: { readonly reason: Reason; readonly mode?: Mode };
  /** The bound that a stream ran into. */
  readonly exceeded?: NonNullable<Findings['exceeded']>;
  /** Units of the longest segment, which is compared with `maxInput`. */
  readonly longest: number;
  /** Detectors and edits that failed; `decision.errors` has them together with what else failed. */
  readonly failed: readonly Failure[];
  /**
   * What the conditions that read arguments answered, by rule: the arguments themselves are recorded only if the policy
   * lists them.
   */
  readonly conditions: ConditionResults;
  /**
   * Signal types that were looked for in all of the text that was scanned, sorted. `pii` stands for every type below it
   * that the detectors of the policy's record report.
   */
  readonly lookedFor: readonly string[];
  /** The stream had been cut, so that its ruling became a stop. */
  readonly strengthened?: true;
}

/**
 * What a policy keeps of the texts of a decision (`audit.content`). Absent in a record: nothing, which is the default.
 */
export interface RecordedContent {
  /**
   * HMAC-SHA-256 of each text under the governor's `hashKey`, as 32 hex digits: in the order of `event.segments`, of a
   * stream by channel.
   */
  readonly hashes: readonly string[];
  /**
   * With `captured`: the texts, for those who have the key. `FAILED`: they could not be encrypted, and were not kept.
   */
  readonly captured?: CapturedContent | 'FAILED';
}

/** The JSON of a `KeptContent`, encrypted; the audit id of the record is its additional data. */
export interface CapturedContent {
  /** AES-256 in Galois/Counter Mode, the tag of 16 bytes behind the text. */
  readonly alg: 'A256GCM';
  /** Which key: the first 8 bytes of its SHA-256 as hex digits. */
  readonly kid: string;
  /** 12 random bytes, in base64. */
  readonly nonce: string;
  /** In base64. */
  readonly data: string;
}

/** What a decision was about, as it is captured. */
export interface KeptContent {
  /** The segments of the event; of a stream one for each channel, up to the policy's `maxInput`. */
  readonly texts: readonly Segment[];
  /** Arguments of a call. */
  readonly args?: Json;
}

/** One decision with what it was made from. */
export interface DecisionRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'decision';
  readonly auditId: string;
  readonly at: number;
  readonly decision: Decision;
  readonly event: RecordedEvent;
  readonly snapshot: Snapshot;
  /** What the store answered to the decision's strikes, where the decision waited for it. */
  readonly answers: readonly StrikeAnswer[];
  readonly inputs: RulingInputs;
  readonly content?: RecordedContent;
}

/** A stream was opened: accepted before its first unit leaves, so that a crash leaves evidence. */
export interface OpenedRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'opened';
  readonly auditId: string;
  readonly at: number;
  readonly interactionId: string;
  readonly event: RecordedEvent;
  readonly mode: Decision['mode'];
  readonly behaviorVersion: string;
}

/** An operator's control came to stand or was lifted. */
export interface ControlRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'control';
  readonly auditId: string;
  readonly at: number;
  readonly change: 'set' | 'lifted';
  readonly control: Control;
  /** Who made the change, and why. Absent when this process found a lift by re-reading; the store's history knows. */
  readonly by?: { readonly who: string; readonly why: string };
}

/**
 * An operator's hand on what is kept of one subject: written by the process in which the operator acted, once the store
 * has it.
 */
export interface SubjectRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'subject';
  readonly auditId: string;
  readonly at: number;
  /**
   * `lift`: a cooldown was ended. `forgive`: strikes and level were forgotten as well. `put_on`: a cooldown was put on.
   * `reset`: what a limit had counted was forgotten.
   */
  readonly change: 'lift' | 'forgive' | 'put_on' | 'reset';
  /** Id of the ladder or limit. */
  readonly of: string;
  /** Whom it counts: the fields of its key. */
  readonly scope: Scope;
  /** With `put_on`: for how many milliseconds. */
  readonly forMs?: number;
  readonly by: { readonly who: string; readonly why: string };
  /** Present when it was done to the state of mode `shadow`. */
  readonly shadow?: true;
}

/** A policy was loaded, or a new version of it was refused and the old one keeps running. */
export interface PolicyRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'policy';
  readonly auditId: string;
  readonly at: number;
  readonly policyId: string;
  readonly change: 'loaded' | 'rejected';
  readonly behaviorVersion?: string;
  /** Present with `loaded`: what the behaviour version can be made of again, without the code of any detector. */
  readonly material?: PolicyMaterial;
  /** What was wrong, one line per problem. */
  readonly problems?: readonly string[];
}

/** A policy as it was loaded. */
export interface PolicyMaterial {
  /** SHA-256 of the document's canonical JSON, as hex digits. */
  readonly digest: string;
  readonly document: Json;
  readonly detectors: readonly DetectorInfo[];
}

export type AuditRecord = DecisionRecord | OpenedRecord | ControlRecord | SubjectRecord | PolicyRecord;
