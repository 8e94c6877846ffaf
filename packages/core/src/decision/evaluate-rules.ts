import type { ConditionResults, Findings } from '../contract/detector.ts';
import type { GovernedEvent, Role, Segment, Stage } from '../contract/event.ts';
import type { Failure, FailureCode } from '../contract/ruling.ts';
import type { Signal } from '../contract/signal.ts';
import type { CompiledPolicy, CompiledRule, Condition, ConditionFacts, RuleBucket } from '../policy/compiled.ts';
import { typeMatches } from '../contract/signal.ts';
import { conditionFailureCode } from '../policy/condition/error.ts';
import { exemptTypes, type ExemptTypes } from '../policy/exemptions.ts';
import { byId, fits, rulesFor } from '../policy/rule-index.ts';
import { withoutExempt } from './exempted.ts';

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

/** Whether a rule holds. */
type Answer = boolean | 'undecided';

/** Where the signals of an event were found. */
interface SignalPlaces {
  readonly event: GovernedEvent;
  readonly facts: ConditionFacts;
  /** By path; made when the first rule asks for it. */
  segments: ReadonlyMap<string, Segment> | undefined;
}

/** An evaluation that is being filled, and what its rules read. */
interface OngoingEvaluation extends SignalPlaces {
  /** Results that stand already. */
  readonly known: Findings['conditions'];
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
  exempt?: ExemptTypes,
): Evaluation {
  const { signals } = findings;
  const unknown = unknownTypes(policy, findings.errors, exempt);
  const facts: ConditionFacts = { event, signals, unknown };
  const evaluation: OngoingEvaluation = {
    event,
    facts,
    known: findings.conditions,
    segments: undefined,
    matches: [],
    undecided: [],
    errors: [],
  };
  // A failed detector may have hidden any signal, and a type that nobody declared is in no index: then every rule is
  // asked.
  const types = unknown === undefined ? indexedTypes(signals, buckets) : undefined;
  for (const bucket of buckets) {
    if (types === undefined) for (const rule of bucket.rules) consider(evaluation, rule);
    else considerIndexed(evaluation, bucket, types);
  }
  evaluation.matches.sort(byRuleId);
  evaluation.undecided.sort(byId);
  return evaluation;
}

const byRuleId = (a: Match, b: Match): number => byId(a.rule, b.rule);

const NO_TYPES: readonly string[] = [];

/** The types of the signals, each once; `undefined` if one of them is in no index. */
function indexedTypes(signals: readonly Signal[], buckets: readonly RuleBucket[]): readonly string[] | undefined {
  if (signals.length === 0) return NO_TYPES;
  const types: string[] = [];
  // Every bucket knows the same types, and there is always one.
  const { byType } = buckets[0]!;
  for (const { type } of signals) {
    if (!byType.has(type)) return undefined;
    if (!types.includes(type)) types.push(type);
  }
  return types;
}

function considerIndexed(evaluation: OngoingEvaluation, bucket: RuleBucket, types: readonly string[]): void {
  for (const rule of bucket.plain) consider(evaluation, rule);
  for (let i = 0; i < types.length; i++) {
    for (const rule of bucket.byType.get(types[i]!)!) {
      // A rule that several of the types concern is asked at the first of them.
      if (i === 0 || types.findIndex((type) => bucket.byType.get(type)!.includes(rule)) === i) {
        consider(evaluation, rule);
      }
    }
  }
}

function consider(evaluation: OngoingEvaluation, rule: CompiledRule): void {
  if (!fits(rule, evaluation.event)) return;
  const facts = factsFor(evaluation, rule);
  const answer = evaluate(evaluation, rule, facts);
  if (answer === true) evaluation.matches.push({ rule, signals: facts.signals });
  else if (answer === 'undecided' && !rule.shadow) evaluation.undecided.push(rule);
}

/** A rule with `role` or `channel` reads only the signals in such segments. */
function factsFor(evaluation: SignalPlaces, rule: CompiledRule): ConditionFacts {
  if (rule.select.role === undefined && rule.select.channel === undefined) return evaluation.facts;
  const { event, facts } = evaluation;
  evaluation.segments ??= segmentsByPath(event);
  const segments = evaluation.segments;
  return { ...facts, signals: facts.signals.filter((signal) => inSelectedSegment(rule, event, segments, signal)) };
}

