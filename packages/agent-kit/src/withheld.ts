import type { Decision } from '@flyball/core/adapter';

/** Stands in the place of arguments that nobody may see. Names the audit record, where their hash is. */
export interface Withheld {
  readonly flyball: 'withheld';
  readonly auditId: string;
}

export function withheld({ auditId }: Pick<Decision, 'auditId'>): Withheld {
  return { flyball: 'withheld', auditId };
}

/** True for the stand-in. A model that writes one itself gains a denial by it, nothing else. */
export function isWithheld(input: unknown): input is Withheld {
  try {
    return typeof input === 'object' && input !== null && (input as Partial<Withheld>).flyball === 'withheld';
  } catch {
    // Arguments that refuse to be read are no stand-in.
    return false;
  }
}
