/** How key words are read: by their letters, whatever parts the words, marks them or changes their case. */

/** Has no marks to take off. Finding that out costs less than looking for them. */
export const ASCII: RegExp = /^[\0-\x7f]*$/;

/** Plain letters in lower case, words parted by one space: `cedula` for `Cédula`, and full-width letters as others. */
export const plainWords = (text: string): string =>
  withoutMarks(text)
    .replaceAll(/[\s_.'’-]+/g, ' ')
    .trim();

/** What is left of plain words without what parts them. */
export const lettersOf = (words: string): string => words.replaceAll(' ', '');

function withoutMarks(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
}

/** Characters beyond ASCII whose letters are remembered; beyond, all are forgotten. */
const MOST_KNOWN = 4096;
const known = new Map<number, readonly number[]>();
const NONE: readonly number[] = [];
/** By ASCII unit: the unit in lower case, 0 for what parts words. */
const ASCII_LETTERS: Uint8Array = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  const letters = lettersOf(plainWords(String.fromCharCode(unit)));
  return letters === '' ? 0 : letters.charCodeAt(0);
});

/** The letter of an ASCII unit; 0 for what parts words. */
export const asciiLetter = (unit: number): number => ASCII_LETTERS[unit]!;

/**
 * The letters of a character by itself. In a text, lower case depends on what stands around only for the sigma: the one
 * at the end of words counts as the other here.
 */
export function lettersOfCharacter(codePoint: number): readonly number[] {
  let letters = known.get(codePoint);
  if (letters !== undefined) return letters;
  if (known.size >= MOST_KNOWN) known.clear();
  const read = watched(lettersOf(plainWords(String.fromCodePoint(codePoint))));
  letters = read === '' ? NONE : Array.from({ length: read.length }, (_, i) => read.charCodeAt(i));
  known.set(codePoint, letters);
  return letters;
}

/** Letters of a key word as they are looked for: those with two lower cases, as expressions without case read them. */
export const watched = (letters: string): string =>
  letters.replaceAll(/[ς\u1c80-\u1c88]/g, (letter) => letter.toUpperCase().toLowerCase());
