import type { OneOrMore } from './document.ts';

/** A scalar stands for a list of one. */
export function listOf<T>(value: OneOrMore<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList<T>(value: OneOrMore<T>): value is readonly T[] {
  return Array.isArray(value);
}

/** Sorted, each once: the order in which an author lists things means nothing. */
export function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
