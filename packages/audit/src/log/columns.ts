/** What of a record is searched by. */
export interface Columns {
  readonly at: number;
  readonly kind: string;
  readonly auditId: string;
  readonly outcome: string | null;
  readonly tenant: string | null;
  readonly user: string | null;
  readonly rule: string | null;
  readonly interaction: string | null;
}

interface Written {
  readonly at: number;
  readonly kind: string;
  readonly auditId: string;
  readonly interactionId?: string;
  readonly decision?: {
    readonly outcome: string;
    readonly interactionId: string;
    readonly verdict: { readonly ruleId?: string };
  };
  readonly event?: { readonly subject: { readonly tenant: string; readonly user?: string } };
}

/** Read out of the text that is written, so that the two cannot differ. */
export function columnsOf(body: string): Columns {
  const { at, kind, auditId, interactionId, decision, event } = JSON.parse(body) as Written;
  return {
    ...{ at, kind, auditId },
    outcome: decision?.outcome ?? null,
    tenant: event?.subject.tenant ?? null,
    user: event?.subject.user ?? null,
    rule: decision?.verdict.ruleId ?? null,
    interaction: decision?.interactionId ?? interactionId ?? null,
  };
}
