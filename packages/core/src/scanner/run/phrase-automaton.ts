/**
 * All phrases of a set in one complete automaton (A. Aho and M. Corasick, "Efficient string matching", 1975). Nothing
 * is computed while text is scanned: a unit costs one load, whatever the text and however many phrases there are.
 *
 * A state is the longest end of the text that some phrase begins with, so how much is held is how long that is:
 *
 *   phrases "he", "hers", "she"        text "ush"  →  state "sh", 2 letters held
 *                                      text "ushe" →  state "she": ends "she" and, as its longest proper end is "he", "he"
 *
 * A phrase may begin only where its look-behind holds. Inside a state's own text that is known; what stood before it
 * chose the trie that the state is in (`phrase-trie.ts`). The fall-back of a state is therefore exact.
 */
import type { Breaks } from '../build/breaks.ts';
import { type Output, type PhrasePattern, PhraseTrie } from '../build/phrase-trie.ts';
import type { Folding } from '../unicode/fold.ts';
import { COLD, UnitClasses } from './unit-classes.ts';

/** Entries that the table may have: 32 MB. */
const MOST_ENTRIES = 8_388_608;
/** In an entry: the unit is out of the ordinary, or something is reported. */
export const SLOW = 0x40000000;
/** Columns that come before those of the letters: units that are looked up, and units that are not seen. */
const UNUSUAL = 0;
const LETTERS = 1;
const NODES_PER_STRETCH = 4096;

export class PhraseAutomaton {
  readonly classes: UnitClasses;
  readonly folded: boolean;
  /** By unit. */
  readonly column: Uint8Array | Uint16Array;
  readonly columns: number;
  /** By state times `columns`, plus column: the next state times `columns`, with `SLOW`. */
  readonly table: Int32Array;
  /** By state: letters of its text, and letters of the longest end of it that may still become a phrase. */
  readonly depth: Uint16Array;
  readonly held: Uint16Array;
  /** Offset of the state before the first unit. */
  readonly initial: number;
  /** Letters of the longest phrase. */
  readonly longest: number;
  /** The letter of white space, of which there may be more than one unit; -1 if phrases have none. */
  readonly space: number;
  /** Work by all streams, see `work.ts`. */
  work = 0;

  /** By state: 1 if its text ends in white space. */
  private readonly endsInSpace: Uint8Array;
  private readonly firstLetter: number;
  private readonly ahead: PhraseTrie['ahead'];
  private readonly outputs: PhraseTrie['outputs'];
  private readonly fail: Int32Array;
  /** By state, the longest end of its text, itself included, that is a phrase; -1 if there is none. */
  private readonly ending: Int32Array;

  private constructor(trie: PhraseTrie, classes: UnitClasses, folded: boolean) {
    this.firstLetter = trie.firstLetter;
    this.ahead = trie.ahead;
    this.outputs = trie.outputs;
    this.folded = folded;
    this.classes = classes;
    this.columns = trie.letterCount + LETTERS;
    this.table = new Int32Array(trie.size * this.columns);
    this.depth = new Uint16Array(trie.size);
    this.held = new Uint16Array(trie.size);
    this.fail = new Int32Array(trie.size);
    this.ending = new Int32Array(trie.size).fill(-1);
    this.initial = trie.rootAtStart * this.columns;
    this.longest = trie.longest;
    this.space = trie.space;
    this.endsInSpace = new Uint8Array(trie.size);
    const column = Uint16Array.from({ length: 0x10000 }, (_, unit) => {
      const unitClass = classes.unitClass[unit]!;
      const letters = unitClass === COLD ? [] : this.lettersOf(unitClass);
      return letters.length === 1 ? letters[0]! + LETTERS : UNUSUAL;
    });
    this.column = this.columns <= 256 ? Uint8Array.from(column) : column;
  }

  /** `undefined` if the phrases do not qualify: they then need the lazy automaton. */
  static async of(
    phrases: readonly PhrasePattern[],
    folded: boolean,
    folding: Folding | undefined,
    breaks: Breaks,
  ): Promise<PhraseAutomaton | undefined> {
    const trie = PhraseTrie.of(phrases, folded, MOST_ENTRIES);
    if (trie === undefined || trie.longest > 0xffff) return undefined;
    if (breaks.isDue) await breaks.take();
    const automaton = new PhraseAutomaton(trie, new UnitClasses(trie.letters, folded ? folding : undefined), folded);
    await automaton.complete(trie, breaks);
    return automaton;
  }

  /** The letters that the phrases read for a class of units. */
  lettersOf(unitClass: number): readonly number[] {
    const { firstLetter } = this;
    if (!this.folded) return [this.classes.plain[unitClass]! - firstLetter];
    return this.classes.folded[unitClass]!.map((letter) => letter - firstLetter);
  }

