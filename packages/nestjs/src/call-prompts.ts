import type { SegmentInit } from '@flyball/core/adapter';
import type { Prompts } from '@flyball/http';

/** What becomes of texts that are not known to be prompts. */
export type UnknownTexts = 'judge' | 'redact' | 'refuse' | 'ignore';

/** The texts of a call, and where they came from. */
export interface CallPrompts {
  readonly segments: readonly SegmentInit[];
  /** Present when the texts were found in the payload, so that edits can be written back. */
  readonly found?: { readonly prompts: Prompts; readonly root: string };
  /** Addresses of media that nobody reads. */
  readonly media?: readonly string[];
  /** There is a body, and nobody has parsed it. */
  readonly unparsed?: true;
  /** There is a payload, no prompt is known in it, and nothing else of it is judged. */
  readonly unrecognised?: true;
  /** The texts could not be found out: `extract` failed, or the payload cannot be walked through. */
  readonly unreadable?: true;
}

/** Nothing was read. */
export const NO_PROMPTS: CallPrompts = Object.freeze({ segments: [] });

export const UNREADABLE: CallPrompts = Object.freeze({ segments: [], unreadable: true });
