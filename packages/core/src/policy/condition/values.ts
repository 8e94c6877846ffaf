import { MISSING_FACT, TOO_MUCH_WORK, WRONG_TYPE } from './error.ts';

/** Longest list of the facts that is searched or iterated. */
export const MAX_LIST = 256;
/** Characters that one evaluation may compare: some ten milliseconds at worst. */
const MAX_WORK = 2 ** 26;

// Belongs to the evaluation under way: evaluation is synchronous and calls nothing of others.
let work = 0;

export function startWork(): void {
  work = 0;
}

function spend(units: number): void {
  work += units;
  if (work > MAX_WORK) throw TOO_MUCH_WORK;
}

export function bool(value: unknown): boolean {
  if (typeof value !== 'boolean') throw WRONG_TYPE;
  return value;
}

export function number(value: unknown): number {
  if (typeof value !== 'number') throw WRONG_TYPE;
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw WRONG_TYPE;
  return value;
}

export function present(value: unknown): unknown {
  if (value === undefined) throw MISSING_FACT;
  return value;
}

/** INVARIANT: own fields of plain objects only, so that no name reaches a prototype. */
export function field(object: unknown, key: string): unknown {
  if (!hasField(object, key)) throw MISSING_FACT;
  return object[key];
}

/** An object that has the field; throws if it is no object at all. */
export function hasField(object: unknown, key: string): object is { readonly [key: string]: unknown } {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) throw WRONG_TYPE;
  return Object.hasOwn(object, key) && (object as { readonly [key: string]: unknown })[key] !== undefined;
}

/** `object["key"]` and `list[0]`. */
export function element(collection: unknown, at: unknown): unknown {
  if (typeof at === 'string') return field(collection, at);
  if (!Array.isArray(collection) || !Number.isInteger(at)) throw WRONG_TYPE;
  return present((collection as readonly unknown[])[number(at)]);
}

/** Equal values of one simple type. Values of different types cannot be compared, except with null. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === null || b === null) return a === b;
  if (typeof a !== typeof b || typeof a === 'object') throw WRONG_TYPE;
  if (typeof a === 'string' && a.length === text(b).length) spend(a.length);
  return a === b;
}

/**
 * In a list: an equal element. In an object: a field of that name. An element of another type leaves a miss undecided.
 */
export function member(value: unknown, collection: unknown): boolean {
  if (typeof collection !== 'object' || collection === null) throw WRONG_TYPE;
  if (!Array.isArray(collection)) return Object.hasOwn(collection, text(value));
  if (collection.length > MAX_LIST) throw TOO_MUCH_WORK;
  let comparable = true;
  for (const each of collection as readonly unknown[]) {
    if (each !== null && value !== null && (typeof each !== typeof value || typeof value === 'object'))
      comparable = false;
    else if (equal(value, each)) return true;
  }
  if (!comparable) throw WRONG_TYPE;
  return false;
}

export function plus(a: unknown, b: unknown): string | number {
  if (typeof a === 'number') return a + number(b);
  const sum = text(a) + text(b);
  spend(sum.length);
  return sum;
}

export function startsWith(value: unknown, part: unknown): boolean {
  spend(text(part).length);
  return text(value).startsWith(text(part));
}

export function endsWith(value: unknown, part: unknown): boolean {
  spend(text(part).length);
  return text(value).endsWith(text(part));
}

/** Charged for the worst case of a substring search, which text chosen for it reaches. */
export function contains(value: unknown, part: unknown): boolean {
  spend(text(value).length * text(part).length);
  return text(value).includes(text(part));
}

export function lowerAscii(value: unknown): string {
  spend(text(value).length);
  return text(value).replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

/** Characters (code points) of a text, elements of a list, fields of an object. */
export function size(value: unknown): number {
  if (typeof value === 'string') return codePoints(value);
  if (typeof value !== 'object' || value === null) throw WRONG_TYPE;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

function codePoints(value: string): number {
  spend(value.length);
  let pairs = 0;
  for (let i = 1; i < value.length; i++) {
    if ((value.charCodeAt(i) & 0xfc00) === 0xdc00 && (value.charCodeAt(i - 1) & 0xfc00) === 0xd800) pairs++;
  }
  return value.length - pairs;
}

/** What `exists`, `all` and `exists_one` go through: the elements of a list, or the field names of an object. */
export function elements(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) throw WRONG_TYPE;
  const list: readonly unknown[] = Array.isArray(value) ? value : Object.keys(value);
  if (list.length > MAX_LIST) throw TOO_MUCH_WORK;
  return list;
}
