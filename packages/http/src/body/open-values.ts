import type { OutputGate, Piece } from '@flyball/core/adapter';

import { hasPassed, pass, type Part } from './part.ts';

/** Paths, threads and names that are told apart in one stream; it may make up any number of them. */
const MAX_KNOWN = 1_000;
/** Threads of identities that are kept; the one longest unused is judged as ended. */
const MAX_IDENTITIES = 256;
/** So many identities of which none came back are ids of rows. */
const ROW_IDENTITIES = 8;

/** Longest value, in units, that is remembered as judged. */
const MAX_REPEATED = 64;

/** What is remembered of one path. */
interface PathState {
  last: string;
  /** The first value, while no other has come. */
  first: Part | undefined;
  times: number;
  /** A constant is not judged again, so nothing holds it: what follows begins with it. */
  skipped: boolean;
  readonly identities: Set<string>;
  /** An identity came back: it is that of a text in pieces. */
  returned: boolean;
  /** Each value has an identity of its own. */
  rows: boolean;
}

/**
 * Values of events that no description names. Each is judged alone, and as what continues the earlier values of its
 * path: of all of them, and of those with the same identity (`{"index":0}` and `{"index":1}` in turn are two texts).
 *
 * What is not joined: a path that has had one value only (ids, models, roles), neighbours of one shape such as prices
 * and addresses, and a value that begins with the whole value before it (a snapshot).
 */
export class OpenValues {
  readonly #gate: OutputGate<Part>;
  readonly #collect: (pieces: readonly Piece<Part>[]) => void;
  /** Its values are more likely rows than pieces. */
  readonly #rows: boolean;
  readonly #paths = new Map<string, PathState>();
  readonly #names = new Set<string>();
  /** Short values that nothing continues, as they were first judged. */
  readonly #judged = new Map<string, Part>();
  /** Last value of each thread of a path and an identity, the longest unused first. */
  #identified: Map<string, string> | undefined;

  constructor(gate: OutputGate<Part>, rows: boolean, collect: (pieces: readonly Piece<Part>[]) => void) {
    this.#gate = gate;
    this.#rows = rows;
    this.#collect = collect;
  }

  /** A name or a text beside the data: the same in nearly every event, and judged once. */
  judgeName(part: Part): void {
    if (this.#names.has(part.text)) return pass(part);
    if (this.#names.size < MAX_KNOWN) this.#names.add(part.text);
    this.#write(part, [], true);
  }

  /** A value that nothing continues. Short ones come again and again, and were found clean the first time. */
  judgeApart(part: Part): void {
    if (part.text.length > MAX_REPEATED) return this.#write(part, [], true);
    const key = `${part.path} ${part.text}`;
    const known = this.#judged.get(key);
    if (known !== undefined && hasPassed(known)) return pass(part);
    if (this.#judged.size < MAX_KNOWN) this.#judged.set(key, part);
    this.#write(part, [], true);
  }

  judge(part: Part, identity: string): void {
    const { path, text } = part;
    const state = this.#stateOf(path);
    if (state === undefined) return this.#write(part, [`${path} ~`], true);
    if (state.first !== undefined && state.times > 0) {
      if (state.last === text) {
        state.times++;
        if ((text.length >= 8 || state.times > 2) && this.#isClean(state, path)) {
          state.skipped = true;
          return pass(part);
        }
      } else {
        if (state.skipped) this.#recall(path, state.last);
        state.first = undefined;
      }
    }
    if (state.times === 0) {
      state.first = part;
      state.times = 1;
    } else if (isSeam(state.last, text)) this.#end(path);
    state.last = text;
    const identified = this.#identify(state, path, identity, text);
    this.#write(part, identified === undefined ? [path] : [path, identified], true);
  }

  #stateOf(path: string): PathState | undefined {
    const known = this.#paths.get(path);
    if (known !== undefined || this.#paths.size >= MAX_KNOWN) return known;
    const state: PathState = {
      last: '',
      first: undefined,
      times: 0,
      skipped: false,
      identities: new Set(),
      returned: false,
      rows: false,
    };
    this.#paths.set(path, state);
    return state;
  }

  /** Nothing in the constant was found, also where it ends. */
  #isClean({ first, skipped, identities }: PathState, path: string): boolean {
    if (!skipped) {
      this.#end(path);
      for (const identity of identities) this.#forget(`${path}|${identity}`);
    }
    return hasPassed(first!);
  }

  /** A constant has changed after all: the new value is judged as what continues the old one, which has left. */
  #recall(path: string, text: string): void {
    const leaf = this.#gate.openLeaf({ path, threads: [path], alone: false });
    this.#collect(leaf.write(text));
    this.#collect(leaf.end());
  }

  /** The thread of the values of one identity, or undefined where every value has its own. */
  #identify(state: PathState, path: string, identity: string, text: string): string | undefined {
    if (state.rows) return undefined;
    const { identities } = state;
    if (identities.has(identity)) state.returned = true;
    else if (identities.size < MAX_KNOWN) identities.add(identity);
    if (!state.returned && identities.size > ROW_IDENTITIES) {
      state.rows = true;
      for (const id of identities) this.#forget(`${path}|${id}`);
      identities.clear();
      return undefined;
    }
    const name = `${path}|${identity}`;
    const all = (this.#identified ??= new Map<string, string>());
    const last = all.get(name);
    if (last !== undefined && isSeam(last, text)) this.#end(name);
    all.delete(name);
    all.set(name, text);
    if (all.size > MAX_IDENTITIES) {
      const [oldest] = all.keys();
      this.#forget(oldest!);
    }
    return name;
  }

  #forget(name: string): void {
    if (this.#identified?.delete(name) === true) this.#end(name);
  }

  #end(thread: string): void {
    this.#collect(this.#gate.endThread(thread));
  }

  #write(part: Part, threads: readonly string[], alone: boolean): void {
    if (this.#gate.terminal !== undefined) return;
    const leaf = this.#gate.openLeaf({ path: leafPath(part.path), threads, alone, row: this.#rows });
    part.leaf = leaf;
    LEAF_PARTS.set(leaf, part);
    this.#collect(leaf.write(part.text));
    this.#collect(leaf.end());
    hasPassed(part);
  }
}

/** The part that a leaf of a gate belongs to. */
export const LEAF_PARTS: WeakMap<object, Part> = new WeakMap();

/** Longest path that a leaf may have, in the gate's terms. */
const leafPath = (path: string): string => (path.length <= 1_000 ? path : path.slice(0, 1_000));

/** Between two values that are no pieces of one text. */
export function isSeam(before: string, after: string): boolean {
  if (before.length >= 8 && after.length > before.length && after.startsWith(before)) return true;
  const shape = shapeOf(after);
  return /[a9][^a9\s][a9]/.test(shape) && /^[a9].*[a9]$/.test(shape) && shape === shapeOf(before);
}

/** `12.50` → `9.9`, `10.0.0.1` → `9.9.9.9`: runs of digits and letters, and what stands between them. */
function shapeOf(text: string): string {
  if (text.length > 64 || /\s/.test(text)) return '';
  return text
    .replaceAll(/\d+/g, '9')
    .replaceAll(/\p{L}+/gu, 'a')
    .replaceAll(/[a9]{2,}/g, 'a');
}
