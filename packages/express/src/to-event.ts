import { walkJson, type EventInit, type Json, type SegmentInit } from '@flyball/core/adapter';
import { promptsOf, type Prompts } from '@flyball/http';

import type { GovernanceOptions, GovernedRequest } from './options.ts';
import { isParsed, textOfBytes } from './parsed-body.ts';
import type { Place } from './place.ts';

/** The prompts of a request, and where they came from. */
export interface RequestPrompts {
  readonly segments: readonly SegmentInit[];
  /** Present when the prompts were found in the body, so that edits can be written back. */
  readonly body?: Prompts;
  /** Addresses of media that nobody reads. */
  readonly media?: readonly string[];
  /** There is a body, and nobody has parsed it. */
  readonly unparsed?: true;
  /** There is a parsed body, no prompt is known in it, and nothing else of it is judged. */
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
    ...(prompts.media && { media: prompts.media }),
    ...(unread.length > 0 && { unreadable: unread }),
  };
}

/** Every text of a request: of its body, its query and its path. */
export function promptsInRequest(
  req: GovernedRequest,
  unknown: GovernanceOptions['unknown'] = 'judge',
): RequestPrompts {
  const texts = unknown === 'refuse' ? 'judge' : unknown;
  const query = req.url?.includes('?')
    ? promptsOf(req.query, 'query', texts === 'ignore' ? texts : 'judge').segments
    : [];
  const beside = texts === 'ignore' ? query : [...query, ...textsOfPath(req)];
  if (!isParsed(req)) return { segments: beside, ...(hasBody(req) && { unparsed: true }) };

  const bytes = req.body instanceof Uint8Array ? textOfBytes(req.body) : undefined;
  if (req.body instanceof Uint8Array && bytes === undefined) return { segments: beside, media: ['body'] };
  const body = promptsOf(bytes ?? req.body, 'body', texts);
  const { segments, media, recognised } = body;
  const nothingKnown = recognised === 0 && bytes === undefined && !isEmpty(req.body);
  return {
    // Bytes are the application's to read: nobody could write an edit back.
    segments: [
      ...(bytes === undefined ? segments : segments.map((segment) => ({ ...segment, fixed: true as const }))),
      ...beside,
    ],
    body,
    ...(media && { media }),
    ...(nothingKnown && unknown === 'ignore' && { unrecognised: true }),
    ...(nothingKnown && unknown === 'refuse' && { unreadable: true }),
  };
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

/** Only letters: a name of the application's own. What a caller puts into a path has usually something else in it. */
const PLAIN_STEP = /^[A-Za-z_.-]*$/;

/** The parameters of the route, where it is known already; else those steps of the path that are not plainly names of the application's. */
function textsOfPath(req: GovernedRequest): readonly SegmentInit[] {
  const about = { role: 'user', fixed: true } as const;
  const found: SegmentInit[] = [];
  // Not among the fields of `GovernedRequest`: handlers behind governance would lose the types that Express gives them.
  const { params } = req as { readonly params?: unknown };
  if (hasMembers(params)) {
    walkJson(params as Json, 'params', (kind, path, text) => {
      if (kind === 'value' && text !== '') found.push({ path, text, ...about });
    });
    return found;
  }
  const path = req.path ?? '';
  if (PLAIN_STEP.test(path.replaceAll('/', ''))) return found;
  for (const [index, step] of path.split('/').entries()) {
    if (!PLAIN_STEP.test(step)) found.push({ path: `path[${index}]`, text: decoded(step), ...about });
  }
  return found;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function hasBody(req: GovernedRequest): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

const hasMembers = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}
