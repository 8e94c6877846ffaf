/**
 * Thompson's construction (K. Thompson, "Regular expression search algorithm", 1968) over symbols. Nodes live in
 * parallel arrays; a pattern is built from its end backwards, so that a node's successors mostly have smaller numbers.
 *
 *   CHARS   one symbol of `set`, then `next`          AHEAD   next symbol in `set` (or the end, if `edge`), then `next`
 *   SPLIT   `next` or `other`                         BEHIND  previous symbol in `set` (or the start), then `next`
 *   FINAL   `pattern` matches
 */
import { EVERY_SECOND, type Ranges } from '../unicode/symbols.ts';
import { buildShared, pathOf, rangesKey } from './shared-prefixes.ts';
import type { Tree } from './tree.ts';
import { Refusal } from '../../dialects/refusal.ts';

export const CHARS = 0;
export const SPLIT = 1;
export const AHEAD = 2;
export const BEHIND = 3;
export const FINAL = 4;

/** The owner of nodes that several patterns share. */
export const SHARED = -1;

/** Nodes of one pattern after its repeats are written out. */
const MAX_PATTERN_NODES = 50_000;

/** Where a pattern, or several with shared beginnings, begins and which nodes are its own. */
export interface Fragment {
  /** `SHARED` for a fragment of several patterns. */
  readonly pattern: number;
  /** Reads folded text. */
  readonly folded: boolean;
  /** A phrase: its assertions stand at the ends only and cannot contradict the rest. */
  readonly literal: boolean;
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly loops: readonly Loop[];
}

/** A repeat, with the nodes of (one copy of) its body. */
export interface Loop {
  readonly min: number;
  readonly max: number;
  readonly from: number;
  readonly to: number;
}

export class Nfa {
  readonly kind: number[] = [];
  readonly set: number[] = [];
  readonly next: number[] = [];
  /** SPLIT: the other branch. AHEAD, BEHIND: 1 if the edge of the text fits. FINAL: the pattern. */
  readonly other: number[] = [];
  /** 1 for the nodes of patterns that read folded text. */
  readonly folded: number[] = [];
  /** The pattern a node belongs to, or `SHARED`. */
  readonly owner: number[] = [];
  readonly fragments: Fragment[] = [];
  /** The distinct sets that nodes name, and which kinds of pattern (1 plain, 2 folded) use each. */
  readonly sets: Ranges[] = [];
  readonly setUse: number[] = [];
  private readonly setIds: Map<string, number> = new Map();
  private readonly knownSets: Map<Ranges, number> = new Map();
  /** Patterns are read from right to left, for finding the starts of a known end. */
  readonly reversed: boolean;
  private reading = 0;
  private pattern = 0;
  private first = 0;
  private loops: Loop[] = [];

  constructor(reversed: boolean) {
    this.reversed = reversed;
  }

  get size(): number {
    return this.kind.length;
  }

  /** Adds a pattern with nodes of its own. Refuses one that is too large. */
  add(pattern: number, tree: Tree, folded: boolean, literal: boolean): void {
    this.begin(pattern, folded);
    const start = this.build(tree, this.node(FINAL, -1, -1, pattern));
    this.fragments.push({ pattern, folded, literal, start, from: this.first, to: this.size, loops: this.loops });
  }

  /**
   * Adds patterns of one reading with their common beginnings shared. Each has been added alone to an automaton before.
   */
  addShared(
    patterns: readonly { readonly pattern: number; readonly tree: Tree }[],
    folded: boolean,
    literal: boolean,
  ): void {
    this.begin(SHARED, folded);
    const paths = patterns.map(({ pattern, tree }) => pathOf(tree, () => this.node(FINAL, -1, -1, pattern)));
    const start = buildShared(paths, {
      build: (tree, next) => this.build(tree, next),
      split: (one, other) => this.node(SPLIT, -1, one, other),
    });
    this.fragments.push({ pattern: SHARED, folded, literal, start, from: this.first, to: this.size, loops: [] });
  }

  private begin(pattern: number, folded: boolean): void {
    this.reading = folded ? 1 : 0;
    this.pattern = pattern;
    this.first = this.size;
    this.loops = [];
  }

