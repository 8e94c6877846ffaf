import { REASONS } from '../contract/reasons.ts';
import type { Decision } from '../contract/ruling.ts';

/** The decision in a few lines of plain words, for operators: names rules, never text. */
export function explain(decision: Decision): string {
  const { outcome, reason, ruleId, verdict, mode, errors, signals, edits, retryAfterMs, coverage } = decision;
  const lines = [`${outcome}: ${meaning(reason)}${ruleId === undefined ? '' : ` (\`${ruleId}\`)`}`];
  if (reason === 'SHADOWED') {
    const rule = verdict.ruleId === undefined ? '' : ` by \`${verdict.ruleId}\``;
    lines.push(`enforced, it would have been ${verdict.outcome} for ${verdict.reason}${rule}`);
  }
  if (retryAfterMs !== undefined) lines.push(`the subject may try again in ${Math.ceil(retryAfterMs / 1000)} s`);
  if (decision.rules.length > 0) {
    lines.push(
      `rules that matched: ${decision.rules.map(({ id, shadow }) => (shadow ? `${id} (shadow)` : id)).join(', ')}`,
    );
  }
  for (const { type, segment, start, end, score } of signals.slice(0, MAX_SIGNALS)) {
    lines.push(`found ${type} (${score}) at ${segment} ${start}..${end}`);
  }
  if (signals.length > MAX_SIGNALS) lines.push(`and ${signals.length - MAX_SIGNALS} more`);
  for (const { id, types } of decision.exempted ?? [])
    lines.push(`not counted, by the exemption \`${id}\`: ${types.join(', ')}`);
  if (edits.length > 0) lines.push(`${edits.length} span${edits.length === 1 ? '' : 's'} masked`);
  if (decision.notApplied !== undefined)
    lines.push(`${decision.notApplied.length} left as they were: nobody may rewrite the text they are in`);
  if (decision.withheld !== undefined)
    lines.push(`withheld, because they were stopped before in this session: ${decision.withheld.join(', ')}`);
  if (coverage.media !== undefined) lines.push(`media that nobody read: ${coverage.media}`);
  for (const { part, id, code } of errors) lines.push(`could not evaluate ${part} \`${id}\`: ${code}`);
  for (const { path, start, end, why } of coverage.unjudged)
    lines.push(`left unjudged: ${path} ${start}..${end} (${why})`);
  if (coverage.ended !== undefined) lines.push(`the stream was ${coverage.ended} before its source ended it`);
  lines.push(
    `policy ${decision.policyId} version ${decision.policyVersion}, ${decision.behaviorVersion}, mode ${mode}`,
  );
  lines.push(`${decision.auditId}, interaction ${decision.interactionId}, ${decision.durationUs} µs`);
  return lines.join('\n');
}

const MAX_SIGNALS = 20;

function meaning(reason: Decision['reason']): string {
  const text = (REASONS as { readonly [code: string]: string })[reason];
  return text === undefined ? reason : `${reason}, ${text}`;
}
