import type { Json } from '@flyball/core/adapter';

/** A value as its reader will find it in JSON, and what of it could not be read. */
export interface JsonView {
  readonly json: Json;
  /**
   * Addresses of what has no reading (`result.items[2]`), for the event's `unreadable`: where the stage is covered, the
   * policy's `onError` decides about it. It is left out of `json`.
   */
  readonly unreadable: readonly string[];
}

/** What the core's own copy of arguments accepts. */
const MAX_DEPTH = 512;
/**
 * A value of more parts is not walked to its end: an object that stands in many places is written out at each of them.
 */
const MAX_PARTS = 1_000_000;
/** As many as an event carries, and as much of each as a person reads. */
const MAX_ADDRESSES = 64;
const MAX_ADDRESS = 256;

/**
 * Reads a value of somebody else's code as JSON. What has an obvious reading is read. Dates and `toJSON` are read by
 * their own text, maps as a list of pairs, sets as lists, big integers by their digits, errors by name, message and
 * causes with their own fields, `NaN` as `null`. Bytes are media, which nobody reads: they are left out. What has no
 * reading is named in `unreadable`: functions and symbols, a value inside itself, more than 512 levels, whatever throws
 * when it is looked at. Never throws.
 *
 *     viewJson({ at: new Date(0), run() {} }, 'result');
 *     // { json: { at: '1970-01-01T00:00:00.000Z' }, unreadable: ['result.run'] }
 */
export function viewJson(value: unknown, root: string): JsonView {
  // Most results are text.
  if (typeof value === 'string') return { json: value, unreadable: NOTHING };
  const reader = new Reader();
  const json = reader.read(value, { key: root, parent: undefined }, 0) ?? null;
  return { json, unreadable: reader.unreadable };
}

const NOTHING: readonly string[] = Object.freeze([]);

/** A step from the root. Addresses are written only where something is unreadable. */
interface Place {
  readonly key: string | number;
  readonly parent: Place | undefined;
}

class Reader {
  unreadable: readonly string[] = NOTHING;
  /** The objects around the one that is being read. */
  readonly #around = new Set<object>();
  #parts = 0;

  /** `undefined` for what is left out. */
  read(value: unknown, place: Place, depth: number): Json | undefined {
    if (++this.#parts > MAX_PARTS) return this.#fail(place);
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        // As JSON text has them: -0 is 0, and what is no number is null.
        return Number.isFinite(value) ? (value === 0 ? 0 : value) : null;
      case 'bigint':
        return String(value);
      case 'undefined':
        return undefined;
      case 'object':
        return value === null ? null : this.#object(value, place, depth);
      default:
        return this.#fail(place);
    }
  }

  #object(value: object, place: Place, depth: number): Json | undefined {
    if (depth >= MAX_DEPTH || this.#around.has(value)) return this.#fail(place);
    this.#around.add(value);
    try {
      return this.#members(value, place, depth);
    } catch {
      // Whatever it is made of, it refuses to be read: a getter, a proxy, a `toJSON`.
      return this.#fail(place);
    } finally {
      this.#around.delete(value);
    }
  }

  #members(value: object, place: Place, depth: number): Json | undefined {
    if (ArrayBuffer.isView(value)) return undefined;
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON === 'function') {
      const said: unknown = toJSON.call(value, String(place.key));
      // What it answers is taken as it is; an object may answer itself.
      return said === value ? this.#fields(value, place, depth) : this.read(said, place, depth + 1);
    }
    if (Array.isArray(value)) return this.#list(value, place, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#fields(value, place, depth);
    // Unlike `instanceof` the same for objects of another realm.
    switch (Object.prototype.toString.call(value)) {
      case '[object Map]':
      case '[object Set]':
        return this.#list([...(value as Iterable<unknown>)], place, depth);
      case '[object ArrayBuffer]':
      case '[object SharedArrayBuffer]':
        return undefined;
      case '[object String]':
      case '[object Number]':
      case '[object Boolean]':
      case '[object BigInt]':
      case '[object Symbol]':
        return this.read(value.valueOf(), place, depth);
      case '[object Error]':
      case '[object DOMException]': {
        const { name, message } = value as Error;
        return this.#fields({ ...value, name, message, ...causesOf(value as Error) }, place, depth);
      }
      default:
        return this.#fields(value, place, depth);
    }
  }

  #list(items: readonly unknown[], place: Place, depth: number): Json {
    const list: Json[] = [];
    for (let at = 0; at < items.length; at++) {
      list.push(this.#member(items, at, place, depth) ?? null);
    }
    return list;
  }

  #fields(value: object, place: Place, depth: number): Json {
    const made: { [key: string]: Json } = {};
    for (const key of Object.keys(value)) {
      const member = this.#member(value, key, place, depth);
      if (member === undefined) continue;
      // `__proto__` is a name like any other in JSON.
      if (key === '__proto__') Object.defineProperty(made, key, { value: member, enumerable: true });
      else made[key] = member;
    }
    return made;
  }

  #member(value: object, key: string | number, parent: Place, depth: number): Json | undefined {
    let member: unknown;
    try {
      member = (value as { readonly [key: string | number]: unknown })[key];
    } catch {
      return this.#fail({ key, parent });
    }
    // Only what may have to be named needs a place.
    if (typeof member === 'string' || typeof member === 'boolean') {
      this.#parts++;
      return member;
    }
    return this.read(member, { key, parent }, depth + 1);
  }

  #fail(place: Place): undefined {
    if (this.unreadable.length < MAX_ADDRESSES) this.unreadable = [...this.unreadable, addressOf(place)];
  }
}

/** What an error was made from: frameworks and loggers write it out with the error. */
function causesOf(error: Error): { readonly cause?: unknown; readonly errors?: unknown } {
  const { cause, errors } = error as Error & { readonly errors?: unknown };
  return { ...(cause !== undefined && { cause }), ...(Array.isArray(errors) && { errors }) };
}

function addressOf(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) {
    steps.unshift(at.parent === undefined ? String(at.key) : step(at.key));
  }
  const address = steps.join('');
  return address.length > MAX_ADDRESS ? `${address.slice(0, MAX_ADDRESS - 1)}…` : address;
}

/**
 * A key may be a secret in the wrong place, and addresses go into records: only what reads as a short name is written.
 */
const step = (key: string | number): string =>
  typeof key === 'number' ? `[${key}]` : /^[A-Za-z_$][\w$-]{0,39}$/.test(key) ? `.${key}` : '.~';
