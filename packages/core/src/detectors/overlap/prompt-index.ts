import { plainWords } from '@flyball/detectors';

/**
 * Letters and digits alone, in lower case: what is left of a text in whichever way it is quoted, escaped, spaced or
 * shouted.
 */
export interface Letters {
  readonly text: string;
  /** Where each of them stands in the original. */
  readonly from: readonly number[];
}

export function lettersOf(text: string): Letters {
  let letters = '';
  const from: number[] = [];
  for (let at = 0; at < text.length; at++) {
    // An escape of JSON: what follows is no letter of the text.
    if (text[at] === '\\' && /[nrtbf]/.test(text[at + 1] ?? '')) {
      at++;
      continue;
    }
    const unit = text[at]!;
    if (!/[\p{L}\p{N}]/u.test(unit)) continue;
    const plain = unit.toLowerCase();
    for (let i = 0; i < plain.length; i++) from.push(at);
    letters += plain;
  }
  return { text: letters, from };
}

/** Letters that are compared at once. Shorter ones are in any text. */
export const GRAM = 14;
/** Letters of one prompt that are kept. */
const MOST_LETTERS = 30_000;

/** A system prompt, ready to be compared with answers. */
export interface PromptIndex {
  readonly letters: number;
  readonly grams: ReadonlySet<string>;
  /** Pairs of telling words that stand near each other. */
  readonly pairs: ReadonlySet<string>;
}

/** By text: most interactions of an application have one and the same. */
const known = new Map<string, PromptIndex>();
const MOST_KNOWN = 64;

export function indexOf(prompt: string): PromptIndex {
  let index = known.get(prompt);
  if (index !== undefined) return index;
  const { text } = lettersOf(prompt.slice(0, 2 * MOST_LETTERS));
  const letters = text.slice(0, MOST_LETTERS);
  const grams = new Set<string>();
  for (let at = 0; at + GRAM <= letters.length; at++) grams.add(letters.slice(at, at + GRAM));
  const pairs = new Set<string>();
  const words = tellingWords(prompt.slice(0, 2 * MOST_LETTERS)).map(({ stem }) => stem);
  for (const [at, word] of words.entries())
    for (const next of words.slice(at + 1, at + 1 + REACH)) pairs.add(`${word} ${next}`);
  index = { letters: letters.length, grams, pairs };
  if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
  known.set(prompt, index);
  return index;
}

/** Telling words between which a light paraphrase may put another. */
export const REACH = 3;

const COMMON = new Set(
  'that this with from your have will they them their there what when which would could should about into than then some been were also only other such more must very just like want need make made does each both here most over under after before these those because while where being help user users assistant please'.split(
    ' ',
  ),
);

/**
 * Words of four letters and more that say something, by their beginnings: `reveal`, `reveals` and `revealing` are one.
 */
export function tellingWords(
  text: string,
): readonly { readonly stem: string; readonly start: number; readonly end: number }[] {
  const words: { stem: string; start: number; end: number }[] = [];
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}]{4,40}/gu)) {
    const plain = plainWords(word);
    if (!COMMON.has(plain)) words.push({ stem: plain.slice(0, 6), start: index, end: index + word.length });
  }
  return words;
}
