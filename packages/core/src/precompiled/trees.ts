/** Trees of patterns as text: each node and each set of characters once, since patterns share most of them. */
import { type Tree } from '../scanner/build/tree.ts';
import type { Ranges } from '../scanner/unicode/symbols.ts';

/** Numbers are in base 36. A node names nodes that stand before it. */
export interface TreeTable {
  /** `gap,length gap,length`, one text for each set. */
  readonly sets: readonly string[];
  /** `kind,...` of each node, with a space between two. */
  readonly nodes: string;
}

const KINDS = ['empty', 'never', 'chars', 'sequence', 'choice', 'repeat', 'ahead', 'behind'] as const;
type Kind = (typeof KINDS)[number];

/** Stands for `Infinity`. */
const ENDLESS = -1;

/** Collects trees; the number of each is what a reader asks for. */
export class TreeWriter {
  readonly #sets = new Map<string, number>();
  readonly #nodes = new Map<string, number>();

  get table(): TreeTable {
    return { sets: [...this.#sets.keys()], nodes: [...this.#nodes.keys()].join(' ') };
  }

  add(tree: Tree): number {
    switch (tree.kind) {
      case 'empty':
      case 'never':
        return this.#node(tree.kind);
      case 'chars':
        return this.#node('chars', this.#set(tree.alone), this.#set(tree.pairs));
      case 'sequence':
      case 'choice':
        return this.#node(tree.kind, ...tree.items.map((item) => this.add(item)));
      case 'repeat':
        return this.#node('repeat', this.add(tree.item), tree.min, tree.max === Infinity ? ENDLESS : tree.max);
      case 'look':
        return this.#node(tree.to, this.#set(tree.set), tree.edge ? 1 : 0);
    }
  }

  #node(kind: Kind, ...rest: readonly number[]): number {
    return numberIn(this.#nodes, [KINDS.indexOf(kind), ...rest].map((value) => value.toString(36)).join());
  }

  #set(ranges: Ranges): number {
    let next = 0;
    const runs = ranges.map(([from, to]) => {
      const run = `${(from - next).toString(36)},${(to - from + 1).toString(36)}`;
      next = to;
      return run;
    });
    return numberIn(this.#sets, runs.join(' '));
  }
}

function numberIn(known: Map<string, number>, text: string): number {
  let number = known.get(text);
  if (number === undefined) known.set(text, (number = known.size));
  return number;
}

/** The trees by number. Parts that they share are one object. */
export function readTrees({ sets: written, nodes }: TreeTable): readonly Tree[] {
  const sets = written.map(readRanges);
  const trees: Tree[] = [];
  for (const node of nodes === '' ? [] : nodes.split(' ')) {
    const [kind = 0, ...rest] = node.split(',').map((digits) => Number.parseInt(digits, 36));
    trees.push(treeOf(KINDS[kind]!, rest, trees, sets));
  }
  return trees;
}

function treeOf(kind: Kind, rest: readonly number[], trees: readonly Tree[], sets: readonly Ranges[]): Tree {
  const [first = 0, second = 0, third = 0] = rest;
  switch (kind) {
    case 'empty':
    case 'never':
      return { kind };
    case 'chars':
      return { kind, alone: sets[first]!, pairs: sets[second]! };
    case 'sequence':
    case 'choice':
      return { kind, items: rest.map((index) => trees[index]!) };
    case 'repeat':
      return { kind, item: trees[first]!, min: second, max: third === ENDLESS ? Infinity : third };
    case 'ahead':
    case 'behind':
      return { kind: 'look', to: kind, set: sets[first]!, edge: second === 1 };
  }
}

function readRanges(written: string): Ranges {
  let next = 0;
  return written === ''
    ? []
    : written.split(' ').map((run) => {
        const [gap = 0, length = 0] = run.split(',').map((digits) => Number.parseInt(digits, 36));
        const from = next + gap;
        next = from + length - 1;
        return [from, next] as const;
      });
}
