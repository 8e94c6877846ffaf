import {
  compileCandidate,
  compileRescan,
  contentOpener,
  ruleAgain,
  type Candidate,
  type DecisionRecord,
  type PolicySource,
  type Rescan,
  type Ruling,
} from '@flyball/core/evidence';
import type { LoggedRecord } from '../record/log-records.ts';
import { keptPolicies, type KeptPolicy } from '../replay/policies.ts';
import { answer, readable } from './undecided.ts';

/** What another policy would have said of a recorded decision. */
export type Change = 'same' | 'newly_stopped' | 'newly_allowed' | 'other_reason' | 'unknown';

/** Changed decisions, by how they changed. */
export interface ChangeTotals {
  readonly newlyStopped: number;
  readonly newlyAllowed: number;
  readonly otherReason: number;
}

export interface RuleTotals extends ChangeTotals {
  /** Changed decisions by tenant. */
  readonly tenants: { readonly [tenant: string]: number };
  /** Audit id of one. */
  readonly example: string;
}

export interface Backtest {
  readonly decisions: number;
  readonly same: number;
  readonly newlyStopped: number;
  readonly newlyAllowed: number;
  readonly otherReason: number;
  readonly unknown: number;
  /** Of all of them: those that are known because captured texts were read again. */
  readonly rescanned: number;
  /** Refusals of adapters, unknown policies and those whose policy cannot be made again: no policy decides them. */
  readonly notCompared: number;
  /** By the rule, limit or ladder that decides in the other policy, or no longer decides. */
  readonly byRule: { readonly [rule: string]: RuleTotals };
  readonly byStage: { readonly [stage: string]: ChangeTotals };
  /** By day (UTC), `2026-11-28`. */
  readonly byDay: { readonly [day: string]: ChangeTotals };
  /** How many are unknown, by reason. */
  readonly why: { readonly [reason: string]: number };
}

export interface BacktestOptions {
  readonly policy: PolicySource;
  /** Milliseconds since the epoch: earlier decisions are left out. */
  readonly since?: number;
  /** The governor's `contentKey`: texts that policies captured are read again where records do not say enough. */
  readonly contentKey?: string;
  readonly onProgress?: (decisions: number) => void;
}

const isStop = ({ outcome }: { readonly outcome: string }): boolean => outcome === 'BLOCK' || outcome === 'COOLDOWN';

/**
 * Runs recorded decisions against another policy (A5). Verdicts are compared, so that a shadow run counts like an
 * enforced one. What a record cannot answer is `unknown`, never guessed, unless its texts were captured and can be read
 * again. Labels and strikes are those of the recorded policy.
 *
 *     const found = await backtest(readLog('flyball.db').records(), { policy: { file: 'next.yaml' } });
 */
export async function backtest(
  records: Iterable<{ readonly seq: number; readonly record: LoggedRecord }>,
  { policy: source, since = 0, contentKey, onProgress }: BacktestOptions,
): Promise<Backtest> {
  const policies = keptPolicies();
  const candidates = new Map<string, Promise<Candidate>>();
  const totals = { same: 0, newly_stopped: 0, newly_allowed: 0, other_reason: 0, unknown: 0 };
  const byRule = new Map<string, Totals>();
  const byStage = new Map<string, Counts>();
  const byDay = new Map<string, Counts>();
  const why = new Map<string, number>();
  const reader = contentKey === undefined ? undefined : await textReader(source, contentKey);
  let decisions = 0;
  let rescanned = 0;
  let notCompared = 0;
  for (const { record } of records) {
    if (record.kind === 'policy') await policies.add(record);
    if (record.kind !== 'decision' || record.at < since) continue;
    if (++decisions % 1000 === 0) onProgress?.(decisions);
    const kept = policies.get(record.decision.behaviorVersion);
    const isAsked = record.inputs.by === 'decide' || record.inputs.by === 'gate';
    if (kept === undefined || !isAsked) {
      notCompared++;
      continue;
    }
    let candidate = candidates.get(kept.behaviorVersion);
    if (candidate === undefined)
      candidates.set(kept.behaviorVersion, (candidate = compileCandidate(source, kept.material)));
    let compared = compare(record, kept, await candidate);
    if (compared.change === 'unknown' && reader !== undefined && sameState(record, kept, await candidate)) {
      const again = await reader(record, kept);
      if (again !== undefined) {
        compared = changeBetween(record.decision.verdict, again.verdict);
        rescanned++;
      }
    }
    const { change, rule, reasons } = compared;
    totals[change]++;
    for (const reason of reasons) why.set(reason, (why.get(reason) ?? 0) + 1);
    if (change === 'same' || change === 'unknown') continue;
    count(byRule, rule, change, record);
    tally(byStage, record.event.stage, change);
    tally(byDay, new Date(record.at).toISOString().slice(0, 10), change);
  }
  return {
    decisions,
    ...{ same: totals.same, newlyStopped: totals.newly_stopped, newlyAllowed: totals.newly_allowed },
    ...{ otherReason: totals.other_reason, unknown: totals.unknown, rescanned, notCompared },
    byRule: Object.fromEntries([...byRule].map(([rule, totals]) => [rule, withTenants(totals)])),
    byStage: Object.fromEntries(byStage),
    byDay: Object.fromEntries(byDay),
    why: Object.fromEntries(why),
  };
}

