/**
 * What every match of a pattern contains: one of some words, what may stand before it in the match, and what follows.
 * Most patterns have such words (a key word, the `@` of an address, the digits of a number), and most texts have none
 * of them.
 *
 *   /[\w.-]{0,50}?(?:token|secret)\s*=/     "token" or "secret", at most 50 of [\w.-] before it
 *   /\b\d{3}-\d{2}-\d{4}\b/                 "000-00-0000": a digit is any digit here, and case is ignored
 *
 * Words are spelled by `spelled`, which tells fewer letters apart than patterns do, so a word is found wherever the
 * pattern's own text stands. Assertions and validators only refuse matches, so nothing is asked of them.
 */
import { countOf, type Ranges } from '../unicode/symbols.ts';
import { empty, lengthOf, repeat, sequence, type Tree } from './tree.ts';

/** A word that matches contain. */
export interface RequiredWord {
  /** Spelled units. */
  readonly letters: readonly number[];
  /** Most symbols of the match before the word; may be `Infinity`. */
  readonly before: number;
  /** Symbols that may stand there. */
  readonly beforeSet: Ranges;
  /** What follows in the match, or the beginning of it, without assertions. The same object where it is the same. */
  readonly after: Tree;
}

/** Letters beyond this make a word no rarer. */
const MOST_LETTERS = 12;
/** Ways of writing a word that are words of their own. */
const MOST_WAYS = 8;
/** Words of one pattern. */
const MOST_WORDS = 64;
/** A set of more symbols is no part of a word, unless it is of digits. */
const MOST_SYMBOLS = 6;
/** Words that are expected more often than once in so many units of prose are of no use. */
const RAREST_USE = 1 / 30;

/** The unit by which a word is looked for in place of `unit`. */
export function spelled(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit + 0x20;
  if (unit >= 0x30 && unit <= 0x39) return 0x30;
  if (unit === 0x17f) return 0x73;
  return unit === 0x212a ? 0x6b : unit;
}

/** The units that are not spelled as themselves. */
export const SPELLED_OTHERWISE: readonly number[] = Array.from({ length: 0x2200 }, (_, unit) => unit).filter(
  (unit) => spelled(unit) !== unit,
);

/**
 * Words of which every match of the tree contains one; `undefined` if there are none that are rare in prose. `read`:
 * the unit that is spelled in place of one of the text.
 */
export function requiredWords(tree: Tree, read: (unit: number) => number): readonly RequiredWord[] | undefined {
  const found = new Search(read).of(tree);
  return found !== undefined && found.rate <= RAREST_USE ? found.words : undefined;
}

interface Found {
  readonly words: readonly RequiredWord[];
  /** Occurrences expected in a unit of prose. */
  readonly rate: number;
}

/** What stands before a place in a match. */
interface Before {
  readonly most: number;
  /** What so many of these read may stand there. */
  readonly items: readonly Tree[];
  readonly count: number;
}

class Search {
  readonly #read: (unit: number) => number;

  constructor(read: (unit: number) => number) {
    this.#read = read;
  }

  of(tree: Tree): Found | undefined {
    let best: Found | undefined;
    const items = flat(tree).filter(({ kind }) => kind !== 'look');
    let before: Before = { most: 0, items, count: 0 };
    let run: (readonly number[])[] = [];
    let ways = 1;
    let rate = 1;
    let runBefore = before;
    const isBetter = (than: number): boolean => best === undefined || than < best.rate;
    /** What follows some copies of an item. */
    const after = (index: number, copies: number): readonly Tree[] => {
      if (index === items.length) return [];
      const [one, least, most] = repeated(items[index]!);
      return [repeat(one, Math.max(0, least - copies), most - copies), ...items.slice(index + 1)];
    };
    const endRun = (index: number, copies: number): void => {
      if (run.length > 0 && isBetter(rate)) {
        best = { rate, words: wordsOf(run, runBefore, beginningOf(after(index, copies))) };
      }
      run = [];
      ways = 1;
      rate = 1;
    };
    for (const [index, item] of items.entries()) {
      const [one, least, most] = repeated(item);
      const letters = this.#lettersOf(one);
      const upTo = before.most + lengthOf(item).max;
      if (letters === undefined) {
        endRun(index, 0);
        const found = least > 0 ? this.#inside(one) : undefined;
        if (found !== undefined && isBetter(found.rate)) best = moved(found, before, after(index, 1));
      } else {
        const copies = Math.min(least, MOST_LETTERS);
        for (let copy = 0; copy < copies; copy++) {
          if (run.length === MOST_LETTERS || ways * letters.length > MOST_WAYS) endRun(index, copy);
          if (run.length === 0) runBefore = before;
          const isMore = letters === DIGIT && run[run.length - 1] === DIGIT;
          rate *= isMore ? MORE_DIGITS : letters.reduce((sum, letter) => sum + rateOf(letter), 0);
          ways *= letters.length;
          run.push(letters);
          before = { most: before.most + 1, items, count: index + 1 };
        }
        if (most > copies) endRun(index, copies);
      }
      before = { most: upTo, items, count: index + 1 };
    }
    endRun(items.length, 0);
    return best;
  }

