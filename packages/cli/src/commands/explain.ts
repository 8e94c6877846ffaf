import { existsSync } from 'node:fs';
import {
  contentOpener,
  whatWouldDiffer,
  type DecisionRecord,
  type Difference,
  type KeptContent,
  type LoggedRecord,
} from '@flyball/audit';
import { createGovernor, createMemorySink } from '@flyball/core';
import { EXIT, messageOf, NotRun, type Answer } from '../io.ts';
import { keyIn, openLogs, type Logs } from '../log.ts';
import { NOTHING_KEPT } from '../no-sink.ts';
import { readEventFile } from '../policy-test/format.ts';
import { eventOf } from '../policy-test/run-test.ts';

export interface ExplainOptions {
  readonly log: readonly string[];
  /** Decides an event. */
  readonly policy?: string;
  /** A file with the key of captured texts. */
  readonly contentKey?: string;
  /** The file with the keys of subjects. */
  readonly subjectKeys?: string;
}

/** Why was this decided? In words, out of the record alone; or why this event would be, out of a policy. */
export async function explain(what: string, options: ExplainOptions): Promise<Answer> {
  const { log, policy, subjectKeys } = options;
  if (policy !== undefined) return explainEvent(what, policy);
  if (existsSync(what)) throw new NotRun(`\`${what}\` is an event: say with --policy which policy decides it`);
  if (log.length === 0) throw new NotRun(`say with --log which log has the record \`${what}\``);
  const logs = openLogs(log, { subjectKeys });
  try {
    return await explainRecord(what, logs, options);
  } finally {
    logs.close();
  }
}

async function explainRecord(
  auditId: string,
  logs: Logs,
  { log: files, contentKey, subjectKeys }: ExplainOptions,
): Promise<Answer> {
  for (const reader of logs.readers) {
    const found = reader.find(auditId);
    if (found === undefined) continue;
    const { seq, record } = found;
    if (record === undefined)
      return {
        exit: EXIT.cannotSay,
        lines: [`record ${seq} of ${reader.name} was shredded: its commitment is all that is left`],
        json: { seq, log: reader.name, shredded: true },
      };
    if (record.kind === 'sealed')
      return {
        exit: EXIT.cannotSay,
        lines: [
          subjectKeys !== undefined
            ? `record ${seq} of ${reader.name} was shredded with the key of its subject`
            : `record ${seq} of ${reader.name} is sealed for its subject: show it with --subject-keys`,
        ],
        json: { seq, log: reader.name, sealed: true, ...(subjectKeys !== undefined && { shredded: true }) },
      };
    if (record.kind !== 'decision')
      return {
        exit: EXIT.yes,
        lines: [`record ${seq} of ${reader.name} is of the kind \`${record.kind}\`, no decision`],
        json: { seq, log: reader.name, record },
      };
    const differences = await differencesOf(record, reader.records());
    const content = await contentIn(record, contentKey === undefined ? undefined : keyIn(contentKey));
    const lines = [...linesOf(record, `record ${seq} of ${reader.name}`, differences), ...textsOf(record, content)];
    return { exit: EXIT.yes, lines, json: { seq, log: reader.name, record, differences, content } };
  }
  throw new NotRun(`${files.map((file) => `\`${file}\``).join(', ')} has no record \`${auditId}\``);
}

async function contentIn(record: DecisionRecord, key: string | undefined): Promise<KeptContent | undefined> {
  if (key === undefined) return undefined;
  const open = await contentOpener(key);
  return open(record).catch((error: unknown) => {
    throw new NotRun(messageOf(error));
  });
}

const MOST_UNITS = 2000;

/** What was captured, for those who have the key, and where it was found what was found. */
function textsOf(
  { content: kept, decision, event }: DecisionRecord,
  content: KeptContent | undefined,
): readonly string[] {
  if (kept === undefined) return [];
  if (content === undefined)
    return [
      kept.captured === undefined
        ? '  text       a keyed hash of each was kept'
        : kept.captured === 'FAILED'
          ? '  text       could not be captured'
          : `  text       captured: show it with --content-key, the key \`${kept.captured.kid}\``,
    ];
  return content.texts.map(({ path, text }, at) => {
    // Of a stream there is one text for each channel, which may have had several places.
    const place = content.texts.length === event.segments.length ? event.segments[at]!.path : undefined;
    const found = decision.signals
      .filter(({ segment }) => segment === place)
      .map(({ type, start, end }) => `${type} ${JSON.stringify(text.slice(start, end))}`);
    const shown = text.length > MOST_UNITS ? `${text.slice(0, MOST_UNITS)}…` : text;
    return `  text       ${path}: ${JSON.stringify(shown)}${found.length === 0 ? '' : `; ${found.join(', ')}`}`;
  });
}

/** Decides the event in a governor of its own, without a store, and explains what its record would say. */
async function explainEvent(file: string, policy: string): Promise<Answer> {
  const { event, subject } = readEventFile(file);
  const sink = createMemorySink();
  const audit = { name: sink.name, offersDurable: true, accept: sink.accept };
  try {
    const governor = await createGovernor({ policy: { file: policy }, ...NOTHING_KEPT, audit });
    await governor.decide(eventOf(event, subject, governor));
    await governor.close();
  } catch (error) {
    throw new NotRun(messageOf(error));
  }
  const record = sink.records().findLast((one) => one.kind === 'decision');
  if (record === undefined)
    throw new NotRun('the policy counts what it takes no part in, so there is nothing to explain');
  const differences = await differencesOf(
    record,
    sink.records().map((one) => ({ record: one })),
  );
  const lines = linesOf(record, `none: decided now, by \`${policy}\``, differences);
  return { exit: EXIT.yes, lines, json: { policy, record, differences } };
}

