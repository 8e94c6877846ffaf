import { viewJson } from './json-view.ts';

/** What nests deeper has no reading either. */
const MAX_DEPTH = 512;

/**
 * A copy of a value which its owner goes on changing: the lists, objects, maps and sets in it, down to what is of
 * another kind (dates, bytes, instances of classes), which is the value's own. What cannot be read whole, or reads
 * otherwise when it is copied, is answered itself.
 *
 *     const progress = { text: '' };
 *     const now = ownCopy(progress);
 *     progress.text += 'more'; // now.text is ''
 */
export function ownCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { json, unreadable } = viewJson(value, 'value');
  if (unreadable.length > 0) return value;
  try {
    const copy = copyOf(value, new Map(), 0);
    return JSON.stringify(viewJson(copy, 'value').json) === JSON.stringify(json) ? copy : value;
  } catch {
    // Whatever it is made of, it refuses to be copied.
    return value;
  }
}

/** `made`: copies by their originals, for a value that stands in many places, or inside itself. */
function copyOf(value: unknown, made: Map<object, object>, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  const known = made.get(value);
  if (known !== undefined) return known;
  const each = (member: unknown): unknown => copyOf(member, made, depth + 1);
  const remember = <T extends object>(copy: T): T => {
    made.set(value, copy);
    return copy;
  };
  if (Array.isArray(value)) {
    const copy = remember<unknown[]>([]);
    // Holes stay holes.
    copy.length = value.length;
    for (let at = 0; at < value.length; at++) if (at in value) copy[at] = each(value[at]);
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const copy = remember<object>(Object.create(prototype) as object);
    for (const key of Reflect.ownKeys(value)) {
      if (!Object.prototype.propertyIsEnumerable.call(value, key)) continue;
      // INVARIANT: defined, not assigned: a key named `__proto__` is a name like any other.
      const member = each((value as { readonly [key: PropertyKey]: unknown })[key]);
      Object.defineProperty(copy, key, { value: member, enumerable: true, configurable: true, writable: true });
    }
    return copy;
  }
  if (prototype === Map.prototype) {
    const copy = remember(new Map<unknown, unknown>());
    for (const [key, member] of value as ReadonlyMap<unknown, unknown>) copy.set(each(key), each(member));
    return copy;
  }
  if (prototype === Set.prototype) {
    const copy = remember(new Set<unknown>());
    for (const member of value as ReadonlySet<unknown>) copy.add(each(member));
    return copy;
  }
  return value;
}
