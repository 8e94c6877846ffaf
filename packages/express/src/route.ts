import type { Resource } from '@flyball/core/adapter';

import type { GovernedRequest } from './options.ts';

/** Longest name an event may hold, in UTF-16 units. */
const MAX_NAME = 512;

/**
 * The pattern of the route (`/users/:id`) where it is known already, else the path, cut to what an event holds: never
 * the query string.
 */
export function routeOf(req: GovernedRequest): Resource {
  const route = req.route;
  const pattern = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  const path = typeof pattern === 'string' ? pattern : (req.path ?? pathOf(req.url ?? '/'));
  return { route: ((req.baseUrl ?? '') + path || '/').slice(0, MAX_NAME) };
}

/** The path of an address. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
