import { report as summarise, type Did, type Matches, type Report, type RuleReport } from '@flyball/audit';
import { grouped, percent, shares, sparkline, table } from '../charts.ts';
import { EXIT, type Answer, type Io } from '../io.ts';
import { openLogs, sealedLine } from '../log.ts';
import { timeOf } from '../times.ts';

export interface ReportCommandOptions {
  readonly since?: string;
  readonly until?: string;
  readonly tenant?: string;
  readonly shadow?: boolean;
  /** The file with the keys of subjects. */
  readonly subjectKeys?: string;
}

/** What did the policies do, and what would they have done in shadow? */
export function report(
  paths: readonly string[],
  { since, until, tenant, shadow = false, subjectKeys }: ReportCommandOptions,
  io: Io,
): Answer {
  const logs = openLogs(paths, { io, subjectKeys });
  try {
    const found = summarise(logs.records(), {
      ...(since !== undefined && { since: timeOf(since) }),
      ...(until !== undefined && { until: timeOf(until) }),
      ...(tenant !== undefined && { tenant }),
    });
    const lines = [...linesOf(found, shadow, paths), ...sealedLine(logs)];
    return { exit: EXIT.yes, lines, json: { ...found, sealed: logs.sealed } };
  } finally {
    logs.close();
  }
}

function linesOf(found: Report, onlyShadow: boolean, paths: readonly string[]): string[] {
  const { decisions, outcomes, wouldStop, byRule, notJudged, missing, from, to } = found;
  const { BLOCK: blocked, COOLDOWN: cooled } = outcomes;
  if (decisions === 0 || from === undefined || to === undefined) return ['no decisions in that time'];
  const days = daysBetween(from, to);
  const rules = Object.entries(byRule);
  const example = rules.flatMap(([, did]) => Object.values(did))[0]?.examples[0];
  return [
    `${days[0]} to ${days.at(-1)} (UTC): ${grouped(decisions)} decisions`,
    ...(onlyShadow
      ? []
      : [
          `  stopped     ${grouped(blocked + cooled)} (${percent(blocked + cooled, decisions)}), ${grouped(cooled)} of them made to wait`,
        ]),
    `  in shadow   ${grouped(wouldStop)} would have been stopped (${percent(wouldStop, decisions)})`,
    ...section('Stopped', onlyShadow ? [] : rules, 'stopped', days),
    ...section('Masked', onlyShadow ? [] : rules, 'masked', days),
    ...section('Would have been stopped', rules, 'wouldStop', days),
    ...section('Would have been masked', rules, 'wouldMask', days),
    ...(Object.keys(notJudged).length === 0 ? [] : ['', 'Not judged']),
    ...table(Object.entries(notJudged).map(([what, count]) => [grouped(count), what])),
    ...(missing === 0
      ? []
      : ['', `${grouped(missing)} records are missing: shredded, or shed while nothing could be written`]),
    ...(example === undefined
      ? []
      : ['', `next: flyball explain ${example} --log ${paths.length === 1 ? paths[0] : '<one of them>'}`]),
  ];
}

function section(
  title: string,
  rules: readonly (readonly [string, RuleReport])[],
  did: Did,
  days: readonly string[],
): string[] {
  const some = rules
    .flatMap(([rule, { [did]: matches }]) => (matches === undefined ? [] : [[rule, matches] as const]))
    .sort(([, a], [, b]) => b.times - a.times);
  if (some.length === 0) return [];
  return [
    ...['', title],
    ...table([
      ['rule', 'times', 'by day', 'sure', 'tenants', 'newest'],
      ...some.map(([rule, matches]) => [
        rule,
        grouped(matches.times),
        sparkline(days.map((day) => matches.days[day] ?? 0)),
        sureOf(matches),
        shares(matches.tenants),
        matches.examples[0]!,
      ]),
    ]),
  ];
}

const sureOf = ({ score }: Matches): string => {
  if (score === undefined) return '';
  const { least, middle, most } = score;
  return least === most ? most.toFixed(2) : `${least.toFixed(2)}–${most.toFixed(2)}, half from ${middle.toFixed(2)}`;
};

const DAY_MS = 86_400_000;
/** More columns than that are no picture. */
const MOST_DAYS = 62;

function daysBetween(from: number, to: number): readonly string[] {
  const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const days: string[] = [];
  for (let at = Math.max(from, to - (MOST_DAYS - 1) * DAY_MS); day(at) <= day(to); at += DAY_MS) days.push(day(at));
  return days;
}