  /** Words that every match of an item has. */
  #inside(item: Tree): Found | undefined {
    if (item.kind === 'sequence' || item.kind === 'repeat') return this.of(item);
    if (item.kind !== 'choice') return undefined;
    const all: Found[] = [];
    for (const branch of item.items) {
      const found = this.of(branch);
      if (found === undefined) return undefined;
      all.push(found);
    }
    const words = all.flatMap((one) => one.words);
    return words.length > MOST_WORDS ? undefined : { words, rate: all.reduce((sum, one) => sum + one.rate, 0) };
  }

  /** The few letters that a character may be; `undefined` if they are many. */
  #lettersOf(item: Tree): readonly number[] | undefined {
    if (item.kind !== 'chars' || item.pairs.length > 0 || item.alone.length === 0) return undefined;
    if (item.alone[item.alone.length - 1]![1] >= 0xd800) return undefined;
    const isDigits = item.alone[0]![0] >= 0x30 && item.alone[item.alone.length - 1]![1] <= 0x39;
    if (isDigits) return DIGIT;
    if (countOf(item.alone) > MOST_SYMBOLS) return undefined;
    const letters = new Set<number>();
    for (const [from, to] of item.alone) {
      for (let unit = from; unit <= to; unit++) letters.add(spelled(this.#read(unit)));
    }
    return [...letters];
  }
}

const DIGIT: readonly number[] = [0x30];

function flat(tree: Tree): readonly Tree[] {
  return tree.kind === 'sequence' ? tree.items.flatMap(flat) : [tree];
}

function setsIn(tree: Tree): readonly Ranges[] {
  switch (tree.kind) {
    case 'chars':
      return tree.pairs.length === 0 ? [tree.alone] : [tree.alone, tree.pairs];
    case 'repeat':
      return setsIn(tree.item);
    case 'sequence':
    case 'choice':
      return tree.items.flatMap(setsIn);
    default:
      return [];
  }
}

function setsBefore({ items, count }: Before): Ranges {
  return items.slice(0, count).flatMap(setsIn).flat();
}

/** An item as a repeat. */
function repeated(item: Tree): readonly [one: Tree, least: number, most: number] {
  return item.kind === 'repeat' ? [item.item, item.min, item.max] : [item, 1, 1];
}

function wordsOf(run: readonly (readonly number[])[], before: Before, after: Tree): readonly RequiredWord[] {
  let ways: (readonly number[])[] = [[]];
  for (const letters of run) ways = ways.flatMap((way) => letters.map((letter) => [...way, letter]));
  const beforeSet = setsBefore(before);
  return ways.map((letters) => ({ letters, before: before.most, beforeSet, after }));
}

function moved({ words, rate }: Found, place: Before, rest: readonly Tree[]): Found {
  const set = setsBefore(place);
  const longer = new Map<Tree, Tree>();
  const followed = (own: Tree): Tree => {
    let whole = longer.get(own);
    if (whole === undefined) longer.set(own, (whole = beginningOf([own, ...rest])));
    return whole;
  };
  const move = ({ letters, before, beforeSet, after }: RequiredWord): RequiredWord => ({
    letters,
    before: place.most + before,
    beforeSet: [...set, ...beforeSet],
    after: followed(after),
  });
  return { rate, words: words.map(move) };
}

/** So many symbols tell whether it is the pattern that goes on there. */
const ENOUGH_AFTER = 12;
/** Nodes that what follows may have. */
const MOST_AFTER = 200;

/** As much of a sequence as is worth looking at; whatever has it may be a match. */
function beginningOf(rest: readonly Tree[]): Tree {
  const items: Tree[] = [];
  let least = 0;
  let nodes = 0;
  for (const item of rest.flatMap(flat)) {
    if (item.kind === 'look') continue;
    if (least >= ENOUGH_AFTER) break;
    const bare = shortened(withoutLooks(item), ENOUGH_AFTER - least);
    nodes += sizeOf(bare);
    if (nodes > MOST_AFTER) break;
    items.push(bare);
    least += lengthOf(bare).min;
  }
  return sequence(items);
}

/** A repeat that must come often enough need not come more often: whatever follows is not looked at. */
function shortened(tree: Tree, enough: number): Tree {
  if (tree.kind !== 'repeat' || tree.item.kind !== 'chars' || tree.min < enough) return tree;
  return repeat(tree.item, enough, enough);
}

function withoutLooks(tree: Tree): Tree {
  switch (tree.kind) {
    case 'look':
      return empty();
    case 'repeat':
      return repeat(withoutLooks(tree.item), tree.min, tree.max);
    case 'sequence':
      return sequence(tree.items.map(withoutLooks));
    case 'choice':
      return { kind: 'choice', items: tree.items.map(withoutLooks) };
    default:
      return tree;
  }
}

/** Characters when repeats are written out. */
function sizeOf(tree: Tree): number {
  switch (tree.kind) {
    case 'chars':
      return 1;
    case 'repeat':
      return sizeOf(tree.item) * (tree.max === Number.POSITIVE_INFINITY ? tree.min + 1 : tree.max);
    case 'sequence':
    case 'choice':
      return tree.items.reduce((sum, item) => sum + sizeOf(item), 0);
    default:
      return 0;
  }
}

/** Letters of prose by how often they come, and the share of the first of each group. */
const OFTEN: readonly (readonly [letters: string, rate: number])[] = [
  [' ', 0.17],
  ['e', 0.1],
  ['taoins', 0.065],
  ['hrldcum', 0.03],
  ['fpgwybv', 0.015],
  ['.,-\n', 0.012],
  ['0kxjqz"\'/():=_', 0.005],
];
const RARE = 0.0005;
/** A digit behind a digit. */
const MORE_DIGITS = 0.6;

const RATES: ReadonlyMap<number, number> = new Map(
  OFTEN.flatMap(([letters, rate]) => Array.from(letters, (letter) => [letter.charCodeAt(0), rate] as const)),
);

function rateOf(letter: number): number {
  return RATES.get(letter) ?? RARE;
}
