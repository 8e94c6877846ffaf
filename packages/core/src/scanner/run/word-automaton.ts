/**
 * Finds words in a text, all in one pass, by their spelling (A. Aho and M. Corasick, "Efficient string matching",
 * 1975). Complete before the first unit: a unit costs one load, whatever the text.
 */
import type { Breaks } from '../build/breaks.ts';
import { isHighSurrogate, isLowSurrogate, type Ranges, union } from '../unicode/symbols.ts';
import { type RequiredWord, spelled, SPELLED_OTHERWISE } from '../build/required.ts';
import type { Folding } from '../unicode/fold.ts';
import { TailAutomaton } from './tail-automaton.ts';
import { SLICE_WORK } from './work.ts';

/** In an entry: a word ends with the unit. */
const ENDS = 0x40000000;
/** An entry for a unit that folding reads as none or as several. */
const UNREADABLE = -1;
/** Entries that the table may have: 4 MB. */
const MOST_ENTRIES = 1_048_576;
/** Columns of the units that are in no word, and of those that cannot be read one by one. */
const OTHER = 0;
const ODD = 1;
const LETTERS = 2;

/** A word, with all that may stand before it in the matches of those who look for it. */
interface Word {
  readonly length: number;
  readonly before: number;
  readonly passes: Passes;
  /** What follows it in matches, by `TailAutomaton`; empty if that may be anything. */
  readonly tails: readonly number[];
  readonly group: number;
}

/** A word that a pattern requires. */
export interface RequiredOf extends RequiredWord {
  /** The pattern reads folded text. */
  readonly folded: boolean;
  /** Words of a group are found together. */
  readonly group: number;
}

/** How far the search of a text has come. */
export interface WordSearch {
  state: number;
  /** By group and word: where the matches that contain it may begin, times `PLACE`, plus where it begins itself. */
  readonly found: readonly number[][];
}

export class WordAutomaton {
  private readonly table: Int32Array;
  private readonly column: Uint8Array | Uint16Array;
  private readonly columns: number;
  /** By state, the words that end there. */
  private readonly words: (readonly Word[])[];
  private readonly tails: TailAutomaton;
  /** Units that the last `goesOn` has looked at. */
  private behind = 0;

  private constructor(
    table: Int32Array,
    column: Uint8Array | Uint16Array,
    columns: number,
    words: (readonly Word[])[],
    tails: TailAutomaton,
  ) {
    this.tails = tails;
    this.table = table;
    this.column = column;
    this.columns = columns;
    this.words = words;
  }

  /** `undefined` if there are too many words. `folding`: given if some pattern reads folded text. */
  static async of(
    required: readonly RequiredOf[],
    folding: Folding | undefined,
    breaks: Breaks,
  ): Promise<WordAutomaton | undefined> {
    const { columnOf, column, columns } = columnsOf(required, folding);
    const tails = new TailAutomaton(
      required.map(({ after, folded }) => ({ tail: after, folded })),
      folding,
    );
    if (breaks.isDue) await breaks.take();
    const trie = new Trie(required, columnOf, folding, tails);
    if (breaks.isDue) await breaks.take();
    if (trie.size * columns > MOST_ENTRIES) return undefined;
    const own = columns <= 256 ? Uint8Array.from(column) : column;
    return new WordAutomaton(trie.complete(columns), own, columns, trie.words, tails);
  }

  /**
   * Reads `text[from, to)` for a search that has read what stands before. Returns how many units were looked at, those
   * before and behind words included; -1 if the text cannot be read unit by unit, or there is so much to look at that
   * scanning it costs less. INVARIANT: what a call costs is bounded by `to - from`, whatever the words and the text.
   */
  read(search: WordSearch, text: string, from: number, to: number): number {
    let looked = to - from;
    const most = looked * MOST_LOOKED_AT + SURELY_FEW;
    const mostWork = this.tails.work + SLICE_WORK;
    for (let i = from; ; i++) {
      i = this.advance(search, text, i, to);
      if (i >= to) return looked;
      const entry = this.table[search.state + this.column[text.charCodeAt(i)]!]!;
      if (entry === UNREADABLE) return -1;
      search.state = entry & ~ENDS;
      for (const { length, before, passes, tails, group } of this.words[search.state / this.columns]!) {
        looked += WORD_FOUND;
        const goesOn = tails.length === 0 || this.goesOn(tails, text, i + 1);
        looked += this.behind;
        if (looked > most || this.tails.work > mostWork) return -1;
        if (!goesOn) continue;
        const begin = i + 1 - length;
        const first = passes.back(text, begin, Math.min(before, most - looked + 1));
        looked += begin - first;
        if (looked > most) return -1;
        search.found[group]!.push(first * PLACE + begin);
      }
    }
  }

  private goesOn(tails: readonly number[], text: string, at: number): boolean {
    this.behind = 0;
    for (let i = 0; i < tails.length; i++) {
      const goesOn = this.tails.goesOn(tails[i]!, text, at);
      this.behind += this.tails.looked;
      if (goesOn) return true;
    }
    return false;
  }

  /** Work by all who search, beside the units that were looked at. */
  get work(): number {
    return this.tails.work;
  }

  private advance(search: WordSearch, text: string, from: number, to: number): number {
    const { table, column } = this;
    let { state } = search;
    let i = from;
    for (; i < to; i++) {
      const entry = table[state + column[text.charCodeAt(i)]!]!;
      if (entry >>> 30 !== 0) break;
      state = entry;
    }
    search.state = state;
    return i;
  }
}

