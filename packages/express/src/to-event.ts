import { walkJson, type Json, type SegmentInit } from '@flyball/core/adapter';
import { explicitTexts, promptsOf, type Prompts, type ReadTexts } from '@flyball/http';

import type { GovernanceOptions, GovernedRequest } from './options.ts';
import { isParsed, textOfBytes } from './parsed-body.ts';
import { pathOf } from './route.ts';

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
    ? promptsOf(queryOf(req), 'query', texts === 'ignore' ? texts : 'judge').segments
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

/** Parsers leave out parameters from the thousandth on. */
const MANY = 999;

/** The query as it was parsed; as it stands in the address where nobody has parsed it, or not all of it. */
function queryOf(req: GovernedRequest): unknown {
  const { query } = req;
  const written = req.url!.slice(req.url!.indexOf('?') + 1);
  if (hasMembers(query) && written.split('&', MANY + 1).length <= MANY) return query;
  const found = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(written)) {
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

/**
 * The parameters that are known, and those steps of the path that are neither one of them nor plainly names of the
 * application's: a router that is mounted at `/:tenant` knows that parameter, and nothing of what follows.
 */
function textsOfPath(req: GovernedRequest): readonly SegmentInit[] {
  // Not among the fields of `GovernedRequest`: handlers behind governance would lose the types that Express gives them.
  const { params } = req as { readonly params?: unknown };
  const path = req.path ?? pathOf(req.url ?? '');
  const knows = hasMembers(params);
  if (!knows && PLAIN_PATH.test(path)) return NOTHING;
  const found: SegmentInit[] = [];
  const known = new Set<string>();
  if (knows) {
    walkJson(params as Json, 'params', (kind, at, text) => {
      if (kind !== 'value' || text === '') return;
      known.add(text);
      found.push({ path: at, text, role: 'user', fixed: true });
    });
  }
  for (const [index, step] of path.split('/').entries()) {
    if (PLAIN_STEP.test(step)) continue;
    const text = decoded(step);
    if (!known.has(text)) found.push({ path: `path[${index}]`, text, role: 'user', fixed: true });
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