/**
 * A rule holds if `detect` and `when` both hold. If one of them is false, the rule does not hold, and it does not
 * matter that the other could not be evaluated.
 */
function evaluate(evaluation: OngoingEvaluation, rule: CompiledRule, facts: ConditionFacts): Answer {
  const detected = detects(rule, facts.signals, facts.unknown);
  if (detected === false) return false;
  if (rule.when === undefined) return detected;
  const answer = evaluation.known?.[rule.id] ?? conditionResult(rule.when, facts);
  if (typeof answer === 'boolean') return answer && detected;
  evaluation.errors.push({ part: 'condition', id: rule.id, code: answer });
  return 'undecided';
}

function conditionResult(when: Condition, facts: ConditionFacts): boolean | FailureCode {
  try {
    return when.evaluate(facts);
  } catch (error) {
    return conditionFailureCode(error);
  }
}

const NO_RESULTS: ConditionResults = Object.freeze({});

/**
 * What the conditions that read arguments answer, by rule, for a record to keep. Asked once more rather than noted on
 * the way: few rules read arguments, and the path of every decision stays as it is.
 */
export function resultsOnArguments(
  policy: CompiledPolicy,
  event: GovernedEvent,
  given: Findings,
  at?: number,
): ConditionResults {
  if (event.stage !== 'tool_call' || !policy.stages.tool_call.rules.some(({ when }) => when?.readsArgs))
    return NO_RESULTS;
  const exempt = exemptTypes(policy, event, at);
  const findings = withoutExempt(given, exempt);
  const unknown = unknownTypes(policy, findings.errors, exempt);
  const facts: ConditionFacts = { event, signals: findings.signals, unknown };
  const places: SignalPlaces = { event, facts, segments: undefined };
  const results: { [rule: string]: boolean | FailureCode } = {};
  for (const rule of rulesFor(policy, event)) {
    if (rule.when?.readsArgs === true) results[rule.id] = conditionResult(rule.when, factsFor(places, rule));
  }
  return results;
}

function detects(rule: CompiledRule, signals: readonly Signal[], unknown: ConditionFacts['unknown']): Answer {
  if (rule.detect.length === 0) return true;
  for (const signal of signals) if (counts(rule, signal)) return true;
  return unknown !== undefined && rule.detect.some((term) => unknown(term.type)) ? 'undecided' : false;
}

/** True when the signal is one of those the rule's `detect` asks for. */
export function counts(rule: CompiledRule, signal: Signal): boolean {
  for (const term of rule.detect) if (signal.score >= term.min && typeMatches(signal.type, term.type)) return true;
  return false;
}

/** What a failed detector might have reported. What is exempt would not have counted. */
function unknownTypes(
  policy: CompiledPolicy,
  errors: readonly Failure[],
  exempt: ExemptTypes | undefined,
): ((type: string) => boolean) | undefined {
  if (errors.length === 0) return undefined;
  const failed = errors.filter((error) => error.part === 'detector');
  if (failed.length === 0) return undefined;
  return (wanted) =>
    failed.some((error) => {
      const types = policy.detectorTypes.get(error.id);
      // INVARIANT: a detector the policy does not know may have reported anything; assuming less would let a failure
      // permit.
      return types === undefined || types.some((type) => typeMatches(type, wanted) && exempt?.of(type) === undefined);
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

/** The signals that a rule reads: all of them, or those in segments of its `role` and `channel`. */
export function signalsFor(rule: CompiledRule, event: GovernedEvent, signals: readonly Signal[]): readonly Signal[] {
  if (rule.select.role === undefined && rule.select.channel === undefined) return signals;
  const segments = segmentsByPath(event);
  return signals.filter((signal) => inSelectedSegment(rule, event, segments, signal));
}

const segmentsByPath = ({ content }: GovernedEvent): ReadonlyMap<string, Segment> =>
  new Map(content.map((segment) => [segment.path, segment]));

function inSelectedSegment(
  rule: CompiledRule,
  { stage }: GovernedEvent,
  segments: ReadonlyMap<string, Segment>,
  signal: Signal,
): boolean {
  const { role, channel } = rule.select;
  const segment = segments.get(signal.segment);
  return (
    (role === undefined || role.includes(segment?.role ?? NATURAL_ROLE[stage])) &&
    (channel === undefined || channel.includes(segment?.channel ?? 'text'))
  );
}
