import { withChanges } from '@flyball/agent-kit';
import type { Json } from '@flyball/core/adapter';

/**
 * The value with the changes that were made in a copy of its JSON: objects of other kinds that no mask touches stay
 * what they are.
 */
export function mergedChanges(value: unknown, before: Json, after: Json): unknown {
  return withChanges(value, before, sharing(before, after));
}

/** `after`, with the parts of `before` that are the same: they are then the same objects. */
function sharing(before: Json, after: Json): Json {
  if (before === after || typeof before !== 'object' || typeof after !== 'object') return after;
  if (before === null || after === null || Array.isArray(before) !== Array.isArray(after)) return after;
  const was = before as { readonly [key: string]: Json };
  const is = after as { readonly [key: string]: Json };
  let same = Object.keys(was).length === Object.keys(is).length;
  const shared: { [key: string]: Json } | Json[] = Array.isArray(after) ? [] : {};
  for (const [key, member] of Object.entries(is)) {
    const part = Object.hasOwn(was, key) ? sharing(was[key]!, member) : member;
    if (part !== was[key]) same = false;
    // Defined, not assigned: a key named `__proto__` is a name like any other.
    Object.defineProperty(shared, key, { value: part, enumerable: true, configurable: true, writable: true });
  }
  return same ? before : shared;
}
