import { STRICTNESS } from '../contract/effect.ts';
import type { Edit, Verdict } from '../contract/ruling.ts';
import type { CompiledRule } from '../policy/compiled.ts';
import type { Match } from './evaluate-rules.ts';
import type { FailureSetting } from './failures.ts';
import type { Given } from './given.ts';
import { votes } from '../policy/rule-index.ts';
import { verdict } from './verdict.ts';

/**
 * The verdict of the matched rules, the failures and the default: contract section 3, steps 5 and 6, and "Failure".
 * INVARIANT: every verdict that lets the event pass stands below the `permitted` check.
 */
export function combine(
  { policy, event, covered }: Given,
  matches: readonly Match[],
  failure: FailureSetting | undefined,
  edits: readonly Edit[],
): Verdict {
  const winner = strictest(matches);
  if (winner?.verdict !== undefined && winner.verdict.outcome !== 'ALLOW') return winner.verdict;
  if (failure?.onError === 'block') return verdict('BLOCK', 'FAILED_CLOSED', failure.ruleId);
  const permitted =
    policy.stages[event.stage].default === 'allow' || matches.some(({ rule }) => rule.then === 'allow' && votes(rule));
  if (!permitted) return DEFAULT_BLOCK;
  if (failure !== undefined) return verdict(edits.length > 0 ? 'ALLOW' : 'NO_OP', 'FAILED_OPEN', failure.ruleId);
  if (winner?.verdict !== undefined) return winner.verdict;
  // INVARIANT: what is to be edited never goes on as it is.
  return covered || edits.length > 0 ? NO_RULE_OBJECTED : NOT_GOVERNED;
}

/**
 * The voting rule whose effect wins: block > cooldown > redact > allow, ties by the smallest id.
 * `matches` is sorted by id, so the first of the strictest is the one. `undefined`: nobody voted.
 */
function strictest(matches: readonly Match[]): CompiledRule | undefined {
  let winner: CompiledRule | undefined;
  for (const { rule } of matches) {
    if (votes(rule) && strictness(rule) > strictness(winner)) winner = rule;
  }
  return winner;
}

const strictness = (rule: CompiledRule | undefined): number => (rule?.then === undefined ? -1 : STRICTNESS[rule.then]);

const DEFAULT_BLOCK = verdict('BLOCK', 'DEFAULT_BLOCK');
const NO_RULE_OBJECTED = verdict('ALLOW', 'NO_RULE_OBJECTED');
const NOT_GOVERNED = verdict('NO_OP', 'NOT_GOVERNED');
