import type { GovernedEvent } from '../contract/event.ts';
import type { CompiledPolicy, CompiledRule, RuleBucket, Selectors, StageIndex } from './compiled.ts';

/** Selectors the index is keyed by, the most telling first. */
export const INDEX_KEYS: readonly IndexKey[] = ['tool', 'route', 'model', 'tenant'];
export type IndexKey = 'tool' | 'route' | 'model' | 'tenant';

/** Sorts a stage's rules into buckets. `rules` is sorted by id, and stays so in every bucket. */
export function indexRules(rules: readonly CompiledRule[]): StageIndex {
  const maps: { readonly [K in IndexKey]: Map<string, CompiledRule[]> } = {
    tool: new Map(),
    route: new Map(),
    model: new Map(),
    tenant: new Map(),
  };
  const always: CompiledRule[] = [];
  for (const rule of rules) {
    const key = INDEX_KEYS.find((name) => rule.select[name] !== undefined);
    if (key === undefined) always.push(rule);
    else for (const value of rule.select[key] ?? []) append(maps[key], value, rule);
  }
  const buckets = (key: IndexKey): ReadonlyMap<string, RuleBucket> =>
    new Map([...maps[key]].map(([value, list]) => [value, bucket(list)]));
  return {
    always: bucket(always),
    tool: buckets('tool'),
    route: buckets('route'),
    model: buckets('model'),
    tenant: buckets('tenant'),
  };
}

function bucket(rules: readonly CompiledRule[]): RuleBucket {
  const byType = new Map<string, CompiledRule[]>();
  for (const rule of rules)
    for (const type of new Set(rule.detect.map((term) => term.type))) append(byType, type, rule);
  return {
    rules,
    plain: rules.filter((rule) => rule.detect.length === 0),
    byType,
    covers: rules.some((rule) => votes(rule) && selectorCount(rule.select) <= 1),
  };
}

/** True when the rule takes part in the decision: it asks for an effect and is not in shadow. */
export function votes(rule: CompiledRule): boolean {
  return rule.then !== undefined && !rule.shadow;
}

const selectorCount = (select: Selectors): number => INDEX_KEYS.filter((key) => select[key] !== undefined).length;

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** True when the rule's selectors on resource and subject fit the event. */
export function fits(rule: CompiledRule, event: GovernedEvent): boolean {
  const { tool, route, model, tenant } = rule.select;
  return (
    (tool === undefined || has(tool, event.resource.tool)) &&
    (route === undefined || has(route, event.resource.route)) &&
    (model === undefined || has(model, event.resource.model)) &&
    (tenant === undefined || has(tenant, event.subject.tenant))
  );
}

const has = (values: readonly string[], value: string | undefined): boolean =>
  value !== undefined && values.includes(value);

/** Calls `visit` with each bucket whose rules may fit the event, until it returns `true`. Returns whether it did. */
export function someBucket(
  policy: CompiledPolicy,
  event: GovernedEvent,
  visit: (bucket: RuleBucket) => boolean,
): boolean {
  const index = policy.stages[event.stage].index;
  const { tool, route, model } = event.resource;
  return (
    visit(index.always) ||
    visitKey(index.tool, tool, visit) ||
    visitKey(index.route, route, visit) ||
    visitKey(index.model, model, visit) ||
    visitKey(index.tenant, event.subject.tenant, visit)
  );
}

function visitKey(
  map: ReadonlyMap<string, RuleBucket>,
  key: string | undefined,
  visit: (bucket: RuleBucket) => boolean,
): boolean {
  if (key === undefined || map.size === 0) return false;
  const found = map.get(key);
  return found !== undefined && visit(found);
}

/** The rules whose stage and selectors fit the event, shadow rules included, sorted by id. */
export function rulesFor(policy: CompiledPolicy, event: GovernedEvent): readonly CompiledRule[] {
  const found: CompiledRule[] = [];
  someBucket(policy, event, (bucket) => {
    for (const rule of bucket.rules) if (fits(rule, event)) found.push(rule);
    return false;
  });
  return found.sort(byId);
}

/** Code-unit order, which for the ASCII ids of a policy is code-point order. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
