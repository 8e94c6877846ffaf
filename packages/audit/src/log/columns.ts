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

interface Subject {
  readonly tenant: string;
  readonly user?: string;
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
  readonly event?: { readonly subject: Subject };
  /** Of a change to the state of one subject. */
  readonly scope?: Partial<Subject>;
  /** Of a sealed record: ids in the place of names. */
  readonly tenant?: string;
  readonly subject?: string;
}

/** True where a record stands under other columns than its body says, or is none. */
export function isMisfiled(body: string, filed: Columns): boolean {
  try {
    return Object.entries(columnsOf(body)).some(([name, said]) => filed[name as keyof Columns] !== said);
  } catch {
    // No record, which has no columns to compare.
    return true;
  }
}

/** Read out of the text that is written, so that the two cannot differ. */
export function columnsOf(body: string): Columns {
  const { at, kind, auditId, interactionId, decision, event, scope, tenant, subject: id } = JSON.parse(body) as Written;
  const subject =
    kind === 'sealed' ? { tenant, user: id } : (event?.subject ?? (kind === 'subject' ? scope : undefined));
  return {
    ...{ at, kind, auditId },
    outcome: decision?.outcome ?? null,
    tenant: subject?.tenant ?? null,
    user: subject?.user ?? null,
    rule: decision?.verdict.ruleId ?? null,
    interaction: decision?.interactionId ?? interactionId ?? null,
  };
}
