import { whatWouldDiffer, type DecisionRecord, type Difference, type LogReader } from '@flyball/audit';
import { EXIT, NotRun, type Answer } from '../io.ts';
import { openReader } from '../log.ts';

/** Why was this decided? In words, out of the record alone. */
export async function explain(file: string, auditId: string): Promise<Answer> {
  const reader = openReader(file);
  try {
    const found = reader.find(auditId);
    if (found === undefined) throw new NotRun(`the log \`${file}\` has no record \`${auditId}\``);
    const { seq, record } = found;
    if (record === undefined)
      return {
        exit: EXIT.cannotSay,
        lines: [`record ${seq} was shredded: its commitment is all that is left`],
        json: { seq, shredded: true },
      };
    if (record.kind !== 'decision')
      return {
        exit: EXIT.yes,
        lines: [`record ${seq} is of the kind \`${record.kind}\`, no decision`],
        json: { seq, record },
      };
    const differences = await differencesOf(record, reader);
    const lines = linesOf(record, seq, reader.name, differences);
    return { exit: EXIT.yes, lines, json: { seq, log: reader.name, record, differences } };
  } finally {
    reader.close();
  }
}

/** Made again with the policy that the log kept; without it nothing is said. */
async function differencesOf(decided: DecisionRecord, reader: LogReader): Promise<readonly Difference[]> {
  for (const { record } of reader.records()) {
    if (record.kind !== 'policy' || record.behaviorVersion !== decided.decision.behaviorVersion) continue;
    return record.material === undefined ? [] : whatWouldDiffer(decided, record.material);
  }
  return [];
}

function linesOf(
  { decision, event, inputs, snapshot }: DecisionRecord,
  seq: number,
  log: string,
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
  say('evidence', `record ${seq} of ${log}`);
  return lines;
}
