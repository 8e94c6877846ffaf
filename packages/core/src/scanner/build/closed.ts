import { intersect, type Ranges, union } from '../unicode/symbols.ts';
import { lengthOf, type Tree } from './tree.ts';

/**
 * True if no match can go on behind its end, as the tree shows: each way through it ends by looking at a next character
 * that no part could read there. `key-\w+(?!\w)` is closed; `\w+` is not, since of `abc` it matches `a`, `ab` and
 * `abc`. What has one length only is closed. False where the tree does not show it.
 */
export function isClosed(tree: Tree): boolean {
  const { min, max } = lengthOf(tree);
  if (min === max) return true;
  const ways = tree.kind === 'choice' ? tree.items : [tree];
  const read = unionOf(ways.map((way) => readFrom(min, way)));
  return read !== undefined && endsOf(tree).every((end) => end !== undefined && intersect(end, read).length === 0);
}

/** What each way through the tree looks at last. `undefined`: it ends by reading. */
function endsOf(tree: Tree): readonly (Ranges | undefined)[] {
  if (tree.kind === 'look' && tree.to === 'ahead') return [tree.set];
  if (tree.kind === 'choice') return tree.items.flatMap(endsOf);
  if (tree.kind === 'sequence') return endsOf(tree.items.at(-1)!);
  return [undefined];
}

/**
 * What a way may read behind a match of `min` characters: all but the parts that lie before it however long they are.
 */
function readFrom(min: number, way: Tree): Ranges | undefined {
  let to = 0;
  return unionOf(
    partsOf(way)
      .filter((part) => (to += lengthOf(part).max) > min)
      .map(readBy),
  );
}

function partsOf(tree: Tree): readonly Tree[] {
  return tree.kind === 'sequence' ? tree.items.flatMap(partsOf) : [tree];
}

/** Every character that it may read. `undefined` where one of them takes two units. */
function readBy(tree: Tree): Ranges | undefined {
  if (tree.kind === 'chars') return tree.pairs.length > 0 ? undefined : tree.alone;
  if (tree.kind === 'repeat') return readBy(tree.item);
  return tree.kind === 'choice' || tree.kind === 'sequence' ? unionOf(tree.items.map(readBy)) : [];
}

function unionOf(parts: readonly (Ranges | undefined)[]): Ranges | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : union(...known);
}
