import type { Control } from './control.ts';
import type { Channel, Point, Resource, Role, Stage, Subject } from './event.ts';
import type { Json } from './json.ts';
import type { Decision } from './ruling.ts';
import type { Snapshot, StrikeAnswer } from './snapshot.ts';

/** A segment without its text. */
export interface RecordedSegment {
  readonly path: string;
  readonly role?: Role;
  readonly channel?: Channel;
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
  /** Arguments that the policy lists under `facts`, by their path: `tool.args.amount`. */
  readonly facts: { readonly [path: string]: Json };
}

/** One decision with what it was made from. */
export interface DecisionRecord {
  readonly kind: 'decision';
  readonly auditId: string;
  readonly at: number;
  readonly decision: Decision;
  readonly event: RecordedEvent;
  readonly snapshot: Snapshot;
  /** What the store answered to the decision's strikes, where the decision waited for it. */
  readonly answers: readonly StrikeAnswer[];
}

/** A stream was opened: accepted before its first unit leaves, so that a crash leaves evidence. */
export interface OpenedRecord {
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
  readonly kind: 'control';
  readonly auditId: string;
  readonly at: number;
  readonly change: 'set' | 'lifted';
  readonly control: Control;
  /** Who made the change, and why. Absent when this process found a lift by re-reading; the store's history knows. */
  readonly by?: { readonly who: string; readonly why: string };
}

/** A policy was loaded, or a new version of it was refused and the old one keeps running. */
export interface PolicyRecord {
  readonly kind: 'policy';
  readonly auditId: string;
  readonly at: number;
  readonly policyId: string;
  readonly change: 'loaded' | 'POLICY_REJECTED';
  readonly behaviorVersion?: string;
  /** What was wrong, one line per problem. */
  readonly problems?: readonly string[];
}

export type AuditRecord = DecisionRecord | OpenedRecord | ControlRecord | PolicyRecord;