  /** Nodes reached from a node in one step, whatever it consumes or asserts. */
  exits(node: number): readonly number[] {
    if (this.kind[node] === FINAL) return [];
    return this.kind[node] === SPLIT ? [this.next[node]!, this.other[node]!] : [this.next[node]!];
  }

  /** The number of a set that some node names. */
  setOf(ranges: Ranges): number {
    return this.setId(ranges);
  }

  /** The CHARS nodes of a repeat's body. */
  charsIn(loop: Loop): number[] {
    const nodes: number[] = [];
    for (let node = loop.from; node < loop.to; node++) if (this.kind[node] === CHARS) nodes.push(node);
    return nodes;
  }

  private build(tree: Tree, next: number): number {
    switch (tree.kind) {
      case 'empty':
        return next;
      case 'never':
        return this.node(CHARS, this.setId([]), next, 0);
      case 'chars':
        return this.characters(tree.alone, tree.pairs, next);
      case 'sequence': {
        let at = next;
        const count = tree.items.length;
        for (let i = 0; i < count; i++) at = this.build(tree.items[this.reversed ? i : count - 1 - i]!, at);
        return at;
      }
      case 'choice': {
        const branches = tree.items.map((item) => this.build(item, next));
        return branches.reduceRight((rest, branch) => this.node(SPLIT, -1, branch, rest));
      }
      case 'repeat':
        return this.repeated(tree.item, tree.min, tree.max, next);
      case 'look': {
        const ahead = (tree.to === 'ahead') !== this.reversed;
        return this.node(ahead ? AHEAD : BEHIND, this.setId(tree.set), next, tree.edge ? 1 : 0);
      }
    }
  }

  private characters(alone: Ranges, pairs: Ranges, next: number): number {
    const single = alone.length > 0 ? this.node(CHARS, this.setId(alone), next, 0) : -1;
    if (pairs.length === 0) return single;
    const [near, far] = this.reversed ? [EVERY_SECOND, pairs] : [pairs, EVERY_SECOND];
    const tail = this.node(CHARS, this.setId(far), next, 0);
    const pair = this.node(CHARS, this.setId(near), tail, 0);
    return single < 0 ? pair : this.node(SPLIT, -1, single, pair);
  }

  private repeated(item: Tree, min: number, max: number, next: number): number {
    let at = next;
    let copies = min;
    const from = this.size;
    if (max === Infinity) {
      const loop = this.node(SPLIT, -1, -1, next);
      this.next[loop] = this.build(item, loop);
      at = loop;
      if (min > 0) {
        // The loop's own body is the last obligatory round.
        at = this.next[loop];
        copies--;
      }
    } else {
      for (let i = min; i < max; i++) at = this.node(SPLIT, -1, this.build(item, at), next);
    }
    // Of an unbounded repeat only the body that loops; the obligatory rounds before it are a bounded run.
    const to = this.size;
    for (let i = 0; i < copies; i++) at = this.build(item, at);
    this.loops.push({ min, max, from, to: max === Infinity ? to : this.size });
    return at;
  }

  private node(kind: number, set: number, next: number, other: number): number {
    const id = this.size;
    if (this.pattern !== SHARED && id - this.first > MAX_PATTERN_NODES) {
      throw new Refusal('PATTERN_TOO_LARGE', 'is too large', 'lower its repeat counts or split it');
    }
    this.kind.push(kind);
    this.set.push(set);
    this.next.push(next);
    this.other.push(other);
    this.folded.push(this.reading);
    this.owner.push(this.pattern);
    return id;
  }

  private setId(ranges: Ranges): number {
    // Parsers hand out the same array for the same set where they can, which spares writing it out as a key.
    let id = this.knownSets.get(ranges);
    if (id === undefined) {
      const key = rangesKey(ranges);
      id = this.setIds.get(key);
      if (id === undefined) {
        id = this.sets.length;
        this.sets.push(ranges);
        this.setUse.push(0);
        this.setIds.set(key, id);
      }
      this.knownSets.set(ranges, id);
    }
    this.setUse[id]! |= this.reading === 1 ? 2 : 1;
    return id;
  }
}
