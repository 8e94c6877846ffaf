/** Reads the generated Unicode tables, each when it is first needed. Their format is described in their generator. */
import { contains, type Ranges } from './symbols.ts';
import { fromBase36, readMap } from './read-table.ts';
import { CASE_FOLDS, KATAKANA, WORD } from './unicode-tables.ts';

export { standardFolding } from './folding.ts';

/** What phrases need to know about characters. */
export interface UnicodeTables {
  /** The code point and everything that differs from it in case only. */
  caseVariants(codePoint: number): readonly number[];
  /**
   * Characters that, standing next to this one, belong to the same word; `undefined` if it is not part of a word, or is
   * written in a script that does not put spaces between words (Han, Hiragana, Thai, Khmer, ...).
   */
  joinedTo(codePoint: number): Ranges | undefined;
}

let unicode: UnicodeTables | undefined;

export function unicodeTables(): UnicodeTables {
  return (unicode ??= readTables());
}

function readTables(): UnicodeTables {
  const folds = readMap(CASE_FOLDS);
  const variants = new Map<number, number[]>();
  for (const [codePoint, [folded]] of folds) {
    const family = variants.get(folded!) ?? [folded!];
    family.push(codePoint);
    variants.set(folded!, family);
  }
  const word = readSet(WORD);
  const katakana = readSet(KATAKANA);
  return {
    caseVariants(codePoint) {
      const folded = folds.get(codePoint)?.[0] ?? codePoint;
      return variants.get(folded) ?? [codePoint];
    },
    joinedTo(codePoint) {
      if (contains(word, codePoint)) return word;
      return contains(katakana, codePoint) ? katakana : undefined;
    },
  };
}

function readSet(table: string): Ranges {
  const ranges: (readonly [number, number])[] = [];
  let next = 0;
  for (const run of table.trim().split(/\s/)) {
    const [gap, length] = run.split(',').map(fromBase36) as [number, number];
    const from = next + gap;
    ranges.push([from, from + length - 1]);
    next = from + length - 1;
  }
  return ranges;
}
