import type { Json } from '../contract/json.ts';

/** What a piece of text inside a JSON value is. Only a `value` can be edited. */
export type JsonTextKind = 'key' | 'value' | 'number';

/** A container on the way from the root to the node being visited. */
interface Level {
  readonly container: readonly Json[] | { readonly [key: string]: Json };
  /** Own enumerable keys; `undefined` for arrays. */
  readonly keys: readonly string[] | undefined;
  /** `undefined` once the container lies too deep to be addressed by its path. */
  readonly path: string | undefined;
  next: number;
}

/** The object or array that a text stands in, and the key or index it has there. */
export interface JsonHolder {
  readonly value: unknown;
  readonly key: string | number;
}

/**
 * Called for each text; `where()` gives the keys and indexes that lead to it, and `where(8)` the first eight of them.
 * INVARIANT: who asks for all of them with every text does work that grows with the square of the nesting.
 */
export type JsonVisitor = (
  kind: JsonTextKind,
  path: string,
  text: string,
  where: (most?: number) => (string | number)[],
  holder: () => JsonHolder | undefined,
) => void;

/** Below this depth a text is addressed by its ordinal: paths would otherwise grow with the square of the nesting. */
const MAX_PATH_DEPTH = 32;

/** No JSON document nests like this; a value that refers to itself does. */
const MAX_DEPTH = 250_000;

/**
 * Keys that read as names stand in paths as they are; others by their ordinal, so that a path stays short and plain.
 */
const NAME = /^[A-Za-z_$][\w$-]{0,39}$/;

/**
 * A key may be a credential that someone put in the wrong place, and paths go into records: no token stands in a path.
 */
const TOKEN = /(?:\d\D*){5}|[A-Z\d]{13}/;

/** One step of a path: the key's name where it is plain, else its ordinal in the object. */
export function keyStep(key: string, ordinal: number): string {
  if (plainKeys.has(key)) return key;
  if (!NAME.test(key) || TOKEN.test(key)) return `#${ordinal}`;
  if (plainKeys.size < MAX_PLAIN_KEYS) plainKeys.add(key);
  return key;
}

/** Keys that are known to be plain: documents have the same ones over and over, and looking costs more than finding. */
const plainKeys = new Set<string>();
const MAX_PLAIN_KEYS = 1000;

/** Path of a text that lies too deep for a path of steps. */
export function deepPath(root: string, ordinal: number): string {
  return `${root}.~${ordinal}`;
}

export function tooDeep(depth: number): boolean {
  return depth > MAX_PATH_DEPTH;
}

/**
 * Visits every key, string and number of a JSON value in document order. Iterative: nesting costs memory, never the
 * call stack.
 */
export function walkJson(value: Json, root: string, visit: JsonVisitor): void {
  const levels: Level[] = [];
  let ordinal = 0;

  const keyOf = ({ keys, next }: Level): string | number => (keys === undefined ? next - 1 : keys[next - 1]!);
  const where = (most = levels.length): (string | number)[] => levels.slice(0, most).map(keyOf);
  const holder = (): JsonHolder | undefined => {
    const level = levels.at(-1);
    return level === undefined ? undefined : { value: level.container, key: keyOf(level) };
  };
  const report = (kind: JsonTextKind, path: string | undefined, text: string): void => {
    ordinal++;
    visit(kind, path ?? deepPath(root, ordinal), text, where, holder);
  };
  const enter = (node: Json | undefined, path: string | undefined): void => {
    if (typeof node === 'string') report('value', path, node);
    else if (typeof node === 'number') report('number', path, String(node));
    else if (typeof node === 'object' && node !== null) {
      if (levels.length >= MAX_DEPTH)
        throw new RangeError(`the value at \`${root}\` nests more than ${MAX_DEPTH} levels: does it refer to itself?`);
      const keys = Array.isArray(node) ? undefined : Object.keys(node);
      levels.push({
        container: node,
        keys,
        path: tooDeep(levels.length) ? undefined : path,
        next: 0,
      });
    }
  };

  enter(value, root);
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const { container, keys, path } = level;
    const index = level.next++;
    if (keys === undefined) {
      const items = container as readonly Json[];
      if (index >= items.length) levels.pop();
      else enter(items[index], path === undefined ? undefined : `${path}[${index}]`);
      continue;
    }
    const key = keys[index];
    if (key === undefined) {
      levels.pop();
      continue;
    }
    const step = path === undefined ? undefined : keyStep(key, index);
    report('key', step === undefined ? undefined : `${path}.{${step}}`, key);
    enter((container as { readonly [key: string]: Json })[key], step === undefined ? undefined : `${path}.${step}`);
  }
}
