import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent, Role, Segment, Stage } from '../contract/event.ts';
import type { Failure } from '../contract/ruling.ts';
import type { Signal } from '../contract/signal.ts';
import type { CompiledPolicy, CompiledRule, ConditionFacts, RuleBucket } from '../policy/compiled.ts';
import { typeMatches } from '../contract/signal.ts';
import { conditionFailureCode } from '../policy/condition/error.ts';
import { byId, fits } from '../policy/rule-index.ts';

/** A rule that holds, with the signals it holds for. */
export interface Match {
  readonly rule: CompiledRule;
  readonly signals: readonly Signal[];
}

/** What the rules say about an event: three-valued, because a failed part leaves a rule undecided. */
export interface Evaluation {
  /** Sorted by rule id. */
  readonly matches: readonly Match[];
  /** Rules that would need a part that failed, sorted by id, shadow rules left out. */
  readonly undecided: readonly CompiledRule[];
  readonly errors: readonly Failure[];
}

type Answer = 'yes' | 'no' | 'undecided';

interface Draft {
  readonly event: GovernedEvent;
  readonly signals: readonly Signal[];
  readonly facts: ConditionFacts;
  readonly unknown: ((type: string) => boolean) | undefined;
  /** By path; made when the first rule asks for it. */
  segments: ReadonlyMap<string, Segment> | undefined;
  readonly matches: Match[];
  readonly undecided: CompiledRule[];
  readonly errors: Failure[];
}

/** Evaluates every rule of the buckets that fits the event and could hold. */
export function evaluateRules(
  policy: CompiledPolicy,
  event: GovernedEvent,
  findings: Findings,
  buckets: readonly RuleBucket[],
): Evaluation {
  const { signals } = findings;
  const unknown = findings.errors.length === 0 ? undefined : unknownTypes(policy, findings.errors);
  const facts: ConditionFacts = unknown === undefined ? { event, signals } : { event, signals, unknown };
  const draft: Draft = { event, signals, facts, unknown, segments: undefined, matches: [], undecided: [], errors: [] };
  // A failed detector may have hidden any signal, and a type that nobody declared is in no index: then every rule is asked.
  const types = unknown === undefined ? indexedTypes(signals, buckets) : undefined;
  for (const bucket of buckets) {
    if (types === undefined) for (const rule of bucket.rules) consider(draft, rule);
    else considerIndexed(draft, bucket, types);
  }
  if (draft.matches.length > 1) draft.matches.sort((a, b) => byId(a.rule, b.rule));
  if (draft.undecided.length > 1) draft.undecided.sort(byId);
  return draft;
}

const NO_TYPES: readonly string[] = [];

/** The types of the signals, each once; `undefined` if one of them is in no index. */
function indexedTypes(signals: readonly Signal[], [first]: readonly RuleBucket[]): readonly string[] | undefined {
  if (signals.length === 0) return NO_TYPES;
  const types: string[] = [];
  for (const { type } of signals) {
    if (first === undefined || !first.byType.has(type)) return undefined;
    if (!types.includes(type)) types.push(type);
  }
  return types;
}

function considerIndexed(draft: Draft, bucket: RuleBucket, types: readonly string[]): void {
  for (const rule of bucket.plain) consider(draft, rule);
  for (let i = 0; i < types.length; i++) {
    for (const rule of bucket.byType.get(types[i]!) ?? []) {
      // A rule that several of the types concern is asked at the first of them.
      if (i === 0 || !types.slice(0, i).some((type) => bucket.byType.get(type)?.includes(rule))) consider(draft, rule);
    }
  }
}

function consider(draft: Draft, rule: CompiledRule): void {
  if (!fits(rule, draft.event)) return;
  const narrowed = rule.select.role !== undefined || rule.select.channel !== undefined;
  const signals = narrowed ? draft.signals.filter((signal) => inSelectedSegment(rule, draft, signal)) : draft.signals;
  const answer = evaluate(draft, rule, narrowed ? { ...draft.facts, signals } : draft.facts);
  if (answer === 'yes') draft.matches.push({ rule, signals });
  else if (answer === 'undecided' && !rule.shadow) draft.undecided.push(rule);
}

/**
 * All parts of a rule are joined by AND, so one part that is certainly false settles the rule whatever failed elsewhere:
 * only then is a failed part not needed.
 */
function evaluate(draft: Draft, rule: CompiledRule, facts: ConditionFacts): Answer {
  const detected = detects(rule, facts.signals, draft.unknown);
  if (detected === 'no') return 'no';
  if (rule.when === undefined) return detected;
  try {
    return rule.when.evaluate(facts) ? detected : 'no';
  } catch (error) {
    draft.errors.push({ part: 'condition', id: rule.id, code: conditionFailureCode(error) });
    return 'undecided';
  }
}

function detects(rule: CompiledRule, signals: readonly Signal[], unknown: Draft['unknown']): Answer {
  if (rule.detect.length === 0) return 'yes';
  for (const signal of signals) if (counts(rule, signal)) return 'yes';
  return unknown !== undefined && rule.detect.some((term) => unknown(term.type)) ? 'undecided' : 'no';
}

/** True when the signal is one of those the rule's `detect` asks for. */
export function counts(rule: CompiledRule, signal: Signal): boolean {
  for (const term of rule.detect) if (signal.score >= term.min && typeMatches(signal.type, term.type)) return true;
  return false;
}

function unknownTypes(policy: CompiledPolicy, errors: readonly Failure[]): ((type: string) => boolean) | undefined {
  const failed = errors.filter((error) => error.part === 'detector');
  if (failed.length === 0) return undefined;
  return (wanted) =>
    failed.some((error) => {
      const types = policy.detectorTypes.get(error.id);
      // INVARIANT: a detector the policy does not know may have reported anything; assuming less would let a failure permit.
      return types === undefined || types.some((type) => typeMatches(type, wanted));
    });
}

/** Who wrote a segment that does not say so. */
const NATURAL_ROLE: { readonly [S in Stage]: Role } = {
  input: 'user',
  retrieval: 'tool',
  output: 'assistant',
  tool_call: 'assistant',
  tool_result: 'tool',
};

function inSelectedSegment(rule: CompiledRule, draft: Draft, signal: Signal): boolean {
  const { role, channel } = rule.select;
  const { stage, content } = draft.event;
  draft.segments ??= new Map(content.map((segment) => [segment.path, segment]));
  const segment = draft.segments.get(signal.segment);
  return (
    (role === undefined || role.includes(segment?.role ?? NATURAL_ROLE[stage])) &&
    (channel === undefined || channel.includes(segment?.channel ?? 'text'))
  );
}
