import { appendFileSync } from 'node:fs';
import { AuditError, backtest as run, type Backtest, type ChangeTotals } from '@flyball/audit';
import { grouped, percent } from '../charts.ts';
import { EXIT, messageOf, NotRun, type Answer, type Io } from '../io.ts';
import { keyIn, openLogs, sealedLine } from '../log.ts';
import { timeOf } from '../times.ts';

export interface BacktestCommandOptions {
  readonly policy: string;
  readonly since?: string;
  readonly failOn: readonly string[];
  readonly ignoreUnknown?: boolean;
  /** A file with the key of captured texts. */
  readonly contentKey?: string;
  /** The file with the keys of subjects. */
  readonly subjectKeys?: string;
  /** A file to which the answer is added as Markdown. */
  readonly summary?: string;
}

const COUNTS = {
  'newly-stopped': 'newlyStopped',
  'newly-allowed': 'newlyAllowed',
  'other-reason': 'otherReason',
  unknown: 'unknown',
} as const;

/** What would another policy have said of the traffic that was recorded? */
export async function backtest(paths: readonly string[], options: BacktestCommandOptions, io: Io): Promise<Answer> {
  const thresholds = options.failOn.map(readThreshold);
  const since = options.since === undefined ? 0 : timeOf(options.since);
  const logs = openLogs(paths, { io, subjectKeys: options.subjectKeys });
  try {
    const found = await run(logs.records(), {
      policy: { file: options.policy },
      since,
      ...(options.contentKey !== undefined && { contentKey: keyIn(options.contentKey) }),
    }).catch((error: unknown) => {
      // A record that nobody can read is an answer.
      throw AuditError.isInstance(error) ? error : new NotRun(messageOf(error));
    });
    const judged = thresholds.map((threshold) => judge(threshold, found, options.ignoreUnknown === true));
    const failed = judged.filter(({ passed }) => passed);
    if (options.summary !== undefined) addTo(options.summary, summaryOf(found, judged));
    return {
      exit: failed.length > 0 ? EXIT.no : EXIT.yes,
      lines: [
        ...linesOf(found),
        ...sealedLine(logs),
        ...judged.map(({ passed, text }) => ` ${passed ? '✗' : '✓'} ${text}`),
      ],
      json: {
        ...found,
        sealed: logs.sealed,
        thresholds: judged.map(({ text, passed, share }) => ({ threshold: text, passed, share })),
      },
    };
  } finally {
    logs.close();
  }
}

interface Threshold {
  readonly text: string;
  readonly count: keyof typeof COUNTS;
  /** A share of all decisions, or a number of them. */
  readonly limit: number;
  readonly isShare: boolean;
}

function readThreshold(text: string): Threshold {
  const [, name = '', limit = '', percent] = /^([a-z-]+)>(\d+(?:\.\d+)?)(%)?$/.exec(text) ?? [];
  if (!Object.hasOwn(COUNTS, name))
    throw new NotRun(
      `\`${text}\` is no threshold: write \`newly-stopped>0.1%\`, with ${Object.keys(COUNTS).join(', ')}`,
    );
  return { text, count: name as keyof typeof COUNTS, limit: Number(limit), isShare: percent === '%' };
}

/** What cannot be known counts as if it were so, unless the caller says otherwise. */
function judge({ text, count, limit, isShare }: Threshold, found: Backtest, ignoreUnknown: boolean) {
  const known = found[COUNTS[count]];
  const most = ignoreUnknown || count === 'unknown' ? known : known + found.unknown;
  const share = found.decisions === 0 ? 0 : (most / found.decisions) * 100;
  const upTo = most === known ? '' : `, up to ${most} with the unknown ones`;
  return { text: `${text}  ${known}${upTo}`, passed: (isShare ? share : most) > limit, share };
}

function linesOf(found: Backtest): string[] {
  const {
    decisions,
    same,
    newlyStopped,
    newlyAllowed,
    otherReason,
    unknown,
    rescanned,
    notCompared,
    byRule,
    byStage,
    byDay,
    why,
  } = found;
  const part = (name: string, count: number): string =>
    ` ${name.padEnd(15)}${String(count).padStart(9)}  ${(decisions === 0 ? 0 : (count / decisions) * 100).toFixed(2).padStart(6)} %`;
  const rules = Object.entries(byRule).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${decisions} decisions`,
    ...[part('same', same), part('newly stopped', newlyStopped), part('newly allowed', newlyAllowed)],
    ...[part('other reason', otherReason), part('unknown', unknown), part('not compared', notCompared)],
    ...(rescanned === 0 ? [] : [`   ${rescanned} known because captured texts were read again`]),
    ...Object.entries(why).map(([reason, count]) => `   ${count} unknown: ${reason}`),
    ...Object.entries(byStage).map(([stage, counts]) => ` at ${stage}: ${changed(counts)}`),
    ...(Object.keys(byDay).length > 1
      ? Object.entries(byDay).map(([day, counts]) => ` on ${day}: ${changed(counts)}`)
      : []),
    ...rules.flatMap(([rule, { tenants, example, ...counts }]) => [
      ` \`${rule}\`: ${changed(counts)}; for example ${example}`,
      `   tenants ${topOf(tenants)}`,
    ]),
  ];
}

const MOST_TENANTS = 5;

function topOf(tenants: { readonly [tenant: string]: number }): string {
  const sorted = Object.entries(tenants).sort(([, a], [, b]) => b - a);
  const more = sorted.length > MOST_TENANTS ? [`and ${sorted.length - MOST_TENANTS} more`] : [];
  return [...sorted.slice(0, MOST_TENANTS).map(([tenant, count]) => `${tenant} ${count}`), ...more].join(', ');
}

const changed = ({ newlyStopped, newlyAllowed, otherReason }: ChangeTotals): string =>
  `${newlyStopped} newly stopped, ${newlyAllowed} newly allowed, ${otherReason} for another reason`;

/** GitHub's Markdown, for `$GITHUB_STEP_SUMMARY` and comments on pull requests. */
function summaryOf(found: Backtest, judged: readonly { readonly passed: boolean; readonly text: string }[]): string {
  const share = (count: number): string => percent(count, found.decisions);
  const rows = Object.entries(found.byRule).map(
    ([rule, { newlyStopped, newlyAllowed, otherReason, example }]) =>
      `| \`${rule}\` | ${newlyStopped} | ${newlyAllowed} | ${otherReason} | \`${example}\` |`,
  );
  return [
    `### Backtest of ${grouped(found.decisions)} decisions`,
    '',
    '| | decisions | |',
    '| --- | ---: | ---: |',
    `| same | ${grouped(found.same)} | ${share(found.same)} |`,
    `| newly stopped | ${grouped(found.newlyStopped)} | ${share(found.newlyStopped)} |`,
    `| newly allowed | ${grouped(found.newlyAllowed)} | ${share(found.newlyAllowed)} |`,
    `| other reason | ${grouped(found.otherReason)} | ${share(found.otherReason)} |`,
    `| unknown | ${grouped(found.unknown)} | ${share(found.unknown)} |`,
    '',
    ...(rows.length === 0
      ? []
      : [
          '| rule | newly stopped | newly allowed | other reason | example |',
          '| --- | ---: | ---: | ---: | --- |',
          ...rows,
          '',
        ]),
    ...judged.map(({ passed, text }) => `- ${passed ? '❌' : '✅'} ${text}`),
    '',
  ].join('\n');
}

function addTo(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw new NotRun(`cannot write to \`${file}\`: ${messageOf(error)}`);
  }
}
