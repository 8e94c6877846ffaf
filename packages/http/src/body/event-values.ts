import { readJsonText } from '@flyball/core/adapter';

/** One text of an event's data: a string, a number as written, or the name of a member. */
export interface EventValue {
  readonly path: string;
  readonly kind: 'value' | 'number' | 'key' | 'raw';
  readonly text: string;
  /** Offset in the data of an offset in `text`. */
  readonly raw: (offset: number) => number;
}

/** What is in the data of one event. */
export interface EventContent {
  /** Parsed; undefined when the data is no more than its own text. */
  readonly data: unknown;
  readonly values: readonly EventValue[];
}

/**
 * Reads the data of an event. Only objects, lists and strings mean more than their own text: `42` is a token like any
 * other.
 */
export function eventContent(text: string): EventContent {
  const first = text.charCodeAt(0);
  if (first === 0x7b || first === 0x5b || first === 0x22) {
    try {
      const data = JSON.parse(text) as unknown;
      return { data, values: readJsonText(text, 'data').segments };
    } catch {
      // Not JSON after all: its text is what a client reads.
    }
  }
  return { data: undefined, values: [{ path: 'data', kind: 'raw', text, raw: (offset) => offset }] };
}

/** Names of members that usually tell the texts of a stream apart. */
const IDENTITY = /(?:^|_)(?:index|idx|id|uuid|node|channel|run|role|type|event|namespace|op|path)$|(?:Id|Index)$/;
/** An identity is a word, not a text. */
const MAX_IDENTITY = 64;

/** What may tell the values of one event apart: scalars of the objects above them, and the event's name. */
export class Identities {
  readonly #name: string;
  /** A stream of strings and of text without quotes is two streams to a client that parses. */
  readonly #kind: string;
  readonly #found: { readonly container: string; readonly said: string }[] = [];

  constructor(name: string | undefined, values: readonly EventValue[]) {
    this.#name = name === undefined ? '' : `|${name}`;
    this.#kind = values[0]?.path === 'data' ? `|${values[0].kind}` : '';
    for (const { path, kind, text } of values) {
      if (kind === 'key' || kind === 'raw' || text.length > MAX_IDENTITY) continue;
      const dot = path.lastIndexOf('.');
      if (dot > 0 && IDENTITY.test(path.slice(dot + 1)))
        this.#found.push({ container: path.slice(0, dot), said: `|${path}=${text}` });
    }
  }

  of(path: string): string {
    let identity = this.#name + this.#kind;
    for (const { container, said } of this.#found) if (isBelow(path, container)) identity += said;
    return identity;
  }
}

function isBelow(path: string, container: string): boolean {
  if (!path.startsWith(container)) return false;
  const next = path[container.length];
  return next === '.' || next === '[' || next === undefined;
}
