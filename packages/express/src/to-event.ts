import type { EventInit, SegmentInit } from '@flyball/core/adapter';
import { promptsOf, type Prompts } from '@flyball/http';

import type { GovernedRequest } from './options.ts';
import type { Place } from './place.ts';

/** The prompts of a request, and where they came from. */
export interface RequestPrompts {
  readonly segments: readonly SegmentInit[];
  /** Present when the prompts were found in the body, so that edits can be written back. */
  readonly body?: Prompts;
  /** There is a body, and nobody has parsed it. */
  readonly unparsed?: true;
  /** There is a parsed body, and nothing in it was recognised. */
  readonly unrecognised?: true;
  /** The prompts could not be found out: `extract` failed, or the body cannot be walked through. */
  readonly unreadable?: true;
}

/** Nothing was read. */
export const NO_PROMPTS: RequestPrompts = Object.freeze({ segments: [] });

/** Framework object → what is about to happen. Pure. */
export function inputEvent(
  { resource, attributes, unreadable = [] }: Place,
  prompts: RequestPrompts,
  onUnparsed: 'block' | 'pass' = 'block',
): EventInit {
  const isUnread = prompts.unreadable === true || (prompts.unparsed === true && onUnparsed === 'block');
  const unread = isUnread ? [...unreadable, 'body'] : unreadable;
  return {
    resource,
    point: 'http',
    stage: 'input',
    content: prompts.segments,
    ...(attributes && { attributes }),
    ...(unread.length > 0 && { unreadable: unread }),
  };
}

/** The prompts in the body and the query of a request. */
export function promptsInRequest(req: GovernedRequest): RequestPrompts {
  const fromQuery = req.url?.includes('?') ? promptsOf(req.query, 'query').segments : [];
  if (req.body === undefined) return { segments: fromQuery, ...(hasBody(req) && { unparsed: true }) };
  const body = promptsOf(req.body);
  const unrecognised = body.segments.length === 0 && !isEmpty(req.body);
  return { segments: [...body.segments, ...fromQuery], body, ...(unrecognised && { unrecognised }) };
}

/** The prompts that `extract` has found. Throws for what is no text and no list of segments. */
export function explicitPrompts(
  req: GovernedRequest,
  found: string | readonly SegmentInit[] | undefined,
): RequestPrompts {
  const given = typeof found === 'string' ? [{ text: found }] : found === undefined ? [] : [...found];
  // What callers write is a user's text unless the application says otherwise.
  const segments = given.map((segment) => ({ role: 'user' as const, ...segment }));
  const body: Prompts | undefined = req.body === undefined ? undefined : { segments, runs: new Map() };
  return { segments, ...(body && { body }) };
}

function hasBody(req: GovernedRequest): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}
