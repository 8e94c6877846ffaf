import type { EventInit, SegmentInit } from '@flyball/core/adapter';

import type { Place } from './place.ts';

/** The texts of a request, as they were read. Each adapter adds where its own came from. */
export interface ReadTexts {
  readonly segments: readonly SegmentInit[];
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
export const NO_TEXTS: ReadTexts = Object.freeze({ segments: [] });

/** What was to be read could not be. */
export const UNREADABLE_TEXTS: ReadTexts = Object.freeze({ segments: [], unreadable: true });

/** A request → what is about to happen. Pure. */
export function inputEvent(
  { resource, attributes, unreadable = [] }: Place,
  texts: ReadTexts,
  onUnparsed: 'block' | 'pass' = 'block',
): EventInit {
  const isUnread = texts.unreadable === true || (texts.unparsed === true && onUnparsed === 'block');
  const unread = isUnread ? [...unreadable, 'body'] : unreadable;
  return {
    resource,
    point: 'http',
    stage: 'input',
    content: texts.segments,
    ...(attributes && { attributes }),
    ...(texts.media && { media: texts.media }),
    ...(unread.length > 0 && { unreadable: unread }),
  };
}

/** What `extract` has found. Throws for what is no text and no list of segments. */
export function explicitTexts(found: string | readonly SegmentInit[] | undefined): readonly SegmentInit[] {
  const given = typeof found === 'string' ? [{ text: found }] : found === undefined ? [] : [...found];
  // What callers write is a user's text unless the application says otherwise.
  return given.map((segment) => ({ role: 'user' as const, ...segment }));
}
