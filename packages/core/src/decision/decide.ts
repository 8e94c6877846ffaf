import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Edit, Failure, Ruling } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CompiledPolicy, RuleBucket } from '../policy/compiled.ts';
import type { Match } from './evaluate-rules.ts';
import type { Draft, Setting } from './ruling.ts';
import { covered, limitsFor, resolveMode } from './applies.ts';
import { combine, concernOf, verdict } from './combine.ts';
import { editsOf } from './edits.ts';
import { evaluateRules } from './evaluate-rules.ts';
import { strikesOf } from './labels-and-strikes.ts';
import { bucketsFor } from '../policy/rule-index.ts';
import { rulingOf, withoutRules } from './ruling.ts';
import { cooldownWait, exceededLimit, stateFailed } from './state-facts.ts';

const HALTED = verdict('BLOCK', 'HALTED');
const GOVERNANCE_OFF = verdict('NO_OP', 'GOVERNANCE_OFF');
const INPUT_TOO_LARGE = verdict('BLOCK', 'INPUT_TOO_LARGE');
const MAX_HOLD = verdict('BLOCK', 'MAX_HOLD');
const EDIT_NOT_APPLICABLE = verdict('BLOCK', 'EDIT_NOT_APPLICABLE');

/**
 * Decides on an event: contract section 3, in its order. Pure: no clock, no randomness, no I/O.
 * What could not be evaluated is data in `findings.errors` and `snapshot.errors`; every consequence of it is drawn here.
 *
 * 1. a halt in scope  2. mode off  3. an active cooldown  4. a limit used up, or a segment too long to judge
 * 5. the rules and what failed of them  6. the default of the stage
 */
export function decide(policy: CompiledPolicy, event: GovernedEvent, findings: Findings, snapshot: Snapshot): Ruling {
  const { mode, halt } = resolveMode(policy, event, snapshot.controls);
  const buckets = bucketsFor(policy, event);
  const setting: Setting = { policy, mode, covered: covered(policy, event, buckets), findings, snapshot };

  if (halt !== undefined) return rulingOf(setting, withoutRules(HALTED));
  if (mode === 'off') return rulingOf(setting, withoutRules(GOVERNANCE_OFF));
  return rulingOf(setting, byState(setting, event) ?? bySize(setting, event) ?? byRules(setting, event, buckets));
}

/** Steps 3 and 4. */
function byState({ policy, snapshot }: Setting, event: GovernedEvent): Draft | undefined {
  const cooling = cooldownWait(policy, event, snapshot);
  if (cooling !== undefined) {
    return withoutRules(verdict('COOLDOWN', 'COOLDOWN_ACTIVE', cooling.id), cooling.retryAfterMs);
  }
  const limit = exceededLimit(limitsFor(policy, event), snapshot);
  if (limit === undefined) return undefined;
  if (limit.then === 'block') return withoutRules(verdict('BLOCK', 'LIMIT_EXCEEDED', limit.id));
  return withoutRules(verdict('COOLDOWN', 'LIMIT_EXCEEDED', limit.id), limit.retryAfterMs);
}

function bySize({ policy, covered: isCovered, findings }: Setting, event: GovernedEvent): Draft | undefined {
  if (!isCovered) return undefined;
  // A stream's text is not in its event: the gate says which bound it ran into.
  if (findings.exceeded !== undefined)
    return withoutRules(findings.exceeded === 'MAX_HOLD' ? MAX_HOLD : INPUT_TOO_LARGE);
  for (const { text } of event.content) if (text.length > policy.maxInput) return withoutRules(INPUT_TOO_LARGE);
  return undefined;
}

/** Steps 5 and 6. */
function byRules(setting: Setting, event: GovernedEvent, buckets: readonly RuleBucket[]): Draft {
  const { policy, findings, snapshot } = setting;
  const evaluation = evaluateRules(policy, event, findings, buckets);
  const { matches, errors } = evaluation;
  const edits = editsOf(policy, event, matches);
  const concern = concernOf(policy, evaluation, stateFailed(policy, event, snapshot.errors));
  const ruled = combine(policy, event, evaluation, concern, edits, setting.covered);
  return {
    verdict: ruled.outcome === 'ALLOW' && editFailed(edits, findings.errors) ? EDIT_NOT_APPLICABLE : ruled,
    matches,
    edits,
    strikes: strikesOf(policy, matches),
    errors,
    retryAfterMs: ruled.outcome === 'COOLDOWN' ? firstWait(policy, matches) : undefined,
    onError: concern?.onError,
  };
}

/** An edit of this very decision could not be applied: the caller tried, and asks again with the failure among the facts. */
function editFailed(edits: readonly Edit[], errors: readonly Failure[]): boolean {
  return edits.length > 0 && errors.some((error) => error.part === 'edit');
}

/** The first rung of the ladders that matched cooldown rules name, until `settle` knows the store's answer. */
function firstWait(policy: CompiledPolicy, matches: readonly Match[]): number {
  let wait = 0;
  for (const { rule } of matches) {
    if (rule.then === 'cooldown' && !rule.shadow && rule.ladder !== undefined) {
      wait = Math.max(wait, policy.ladders[rule.ladder]?.forMs ?? 0);
    }
  }
  return wait;
}
