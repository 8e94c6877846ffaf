import { jsonTextReader, readJsonText, type JsonTextReader } from '@flyball/core/adapter';

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
  /** Absent where they are read a stretch at a time. */
  readonly values?: readonly EventValue[];
  readonly reader?: JsonTextReader;
}

/** Longer data is read a stretch at a time: no event keeps the process from its other work. */
const MAX_AT_ONCE = 8 * 1024;

/**
 * Reads the data of an event. Only objects, lists and strings mean more than their own text: `42` is a token like any
 * other. `line`: what is read where it is no JSON.
 */
export function eventContent(text: string, line?: string): EventContent {
  const first = text.charCodeAt(0);
  if (first === 0x7b || first === 0x5b || first === 0x22) {
    try {
      const data = JSON.parse(text) as unknown;
      if (text.length > MAX_AT_ONCE) return { data, reader: jsonTextReader(text, 'data') };
      return { data, values: readJsonText(text, 'data').segments };
    } catch {
      // Not JSON after all: its text is what a client reads.
    }
  }
  return { data: undefined, values: [{ path: 'data', kind: 'raw', text: line ?? text, raw: (offset) => offset }] };
}

/** Names of members that usually tell the texts of a stream apart. */
const IDENTITY = /(?:^|_)(?:index|idx|id|uuid|node|channel|run|role|type|event|namespace|op|path)$|(?:Id|Index)$/;
/** An identity is a word, not a text. */
const MAX_IDENTITY = 64;

/**
 * Names of members that one object may tell its values apart by; more are no identity, and every value would carry
 * them.
 */
const MAX_SAID = 16;

/** What may tell the values of one event apart: scalars of the objects above them, and the event's name. */
export class Identities {
  readonly #name: string;
  /** A stream of strings and of text without quotes is two streams to a client that parses. */
  readonly #kind: string;
  /** What each object says, by its path. */
  #found: Map<string, string[]> | undefined;

  constructor(name: string | undefined, values: readonly EventValue[]) {
    this.#name = name === undefined ? '' : `|${name}`;
    this.#kind = values[0]?.path === 'data' ? `|${values[0].kind}` : '';
    for (const { path, kind, text } of values) {
      if (kind === 'key' || kind === 'raw' || text.length > MAX_IDENTITY) continue;
      const dot = path.lastIndexOf('.');
      if (dot <= 0 || !IDENTITY.test(path.slice(dot + 1))) continue;
      const all = (this.#found ??= new Map<string, string[]>());
      const container = path.slice(0, dot);
      const said = all.get(container);
      if (said === undefined) all.set(container, [`|${path}=${text}`]);
      else if (said.length < MAX_SAID) said.push(`|${path}=${text}`);
    }
  }

  /** INVARIANT: looks at the objects above the value, not at all that were found: there may be as many as values. */
  of(path: string): string {
    let identity = this.#name + this.#kind;
    if (this.#found === undefined) return identity;
    for (let end = nextStep(path, 0); ; end = nextStep(path, end + 1)) {
      const said = this.#found.get(end === path.length ? path : path.slice(0, end));
      if (said !== undefined) identity += said.join('');
      if (end === path.length) return identity;
    }
  }
}

/** Where the step of a path that goes on at `from` ends. */
function nextStep(path: string, from: number): number {
  for (let at = from; at < path.length; at++) {
    const unit = path[at];
    if (unit === '.' || unit === '[') return at;
  }
  return path.length;
}

/** The values of one event by their paths. */
export class ValuesByPath {
  readonly #values: readonly EventValue[];
  #texts: Map<string, string> | undefined;

  constructor(values: readonly EventValue[]) {
    this.#values = values;
  }

  /** The text of the first value at the path, names of members aside. */
  textAt(path: string): string | undefined {
    const values = this.#values;
    // Most events have few values, and one or two of them are asked for.
    if (values.length <= FEW) return values.find((value) => value.path === path && value.kind !== 'key')?.text;
    if (this.#texts === undefined) {
      this.#texts = new Map();
      for (const { path: own, kind, text } of values)
        if (kind !== 'key' && !this.#texts.has(own)) this.#texts.set(own, text);
    }
    return this.#texts.get(path);
  }
}

const FEW = 32;
