import type { GovernedEvent } from '../contract/event.ts';
import type { CompiledPolicy, CompiledRule, RuleBucket, Selectors, StageIndex } from './compiled.ts';
import { typeMatches } from '../contract/signal.ts';

/** Selectors the index is keyed by, the most telling first. */
const INDEX_KEYS: readonly IndexKey[] = ['tool', 'route', 'model', 'tenant'];
type IndexKey = 'tool' | 'route' | 'model' | 'tenant';

/**
 * Sorts a stage's rules into buckets. `rules` is sorted by id, and stays so in every bucket; `reported` are all signal
 * types.
 */
export function indexRules(rules: readonly CompiledRule[], reported: readonly string[]): StageIndex {
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
  const nobody: ReadonlyMap<string, readonly CompiledRule[]> = new Map(reported.map((type) => [type, []]));
  const buckets = (key: IndexKey): ReadonlyMap<string, RuleBucket> =>
    new Map([...maps[key]].map(([value, list]) => [value, bucket(list, nobody)]));
  const unkeyed = bucket(always, nobody);
  return {
    always: unkeyed,
    alone: [unkeyed],
    keyed: always.length < rules.length,
    tool: buckets('tool'),
    route: buckets('route'),
    model: buckets('model'),
    tenant: buckets('tenant'),
  };
}

/** `nobody` has an entry for every type, and stands for the many buckets whose rules need no detector. */
function bucket(rules: readonly CompiledRule[], nobody: RuleBucket['byType']): RuleBucket {
  const asking = (type: string): readonly CompiledRule[] =>
    rules.filter((rule) => rule.detect.some((term) => typeMatches(type, term.type)));
  const plain = rules.filter((rule) => rule.detect.length === 0);
  return {
    rules,
    plain,
    byType: plain.length === rules.length ? nobody : new Map([...nobody.keys()].map((type) => [type, asking(type)])),
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
export function fits(rule: CompiledRule, event: Pick<GovernedEvent, 'subject' | 'resource'>): boolean {
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

/** The buckets whose rules may fit the event. */
export function bucketsFor(
  policy: CompiledPolicy,
  event: Pick<GovernedEvent, 'stage' | 'subject' | 'resource'>,
): readonly RuleBucket[] {
  const index = policy.stages[event.stage].index;
  if (!index.keyed) return index.alone;
  const buckets = [index.always];
  const { tool, route, model } = event.resource;
  if (tool !== undefined) add(buckets, index.tool, tool);
  if (route !== undefined) add(buckets, index.route, route);
  if (model !== undefined) add(buckets, index.model, model);
  add(buckets, index.tenant, event.subject.tenant);
  return buckets;
}

function add(buckets: RuleBucket[], map: ReadonlyMap<string, RuleBucket>, key: string): void {
  const found = map.size === 0 ? undefined : map.get(key);
  if (found !== undefined) buckets.push(found);
}

/** The rules whose stage and selectors fit the event, shadow rules included, sorted by id. */
export function rulesFor(policy: CompiledPolicy, event: GovernedEvent): readonly CompiledRule[] {
  const rules = bucketsFor(policy, event).flatMap((bucket) => bucket.rules);
  return rules.filter((rule) => fits(rule, event)).sort(byId);
}

/** Code-unit order, which for the ASCII ids of a policy is code-point order. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
