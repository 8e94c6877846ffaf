import type { EventInit, Resource, SegmentInit } from '@flyball/core/adapter';
import { promptsOf, type Prompts } from '@flyball/http';

import type { GovernanceOptions, GovernedRequest } from './options.ts';

/** The prompts of a request, and where they came from. */
export interface RequestPrompts {
  readonly segments: readonly SegmentInit[];
  /** Present when the prompts were found in the body, so that edits can be written back. */
  readonly body?: Prompts;
  /** There is a body, and nobody has parsed it. */
  readonly unparsed: boolean;
  /** There is a parsed body, and nothing in it was recognised. */
  readonly unrecognised: boolean;
}

/** The options that say how a request is read. */
type RequestOptions<R extends GovernedRequest> = Pick<GovernanceOptions<R>, 'extract' | 'resource' | 'attributes'>;

/** Framework object → what is about to happen. Pure. */
export function inputEvent<R extends GovernedRequest>(
  req: R,
  prompts: RequestPrompts,
  options: RequestOptions<R>,
): EventInit {
  return { ...placeOf(req, options), point: 'http', stage: 'input', content: prompts.segments };
}

export function requestPrompts<R extends GovernedRequest>(req: R, options: RequestOptions<R>): RequestPrompts {
  if (options.extract !== undefined) return explicitPrompts(req, options.extract(req));
  const fromQuery = req.url?.includes('?') ? promptsOf(req.query, 'query').segments : [];
  if (req.body === undefined) return { segments: fromQuery, unparsed: hasBody(req), unrecognised: false };
  const body = promptsOf(req.body);
  const unrecognised = body.segments.length === 0 && !isEmpty(req.body);
  return { segments: [...body.segments, ...fromQuery], body, unparsed: false, unrecognised };
}

function explicitPrompts(req: GovernedRequest, found: string | readonly SegmentInit[] | undefined): RequestPrompts {
  const given = typeof found === 'string' ? [{ text: found }] : (found ?? []);
  // What callers write is a user's text unless the application says otherwise.
  const segments = given.map((segment) => ({ role: 'user' as const, ...segment }));
  const body: Prompts | undefined = req.body === undefined ? undefined : { segments, runs: new Map() };
  return { segments, unparsed: false, unrecognised: false, ...(body && { body }) };
}

/** What is acted upon, and the facts that go with it: the same for a request and its answer. */
export function placeOf<R extends GovernedRequest>(
  req: R,
  options: RequestOptions<R>,
): Pick<EventInit, 'attributes'> & { readonly resource: Resource } {
  const attributes = options.attributes?.(req);
  return { resource: options.resource?.(req) ?? routeOf(req), ...(attributes && { attributes }) };
}

/** The pattern of the route (`/users/:id`) where it is known already, else the path: never the query string. */
export function routeOf(req: GovernedRequest): Resource {
  const route = req.route;
  const pattern = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  const path = typeof pattern === 'string' ? pattern : (req.path ?? pathOf(req.url ?? '/'));
  return { route: (req.baseUrl ?? '') + path };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function hasBody(req: GovernedRequest): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}
