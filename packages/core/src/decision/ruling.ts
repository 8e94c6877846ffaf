import type { OnError } from '../contract/effect.ts';
import type {
  Coverage,
  Edit,
  Exempted,
  Failure,
  LimitStanding,
  MatchedRule,
  Ruling,
  Strike,
  Verdict,
} from '../contract/ruling.ts';
import type { LimitAnswer } from '../contract/snapshot.ts';
import type { Match } from './evaluate-rules.ts';
import type { Given } from './given.ts';
import { allFailures } from './failures.ts';
import { labelsOf } from './labels-and-strikes.ts';
import { verdict } from './verdict.ts';

/** A verdict and what comes with it, before the mode is applied. */
export interface VerdictParts {
  readonly verdict: Verdict;
  readonly retryAfterMs: number | undefined;
  /** Sorted by rule id. */
  readonly matches: readonly Match[];
  /** Sorted by id. */
  readonly exempted: readonly Exempted[];
  readonly edits: readonly Edit[];
  readonly notApplied: readonly Edit[];
  /** Segments that are masked whole. */
  readonly withheld: readonly string[];
  readonly strikes: readonly Strike[];
  /** Conditions that could not be evaluated. */
  readonly errors: readonly Failure[];
  /** The setting that applied to a failure; `undefined`: nothing failed that mattered. */
  readonly onError: OnError | undefined;
}

/** A verdict that no rule had a part in. */
export function withoutRules(verdict: Verdict, retryAfterMs?: number): VerdictParts {
  return {
    verdict,
    retryAfterMs,
    matches: NOTHING,
    exempted: NOTHING,
    edits: NOTHING,
    notApplied: NOTHING,
    withheld: NOTHING,
    strikes: NOTHING,
    errors: NOTHING,
    onError: undefined,
  };
}

const NOTHING: readonly never[] = Object.freeze([]);
const SHADOWED = verdict('NO_OP', 'SHADOWED');

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Applies the mode to a verdict and freezes the ruling. In shadow the verdict rides along and nothing is asked of the
 * adapter.
 */
export function rulingOf(given: Given, parts: VerdictParts): Ruling {
  const { policy, mode, covered, findings } = given;
  const enforced = mode === 'shadow' && parts.verdict.reason !== 'HALTED' ? SHADOWED : parts.verdict;
  const { outcome, reason, ruleId } = enforced;
  const { detectors, segments, unjudged, notAsked, exposure, ended } = findings.coverage;
  const coverage: Writable<Coverage> = { covered, detectors, segments, unjudged };
  if (notAsked !== undefined) coverage.notAsked = notAsked;
  if (exposure !== undefined) coverage.exposure = exposure;
  if (ended !== undefined) coverage.ended = ended;
  if (given.event.media !== undefined) coverage.media = given.event.media.length;
  const ruling: Writable<Ruling> = {
    outcome,
    reason,
    rules: matchedRules(parts.matches),
    verdict: parts.verdict,
    mode,
    // INVARIANT: a NO_OP carries no edits, so an adapter that applies edits without looking leaves the bytes untouched.
    edits: outcome === 'NO_OP' ? NOTHING : parts.edits,
    signals: frozen(findings.signals),
    labels: labelsOf(parts.matches),
    strikes: parts.strikes,
    errors: allFailures(given, parts.errors),
    coverage: Object.freeze(coverage),
    onError: parts.onError ?? policy.onError,
    policyId: policy.id,
    policyVersion: policy.version,
    behaviorVersion: policy.behaviorVersion,
  };
  // Added one by one: this runs for every event, and spreading optional fields costs more than the rules do.
  if (ruleId !== undefined) ruling.ruleId = ruleId;
  if (parts.notApplied.length > 0) ruling.notApplied = parts.notApplied;
  if (parts.withheld.length > 0) ruling.withheld = Object.freeze([...parts.withheld]);
  if (parts.exempted.length > 0) ruling.exempted = parts.exempted;
  if (outcome === 'COOLDOWN' && parts.retryAfterMs !== undefined) ruling.retryAfterMs = parts.retryAfterMs;
  if (given.snapshot.limits.length > 0) {
    const limits = standings(given.snapshot.limits);
    if (limits.length > 0) ruling.limits = limits;
  }
  return Object.freeze(ruling);
}

function standings(answers: readonly LimitAnswer[]): readonly LimitStanding[] {
  const limits: LimitStanding[] = [];
  for (const { limit, standing } of answers) {
    if (standing === undefined) continue;
    const { allow, remaining, resetMs, perMs } = standing;
    limits.push(Object.freeze({ limit, allow, remaining, resetMs, perMs }));
  }
  limits.sort((a, b) => (a.limit < b.limit ? -1 : 1));
  return Object.freeze(limits);
}

function matchedRules(matches: readonly Match[]): readonly MatchedRule[] {
  if (matches.length === 0) return NOTHING;
  return Object.freeze(matches.map(({ rule }) => rule.listed));
}

/** The governor hands over frozen lists, which are taken as they are; any other list is copied. */
function frozen<T extends object>(list: readonly T[]): readonly T[] {
  if (list.length === 0) return NOTHING;
  return Object.isFrozen(list) ? list : Object.freeze(list.map((item) => Object.freeze(item)));
}
