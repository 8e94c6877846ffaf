import { applyEditsToJson, type Applied, type Edit, type Json } from '@flyball/core/adapter';

/**
 * The value with a decision's edits in it, where `json` is how the value was read (`viewJson`) and judged. Only the
 * strings that are masked change, and the lists, objects, maps and sets around them are copied: dates, bytes and
 * whatever else a mask does not touch are the value's own. An object of another kind that a mask does touch goes on as
 * the JSON that was judged.
 *
 *     const view = viewJson(result, 'result');
 *     applyEditsToValue(result, view.json, 'result', decision.edits);
 */
export function applyEditsToValue(value: unknown, json: Json, root: string, edits: readonly Edit[]): Applied<unknown> {
  const applied = applyEditsToJson(json, root, edits);
  return applied.ok ? { ok: true, value: withChanges(value, json, applied.value) } : applied;
}

/** The value with the difference between two readings of it, which share what is the same. */
export function withChanges(value: unknown, before: Json, after: Json): unknown {
  if (after === before) return value;
  if (typeof value !== 'object' || value === null || typeof after !== 'object' || after === null) return after;
  if (typeof (value as { readonly toJSON?: unknown }).toJSON === 'function') return after;
  if (Array.isArray(after)) return changedList(value, before as readonly Json[], after as readonly Json[]);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return after;
  const copy: object = prototype === null ? Object.assign(Object.create(null) as object, value) : { ...value };
  for (const [key, member] of Object.entries(after)) {
    const was = own(before, key);
    if (member === was) continue;
    // INVARIANT: defined, not assigned: a key named `__proto__` is a name like any other.
    const edited = withChanges((value as { readonly [key: string]: unknown })[key], was, member);
    Object.defineProperty(copy, key, { value: edited, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

function changedList(value: object, before: readonly Json[], after: readonly Json[]): unknown {
  const each = (items: readonly unknown[]): unknown[] =>
    items.map((item, at) => withChanges(item, before[at]!, after[at]!));
  if (Array.isArray(value)) return each(value);
  // As they were read: a map is a list of pairs, a set a list.
  switch (Object.prototype.toString.call(value)) {
    case '[object Map]':
      return new Map(each([...(value as ReadonlyMap<unknown, unknown>)]) as [unknown, unknown][]);
    case '[object Set]':
      return new Set(each([...(value as ReadonlySet<unknown>)]));
    default:
      return after;
  }
}

const own = (object: Json, key: string): Json => (object as { readonly [key: string]: Json })[key]!;
