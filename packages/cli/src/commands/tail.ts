import { statSync } from 'node:fs';
import type { LoggedRecord } from '@flyball/audit';
import { NotRun, type Io } from '../io.ts';
import { openLogs } from '../log.ts';
import { shown, shownJson } from '../shown.ts';

export interface TailOptions {
  readonly follow?: boolean;
  readonly lines: number;
  readonly tenant?: string;
  readonly outcome?: string;
  readonly rule?: string;
  readonly json?: boolean;
  /** The file with the keys of subjects. */
  readonly subjectKeys?: string;
}

const NEVER = new AbortController().signal;
/** How often a log that is followed is asked for more, in milliseconds: the writer commits ten times a second. */
const POLL_MS = 250;

/** What is decided now? The newest records, one on each line, and with `follow` those that come. */
export async function tail(
  paths: readonly string[],
  options: TailOptions,
  io: Io,
  signal: AbortSignal = NEVER,
): Promise<void> {
  const { follow = false, lines: count, json = false } = options;
  const wanted = filterOf(options);
  const newest: string[] = [];
  const next = paths.map(() => 0);
  const read = (say: (line: string) => void): void => {
    const logs = openLogs(paths, { subjectKeys: options.subjectKeys });
    try {
      for (const { reader, log, seq, record } of logs.records([...next])) {
        next[reader] = seq + 1;
        if (wanted(record)) say(json ? shownJson({ log, seq, ...record }) : shown(lineOf(record, io)));
      }
    } finally {
      logs.close();
    }
  };
  read((line) => {
    newest.push(line);
    if (newest.length > count) newest.shift();
  });
  for (const line of newest) io.out(line);
  if (!follow) return;
  const exported = paths.find((path) => statSync(path).isDirectory());
  if (exported !== undefined) throw new NotRun(`\`${exported}\` is an export, which does not grow: leave out --follow`);
  while (!signal.aborted) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve(undefined)), { once: true });
    });
    if (!signal.aborted) read((line) => io.out(line));
  }
}

function filterOf({ tenant, outcome, rule }: TailOptions): (record: LoggedRecord) => boolean {
  if (tenant === undefined && outcome === undefined && rule === undefined) return () => true;
  return (record) =>
    record.kind === 'decision' &&
    (tenant === undefined || record.event.subject.tenant === tenant) &&
    (outcome === undefined || record.decision.outcome === outcome) &&
    (rule === undefined || record.decision.rules.some(({ id }) => id === rule));
}

/** `14:03:22.114  BLOCK     P_REFUND_CAP  refund-cap  tool_call refund  acme/ada  aud_…` */
function lineOf(record: LoggedRecord, io: Io): string {
  const time = new Date(record.at).toISOString().slice(11, 23);
  if (record.kind !== 'decision')
    return io.style('dim', `${time}  ${record.kind.padEnd(8)}  ${aboutOf(record)}  ${record.auditId}`);
  const { decision, event } = record;
  const { tenant, user } = event.subject;
  const color = decision.outcome === 'BLOCK' ? 'red' : decision.outcome === 'COOLDOWN' ? 'yellow' : 'green';
  const parts = [
    time,
    io.style(decision.outcome === 'NO_OP' ? 'dim' : color, decision.outcome.padEnd(8)),
    decision.reason === 'SHADOWED'
      ? `SHADOWED (${decision.verdict.outcome} ${decision.verdict.reason})`
      : decision.reason,
    decision.verdict.ruleId ?? '-',
    [event.stage, event.resource.tool ?? event.resource.model ?? event.resource.route].filter(Boolean).join(' '),
    user === undefined ? tenant : `${tenant}/${user}`,
    record.auditId,
  ];
  return parts.join('  ');
}

function aboutOf(record: Exclude<LoggedRecord, { readonly kind: 'decision' }>): string {
  switch (record.kind) {
    case 'opened':
      return `${record.event.stage}, ${record.interactionId}`;
    case 'control':
      return `${record.control.kind} ${record.change} by ${record.by?.who ?? record.control.who}: ${record.by?.why ?? record.control.why}`;
    case 'subject':
      return `${record.change} ${record.of} by ${record.by.who}: ${record.by.why}`;
    case 'policy':
      return `${record.policyId} ${record.change} ${record.behaviorVersion ?? ''}`.trimEnd();
    case 'log':
      return record.reason === undefined ? record.change : `${record.change} (${record.reason})`;
    case 'gap':
      return record.refused === undefined
        ? `${record.lost} records were lost`
        : `the log refused ${record.refused}, which is lost`;
    case 'shred':
      return `${record.removed} removed by ${record.who}: ${record.why}`;
    case 'sealed':
      return `${record.of} of a subject, ${record.subject}`;
    case 'hold':
      return `${record.change} by ${record.who}: ${record.why}`;
  }
}
