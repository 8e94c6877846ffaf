/**
 * From a literal phrase to a `Tree`, without a regular expression parser: case is ignored, a space between words is any
 * white space, and unless asked otherwise a phrase matches whole words only.
 */
import type { Folding } from '../unicode/fold.ts';
import { Refusal } from '../../dialects/refusal.ts';
import { codePointForms, complement, contains, intersect, type Ranges, SECOND, union } from '../unicode/symbols.ts';
import { BREAK_ESCAPED, escapesOf, markedGap, SPACE_ESCAPED } from './phrase-marks.ts';
import { chars, choice, empty, look, repeat, sequence, type Tree } from './tree.ts';
import type { UnicodeTables } from '../unicode/unicode.ts';

/**
 * White space as people and models write it, with what only looks like it: next line, Braille blank. Not the narrow
 * no-break space, which UAX #29 counts as part of a word; folding reads it as a space.
 */
const SPACES: Ranges = [
  [0x9, 0xd],
  [0x20, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x205f, 0x205f],
  [0x2800, 0x2800],
  [0x3000, 0x3000],
];
const SPACE: Tree = chars(SPACES, []);
/** Between words: white space of any length. */
const GAP: Tree = repeat(SPACE, 1, Number.POSITIVE_INFINITY);
/** The same where a match must be short, because somebody may refuse it. */
const SHORT_GAP: Tree = repeat(SPACE, 1, 8);

/**
 * True of a phrase that is nothing but white space: each unit of it is a match. Nothing else in a phrase stands for a
 * space.
 */
export const isSpace = (tree: Tree): boolean => tree.kind === 'chars' && contains(tree.alone, 0x20);

/** How a phrase is read. */
export interface PhraseReading {
  /** It may stand inside a word. */
  readonly insideWords: boolean;
  /** The white space in a match is bounded. */
  readonly short: boolean;
  /** Marks and punctuation may stand at the borders of its words. */
  readonly marks: boolean;
  /** Its characters may be written as escapes. */
  readonly escapes: boolean;
  readonly folding: Folding | undefined;
}

export function parsePhrase(phrase: string, reading: PhraseReading, unicode: UnicodeTables): Tree {
  const { insideWords, marks, escapes, folding } = reading;
  const read = [...phrase].flatMap((character) => {
    const codePoint = character.codePointAt(0)!;
    return folding?.read(codePoint) ?? [codePoint];
  });
  if (read.length === 0) {
    throw new Refusal('PATTERN_MATCHES_EMPTY', 'is empty', 'write the words to look for');
  }
  const items = itemsOf(read, reading, unicode);
  if (insideWords) return sequence(items);
  const behind = boundary('behind', read[0]!, marks, unicode);
  return sequence([
    // In escaped text the letter of a line break stands right before the first word.
    escapes && behind.kind === 'look' ? choice([behind, BREAK_ESCAPED]) : behind,
    ...items,
    boundary('ahead', read[read.length - 1]!, marks, unicode),
  ]);
}

/** A phrase may begin or end with a space: that is one, because the text around it is no part of the match. */
function itemsOf(read: readonly number[], { short, marks, escapes }: PhraseReading, unicode: UnicodeTables): Tree[] {
  const space = escapes ? choice([SPACE, SPACE_ESCAPED]) : SPACE;
  const spaces = escapes ? repeat(space, 1, short ? 8 : Number.POSITIVE_INFINITY) : short ? SHORT_GAP : GAP;
  const gap = marks ? markedGap(spaces) : spaces;
  const items: Tree[] = [];
  for (let at = 0; at < read.length; at++) {
    if (!contains(SPACES, read[at]!)) {
      items.push(escapes ? escapable(read[at]!, unicode) : letter(read[at]!, unicode));
      continue;
    }
    while (at + 1 < read.length && contains(SPACES, read[at + 1]!)) at++;
    items.push(items.length === 0 || at + 1 === read.length ? space : gap);
  }
  return items;
}

const letters: Map<number, Tree> = new Map();

/** A code point in any case. Phrases share few letters, so each is worked out once. */
function letter(codePoint: number, unicode: UnicodeTables): Tree {
  let known = letters.get(codePoint);
  if (known === undefined) {
    const forms = codePointForms(union(unicode.caseVariants(codePoint).map((variant) => [variant, variant] as const)));
    letters.set(codePoint, (known = chars(forms.alone, forms.pairs)));
  }
  return known;
}

const escapables: Map<number, Tree> = new Map();

/** A code point in any case, as it is or as an escape. */
function escapable(codePoint: number, unicode: UnicodeTables): Tree {
  let known = escapables.get(codePoint);
  if (known === undefined) {
    const escapes = escapesOf(unicode.caseVariants(codePoint));
    escapables.set(codePoint, (known = choice([letter(codePoint, unicode), escapes])));
  }
  return known;
}

/** No character of the same word beyond the phrase's first or last one, by the rules of UAX #29. */
function boundary(to: 'ahead' | 'behind', edgeOfPhrase: number, marks: boolean, unicode: UnicodeTables): Tree {
  const joins = unicode.joinedTo(edgeOfPhrase);
  if (joins === undefined) return empty();
  return look(to, notIn(marks ? withoutLowLine(joins) : joins, to), true);
}

const withoutLine: WeakMap<Ranges, Ranges> = new WeakMap();

/** `_ignore_` is the word in italics. */
function withoutLowLine(joins: Ranges): Ranges {
  let known = withoutLine.get(joins);
  if (known === undefined) withoutLine.set(joins, (known = intersect(joins, complement([[0x5f, 0x5f]], 0x10ffff))));
  return known;
}

const complements: WeakMap<Ranges, { readonly ahead: Ranges; readonly behind: Ranges }> = new WeakMap();

function notIn(codePoints: Ranges, to: 'ahead' | 'behind'): Ranges {
  let known = complements.get(codePoints);
  if (known === undefined) {
    const { alone, pairs } = codePointForms(complement(codePoints, 0x10ffff));
    const seconds = pairs.map(([from, end]) => [from + SECOND, end + SECOND] as const);
    complements.set(codePoints, (known = { ahead: union(alone, pairs), behind: union(alone, seconds) }));
  }
  return known[to];
}
