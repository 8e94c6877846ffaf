import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Edit, Failure, Ruling } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CompiledPolicy, RuleBucket } from '../policy/compiled.ts';
import type { Match } from './evaluate-rules.ts';
import type { Given } from './given.ts';
import type { VerdictParts } from './ruling.ts';
import { exemptTypes } from '../policy/exemptions.ts';
import { bucketsFor } from '../policy/rule-index.ts';
import { covered, resolveMode } from './applies.ts';
import { combine } from './combine.ts';
import { activeCooldown, exceededLimit } from './cooldown-and-limit.ts';
import { editsOf } from './edits.ts';
import { exemptedIn, NONE_EXEMPTED, withoutExempt } from './exempted.ts';
import { evaluateRules } from './evaluate-rules.ts';
import { failureSetting } from './failures.ts';
import { strikesOf } from './labels-and-strikes.ts';
import { rulingOf, withoutRules } from './ruling.ts';
import { verdict } from './verdict.ts';

const HALTED = verdict('BLOCK', 'HALTED');
const GOVERNANCE_OFF = verdict('NO_OP', 'GOVERNANCE_OFF');
const INPUT_TOO_LARGE = verdict('BLOCK', 'INPUT_TOO_LARGE');
const MAX_HOLD = verdict('BLOCK', 'MAX_HOLD');
const MEDIA_NOT_READ = verdict('BLOCK', 'MEDIA_NOT_READ');
const EDIT_NOT_APPLICABLE = verdict('BLOCK', 'EDIT_NOT_APPLICABLE');

/**
 * Decides on an event: contract section 3, in its order. Pure: no clock, no randomness, no I/O. What could not be
 * evaluated is data in `findings.errors`, `snapshot.errors` and `event.unreadable`; what follows from it is decided
 * here and nowhere else. `decide.test.ts` beside this file shows each step by examples.
 *
 * 1. a halt in scope  2. mode off  3. an active cooldown  4. a limit used up, a text too long to judge, or media that
 *    are refused
 * 5. the rules, and what failed of them  6. the default of the stage
 */
export function decide(policy: CompiledPolicy, event: GovernedEvent, findings: Findings, snapshot: Snapshot): Ruling {
  const { mode, halt } = resolveMode(policy, event, snapshot.controls);
  const buckets = bucketsFor(policy, event);
  const exempt = exemptTypes(policy, event, snapshot.at);
  const given: Given = { policy, event, findings, snapshot, mode, covered: covered(policy, event, buckets), exempt };

  if (halt !== undefined) return rulingOf(given, withoutRules(HALTED));
  if (mode === 'off') return rulingOf(given, withoutRules(GOVERNANCE_OFF));
  return rulingOf(
    given,
    byCooldown(given) ?? byLimit(given) ?? bySize(given) ?? byMedia(given) ?? byRules(given, buckets),
  );
}

/** Step 3. */
function byCooldown({ policy, event, snapshot }: Given): VerdictParts | undefined {
  const cooldown = activeCooldown(policy, event, snapshot);
  if (cooldown === undefined) return undefined;
  return withoutRules(verdict('COOLDOWN', 'COOLDOWN_ACTIVE', cooldown.id), cooldown.retryAfterMs);
}

/** Step 4. */
function byLimit({ policy, event, snapshot }: Given): VerdictParts | undefined {
  const limit = exceededLimit(policy, event, snapshot);
  if (limit === undefined) return undefined;
  if (limit.then === 'block') return withoutRules(verdict('BLOCK', 'LIMIT_EXCEEDED', limit.id));
  return withoutRules(verdict('COOLDOWN', 'LIMIT_EXCEEDED', limit.id), limit.retryAfterMs);
}

/** Step 4, too: text that is longer than the policy accepts is not judged in part. */
function bySize({ policy, event, findings, covered: isCovered }: Given): VerdictParts | undefined {
  if (!isCovered) return undefined;
  // A stream's text is not in its event: the gate says which bound it ran into.
  if (findings.exceeded !== undefined) {
    return withoutRules(findings.exceeded === 'MAX_HOLD' ? MAX_HOLD : INPUT_TOO_LARGE);
  }
  for (const { text } of event.content) if (text.length > policy.maxInput) return withoutRules(INPUT_TOO_LARGE);
  return undefined;
}

/** Step 4, too: what no detector reads, where the policy wants everything read. */
function byMedia({ policy, event, covered: isCovered }: Given): VerdictParts | undefined {
  if (policy.media === 'pass' || !isCovered || event.media === undefined || event.media.length === 0) return undefined;
  return withoutRules(MEDIA_NOT_READ);
}

const NONE_WITHHELD: readonly string[] = Object.freeze([]);

/** Steps 5 and 6. */
function byRules(given: Given, buckets: readonly RuleBucket[]): VerdictParts {
  const { policy, event, findings, snapshot, exempt } = given;
  const counted = withoutExempt(withoutWithheld(findings, snapshot), exempt);
  const { matches, undecided, errors } = evaluateRules(policy, event, counted, buckets, exempt);
  const { edits, notApplied, impossible } = editsOf(
    policy,
    event,
    matches,
    findings.coverage.segments,
    snapshot.withheld,
  );
  const failure = failureSetting(given, undecided);
  const combined = combine(given, matches, failure, edits);
  return {
    verdict:
      combined.outcome === 'ALLOW' && (impossible || editFailed(edits, findings.errors))
        ? EDIT_NOT_APPLICABLE
        : combined,
    matches,
    exempted: exempt === undefined ? NONE_EXEMPTED : exemptedIn(findings.signals, exempt),
    edits,
    notApplied,
    withheld: snapshot.withheld?.map(({ path }) => path) ?? NONE_WITHHELD,
    strikes: strikesOf(policy, matches),
    errors,
    retryAfterMs: firstWait(policy, matches),
    onError: failure?.onError,
  };
}

/**
 * What was stopped before is no reason to stop again: it goes on masked whole, and nothing that was found in it counts.
 */
function withoutWithheld(findings: Findings, { withheld }: Snapshot): Findings {
  if (withheld === undefined || withheld.length === 0) return findings;
  const gone = new Set(withheld.map(({ path }) => path));
  return { ...findings, signals: findings.signals.filter(({ segment }) => !gone.has(segment)) };
}

/**
 * An edit of this very decision could not be applied: the caller tried, and asks again with the failure among the
 * facts.
 */
function editFailed(edits: readonly Edit[], errors: readonly Failure[]): boolean {
  return edits.length > 0 && errors.some((error) => error.part === 'edit');
}

/** The longest first rung of the ladders that matched cooldown rules name, until `settle` knows the store's answer. */
function firstWait(policy: CompiledPolicy, matches: readonly Match[]): number | undefined {
  let longest: number | undefined;
  for (const { rule } of matches) {
    if (rule.ladder === undefined || rule.shadow) continue;
    // A policy whose rule names an unknown ladder does not load.
    const { forMs } = policy.ladders[rule.ladder]!;
    if (longest === undefined || forMs > longest) longest = forMs;
  }
  return longest;
}