interface Compared {
  readonly change: Change;
  /** What decides now, or decided before. */
  readonly rule: string;
  readonly reasons: readonly string[];
}

function compare(recorded: DecisionRecord, kept: KeptPolicy, candidate: Candidate): Compared {
  const record = readable(recorded, kept, candidate);
  const { undecided, why, conditions } = answer(record, kept, candidate);
  const again = ruleAgain(candidate.policy, { ...record, inputs: { ...record.inputs, conditions } });
  const before = record.decision.verdict;
  const after = again.verdict;
  // Undecided rules stand as not matched. A stop by something else stays a stop whatever they are (D1); a default may
  // give way to an allow.
  const stands = isStop(after) && after.reason !== 'DEFAULT_BLOCK';
  const matters = undecided.some(({ then }) => then !== 'redact');
  const unknown = [
    ...(matters ? why : []),
    ...(sameState(record, kept, candidate) ? [] : ['asks other limits or cooldowns of the store']),
  ];
  if (!stands && unknown.length > 0) return { change: 'unknown', rule: '', reasons: unknown };
  return changeBetween(before, after);
}

type Verdict = Ruling['verdict'];

function changeBetween(before: Verdict, after: Verdict): Compared {
  const changed = (change: Change, { ruleId, reason }: Verdict): Compared => ({
    change,
    rule: ruleId ?? reason,
    reasons: [],
  });
  if (isStop(after) && !isStop(before)) return changed('newly_stopped', after);
  if (!isStop(after) && isStop(before)) return changed('newly_allowed', before);
  const isSame = after.reason === before.reason && after.ruleId === before.ruleId;
  return changed(isSame || !isStop(after) ? 'same' : 'other_reason', after);
}

/** What the other policy says of captured texts, with the detectors of the policy that each record was made under. */
async function textReader(
  source: PolicySource,
  contentKey: string,
): Promise<(record: DecisionRecord, kept: KeptPolicy) => Promise<Ruling | undefined>> {
  const open = await contentOpener(contentKey);
  const rescans = new Map<string, Promise<Rescan>>();
  return async (record, { behaviorVersion, material }) => {
    const content = await open(record);
    if (content === undefined) return undefined;
    let rescan = rescans.get(behaviorVersion);
    if (rescan === undefined) rescans.set(behaviorVersion, (rescan = compileRescan(source, material)));
    return (await rescan)(record, content);
  };
}

/** The store was asked about the limits and ladders of the recorded policy, and of no others. */
function sameState({ event }: DecisionRecord, kept: KeptPolicy, { policy }: Candidate): boolean {
  const asked = ({ limits, ladders }: KeptPolicy['policy']['stages']['input']): string =>
    JSON.stringify([limits, ladders]);
  const [now, then] = [policy.stages[event.stage], kept.policy.stages[event.stage]];
  return asked(now) === asked(then) || (now.limits.length === 0 && now.ladders.length === 0);
}

interface Counts {
  newlyStopped: number;
  newlyAllowed: number;
  otherReason: number;
}

interface Totals extends Counts {
  /** Names of tenants are anybody's, and some are names of every object. */
  readonly tenants: Map<string, number>;
  readonly example: string;
}

const withTenants = ({ tenants, ...totals }: Totals): RuleTotals => ({
  ...totals,
  tenants: Object.fromEntries(tenants),
});

function count(byRule: Map<string, Totals>, rule: string, change: Change, { auditId, event }: DecisionRecord): void {
  let totals = byRule.get(rule);
  if (totals === undefined)
    byRule.set(
      rule,
      (totals = { newlyStopped: 0, newlyAllowed: 0, otherReason: 0, tenants: new Map(), example: auditId }),
    );
  add(totals, change);
  const { tenant } = event.subject;
  totals.tenants.set(tenant, (totals.tenants.get(tenant) ?? 0) + 1);
}

function tally(totals: Map<string, Counts>, name: string, change: Change): void {
  let counts = totals.get(name);
  if (counts === undefined) totals.set(name, (counts = { newlyStopped: 0, newlyAllowed: 0, otherReason: 0 }));
  add(counts, change);
}

function add(counts: Counts, change: Change): void {
  if (change === 'newly_stopped') counts.newlyStopped++;
  else if (change === 'newly_allowed') counts.newlyAllowed++;
  else counts.otherReason++;
}
