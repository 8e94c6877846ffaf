import type { Form } from '../recogniser.ts';
import { plainLetters } from './plain-words.ts';

/*
 * Attacks of one kind are said in many words and few shapes: a verb, something between, a noun. The scanner looks for
 * one rare word of a shape alone, the anchor; the others are looked for around it, in text made plain (`plainWords`).
 * Looking for whole phrases would make every word after a verb a state of its own, in every language at once.
 */

/** Whether words are parted by spaces. */
export type Spacing = 'spaced' | 'unspaced';

/** One part of a shape: alternatives; or the anchor, with the words or ends of words by which the scanner finds it. */
type Part = string | { readonly anchor: string; readonly at: string };

/**
 * Parts, and between them how many words (in scripts without spaces: signs) may stand in between. One of them is the
 * anchor.
 */
export type Shape = readonly [Part, ...(readonly (Part | number)[])];

/**
 * The form of a shape. Alternatives are read as plain words: case and accents do not matter; `\w*` is the rest of a
 * word.
 *
 *     phrase(['ignor\\w*', 3, 'previous', 2, { anchor: 'instructions?', at: 'instruction' }], 0.9)  // "ignore all of the previous instructions"
 */
export function phrase(parts: Shape, score: number, spacing: Spacing = 'spaced'): Form {
  const at = parts.findIndex((part) => typeof part === 'object');
  const anchor = parts[at] as Exclude<Part, string> | undefined;
  if (anchor === undefined) throw new Error(`a shape without an anchor: ${JSON.stringify(parts)}`);
  const before = sourceOf(parts.slice(0, at), spacing) + alternatives(anchor.anchor);
  const behind = sourceOf(parts.slice(at + 1), spacing);
  return {
    find: found(anchor.at),
    score,
    phrase: {
      upTo: new RegExp(`${spacing === 'spaced' ? '(?<![^ .])' : ''}${before}$`),
      ...(behind !== '' && { behind: new RegExp(`^${ENDING}${behind}`) }),
    },
  };
}

/** The end of a word whose beginning is written. */
const ENDING = '[^ .]*';

/** Short words with an accent are other words without it. */
function found(at: string): RegExp {
  const words = at.split('|').map((word) => (word.length < 6 ? word : word.replaceAll(/[À-ž\u1EA0-\u1EF9]/g, loosely)));
  return new RegExp(words.join('|'), 'iu');
}

/** The scanner reads past marks that stand alone. */
const loosely = (letter: string): string => `[${letter}${letter.normalize('NFD').charAt(0)}]`;

const sourceOf = (parts: readonly (Part | number)[], spacing: Spacing): string =>
  parts.map((part) => (typeof part === 'number' ? gap(part, spacing) : alternatives(part as string))).join('');

const gap = (most: number, spacing: Spacing): string =>
  spacing === 'spaced' ? `(?: [^ .]+){0,${most}} ` : `[^.]{0,${most}}`;

const alternatives = (written: string): string =>
  `(?:${plainLetters(written)
    .replaceAll('\\w*', ENDING)
    .replaceAll('\\w+', '[^ .]+')
    .replaceAll(/(?<=[\p{L}\d?])-(?=[\p{L}\d(])/gu, ' ')
    .replaceAll(/['’]/g, ' ')})`;
