import { foldedRoute } from '../contract/control.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { RouteNaming } from './api.ts';
import type { Engine } from './engine.ts';

/** The routes that a policy names. */
interface RouteNames {
  readonly exact: ReadonlySet<string>;
  /** The same by how routers compare them, and by how those do that tell cases apart. */
  readonly folded: ReadonlyMap<string, string>;
  readonly trimmed: ReadonlyMap<string, string>;
  /** An expression reads the route: there is no telling what of it. */
  readonly isRead: boolean;
}

const known = new WeakMap<CompiledPolicy, RouteNames>();

/** How the policy writes a route that was asked for as `asked`: see `AdapterGovernor.routeNamed`. Reads memory only. */
export function routeNamed(
  { policies }: Engine,
  asked: string,
  unknown: string,
  { policy, isCaseSensitive = false }: RouteNaming,
): string {
  const compiled = policies.get(policy ?? policies.first)?.policy;
  const names = compiled === undefined ? NO_NAMES : namesOf(compiled);
  if (names.exact.has(asked)) return asked;
  const known = isCaseSensitive ? names.trimmed.get(withoutSlash(asked)) : names.folded.get(foldedRoute(asked));
  return known ?? (names.isRead ? asked : unknown);
}

const withoutSlash = (route: string): string => (route.length > 1 && route.endsWith('/') ? route.slice(0, -1) : route);

const NO_NAMES: RouteNames = { exact: new Set(), folded: new Map(), trimmed: new Map(), isRead: false };

function namesOf(policy: CompiledPolicy): RouteNames {
  let found = known.get(policy);
  if (found === undefined) known.set(policy, (found = readNames(policy)));
  return found;
}

/** A path that an expression compares the route with. */
const WRITTEN = /(["'])(\/.*?)\1/g;

function readNames({ stages, share }: CompiledPolicy): RouteNames {
  const exact = new Set<string>();
  const sources: string[] = share?.cohort === undefined ? [] : [share.cohort.source];
  for (const { rules, limits, exempt } of Object.values(stages)) {
    for (const { select, when } of rules) {
      for (const route of select.route ?? []) exact.add(route);
      if (when !== undefined) sources.push(when.source);
    }
    for (const { where } of exempt) for (const route of where.route ?? []) exact.add(route);
    for (const { allow } of limits) if (typeof allow !== 'number') sources.push(allow.source);
  }
  const reading = sources.filter((source) => /\broute\b/.test(source));
  for (const source of reading) for (const [, , route] of source.matchAll(WRITTEN)) exact.add(route!);
  const by = (compared: (route: string) => string): ReadonlyMap<string, string> =>
    new Map([...exact].map((route) => [compared(route), route]));
  return { exact, folded: by(foldedRoute), trimmed: by(withoutSlash), isRead: reading.length > 0 };
}