/** Made again with the policy that the log kept; without it nothing is said. */
async function differencesOf(
  decided: DecisionRecord,
  records: Iterable<{ readonly record: LoggedRecord }>,
): Promise<readonly Difference[]> {
  for (const { record } of records) {
    if (record.kind !== 'policy' || record.behaviorVersion !== decided.decision.behaviorVersion) continue;
    return record.material === undefined ? [] : whatWouldDiffer(decided, record.material);
  }
  return [];
}

function linesOf(
  { decision, event, inputs, snapshot }: DecisionRecord,
  evidence: string,
  differences: readonly Difference[],
): string[] {
  const { outcome, reason, ruleId, verdict, mode, coverage, signals, edits, errors } = decision;
  const lines = [
    `${outcome}  ${reason}${ruleId === undefined ? '' : `  by \`${ruleId}\``}    ${new Date(decision.at).toISOString()}`,
  ];
  const say = (what: string, text: string): void => void lines.push(`  ${what.padEnd(11)}${text}`);
  const { tenant, user, session } = event.subject;
  const resource = event.resource.tool ?? event.resource.model ?? event.resource.route;
  const who = [
    `tenant ${tenant}`,
    ...(user === undefined ? [] : [`user ${user}`]),
    ...(session === undefined ? [] : [`session ${session}`]),
  ];
  say(
    'asked',
    `${event.stage}${resource === undefined ? '' : ` \`${resource}\``}, ${who.join(', ')}; ${decision.interactionId}`,
  );
  if (verdict.outcome !== outcome || verdict.reason !== reason)
    say(
      'enforced?',
      `no, mode ${mode}: it would have been ${verdict.outcome} ${verdict.reason}${verdict.ruleId === undefined ? '' : ` by \`${verdict.ruleId}\``}`,
    );
  if (inputs.by === 'refusal')
    say('because', `the adapter could not carry it out: ${inputs.refused?.reason ?? reason}`);
  const matched = decision.rules.map(({ id, shadow }) => (shadow === true ? `${id} (shadow)` : id));
  say('matched', matched.length === 0 ? 'no rule' : matched.join(', '));
  for (const [path, value] of Object.entries(event.facts)) say('fact', `${path} was ${JSON.stringify(value)}`);
  for (const [rule, answer] of Object.entries(inputs.conditions)) say('condition', `of \`${rule}\`: ${String(answer)}`);
  for (const { type, score, segment, start, end } of signals.slice(0, 20))
    say('found', `${type} (${score}) at ${segment} ${start}..${end}`);
  for (const { id, types } of decision.exempted ?? []) say('exempted', `${types.join(', ')}, by \`${id}\``);
  if (edits.length > 0) say('masked', `${edits.length} span${edits.length === 1 ? '' : 's'}`);
  for (const { kind, who: by, why } of snapshot.controls) say('control', `${kind} by ${by}: ${why}`);
  for (const { ladder, retryAfterMs } of snapshot.cooldowns)
    say('cooldown', `${ladder}, ${Math.ceil(retryAfterMs / 1000)} s left`);
  for (const { part, id, code } of errors) say('failed', `${part} \`${id}\`: ${code}`);
  for (const { change, then } of differences)
    say(
      'would be',
      then === undefined
        ? `judged by the rules ${change}`
        : `${then.outcome} ${then.reason}${then.ruleId === undefined ? '' : ` by \`${then.ruleId}\``} ${change}`,
    );
  const length = coverage.segments.reduce((sum, segment) => sum + segment.length, 0);
  const scanned = coverage.segments.reduce((sum, segment) => sum + segment.scanned, 0);
  const ended = coverage.ended === undefined ? '' : `; the stream was ${coverage.ended} before its end`;
  say(
    'looked at',
    `${scanned} of ${length} units in ${coverage.segments.length} text${coverage.segments.length === 1 ? '' : 's'}${ended}`,
  );
  say('looked for', inputs.lookedFor.length === 0 ? 'nothing' : inputs.lookedFor.join(', '));
  for (const { path, start, end, why } of coverage.unjudged) say('unjudged', `${path} ${start}..${end} (${why})`);
  for (const { detector, texts } of coverage.notAsked ?? []) say('not asked', `${detector} about ${texts} texts`);
  for (const { detector, mean, most, expected } of coverage.exposure ?? []) {
    const foreseen = expected === undefined ? '' : `; expected ${expected.units} units and ${expected.ms} ms`;
    const behind = `${mean.units} units and ${mean.ms} ms behind the text, at most ${most.units} and ${most.ms}`;
    say('exposure', `${detector} judged ${behind}${foreseen}`);
  }
  say(
    'policy',
    decision.behaviorVersion === ''
      ? 'none was loaded'
      : `${decision.policyId} ${decision.policyVersion}, ${decision.behaviorVersion}`,
  );
  say('evidence', evidence);
  return lines;
}
