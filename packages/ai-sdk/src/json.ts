import type { Json } from '@flyball/core/adapter';

/**
 * A value as its text form would read it: dates by `toJSON`, typed arrays and functions left out, everything else by its own keys.
 * Throws on a value that refers to itself: what cannot be read cannot be judged.
 */
export function toJson(value: unknown): Json {
  const text = JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return String(inner);
    if (ArrayBuffer.isView(inner)) return undefined;
    if (inner instanceof Map) return [...(inner as Map<unknown, unknown>)];
    if (inner instanceof Set) return [...(inner as Set<unknown>)];
    if (inner instanceof Error) return { ...(inner as object), name: inner.name, message: inner.message };
    return inner;
  });
  return text === undefined ? null : (JSON.parse(text) as Json);
}

/** The same, or `undefined` for a value that cannot be read. */
export function readableJson(value: unknown): Json | undefined {
  try {
    return toJson(value);
  } catch {
    return undefined;
  }
}
