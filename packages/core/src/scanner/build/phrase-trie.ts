/**
 * The words of phrases as letters, in tries: one trie for each set of look-behinds that may hold before a phrase
 * begins.
 *
 *   "cat" (a whole word), "at" (also inside words)      after a space: { cat, at }      after a letter: { at }
 *
 * Phrases qualify if every character of theirs is one letter, in any case; what does not fit is left to the lazy
 * automaton. White space of any length between words is one letter, too: the automaton stands still on what follows the
 * first of it.
 */
import { type Ranges, SECOND } from '../unicode/symbols.ts';
import { Nfa } from './nfa.ts';
import { PatternLetters } from './pattern-letters.ts';
import type { Tree } from './tree.ts';

/** A phrase as the compiler has it. */
export interface PhrasePattern {
  readonly pattern: number;
  readonly tree: Tree;
}

/** What must stand next to a phrase: kinds are numbered, and sets of them are bits. */
const MOST_KINDS = 30;

/** A phrase that ends at a node. */
export interface Output {
  readonly pattern: number;
  /** Its letters. */
  readonly length: number;
  /** The kind of look-ahead that must hold; -1 if the match is certain. */
  readonly ahead: number;
}

interface Word {
  readonly pattern: number;
  readonly letters: readonly number[];
  /** The letter that may be repeated; -1 if there is none. */
  readonly space: number;
  readonly behind: number;
  readonly ahead: number;
}

/** The kinds of look-around in one direction, with what satisfies each. */
class Kinds {
  /** By letter, the kinds that it satisfies, as bits. */
  readonly ofLetter: Int32Array;
  /** The kinds that the edge of the text satisfies. */
  atEdge = 0;
  private readonly ids: Map<string, number> = new Map();

  constructor(letters: number) {
    this.ofLetter = new Int32Array(letters);
  }

  get count(): number {
    return this.ids.size;
  }

  idOf(set: number, edge: boolean, members: Uint8Array, from: number): number {
    const key = `${set}:${edge}`;
    let id = this.ids.get(key);
    if (id !== undefined) return id;
    this.ids.set(key, (id = this.ids.size));
    if (edge) this.atEdge |= 1 << id;
    for (let letter = 0; letter < this.ofLetter.length; letter++) {
      if (members[from + letter] === 1) this.ofLetter[letter]! |= 1 << id;
    }
    return id;
  }
}

export class PhraseTrie {
  readonly letters: PatternLetters;
  /** Letters of the reading are numbered from 0 here; this is the first one's own number. */
  readonly firstLetter: number;
  readonly letterCount: number;
  readonly behind: Kinds;
  readonly ahead: Kinds;
  /** By node and letter, the child; 0 if there is none. Nodes of a trie follow their root. */
  readonly children: Int32Array;
  readonly outputs: Map<number, Output[]> = new Map();
  /** The root after a letter, and at the start of the text. */
  readonly rootAfter: Int32Array;
  readonly rootAtStart: number;
  readonly roots: readonly number[];
  /** The letter of white space between words; -1 if no phrase has any. */
  readonly space: number;
  size = 0;
  longest = 0;

  private constructor(letters: PatternLetters, folded: boolean, words: readonly Word[], behind: Kinds, ahead: Kinds) {
    this.letters = letters;
    const [from, to] = letters.range(folded);
    this.firstLetter = from;
    this.letterCount = to - from;
    this.behind = behind;
    this.ahead = ahead;
    const sets = setsOf(behind);
    this.children = new Int32Array(mostNodes(words, sets) * this.letterCount);
    this.size = sets.size;
    this.roots = [...sets.values()];
    this.space = Math.max(-1, ...words.map(({ space }) => space));
    this.rootAfter = behind.ofLetter.map((bits) => sets.get(bits)!);
    this.rootAtStart = sets.get(behind.atEdge)!;
    for (const [bits, root] of sets) {
      for (const word of words) if (mayBegin(word, bits)) this.insert(root, word);
    }
  }

  /** `undefined` if the phrases do not qualify, or would need more than `mostEntries` in the table. */
  static of(phrases: readonly PhrasePattern[], folded: boolean, mostEntries: number): PhraseTrie | undefined {
    const nfa = new Nfa(false);
    for (const tree of vocabulary(phrases)) nfa.add(0, tree, folded, true);
    const letters = new PatternLetters(nfa, Number.POSITIVE_INFINITY);
    const [from, to] = letters.range(folded);
    const behind = new Kinds(to - from);
    const ahead = new Kinds(to - from);
    const words: Word[] = [];
    for (const phrase of phrases) {
      const word = wordOf(phrase, nfa, letters, folded, behind, ahead);
      if (word === undefined) return undefined;
      words.push(word);
    }
    if (behind.count > MOST_KINDS || ahead.count > MOST_KINDS) return undefined;
    if (mostNodes(words, setsOf(behind)) * (to - from + 1) > mostEntries) return undefined;
    return new PhraseTrie(letters, folded, words, behind, ahead);
  }

