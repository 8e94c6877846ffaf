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
  const changes: { readonly where: (string | number)[]; readonly text: string }[] = [];
  let refused: string | undefined;

  walkJson(value, root, (kind, path, text, where) => {
    const mine = wanted.get(path);
    if (mine === undefined) return;
    if (kind !== 'value' || !mine.every(({ start, end }) => fits(text, start, end))) {
      refused ??= path;
      return;
    }
    wanted.delete(path);
    changes.push({ where: where(), text: applyEdits(text, mine) });
  });

  const [missing] = wanted.keys();
  const failed = refused ?? missing;
  if (failed !== undefined) return notApplicable(failed);
  return { ok: true, value: withChanges(value, changes) };
}

/** A copy of the value with the strings at the given places replaced. */
function withChanges(
  value: Json,
  changes: readonly { readonly where: (string | number)[]; readonly text: string }[],
): Json {
  const copies = new WeakSet<object>();
  const owned = (node: Json): Container => {
    if (copies.has(node as object)) return node as Container;
    // INVARIANT: spread defines own keys, so a key named `__proto__` stays a key and touches no prototype.
    const copy: Container = Array.isArray(node) ? [...(node as Json[])] : { ...(node as { [key: string]: Json }) };
    copies.add(copy);
    return copy;
  };

  let result = value;
  for (const { where, text } of changes) {
    if (where.length === 0) return text;
    result = owned(result);
    let container = result as Container;
    for (const step of where.slice(0, -1)) {
      const child = owned(read(container, step));
      write(container, step, child);
      container = child;
    }
    write(container, where.at(-1)!, text);
  }
  return result;
}

function read(container: Container, step: string | number): Json {
  return (container as { [key: string]: Json })[step]!;
}

function write(container: Container, step: string | number, value: Json): void {
  (container as { [key: string]: Json })[step] = value;
}
