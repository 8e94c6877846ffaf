import type { DecisionRecord } from '@flyball/core/evidence';
import type { LoggedRecord } from '../record/log-records.ts';
import { Scores } from './scores.ts';

/** What a rule may have done to a decision. `would…`: the policy, or the rule itself, ran in shadow. */
export type Did = 'stopped' | 'masked' | 'wouldStop' | 'wouldMask';

/** Decisions that a rule, limit or ladder did the same to. */
export interface Matches {
  readonly times: number;
  /** By day (UTC), `2026-11-28`. */
  readonly days: { readonly [day: string]: number };
  /** The most first. */
  readonly tenants: { readonly [tenant: string]: number };
  /** The surest finding of each. Absent for a rule that reads none. */
  readonly score?: { readonly least: number; readonly middle: number; readonly most: number };
  /** Audit ids, the newest first. */
  readonly examples: readonly string[];
}

/** What one rule, limit or ladder did, and would have done. Absent: never. */
export type RuleReport = { readonly [D in Did]?: Matches };

export interface Report {
  readonly decisions: number;
  /** Milliseconds since the epoch of the first and the last decision. Absent where there is none. */
  readonly from?: number;
  readonly to?: number;
  readonly outcomes: {
    readonly ALLOW: number;
    readonly BLOCK: number;
    readonly COOLDOWN: number;
    readonly NO_OP: number;
  };
  /** Decisions that a policy in shadow would have stopped. */
  readonly wouldStop: number;
  /** By the rule, limit or ladder; what has none is named by its reason, such as `HALTED`. */
  readonly byRule: { readonly [rule: string]: RuleReport };
  /** What is not known: streams that were cut, and parts that failed. */
  readonly notJudged: { readonly [what: string]: number };
  /** Decisions of which only the commitment is left, or that the log shed. */
  readonly missing: number;
}

export interface ReportOptions {
  /** Milliseconds since the epoch; decisions before and from `until` on are left out. */
  readonly since?: number;
  readonly until?: number;
  readonly tenant?: string;
  readonly onProgress?: (decisions: number) => void;
}

const EXAMPLES = 3;

/**
 * What a policy did in some time, and what it would have done where it ran in shadow: by rule, day and tenant, with how
 * sure and which decisions.
 *
 *     const { byRule, wouldStop } = report(readLog('flyball.db').records(), { since: Date.now() - 30 * 86_400_000 });
 */
export function report(
  records: Iterable<{ readonly record: LoggedRecord }>,
  { since = 0, until = Infinity, tenant, onProgress }: ReportOptions = {},
): Report {
  const outcomes = { ALLOW: 0, BLOCK: 0, COOLDOWN: 0, NO_OP: 0 };
  const byRule = new Map<string, { [D in Did]?: Totals }>();
  const notJudged = new Map<string, number>();
  let [decisions, wouldStop, missing] = [0, 0, 0];
  let [from, to] = [Infinity, -Infinity];
  for (const { record } of records) {
    if (record.at < since || record.at >= until) continue;
    if (record.kind === 'gap') missing += record.lost;
    if (record.kind === 'shred') missing += record.removed;
    if (record.kind !== 'decision' || (tenant !== undefined && record.event.subject.tenant !== tenant)) continue;
    if (++decisions % 1000 === 0) onProgress?.(decisions);
    const { decision } = record;
    outcomes[decision.outcome]++;
    from = Math.min(from, record.at);
    to = Math.max(to, record.at);
    if (decision.reason === 'SHADOWED' && isStop(decision.verdict)) wouldStop++;
    for (const { rule, did } of effectsOf(record)) totalsOf(byRule, rule, did).add(record);
    for (const what of unjudgedOf(record)) notJudged.set(what, (notJudged.get(what) ?? 0) + 1);
  }
  return {
    ...{ decisions, outcomes, wouldStop, missing },
    ...(decisions > 0 && { from, to }),
    byRule: Object.fromEntries([...byRule].map(([rule, did]) => [rule, reportOf(did)])),
    notJudged: Object.fromEntries(notJudged),
  };
}

const isStop = ({ outcome }: { readonly outcome: string }): boolean => outcome === 'BLOCK' || outcome === 'COOLDOWN';

interface Effect {
  readonly rule: string;
  readonly did: Did;
}

/** What stopped, or would have; and what only masked, which many rules may do at once. */
function effectsOf({ decision }: DecisionRecord): readonly Effect[] {
  const { verdict, outcome, edits, mode, rules } = decision;
  const decides = verdict.ruleId ?? verdict.reason;
  const inShadow = mode === 'shadow';
  const effects: Effect[] = [];
  if (isStop(verdict)) effects.push({ rule: decides, did: isStop({ outcome }) ? 'stopped' : 'wouldStop' });
  else if (edits.length > 0)
    for (const { id, shadow } of rules)
      if (shadow !== true) effects.push({ rule: id, did: inShadow ? 'wouldMask' : 'masked' });
  for (const { id, shadow } of rules) if (shadow === true) effects.push({ rule: id, did: 'wouldStop' });
  return effects;
}

function unjudgedOf({ decision, inputs }: DecisionRecord): readonly string[] {
  const { errors, coverage } = decision;
  return [
    ...errors.map(({ part, id, code }) => `${part} ${id}: ${code}`),
    ...(coverage.ended === 'aborted' ? ['streams that the client or the model cut'] : []),
    ...(coverage.unjudged.length > 0 ? ['texts with parts that left unjudged'] : []),
    ...(coverage.media === undefined ? [] : ['events with media that nobody read']),
    ...(inputs.by === 'refusal' ? [`refused by an adapter: ${inputs.refused?.reason ?? decision.reason}`] : []),
  ];
}

class Totals {
  #times = 0;
  readonly #days = new Map<string, number>();
  readonly #tenants = new Map<string, number>();
  readonly #scores = new Scores();
  /** The newest, in whatever order they come: logs of several processes are read one after the other. */
  #examples: { readonly at: number; readonly auditId: string }[] = [];

  add({ at, auditId, event, decision }: DecisionRecord): void {
    this.#times++;
    const day = new Date(at).toISOString().slice(0, 10);
    this.#days.set(day, (this.#days.get(day) ?? 0) + 1);
    const { tenant } = event.subject;
    this.#tenants.set(tenant, (this.#tenants.get(tenant) ?? 0) + 1);
    if (decision.signals.length > 0) this.#scores.add(Math.max(...decision.signals.map(({ score }) => score)));
    const oldest = this.#examples.at(-1);
    if (this.#examples.length === EXAMPLES && oldest!.at > at) return;
    this.#examples = [{ at, auditId }, ...this.#examples].sort((a, b) => b.at - a.at).slice(0, EXAMPLES);
  }

  matches(): Matches {
    const score = this.#scores.summary();
    return {
      times: this.#times,
      days: Object.fromEntries([...this.#days].sort(([a], [b]) => (a < b ? -1 : 1))),
      tenants: Object.fromEntries([...this.#tenants].sort(([, a], [, b]) => b - a)),
      ...(score !== undefined && { score }),
      examples: this.#examples.map(({ auditId }) => auditId),
    };
  }
}

function totalsOf(byRule: Map<string, { [D in Did]?: Totals }>, rule: string, did: Did): Totals {
  let totals = byRule.get(rule);
  if (totals === undefined) byRule.set(rule, (totals = {}));
  return (totals[did] ??= new Totals());
}

const reportOf = (totals: { readonly [D in Did]?: Totals }): RuleReport =>
  Object.fromEntries(Object.entries(totals).map(([did, one]) => [did, one.matches()]));
