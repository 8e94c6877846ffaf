import type { Json } from '../contract/json.ts';
import type { Edit } from '../contract/ruling.ts';
import { applyEdits, editsBySegment, fits, notApplicable, type Applied } from './edits.ts';
import { walkJson } from './json-walk.ts';

type Container = Json[] | { [key: string]: Json };

/**
 * Applies a decision's edits to the string values of a JSON value that was judged as `segmentsOfJson(value, root)`.
 * The value itself is left as it is; what was not edited is shared with the result. An edit of a key or a number is not
 * applicable: the structure of what is sent on is the author's, not the policy's.
 */
export function applyEditsToJson(value: Json, root: string, edits: readonly Edit[]): Applied<Json> {
  if (edits.length === 0) return { ok: true, value };
  const wanted = editsBySegment(edits);
  /** By the number of the text that they change, in the order of the walk: places would grow with the nesting. */
  const changes = new Map<number, string>();
  let visited = 0;
  let refused: string | undefined;

  walkJson(value, root, (kind, path, text) => {
    visited++;
    const mine = wanted.get(path);
    if (mine === undefined) return;
    if (kind !== 'value' || !mine.every(({ start, end }) => fits(text, start, end))) {
      refused ??= path;
      return;
    }
    wanted.delete(path);
    changes.set(visited, applyEdits(text, mine));
  });

  const [missing] = wanted.keys();
  const failed = refused ?? missing;
  if (failed !== undefined) return notApplicable(failed);
  return { ok: true, value: withChanges(value, changes) };
}

/** A container on the way from the root, and its copy as soon as something in it changes. */
interface Level {
  readonly container: Container;
  readonly keys: readonly string[] | undefined;
  /** Where it stands in the one above. */
  readonly key: string | number;
  next: number;
  copy: Container | undefined;
}

/**
 * A copy of the value in which the texts with these numbers are replaced, in the order in which `walkJson` visits them;
 * what holds none of them is shared. Iterative, and in work no more than the value is large.
 */
function withChanges(value: Json, changes: ReadonlyMap<number, string>): Json {
  let visited = 0;
  let left = changes.size;
  let result = value;
  const levels: Level[] = [];

  /** The text in the place of this one, if there is one. */
  const changed = (node: Json | undefined): string | undefined => {
    if (typeof node === 'string' || typeof node === 'number') visited++;
    const text = typeof node === 'string' ? changes.get(visited) : undefined;
    if (text !== undefined) left--;
    return text;
  };
  const enter = (node: Json | undefined, key: string | number): void => {
    if (typeof node !== 'object' || node === null) return;
    const keys = Array.isArray(node) ? undefined : Object.keys(node);
    levels.push({ container: node as Container, keys, key, next: 0, copy: undefined });
  };
  const leave = (): void => {
    const { key, copy } = levels.pop()!;
    if (copy === undefined) return;
    const above = levels.at(-1);
    if (above === undefined) result = copy;
    else write(owned(above), key, copy);
  };

  const whole = changed(value);
  if (whole !== undefined) return whole;
  enter(value, '');
  while (levels.length > 0) {
    const level = levels.at(-1)!;
    const { container, keys } = level;
    const key = keys === undefined ? level.next : keys[level.next];
    if (left === 0 || key === undefined || (keys === undefined && level.next >= (container as Json[]).length)) {
      leave();
      continue;
    }
    level.next++;
    if (keys !== undefined) visited++;
    const node = read(container, key);
    const text = changed(node);
    if (text === undefined) enter(node, key);
    else write(owned(level), key, text);
  }
  return result;
}

/** INVARIANT: spread defines own keys, so a key named `__proto__` stays a key and touches no prototype. */
function owned(level: Level): Container {
  const { container } = level;
  level.copy ??= Array.isArray(container) ? [...container] : { ...container };
  return level.copy;
}

function read(container: Container, step: string | number): Json {
  return (container as { [key: string]: Json })[step]!;
}

function write(container: Container, step: string | number, value: Json): void {
  (container as { [key: string]: Json })[step] = value;
}
