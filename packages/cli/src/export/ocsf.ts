// Open Cybersecurity Schema Framework 1.6: a stop is a Detection Finding (class 2004).
import type { DecisionRecord } from '@flyball/audit';

const SEVERITY = { informational: 1, low: 2, medium: 3 } as const;
/** Disposition of the finding: what became of what was found. */
const DISPOSITION = { allowed: [1, 'Allowed'], blocked: [2, 'Blocked'], logged: [17, 'Logged'] } as const;

/**
 * A decision as a SIEM reads it. Decisions that nobody would look for (nothing matched, nothing failed) are
 * `undefined`.
 */
export function ocsfFinding({ decision, event, at, auditId }: DecisionRecord, product: string): object | undefined {
  const { outcome, reason, verdict, rules, signals, mode } = decision;
  const stopped = outcome === 'BLOCK' || outcome === 'COOLDOWN';
  if (!stopped && rules.length === 0 && reason !== 'SHADOWED' && reason !== 'FAILED_OPEN') return undefined;
  const [dispositionId, disposition] = stopped
    ? DISPOSITION.blocked
    : mode === 'shadow'
      ? DISPOSITION.logged
      : DISPOSITION.allowed;
  const severity = stopped ? SEVERITY.medium : rules.length > 0 ? SEVERITY.low : SEVERITY.informational;
  const { tenant, user, session } = event.subject;
  return {
    class_uid: 2004,
    class_name: 'Detection Finding',
    category_uid: 2,
    activity_id: 1,
    type_uid: 200_401,
    time: at,
    severity_id: severity,
    status_id: 1,
    disposition_id: dispositionId,
    disposition,
    message: `${outcome} ${reason}`,
    metadata: {
      version: '1.6.0',
      uid: auditId,
      correlation_uid: decision.interactionId,
      tenant_uid: tenant,
      product: { name: 'Flyball', vendor_name: 'Flyball', uid: product },
    },
    finding_info: {
      uid: auditId,
      title: verdict.ruleId ?? reason,
      types: [...new Set(signals.map(({ type }) => type))],
      created_time: at,
      analytic: { type_id: 1, type: 'Rule', name: verdict.ruleId ?? reason, uid: decision.behaviorVersion },
    },
    ...(user !== undefined && {
      actor: { user: { uid: user }, ...(session !== undefined && { session: { uid: session } }) },
    }),
    resources: [
      { type: event.stage, name: event.resource.tool ?? event.resource.model ?? event.resource.route ?? event.stage },
    ],
    unmapped: { mode, verdict: verdict.outcome, rules: rules.map(({ id }) => id), policy: decision.policyId },
  };
}
