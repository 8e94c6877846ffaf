/**
 * From a literal phrase to a `Tree`, without a regular expression parser: case is ignored, and unless asked otherwise a
 * phrase matches whole words only.
 */
import type { Folding } from '../unicode/fold.ts';
import { Refusal } from '../../dialects/refusal.ts';
import { codePointForms, complement, type Ranges, SECOND, union } from '../unicode/symbols.ts';
import { chars, empty, look, sequence, type Tree } from './tree.ts';
import type { UnicodeTables } from '../unicode/unicode.ts';

export function parsePhrase(
  phrase: string,
  insideWords: boolean,
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
  const items = read.map((codePoint) => letter(codePoint, unicode));
  if (insideWords) return sequence(items);
  return sequence([
    boundary('behind', read[0]!, unicode),
    ...items,
    boundary('ahead', read[read.length - 1]!, unicode),
  ]);
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
