const ASCII = /^[\0-\x7F]*$/;
const MARKS = /[\p{M}\p{Default_Ignorable_Code_Point}]/gu;
/** What ends a sentence: no phrase goes on behind it. In the middle of a word it is none: `A.I`, `3.5`. */
const ENDS = /[.!?](?=[^\p{L}\p{N}]|$)|[。！？]/gu;
/** Everything that parts words, `%20` of addresses included. */
const BETWEEN = /(?:%20|[^\p{L}\p{N}\u0001])+/gu;
const ASCII_ENDS = /[.!?](?![A-Za-z0-9])/g;
const ASCII_BETWEEN = /(?:%20|[^A-Za-z0-9\u0001])+/g;

/**
 * Text as phrases are looked for in it: lower case, without accents and marks, full-width and styled letters as plain
 * ones, nothing invisible, one space for whatever parts words, and `.` for the end of a sentence. Vocabularies are
 * written in any way and read by the same function.
 *
 *     plainWords('Ignore, PLÉASE, «all» of it!  Now') // 'ignore please all of it. now'
 */
export function plainWords(text: string): string {
  if (ASCII.test(text))
    return text.replaceAll(ASCII_ENDS, '\u0001').replaceAll(ASCII_BETWEEN, ' ').replaceAll('\u0001', '.').toLowerCase();
  return plainLetters(text).replaceAll(ENDS, '\u0001').replaceAll(BETWEEN, ' ').replaceAll('\u0001', '.');
}

/** The letters alone are made plain; signs stay, as they must in an expression. */
export const plainLetters = (text: string): string =>
  text.normalize('NFKD').replaceAll(MARKS, '').toLowerCase().normalize('NFC');