/** See `WordAutomaton.read`. */
export const PLACE = 0x4000000;
/** What a word costs that is found, in units that are looked at. */
const WORD_FOUND = 16;
/** With more to look at than so many times the units that are read, and so many units, there is too much to look at. */
const MOST_LOOKED_AT = 4;
const SURELY_FEW = 512;

/** What may stand before a word. */
class Passes {
  private readonly ascii: Uint8Array = new Uint8Array(0x80);
  private readonly ranges: Ranges;
  private readonly folding: Folding | undefined;
  private readonly surrogates: boolean;

  constructor(ranges: Ranges, folding: Folding | undefined) {
    this.ranges = ranges;
    this.folding = folding;
    this.surrogates = ranges.some(([, to]) => to >= 0xd800);
    for (const [from, to] of ranges) this.ascii.fill(1, from, Math.max(from, to + 1));
  }

  /** Where the longest run begins that may stand before `to` and is no longer than `most`. */
  back(text: string, to: number, most: number): number {
    const least = Math.max(0, to - most);
    let at = to;
    while (at > least && this.passes(text.charCodeAt(at - 1))) at--;
    return at;
  }

  private passes(unit: number): boolean {
    if (unit < 0x80) return this.ascii[unit] === 1;
    if (isHighSurrogate(unit) || isLowSurrogate(unit)) return this.surrogates;
    if (this.has(unit)) return true;
    const read = this.folding?.read(unit);
    return read?.length === 1 && this.has(read[0]!);
  }

  private has(unit: number): boolean {
    return this.ranges.some(([from, to]) => from <= unit && unit <= to);
  }
}

function columnsOf(
  required: readonly RequiredOf[],
  folding: Folding | undefined,
): { readonly columnOf: ReadonlyMap<number, number>; readonly column: Uint16Array; readonly columns: number } {
  const columnOf = new Map<number, number>();
  for (const { letters } of required) {
    for (const letter of letters) if (!columnOf.has(letter)) columnOf.set(letter, columnOf.size + LETTERS);
  }
  const column = new Uint16Array(0x10000);
  for (const [letter, own] of columnOf) column[letter] = own;
  for (const unit of SPELLED_OTHERWISE) column[unit] = columnOf.get(spelled(unit)) ?? OTHER;
  for (const [codePoint, read] of folding?.entries() ?? []) {
    if (codePoint > 0xffff) column[0xd800 + ((codePoint - 0x10000) >> 10)] = ODD;
    else column[codePoint] = read.length === 1 ? (columnOf.get(spelled(read[0]!)) ?? OTHER) : ODD;
  }
  return { columnOf, column, columns: columnOf.size + LETTERS };
}

interface WordParts {
  readonly length: number;
  before: number;
  readonly sets: Set<Ranges>;
  readonly tails: Set<number>;
}

class Trie {
  readonly words: (readonly Word[])[] = [];
  private readonly children: Map<number, number>[] = [new Map<number, number>()];

  constructor(
    required: readonly RequiredOf[],
    columnOf: ReadonlyMap<number, number>,
    folding: Folding | undefined,
    tails: TailAutomaton,
  ) {
    const own: Map<number, WordParts>[] = [];
    for (const { letters, before, beforeSet, after, group } of required) {
      const node = this.insert(letters.map((letter) => columnOf.get(letter)!));
      const here = (own[node] ??= new Map());
      let word = here.get(group);
      if (word === undefined)
        here.set(group, (word = { length: letters.length, before: 0, sets: new Set(), tails: new Set() }));
      word.before = Math.max(word.before, before);
      word.sets.add(beforeSet);
      word.tails.add(tails.numberOf(after));
    }
    for (let node = 0; node < this.size; node++) {
      const words = Array.from(own[node] ?? [], ([group, { length, before, sets, tails: after }]): Word => {
        const passes = new Passes(union(...sets), folding);
        return { length, before, passes, tails: after.has(-1) ? [] : [...after], group };
      });
      this.words.push(words);
    }
  }

  get size(): number {
    return this.children.length;
  }

  /** Breadth first: the row of a state is that of its fall-back, with its own children written over it. */
  complete(columns: number): Int32Array {
    const table = new Int32Array(this.size * columns);
    const queue = [{ node: 0, fallBack: 0 }];
    for (const { node, fallBack } of queue) {
      const row = node * columns;
      if (node > 0) {
        table.copyWithin(row, fallBack * columns, (fallBack + 1) * columns);
        this.words[node] = [...this.words[node]!, ...this.words[fallBack]!];
      }
      for (const [column, child] of this.children[node]!) {
        queue.push({ node: child, fallBack: node === 0 ? 0 : table[row + column]! });
        table[row + column] = child;
      }
    }
    for (let at = 0; at < table.length; at++) {
      const next = table[at]!;
      table[at] = at % columns === ODD ? UNREADABLE : (next * columns) | (this.words[next]!.length > 0 ? ENDS : 0);
    }
    return table;
  }

  private insert(columns: readonly number[]): number {
    let node = 0;
    for (const column of columns) {
      let child = this.children[node]!.get(column);
      if (child === undefined) {
        child = this.children.length;
        this.children.push(new Map());
        this.children[node]!.set(column, child);
      }
      node = child;
    }
    return node;
  }
}
