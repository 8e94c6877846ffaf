import type { CompiledPolicy } from '../policy/compiled.ts';
import type { Engine } from './engine.ts';

/** The routes that a policy names. */
interface RouteNames {
  readonly exact: ReadonlySet<string>;
  /** The same by how routers compare them. */
  readonly folded: ReadonlyMap<string, string>;
  /** An expression reads the route: there is no telling what of it. */
  readonly isRead: boolean;
}

const known = new WeakMap<CompiledPolicy, RouteNames>();

/**
 * How the policy, or an operator, writes a route that was asked for as `asked`: see `AdapterGovernor.routeNamed`. Reads
 * memory only.
 */
export function routeNamed(
  { policies, state }: Engine,
  asked: string,
  unknown: string,
  policy: string | undefined,
): string {
  const compiled = policies.get(policy ?? policies.first)?.policy;
  const names = compiled === undefined ? NO_NAMES : namesOf(compiled);
  const folded = foldedRoute(asked);
  let controlled: string | undefined;
  for (const { kind, scope } of state.standingControls()) {
    if (scope.route === undefined || foldedRoute(scope.route) !== folded) continue;
    // A halt beats everything, so its name does too.
    if (kind === 'halt') return scope.route;
    controlled = scope.route;
  }
  if (names.exact.has(asked)) return asked;
  return names.folded.get(folded) ?? controlled ?? (names.isRead ? asked : unknown);
}

/** As routers compare paths that are told nothing else: in any case, with a slash behind it or without. */
function foldedRoute(route: string): string {
  const lower = route.toLowerCase();
  return lower.length > 1 && lower.endsWith('/') ? lower.slice(0, -1) : lower;
}

const NO_NAMES: RouteNames = { exact: new Set(), folded: new Map(), isRead: false };

function namesOf(policy: CompiledPolicy): RouteNames {
  const found = known.get(policy) ?? readNames(policy);
  known.set(policy, found);
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
  const folded = new Map([...exact].map((route) => [foldedRoute(route), route]));
  return { exact, folded, isRead: reading.length > 0 };
}
