import { STRICTNESS } from '../contract/effect.ts';
import type { OnError } from '../contract/effect.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Edit, Verdict } from '../contract/ruling.ts';
import type { CompiledPolicy, CompiledRule } from '../policy/compiled.ts';
import type { Evaluation, Match } from './evaluate-rules.ts';
import { votes } from '../policy/rule-index.ts';

/** What a failure says: how the strictest of those concerned wants it, and whose setting that is. */
export interface Concern {
  readonly onError: OnError;
  readonly ruleId?: string;
}

/**
 * The voting rule whose effect wins: block > cooldown > redact > allow, ties by the smallest id.
 * `matches` is sorted by id, so the first of the strictest is the one. `undefined`: nobody voted.
 */
export function strictest(matches: readonly Match[]): CompiledRule | undefined {
  let winner: CompiledRule | undefined;
  for (const { rule } of matches) {
    if (!votes(rule)) continue;
    if (winner === undefined || strictness(rule) > strictness(winner)) winner = rule;
  }
  return winner;
}

const strictness = (rule: CompiledRule): number => (rule.then === undefined ? -1 : STRICTNESS[rule.then]);

/** The strictest `onError` among the undecided rules and, if state or subject failed, the policy's own. */
export function concernOf(policy: CompiledPolicy, evaluation: Evaluation, stateFailed: boolean): Concern | undefined {
  if (stateFailed && policy.onError === 'block') return { onError: 'block' };
  let first: CompiledRule | undefined;
  for (const rule of evaluation.undecided) {
    if (rule.then === undefined) continue;
    if (rule.onError === 'block') return { onError: 'block', ruleId: rule.id };
    first ??= rule;
  }
  if (stateFailed) return { onError: 'no_op' };
  return first === undefined ? undefined : { onError: 'no_op', ruleId: first.id };
}

/**
 * The verdict of the rules, the failures and the default: contract section 3, steps 5 and 6, and "Failure".
 * INVARIANT: every way to a verdict that lets the event pass leads through `permitted`.
 */
export function combine(
  policy: CompiledPolicy,
  event: GovernedEvent,
  evaluation: Evaluation,
  concern: Concern | undefined,
  edits: readonly Edit[],
  isCovered: boolean,
): Verdict {
  const winner = strictest(evaluation.matches);
  if (winner?.verdict !== undefined && winner.verdict.outcome !== 'ALLOW') return winner.verdict;
  if (concern?.onError === 'block') return verdict('BLOCK', 'FAILED_CLOSED', concern.ruleId);
  const permitted =
    policy.stages[event.stage].default === 'allow' ||
    evaluation.matches.some(({ rule }) => rule.then === 'allow' && votes(rule));
  if (!permitted) return DEFAULT_BLOCK;
  if (concern !== undefined) return verdict(edits.length > 0 ? 'ALLOW' : 'NO_OP', 'FAILED_OPEN', concern.ruleId);
  if (winner?.verdict !== undefined) return winner.verdict;
  return isCovered ? NO_RULE_OBJECTED : NOT_GOVERNED;
}

const DEFAULT_BLOCK = verdict('BLOCK', 'DEFAULT_BLOCK');
const NO_RULE_OBJECTED = verdict('ALLOW', 'NO_RULE_OBJECTED');
const NOT_GOVERNED = verdict('NO_OP', 'NOT_GOVERNED');

export function verdict(outcome: Verdict['outcome'], reason: Verdict['reason'], ruleId?: string): Verdict {
  return Object.freeze(ruleId === undefined ? { outcome, reason } : { outcome, reason, ruleId });
}
