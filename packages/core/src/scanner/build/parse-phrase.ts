/**
 * From a literal phrase to a `Tree`, without a regular expression parser: case is ignored, a space between words is any
 * white space, and unless asked otherwise a phrase matches whole words only.
 */
import type { Folding } from '../unicode/fold.ts';
import { Refusal } from '../../dialects/refusal.ts';
import { codePointForms, complement, contains, type Ranges, SECOND, union } from '../unicode/symbols.ts';
import { chars, empty, look, repeat, sequence, type Tree } from './tree.ts';
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

/** `short`: the white space in a match is bounded. */
export function parsePhrase(
  phrase: string,
  insideWords: boolean,
  short: boolean,
  folding: Folding | undefined,
  unicode: UnicodeTables,
): Tree {
  const read = [...phrase].flatMap((character) => {
    const codePoint = character.codePointAt(0)!;
    return folding?.read(codePoint) ?? [codePoint];
  });
  if (read.length === 0) {
    throw new Refusal('PATTERN_MATCHES_EMPTY', 'is empty', 'write the words to look for');
  }
  const items = itemsOf(read, short ? SHORT_GAP : GAP, unicode);
  if (insideWords) return sequence(items);
  return sequence([
    boundary('behind', read[0]!, unicode),
    ...items,
    boundary('ahead', read[read.length - 1]!, unicode),
  ]);
}

/** A phrase may begin or end with a space: that is one, because the text around it is no part of the match. */
function itemsOf(read: readonly number[], gap: Tree, unicode: UnicodeTables): Tree[] {
  const items: Tree[] = [];
  for (let at = 0; at < read.length; at++) {
    if (!contains(SPACES, read[at]!)) {
      items.push(letter(read[at]!, unicode));
      continue;
    }
    while (at + 1 < read.length && contains(SPACES, read[at + 1]!)) at++;
    items.push(items.length === 0 || at + 1 === read.length ? SPACE : gap);
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

/** No character of the same word beyond the phrase's first or last one, by the rules of UAX #29. */
function boundary(to: 'ahead' | 'behind', edgeOfPhrase: number, unicode: UnicodeTables): Tree {
  const joins = unicode.joinedTo(edgeOfPhrase);
  if (joins === undefined) return empty();
  return look(to, notIn(joins, to), true);
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
