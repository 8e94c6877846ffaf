import type { DecisionRecord } from '@flyball/audit';

const COLUMNS: { readonly [name: string]: (record: DecisionRecord) => string | number | undefined } = {
  audit_id: ({ auditId }) => auditId,
  at: ({ at }) => new Date(at).toISOString(),
  outcome: ({ decision }) => decision.outcome,
  reason: ({ decision }) => decision.reason,
  verdict: ({ decision }) => decision.verdict.outcome,
  rule: ({ decision }) => decision.verdict.ruleId,
  mode: ({ decision }) => decision.mode,
  stage: ({ event }) => event.stage,
  tool: ({ event }) => event.resource.tool,
  model: ({ event }) => event.resource.model,
  route: ({ event }) => event.resource.route,
  tenant: ({ event }) => event.subject.tenant,
  user: ({ event }) => event.subject.user,
  session: ({ event }) => event.subject.session,
  interaction: ({ decision }) => decision.interactionId,
  found: ({ decision }) => [...new Set(decision.signals.map(({ type }) => type))].join(' '),
  masked: ({ decision }) => decision.edits.length,
  failed: ({ decision }) => decision.errors.map(({ part, id, code }) => `${part} ${id} ${code}`).join('; '),
  policy: ({ decision }) => `${decision.policyId} ${decision.policyVersion}`,
  behavior_version: ({ decision }) => decision.behaviorVersion,
};

export const csvHeader: string = Object.keys(COLUMNS).join(',');

/** RFC 4180. A cell that a spreadsheet would run, also in full width, gets a `'` in front: names come from outside. */
export function csvLine(record: DecisionRecord): string {
  return Object.values(COLUMNS)
    .map((read) => cell(String(read(record) ?? '')))
    .join(',');
}

function cell(text: string): string {
  const safe = /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
