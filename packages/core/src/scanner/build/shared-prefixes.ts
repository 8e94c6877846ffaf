/**
 * Common beginnings of patterns, found before the automaton is built: a trie (E. Fredkin, "Trie memory", 1960) whose
 * edges are trees.
 *
 *   `[\w.-]{0,50}adafruit=x`    `[\w.-]{0,50}adobe=x`     →     [\w.-]{0,50} ── a ── d ─┬─ a ── fruit=x
 *                                                                                       └─ o ── be=x
 *
 * Equal trees read the same symbols under the same assertions, so each pattern keeps exactly its words. A thread in a
 * shared edge is alive as long as one of the patterns behind it can finish, which is what the hold point asks.
 */
import type { Ranges } from '../unicode/symbols.ts';
import type { Tree } from './tree.ts';

/** A pattern, or what is left of one: `items[at]` and on, then the node that `last` makes. */
export interface Path {
  readonly items: readonly Tree[];
  readonly at: number;
  /** Makes the node that follows the last item: the same node each time. */
  readonly last: () => number;
}

/** What makes the nodes. */
export interface NodeBuilder {
  /** The node where reading a tree begins; it goes on at `next`. */
  build(tree: Tree, next: number): number;
  split(one: number, other: number): number;
}

/** The node where reading any of the paths begins. */
export function buildShared(paths: readonly Path[], builder: NodeBuilder): number {
  const shared: Tree[] = [];
  let rest = paths;
  let node: number;
  for (;;) {
    if (rest.length === 1) {
      node = buildRest(rest[0]!, builder);
      break;
    }
    const { ends, groups } = branches(rest, builder);
    const [only] = groups;
    if (ends.length > 0 || groups.length !== 1) {
      node = buildBranches(ends, groups, builder);
      break;
    }
    shared.push(nextOf(only!));
    rest = only!.map(passed);
  }
  for (let i = shared.length - 1; i >= 0; i--) node = builder.build(shared[i]!, node);
  return node;
}

/** A pattern as a path; `last` makes its node at the end. */
export function pathOf(tree: Tree, last: () => number): Path {
  return { items: flat(tree), at: 0, last: once(last) };
}

function buildBranches(ends: readonly Path[], groups: readonly (readonly Path[])[], builder: NodeBuilder): number {
  const exits = ends.map((path) => path.last());
  for (const group of groups) {
    if (group.length === 1) exits.push(buildRest(group[0]!, builder));
    else exits.push(builder.build(nextOf(group), buildShared(group.map(passed), builder)));
  }
  return exits.reduceRight((rest, exit) => builder.split(exit, rest));
}

function buildRest({ items, at, last }: Path, builder: NodeBuilder): number {
  let node = last();
  for (let i = items.length - 1; i >= at; i--) node = builder.build(items[i]!, node);
  return node;
}

/** Paths by their next item, and those that have none. */
function branches(paths: readonly Path[], builder: NodeBuilder): { readonly ends: Path[]; readonly groups: Path[][] } {
  const ends: Path[] = [];
  const groups = new Map<string, Path[]>();
  const put = (path: Path): void => {
    const item = path.items[path.at];
    if (item === undefined) {
      ends.push(path);
      return;
    }
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [path]);
    else group.push(path);
  };
  paths.forEach(put);
  // A choice that no other path has as a whole may share the beginnings of its alternatives. What follows it is built
  // once.
  for (let opened = true; opened;) {
    opened = false;
    for (const [key, group] of groups) {
      const path = group[0]!;
      const item = path.items[path.at]!;
      if (group.length > 1 || item.kind !== 'choice') continue;
      groups.delete(key);
      opened = true;
      const rest = passed(path);
      const last = once(() => buildRest(rest, builder));
      for (const one of item.items) put({ items: flat(one), at: 0, last });
    }
  }
  return { ends, groups: [...groups.values()] };
}

function nextOf(group: readonly Path[]): Tree {
  const [path] = group;
  return path!.items[path!.at]!;
}

function passed({ items, at, last }: Path): Path {
  return { items, at: at + 1, last };
}

function once(make: () => number): () => number {
  let made = -1;
  return () => (made < 0 ? (made = make()) : made);
}

function flat(tree: Tree): readonly Tree[] {
  if (tree.kind === 'empty') return [];
  return tree.kind === 'sequence' ? tree.items.flatMap(flat) : [tree];
}

const keys: WeakMap<Tree, string> = new WeakMap();
const rangeKeys: WeakMap<Ranges, string> = new WeakMap();

/** The structure of a tree as text: equal for trees that read the same in the same way. */
export function keyOf(tree: Tree): string {
  let key = keys.get(tree);
  if (key === undefined) keys.set(tree, (key = makeKey(tree)));
  return key;
}

function makeKey(tree: Tree): string {
  switch (tree.kind) {
    case 'empty':
      return 'e';
    case 'never':
      return 'n';
    case 'chars':
      return `c${rangesKey(tree.alone)}/${rangesKey(tree.pairs)}`;
    case 'sequence':
      return `(${flat(tree).map(keyOf).join('')})`;
    case 'choice':
      return `[${tree.items.map(keyOf).join('|')}]`;
    case 'repeat':
      return `{${keyOf(tree.item)}${tree.min},${tree.max}}`;
    case 'look':
      return `${tree.to === 'ahead' ? '>' : '<'}${rangesKey(tree.set)}${tree.edge ? '$' : ''};`;
  }
}

/** A set as text. */
export function rangesKey(ranges: Ranges): string {
  let key = rangeKeys.get(ranges);
  if (key === undefined) rangeKeys.set(ranges, (key = ranges.join(';')));
  return key;
}
