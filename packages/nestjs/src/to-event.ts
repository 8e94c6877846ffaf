import { walkJson, type Json, type SegmentInit } from '@flyball/core/adapter';
import { explicitTexts, type Prompts } from '@flyball/http';

import type { CallPrompts, UnknownTexts } from './call-prompts.ts';

/** What `promptsOf` found in a payload, as the texts of a call. */
export function promptsIn(
  prompts: Prompts,
  root: string,
  unknown: UnknownTexts,
  payload: unknown,
  beside: readonly SegmentInit[] = [],
): CallPrompts {
  const { segments, media, recognised } = prompts;
  const nothingKnown = recognised === 0 && !isEmpty(payload);
  return {
    segments: beside.length === 0 ? segments : [...segments, ...beside],
    found: { prompts, root },
    ...(media && { media }),
    ...(nothingKnown && unknown === 'ignore' && { unrecognised: true }),
    ...(nothingKnown && unknown === 'refuse' && { unreadable: true }),
  };
}

/** The texts that `extract` has found. Throws for what is no text and no list of segments. */
export function explicitPrompts(
  payload: unknown,
  root: string,
  found: string | readonly SegmentInit[] | undefined,
): CallPrompts {
  const segments = explicitTexts(found);
  return { segments, ...(payload !== undefined && { found: { prompts: { segments, runs: new Map() }, root } }) };
}

/** Texts that nobody could write an edit back into: parameters of a route, say. */
export function fixedTexts(value: unknown, root: string): readonly SegmentInit[] {
  if (isEmpty(value)) return [];
  const found: SegmentInit[] = [];
  walkJson(value as Json, root, (kind, path, text) => {
    if (kind === 'value' && text !== '') found.push({ path, text, role: 'user', fixed: true });
  });
  return found;
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
