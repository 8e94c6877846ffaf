import {
  rulesFor,
  typeMatches,
  type Candidate,
  type CompiledRule,
  type DecisionRecord,
  type DetectorInfo,
} from '@flyball/core/evidence';
import type { KeptPolicy } from '../replay/policies.ts';

/** What a record cannot say about another policy, and what it can. */
export interface Answered {
  /** Voting rules of which nobody can tell whether they would have matched. */
  readonly undecided: readonly CompiledRule[];
  /** Why, one short phrase each. */
  readonly why: readonly string[];
  /** Results of conditions for `ruleAgain`; `false` for those of undecided rules, which stands for "did not match". */
  readonly conditions: DecisionRecord['inputs']['conditions'];
}

/**
 * Which rules of another policy the record decides. A text is not there any more, so a type that was not looked for may
 * have been in it; an argument that was not declared may have had any value. Nothing is guessed.
 */
export function answer(record: DecisionRecord, kept: KeptPolicy, { policy, detectors }: Candidate): Answered {
  const event = { ...record.event, interactionId: record.decision.interactionId, content: [] };
  const undecided: CompiledRule[] = [];
  const why = new Set<string>();
  const conditions: { [rule: string]: DecisionRecord['inputs']['conditions'][string] } = {};
  for (const rule of rulesFor(policy, event)) {
    const missing = missingFor(rule, record, kept, detectors, conditions);
    if (missing === undefined) continue;
    if (rule.when !== undefined) conditions[rule.id] = false;
    if (rule.then === undefined || rule.shadow) continue;
    undecided.push(rule);
    why.add(missing);
  }
  return { undecided, why: [...why], conditions };
}

function missingFor(
  rule: CompiledRule,
  record: DecisionRecord,
  kept: KeptPolicy,
  detectors: readonly DetectorInfo[],
  conditions: { [rule: string]: DecisionRecord['inputs']['conditions'][string] },
): string | undefined {
  const { signals } = record.decision;
  const detected = rule.detect.some(({ type, min }) =>
    signals.some((signal) => signal.score >= min && typeMatches(signal.type, type)),
  );
  // What was found was found; that nothing was found says something only where it was looked for.
  const wanted = [...(detected ? [] : rule.detect.map(({ type }) => type)), ...(rule.when?.signalTypes ?? [])];
  for (const type of wanted) {
    const reason = unseen(type, record, kept, detectors);
    if (reason !== undefined) return reason;
  }
  if (rule.when?.readsArgs !== true) return undefined;
  const before = kept.policy.stages.tool_call.rules.find((other) => asksTheSame(rule, other));
  const recorded = before === undefined ? undefined : record.inputs.conditions[before.id];
  if (recorded !== undefined) {
    conditions[rule.id] = recorded;
    return undefined;
  }
  return readsDeclared(rule.when.source, kept.policy.facts) ? undefined : 'reads an argument that was not recorded';
}

/** A condition that reads signals reads those in the roles and channels of its rule. */
function asksTheSame(rule: CompiledRule, other: CompiledRule): boolean {
  if (rule.when === undefined || other.when?.source !== rule.when.source) return false;
  const places = ({ select }: CompiledRule): string => JSON.stringify([select.role, select.channel]);
  return !rule.when.readsSignals || places(rule) === places(other);
}

function unseen(
  wanted: string,
  { decision, inputs }: DecisionRecord,
  kept: KeptPolicy,
  detectors: readonly DetectorInfo[],
): string | undefined {
  if (decision.coverage.ended !== undefined) return 'the stream was cut: its rest is not known';
  if (decision.coverage.segments.length === 0) return undefined;
  if (decision.coverage.segments.every(({ length }) => length === 0)) return undefined;
  if (decision.coverage.segments.some(({ length, scanned }) => scanned < length)) return 'not all of the text was read';
  for (const detector of detectors) {
    for (const type of detector.types) {
      if (!typeMatches(type, wanted)) continue;
      if (!wasLookedFor(type, detector.id, inputs, kept)) return `needs text for ${type}, which was not looked for`;
      if (!isUnchanged(detector, kept)) return `needs text for ${type}, whose detector has changed`;
    }
  }
  return undefined;
}

/** Looked for itself, or below a family of which every type was that detectors reported then. */
function wasLookedFor(
  type: string,
  detector: string,
  { lookedFor }: DecisionRecord['inputs'],
  { material }: KeptPolicy,
): boolean {
  const reported = material.detectors.find(({ id }) => id === detector)?.types;
  return reported?.includes(type) === true && lookedFor.some((wanted) => typeMatches(type, wanted));
}

/**
 * The record as the other policy may read it: without what detectors found that have changed since, or that it does not
 * have.
 */
export function readable(record: DecisionRecord, kept: KeptPolicy, { detectors }: Candidate): DecisionRecord {
  const usable = new Set(detectors.filter((detector) => isUnchanged(detector, kept)).map(({ id }) => id));
  const signals = record.decision.signals.filter(({ detector }) => usable.has(detector));
  return signals.length === record.decision.signals.length
    ? record
    : { ...record, decision: { ...record.decision, signals } };
}

function isUnchanged({ id, version, content }: DetectorInfo, { material }: KeptPolicy): boolean {
  const before = material.detectors.find((detector) => detector.id === id);
  return before !== undefined && before.version === version && before.content === content;
}

/** Every argument the condition reads is one whose value the record has. */
function readsDeclared(source: string, facts: readonly string[]): boolean {
  const reads = source.match(/\btool\.args\b(?:\.[A-Za-z_$][\w$]*)*/g) ?? [];
  return reads.every((path) => facts.some((fact) => path === fact || path.startsWith(`${fact}.`)));
}
