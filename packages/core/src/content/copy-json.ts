import type { Json } from '../contract/json.ts';

/** Deeper than any arguments or attributes people write; what reads JSON after this may recurse. */
export const MAX_DEPTH = 512;

/** Why a value is no JSON, and where. */
export class NotJson extends Error {
  /** `args.items[2].when`. */
  readonly place: string;

  constructor(place: string, what: string, options?: { readonly cause?: unknown }) {
    super(`\`${place}\` ${what}`, options);
    this.place = place;
  }
}

/**
 * A frozen copy of a JSON value: whatever its owner does with the original, what was judged and recorded stays as it
 * was. Members that are `undefined` are left out, as in JSON text; -0 is 0, and half a surrogate pair is U+FFFD, so
 * that what was decided on can be written down and read back as the same value. Throws `NotJson` for anything else that
 * JSON text would lose or change: dates, maps and other objects with a prototype of their own, functions, symbols,
 * bigints, numbers that are not finite, a value inside itself, and more than 512 levels.
 */
export function copyJson(value: unknown, place: string): Json {
  return copy(value, place, 0);
}

function copy(value: unknown, place: string, depth: number): Json {
  switch (typeof value) {
    case 'string':
      return value.toWellFormed();
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new NotJson(place, `is ${value}, which is no JSON value`);
      return value === 0 ? 0 : value;
    case 'object':
      if (value === null) return null;
      break;
    default:
      throw new NotJson(place, `is a ${typeof value}, which is no JSON value`);
  }
  // A value inside itself is deeper than any limit.
  if (depth >= MAX_DEPTH) throw new NotJson(shorten(place), `is nested deeper than ${MAX_DEPTH} levels, or in itself`);
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    // By index: a hole is read as what JSON writes for it.
    return Object.freeze(
      Array.from(list, (item, index) => (item === undefined ? null : copy(item, `${place}[${index}]`, depth + 1))),
    );
  }
  if (!isPlain(value)) throw new NotJson(place, `is a ${nameOf(value)}, which is no JSON value`);
  const made: { [key: string]: Json } = {};
  for (const key of Object.keys(value)) {
    const member = read(value, key, place);
    if (member === undefined) continue;
    // `__proto__` is a name like any other in JSON.
    Object.defineProperty(made, freeKey(made, key), {
      value: copy(member, `${place}.${key}`, depth + 1),
      enumerable: true,
    });
  }
  return Object.freeze(made);
}

/** Keys that differed only in broken halves of surrogate pairs stay apart: each of their values is judged. */
function freeKey(made: object, key: string): string {
  let free = key.toWellFormed();
  while (Object.hasOwn(made, free)) free += '\uFFFD';
  return free;
}

function read(value: object, key: string, place: string): unknown {
  try {
    return (value as { readonly [key: string]: unknown })[key];
  } catch (cause) {
    throw new NotJson(`${place}.${key}`, 'cannot be read', { cause });
  }
}

/** An object of this realm or another that JSON text gives back as it is. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: object): string {
  const name: unknown = (value.constructor as { readonly name?: unknown } | undefined)?.name;
  return typeof name === 'string' && name !== '' ? name : 'object of a class';
}

const shorten = (place: string): string => (place.length > 80 ? `${place.slice(0, 77)}...` : place);
