import type { AdapterGovernor, Resource, RouteNaming } from '@flyball/core/adapter';

import type { GovernedRequest } from './options.ts';

/** Longest name an event may hold, in UTF-16 units. */
const MAX_NAME = 512;

/** Whose names count. */
interface Named {
  readonly governor: AdapterGovernor;
  readonly policy?: string;
}

/**
 * The pattern of the route (`/users/:id`) where it is known already, else the path, cut to what an event holds: never
 * the query string. INVARIANT: what callers may write in more than one way to reach the same handler has one name: the
 * policy's.
 */
export function routeOf(req: GovernedRequest, { governor, policy }: Named): Resource {
  const { route, baseUrl = '' } = req;
  const pattern = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  if (typeof pattern === 'string' && baseUrl === '') return { route: (pattern || '/').slice(0, MAX_NAME) };
  const own = typeof pattern === 'string' ? pattern : undefined;
  const asked = baseUrl + (own ?? req.path ?? pathOf(req.url ?? '/')) || '/';
  const naming =
    policy === undefined
      ? { isCaseSensitive: isCaseSensitive(req) }
      : { policy, isCaseSensitive: isCaseSensitive(req) };
  return { route: governor.routeNamed(asked, unnamed(asked, own, baseUrl, naming), naming).slice(0, MAX_NAME) };
}

/** What a route is called that the policy does not name: one name for all ways in which callers may write it. */
function unnamed(asked: string, own: string | undefined, baseUrl: string, { isCaseSensitive }: RouteNaming): string {
  if (isCaseSensitive === true) return withoutSlash(asked);
  return own === undefined ? withoutSlash(asked).toLowerCase() : baseUrl.toLowerCase() + own;
}

const withoutSlash = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

function isCaseSensitive(req: GovernedRequest): boolean {
  const { app } = req as { readonly app?: { readonly enabled?: (setting: string) => boolean } };
  return app?.enabled?.('case sensitive routing') === true;
}

/** The path of an address. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
