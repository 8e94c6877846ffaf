import { walkJson, type Json, type SegmentInit } from '@flyball/core/adapter';
import { explicitTexts, promptsOf, type Prompts, type ReadTexts } from '@flyball/http';

import type { GovernanceOptions, GovernedRequest } from './options.ts';
import { isParsed, textOfBytes } from './parsed-body.ts';

/** The prompts of a request, and where they came from. */
export interface RequestPrompts extends ReadTexts {
  /** Present when the prompts were found in the body, so that edits can be written back. */
  readonly body?: Prompts;
}

/** Every text of a request: of its body, its query and its path. */
export function promptsInRequest(
  req: GovernedRequest,
  unknown: GovernanceOptions['unknown'] = 'judge',
): RequestPrompts {
  const texts = unknown === 'refuse' ? 'judge' : unknown;
  const query = req.url?.includes('?')
    ? promptsOf(req.query, 'query', texts === 'ignore' ? texts : 'judge').segments
    : NOTHING;
  const path = texts === 'ignore' ? NOTHING : textsOfPath(req);
  const beside = path.length === 0 ? query : [...query, ...path];
  if (!isParsed(req)) return { segments: beside, ...(hasBody(req) && { unparsed: true }) };

  const bytes = req.body instanceof Uint8Array ? textOfBytes(req.body) : undefined;
  if (req.body instanceof Uint8Array && bytes === undefined) return { segments: beside, media: ['body'] };
  const body = promptsOf(bytes ?? req.body, 'body', texts);
  const { segments, media, recognised } = body;
  if (bytes === undefined && beside.length === 0 && media === undefined && recognised !== 0) return { segments, body };
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
  const segments = explicitTexts(found);
  const body: Prompts | undefined = req.body === undefined ? undefined : { segments, runs: new Map() };
  return { segments, ...(body && { body }) };
}

const NOTHING: readonly SegmentInit[] = [];

/** Only letters: a name of the application's own. What a caller puts into a path has usually something else in it. */
const PLAIN_STEP = /^[A-Za-z_.-]*$/;
const PLAIN_PATH = /^[A-Za-z_./-]*$/;

/**
 * The parameters of the route, where it is known already; else those steps of the path that are not plainly names of
 * the application's.
 */
function textsOfPath(req: GovernedRequest): readonly SegmentInit[] {
  // Not among the fields of `GovernedRequest`: handlers behind governance would lose the types that Express gives them.
  const { params } = req as { readonly params?: unknown };
  if (hasMembers(params)) {
    const found: SegmentInit[] = [];
    walkJson(params as Json, 'params', (kind, path, text) => {
      if (kind === 'value' && text !== '') found.push({ path, text, role: 'user', fixed: true });
    });
    return found;
  }
  const path = req.path ?? '';
  if (PLAIN_PATH.test(path)) return NOTHING;
  const found: SegmentInit[] = [];
  for (const [index, step] of path.split('/').entries()) {
    if (!PLAIN_STEP.test(step)) found.push({ path: `path[${index}]`, text: decoded(step), role: 'user', fixed: true });
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
