import type { Findings } from '../contract/detector.ts';
import type { Mode, OnError } from '../contract/effect.ts';
import type { Edit, Failure, MatchedRule, Ruling, Strike, Verdict } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { Match } from './evaluate-rules.ts';
import { verdict } from './combine.ts';
import { labelsOf } from './labels-and-strikes.ts';

/** A verdict with everything that follows from it, before the mode is applied. */
export interface Draft {
  readonly verdict: Verdict;
  readonly retryAfterMs: number | undefined;
  readonly matches: readonly Match[];
  readonly edits: readonly Edit[];
  readonly strikes: readonly Strike[];
  /** Conditions that could not be evaluated. */
  readonly errors: readonly Failure[];
  /** The setting that applied to a failure; absent: nothing failed that mattered. */
  readonly onError: OnError | undefined;
}

/** A verdict that no rule had a part in. */
export function withoutRules(verdict: Verdict, retryAfterMs?: number): Draft {
  return {
    verdict,
    retryAfterMs,
    matches: NOTHING,
    edits: NOTHING,
    strikes: NOTHING,
    errors: NOTHING,
    onError: undefined,
  };
}

/** What the decision was made in: the same for every draft of one call. */
export interface Setting {
  readonly policy: CompiledPolicy;
  readonly mode: Mode;
  readonly covered: boolean;
  readonly findings: Findings;
  readonly snapshot: Snapshot;
}

const NOTHING: readonly never[] = Object.freeze([]);
const SHADOWED = verdict('NO_OP', 'SHADOWED');

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Applies the mode to a draft and freezes it. In shadow the verdict rides along and nothing is asked of the adapter. */
export function rulingOf({ policy, mode, covered, findings, snapshot }: Setting, draft: Draft): Ruling {
  const enforced = mode === 'shadow' && draft.verdict.reason !== 'HALTED' ? SHADOWED : draft.verdict;
  const { outcome, reason, ruleId } = enforced;
  const { detectors, segments, unjudged, ended } = findings.coverage;
  const ruling: Writable<Ruling> = {
    outcome,
    reason,
    rules: matchedRules(draft.matches),
    verdict: draft.verdict,
    mode,
    // INVARIANT: a NO_OP carries no edits, so an adapter that applies edits without looking leaves the bytes untouched.
    edits: outcome === 'NO_OP' ? NOTHING : draft.edits,
    signals: frozenCopy(findings.signals),
    labels: labelsOf(draft.matches),
    strikes: draft.strikes,
    errors: failuresOf(findings.errors, snapshot.errors, draft.errors),
    coverage: Object.freeze(
      ended === undefined
        ? { covered, detectors, segments, unjudged }
        : { covered, detectors, segments, unjudged, ended },
    ),
    onError: draft.onError ?? policy.onError,
    policyId: policy.id,
    policyVersion: policy.version,
    behaviorVersion: policy.behaviorVersion,
  };
  // Added one by one: this runs for every event, and spreading optional fields costs more than the rules do.
  if (ruleId !== undefined) ruling.ruleId = ruleId;
  if (outcome === 'COOLDOWN' && draft.retryAfterMs !== undefined) ruling.retryAfterMs = draft.retryAfterMs;
  return Object.freeze(ruling);
}

function matchedRules(matches: readonly Match[]): readonly MatchedRule[] {
  if (matches.length === 0) return NOTHING;
  return Object.freeze(matches.map(({ rule }) => rule.listed));
}

/** The governor hands over frozen lists, which are taken as they are. */
function frozenCopy<T extends object>(list: readonly T[]): readonly T[] {
  if (list.length === 0) return NOTHING;
  return Object.isFrozen(list) ? list : Object.freeze(list.map((item) => Object.freeze(item)));
}

/** All failures, each once, sorted: detectors and stores answer in any order. */
function failuresOf(...lists: readonly (readonly Failure[])[]): readonly Failure[] {
  if (lists.every((list) => list.length === 0)) return NOTHING;
  const byKey = new Map<string, Failure>();
  for (const { part, id, code } of lists.flat()) {
    byKey.set(`${part}\n${id}\n${code}`, Object.freeze({ part, id, code }));
  }
  return Object.freeze([...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, failure]) => failure));
}