  private insert(root: number, { pattern, letters, ahead }: Word): void {
    const { children, letterCount } = this;
    let node = root;
    for (const letter of letters) {
      const at = node * letterCount + letter;
      if (children[at] === 0) children[at] = this.size++;
      node = children[at]!;
    }
    this.longest = Math.max(this.longest, letters.length);
    const output: Output = { pattern, length: letters.length, ahead };
    const known = this.outputs.get(node);
    if (known === undefined) this.outputs.set(node, [output]);
    else known.push(output);
  }
}

/** The sets of look-behinds that may hold at a place, as bits, with the number of the root for each. */
function setsOf(behind: Kinds): ReadonlyMap<number, number> {
  const sets = new Map<number, number>();
  for (const bits of [behind.atEdge, ...behind.ofLetter]) if (!sets.has(bits)) sets.set(bits, sets.size);
  return sets;
}

function mayBegin({ behind }: Word, bits: number): boolean {
  return behind < 0 || (bits & (1 << behind)) !== 0;
}

/** Nodes that the tries have if nothing is shared. */
function mostNodes(words: readonly Word[], sets: ReadonlyMap<number, number>): number {
  let nodes = sets.size;
  for (const bits of sets.keys()) {
    for (const word of words) if (mayBegin(word, bits)) nodes += word.letters.length;
  }
  return nodes;
}

/** Each character and each look-around that occurs, once. */
function vocabulary(phrases: readonly PhrasePattern[]): Tree[] {
  const seen = new Map<Tree | Ranges, Tree>();
  let any: Tree | undefined;
  for (const { tree } of phrases) {
    for (const item of itemsOf(tree)) {
      const one = charsOf(item);
      if (one !== undefined) {
        any ??= one;
        seen.set(one, one);
      } else if (item.kind === 'look' && !seen.has(item.set)) {
        // A look-around without a character is no pattern; which one stands beside it does not matter.
        seen.set(item.set, { kind: 'sequence', items: [item] });
      }
    }
  }
  return [...seen.values()];
}

function itemsOf(tree: Tree): readonly Tree[] {
  return tree.kind === 'sequence' ? tree.items : [tree];
}

type Chars = Extract<Tree, { readonly kind: 'chars' }>;

/** The character of an item: itself, or what it repeats without end. */
function charsOf(item: Tree): Chars | undefined {
  if (item.kind === 'repeat' && item.min === 1 && item.max === Number.POSITIVE_INFINITY) return charsOf(item.item);
  return item.kind === 'chars' ? item : undefined;
}

function wordOf(
  { pattern, tree }: PhrasePattern,
  nfa: Nfa,
  letters: PatternLetters,
  folded: boolean,
  behind: Kinds,
  ahead: Kinds,
): Word | undefined {
  const [from] = letters.range(folded);
  const word: number[] = [];
  let before = -1;
  let after = -1;
  let space = -1;
  for (const item of itemsOf(tree)) {
    if (item.kind === 'look') {
      const set = nfa.setOf(item.set);
      const id = (item.to === 'behind' ? behind : ahead).idOf(set, item.edge, letters.members[set]!, from);
      if (item.to === 'behind') before = id;
      else after = id;
    } else {
      const one = charsOf(item);
      if (one === undefined || (one.alone.length > 0 && one.pairs.length > 0)) return undefined;
      const read = one.pairs.length === 0 ? [one.alone] : [one.pairs, seconds(one.pairs)];
      for (const set of read) {
        const letter = letterOf(set, letters, folded);
        if (letter === undefined) return undefined;
        word.push(letter);
        if (item.kind === 'repeat') space = letter;
      }
    }
  }
  return { pattern, letters: word, space, behind: before, ahead: after };
}

/** Second halves: after the first half of a code point comes no other. */
function seconds(firsts: Ranges): Ranges {
  return firsts.map(([from, to]) => [from + SECOND, to + SECOND] as const);
}

/** The letter of all symbols of a small set; `undefined` if they are several letters. */
function letterOf(set: Ranges, letters: PatternLetters, folded: boolean): number | undefined {
  const [from] = letters.range(folded);
  let letter: number | undefined;
  for (const [first, last] of set) {
    for (let symbol = first; symbol <= last; symbol++) {
      const own = letters.letterOf(symbol, folded) - from;
      if (letter !== undefined && letter !== own) return undefined;
      letter = own;
    }
  }
  return letter;
}
