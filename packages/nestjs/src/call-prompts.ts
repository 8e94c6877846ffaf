import type { Prompts, ReadTexts } from '@flyball/http';

/** What becomes of texts that are not known to be prompts. */
export type UnknownTexts = 'judge' | 'redact' | 'refuse' | 'ignore';

/** The texts of a call, and where they came from. */
export interface CallPrompts extends ReadTexts {
  /** Present when the texts were found in the payload, so that edits can be written back. */
  readonly found?: { readonly prompts: Prompts; readonly root: string };
}