  /** Offset of the state that a letter leads to. */
  after(state: number, letter: number): number {
    return this.table[state + LETTERS + letter]! & ~SLOW;
  }

  /** True if the letter goes on with white space that the state has counted: nothing changes. */
  standsStill(state: number, letter: number): boolean {
    return letter === this.space && this.endsInSpace[state / this.columns] === 1;
  }

  /** Calls `found` for each phrase that has ended in a state for certain. */
  arrived(state: number, found: (pattern: number, length: number) => void): void {
    this.each(state, (output) => {
      if (output.ahead < 0) found(output.pattern, output.length);
    });
  }

  /** The same for each phrase that has ended there if `letter` comes next; -1 is the end of the text. */
  confirmed(state: number, letter: number, found: (pattern: number, length: number) => void): void {
    const { ahead } = this;
    const holds = letter < 0 ? ahead.atEdge : ahead.ofLetter[letter]!;
    this.each(state, (output) => {
      if (output.ahead >= 0 && (holds & (1 << output.ahead)) !== 0) found(output.pattern, output.length);
    });
  }

  private each(state: number, visit: (output: Output) => void): void {
    const { outputs } = this;
    for (let node = this.ending[state / this.columns]!; node >= 0; node = this.ending[this.fail[node]!]!) {
      for (const output of outputs.get(node)!) visit(output);
    }
  }

  /** Breadth first: the row of a state is that of its fall-back, with the state's own children written over it. */
  private async complete(trie: PhraseTrie, breaks: Breaks): Promise<void> {
    const { table, columns, fail } = this;
    const { letterCount, children } = trie;
    /** By node: kinds of look-ahead that phrases ending there wait for, and whether one has ended for certain. */
    const waits = new Int32Array(trie.size);
    const ends = new Uint8Array(trie.size);
    const queue = new Int32Array(trie.size);
    let tail = 0;
    for (const root of trie.roots) {
      for (let letter = 0; letter < letterCount; letter++) {
        const child = children[root * letterCount + letter]!;
        const fallBack = trie.rootAfter[letter]!;
        table[root * columns + LETTERS + letter] = child === 0 ? fallBack : child;
        if (child === 0) continue;
        fail[child] = fallBack;
        queue[tail++] = child;
        this.depth[child] = 1;
        if (letter === trie.space) this.endsInSpace[child] = 1;
      }
    }
    for (let head = 0; head < tail; head++) {
      if (head % NODES_PER_STRETCH === 0 && breaks.isDue) await breaks.take();
      const node = queue[head]!;
      const fallBack = fail[node]!;
      this.settle(trie, node, waits, ends);
      for (let letter = 0; letter < letterCount; letter++) {
        const child = children[node * letterCount + letter]!;
        const otherwise = table[fallBack * columns + LETTERS + letter]!;
        table[node * columns + LETTERS + letter] = child === 0 ? otherwise : child;
        if (child === 0) continue;
        fail[child] = otherwise;
        queue[tail++] = child;
        this.depth[child] = this.depth[node]! + 1;
        if (letter === trie.space) this.endsInSpace[child] = 1;
      }
    }
    for (let node = 0; node < trie.size; node++) {
      if (node % NODES_PER_STRETCH === 0 && breaks.isDue) await breaks.take();
      const row = node * columns;
      table[row + UNUSUAL] = SLOW;
      for (let letter = 0; letter < letterCount; letter++) {
        const next = table[row + LETTERS + letter]!;
        const reports = ends[next] === 1 || (waits[node]! & trie.ahead.ofLetter[letter]!) !== 0;
        table[row + LETTERS + letter] = (next * columns) | (reports ? SLOW : 0);
      }
      if (this.endsInSpace[node] === 1) table[row + LETTERS + trie.space] = row | SLOW;
    }
  }

  /** What ends in a node and how much it holds, when its fall-back is known. */
  private settle(trie: PhraseTrie, node: number, waits: Int32Array, ends: Uint8Array): void {
    const fallBack = this.fail[node]!;
    const outputs = trie.outputs.get(node) ?? [];
    waits[node] = waits[fallBack]!;
    ends[node] = ends[fallBack]!;
    for (const { ahead } of outputs) {
      if (ahead < 0) ends[node] = 1;
      else waits[node] |= 1 << ahead;
    }
    this.ending[node] = outputs.length > 0 ? node : this.ending[fallBack]!;
    const isAlive =
      outputs.some(({ ahead }) => ahead >= 0) ||
      trie.children.subarray(node * trie.letterCount, (node + 1) * trie.letterCount).some((child) => child !== 0);
    this.held[node] = isAlive ? this.depth[node]! : this.held[fallBack]!;
  }
}
