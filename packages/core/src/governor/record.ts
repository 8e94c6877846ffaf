import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Json } from '../contract/json.ts';
import {
  RECORD_SCHEMA_VERSION,
  type DecisionRecord,
  type RecordedEvent,
  type RulingInputs,
  type RulingPath,
} from '../contract/record.ts';
import type { Coverage, Decision } from '../contract/ruling.ts';
import type { Snapshot, StrikeAnswer } from '../contract/snapshot.ts';
import { lookedForInShort } from '../detection/looked-for.ts';
import { resultsOnArguments } from '../decision/evaluate-rules.ts';
import type { Refusal } from '../decision/refusal.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { RecordPaths, withPaths } from './record-paths.ts';

/** What made a ruling: the path, and what it was given. */
export interface RulingSource {
  readonly by: RulingPath;
  readonly findings: Findings;
  readonly refused?: Refusal;
  readonly strengthened?: true;
}

/** What a record of a decision is made of. */
export interface Recordable {
  readonly policy: CompiledPolicy | undefined;
  readonly event: GovernedEvent;
  readonly source: RulingSource;
  readonly snapshot: Snapshot;
}

/**
 * The record of a decision: all that it was made from, and nothing of the text. Shares no object that anybody may still
 * change.
 */
export function decisionRecord(
  { policy, event, source, snapshot }: Recordable,
  decision: Decision,
  answers: readonly StrikeAnswer[],
): DecisionRecord {
  const paths = new RecordPaths(policy);
  // The event's texts are numbered first: their order is that of the document, whatever was found in them.
  const recorded = recordedEvent(event, policy?.facts ?? NO_FACTS, paths);
  return {
    schemaVersion: RECORD_SCHEMA_VERSION,
    kind: 'decision',
    auditId: decision.auditId,
    at: decision.at,
    decision: withPaths(decision, paths),
    event: recorded,
    snapshot: snapshotWithPaths(snapshot, paths),
    answers,
    inputs: inputsOf(policy, event, source, decision, paths, snapshot.at),
  };
}

function snapshotWithPaths(snapshot: Snapshot, paths: RecordPaths): Snapshot {
  const { withheld } = snapshot;
  if (withheld === undefined) return snapshot;
  return { ...snapshot, withheld: withheld.map(({ path, length }) => ({ path: paths.of(path), length })) };
}

/** The event of a stream that opens. */
export function openedEvent(policy: CompiledPolicy, event: GovernedEvent): RecordedEvent {
  return recordedEvent(event, policy.facts, new RecordPaths(policy));
}

/** The event as records keep it: addresses and the arguments that `declared` names, never text. */
export function recordedEvent(event: GovernedEvent, declared: readonly string[], paths: RecordPaths): RecordedEvent {
  const { id, stage, point, subject, resource, attributes, labels, policy, subjectMissing, unreadable, media } = event;
  const facts: Record<string, Json> = {};
  if (event.args !== undefined) {
    for (const path of declared) {
      const value = argument(event.args, path);
      if (value !== undefined) facts[path] = value;
    }
  }
  const segments = event.content.map(({ path, role, channel, fixed }) => {
    const segment: Writable<RecordedEvent['segments'][number]> = { path: paths.of(path) };
    if (role !== undefined) segment.role = role;
    if (channel !== undefined) segment.channel = channel;
    if (fixed === true) segment.fixed = fixed;
    return segment;
  });
  // One by one: every decision is recorded, and spreading optional fields costs more than the rest.
  const recorded: Writable<RecordedEvent> = {
    id,
    stage,
    point,
    subject,
    resource,
    attributes,
    labels,
    segments,
    facts,
  };
  if (policy !== undefined) recorded.policy = policy;
  if (subjectMissing !== undefined) recorded.subjectMissing = subjectMissing;
  if (media !== undefined) recorded.media = media.map((path) => paths.of(path));
  if (unreadable !== undefined) recorded.unreadable = unreadable.map((path) => paths.of(path));
  return recorded;
}

type Writable<T> = { -readonly [field in keyof T]: T[field] };

const NO_FACTS: readonly string[] = Object.freeze([]);
const NO_TYPES: readonly string[] = Object.freeze([]);
const NO_CONDITIONS: RulingInputs['conditions'] = Object.freeze({});

/**
 * Verdicts that stand before the rules are asked: their texts have not been read, so conditions would answer for
 * nothing.
 */
const BEFORE_RULES: ReadonlySet<string> = new Set(['HALTED', 'GOVERNANCE_OFF', 'COOLDOWN_ACTIVE', 'LIMIT_EXCEEDED']);

function inputsOf(
  policy: CompiledPolicy | undefined,
  event: GovernedEvent,
  { by, findings, refused, strengthened }: RulingSource,
  { verdict }: Decision,
  paths: RecordPaths,
  at: number | undefined,
): RulingInputs {
  const { exceeded } = findings;
  let longest = 0;
  for (const { text } of event.content) if (text.length > longest) longest = text.length;
  return {
    by,
    ...(refused !== undefined && { refused }),
    ...(exceeded !== undefined && { exceeded }),
    longest,
    // A copy: a stream's list may still grow when a detector answers late.
    failed: findings.errors.map((failure) => paths.inFailure(failure)),
    conditions:
      policy === undefined || BEFORE_RULES.has(verdict.reason)
        ? NO_CONDITIONS
        : resultsOnArguments(policy, event, findings, at),
    lookedFor:
      policy === undefined || !wasScanned(findings.coverage)
        ? NO_TYPES
        : lookedForInShort(findings.lookedFor ?? NO_TYPES, policy),
    ...(strengthened !== undefined && { strengthened }),
  };
}

/** Looked for, and found nowhere, is more than that nobody looked. */
function wasScanned({ segments }: Pick<Coverage, 'segments'>): boolean {
  return segments.some(({ scanned }) => scanned > 0);
}

/** Reads `tool.args.a.b`: own properties only. */
function argument(args: Json, path: string): Json | undefined {
  let value: Json | undefined = args;
  for (const step of path.split('.').slice(2)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as { readonly [key: string]: Json })[step];
  }
  return value;
}
