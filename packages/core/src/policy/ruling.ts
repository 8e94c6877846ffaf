import type { Findings } from '../contract/detector.ts';
import type { Mode, OnError } from '../contract/effect.ts';
import type { Edit, Failure, MatchedRule, Ruling, Strike, Verdict } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CompiledPolicy } from './compiled.ts';
import type { Match } from './judge.ts';
import { verdict } from './combine.ts';
import { labelsOf } from './marks.ts';

/** A verdict with everything that follows from it, before the mode is applied. */
export interface Draft {
  readonly verdict: Verdict;
  readonly retryAfterMs?: number;
  readonly matches?: readonly Match[];
  readonly edits?: readonly Edit[];
  readonly strikes?: readonly Strike[];
  /** Conditions that could not be evaluated. */
  readonly errors?: readonly Failure[];
  /** The setting that applied to a failure; absent: nothing failed that mattered. */
  readonly onError?: OnError;
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

/** Applies the mode to a draft and freezes it. In shadow the verdict rides along and nothing is asked of the adapter. */
export function rulingOf(setting: Setting, draft: Draft): Ruling {
  const { policy, mode, findings } = setting;
  const enforced = mode === 'shadow' && draft.verdict.reason !== 'HALTED' ? SHADOWED : draft.verdict;
  const { outcome, reason, ruleId } = enforced;
  const matches = draft.matches ?? NOTHING;
  return Object.freeze({
    outcome,
    reason,
    ...(ruleId !== undefined && { ruleId }),
    rules: matches.length === 0 ? NOTHING : Object.freeze(matches.map(matchedRule)),
    verdict: draft.verdict,
    mode,
    // INVARIANT: a NO_OP carries no edits, so an adapter that applies edits without looking leaves the bytes untouched.
    edits: outcome === 'NO_OP' ? NOTHING : (draft.edits ?? NOTHING),
    signals: frozenCopy(findings.signals),
    labels: labelsOf(matches),
    strikes: draft.strikes ?? NOTHING,
    errors: failuresOf(setting, draft),
    coverage: Object.freeze({ covered: setting.covered, ...findings.coverage }),
    ...(outcome === 'COOLDOWN' && draft.retryAfterMs !== undefined && { retryAfterMs: draft.retryAfterMs }),
    onError: draft.onError ?? policy.onError,
    policyId: policy.id,
    policyVersion: policy.version,
    behaviorVersion: policy.behaviorVersion,
  });
}

const matchedRule = ({ rule }: Match): MatchedRule =>
  Object.freeze(rule.shadow ? { id: rule.id, shadow: true } : { id: rule.id });

function frozenCopy<T extends object>(list: readonly T[]): readonly T[] {
  if (list.length === 0) return NOTHING;
  return Object.freeze(list.map((item) => Object.freeze(item)));
}

/** All failures, each once, sorted: detectors and stores answer in any order. */
function failuresOf({ findings, snapshot }: Setting, draft: Draft): readonly Failure[] {
  const conditions = draft.errors ?? NOTHING;
  if (findings.errors.length + snapshot.errors.length + conditions.length === 0) return NOTHING;
  const byKey = new Map<string, Failure>();
  for (const list of [findings.errors, snapshot.errors, conditions]) {
    for (const { part, id, code } of list) byKey.set(`${part}\n${id}\n${code}`, Object.freeze({ part, id, code }));
  }
  return Object.freeze([...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, failure]) => failure));
}
