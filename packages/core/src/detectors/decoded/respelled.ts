import { inPlace, Mapped, type View } from './view.ts';

/** Words of orders as they look in rot13 and backwards: no other text has them. */
const ROT13 = /vtaber|qvfertneq|vafgehpgvba|cebzcg|sbetrg|erirny|bireevqr|flfgrz/i;
const BACKWARDS = /erongi|dragersid|noitcurtsni|tpmorp|tegrof|laever|edirrevo|metsys/i;
/** Single letters with one sign between them, eight and more. */
const SPACED = /(?:[A-Za-z0-9][ ._*|-]{1,2}){7,}[A-Za-z0-9]/g;
/**
 * Words of orders. Read as letters, digits must make more of them than there were: part numbers and hashes make none.
 */
const TELLING = /ignor|instruct|prompt|reveal|disregard|previous|bypass|system|forget|secret|approval|send/gi;
const LEET = /[a-z][013457@$][a-z013457@$]|[013457@$]{2}[a-z]/i;
const WORD = /[\w@$!|]{2,40}/g;
const IS_LEET = /[a-z][\d@$!|]|[\d@$!|][a-z]|^[1347]{3}$/i;
const LETTERS: { readonly [sign: string]: string } = {
  0: 'o',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'i',
  8: 'b',
  9: 'g',
  6: 'g',
  2: 'z',
};

/** The text as somebody reads it who knows how it was spelled. */
export function respelled(text: string): readonly View[] {
  const views: View[] = [];
  if (ROT13.test(text)) views.push(inPlace(text.replaceAll(/[a-z]/gi, rotated)));
  if (BACKWARDS.test(text)) views.push(backwards(text));
  const spaced = withoutSpaces(text);
  if (spaced !== undefined) views.push(spaced);
  if (!LEET.test(text)) return views;
  const read = text.replaceAll(WORD, (word) => (IS_LEET.test(word) ? plainLetters(word) : word));
  if (read !== text && count(read) > count(text)) views.push(inPlace(read));
  return views;
}

const count = (text: string): number => text.match(TELLING)?.length ?? 0;

function rotated(letter: string): string {
  const base = letter <= 'Z' ? 65 : 97;
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
}

function backwards(text: string): View {
  const { length } = text;
  return { text: text.split('').reverse().join(''), spanOf: (start, end) => [length - end, length - start] };
}

/** `I g n o r e  a l l`: two spaces, where there are any, part the words. */
function withoutSpaces(text: string): View | undefined {
  const mapped = new Mapped();
  let at = 0;
  for (const { 0: run, index } of text.matchAll(SPACED)) {
    mapped.add(text.slice(at, index), at, index);
    for (const { 0: part, index: offset } of run.matchAll(/[\p{L}\p{N}]|[ ._*|-]{2}/gu)) {
      const start = index + offset;
      mapped.add(/[\p{L}\p{N}]/u.test(part) ? part : ' ', start, start + part.length);
    }
    at = index + run.length;
  }
  if (at === 0) return undefined;
  mapped.add(text.slice(at), at, text.length);
  return mapped.view();
}

/** A `1` at the end of a word is an `l`, elsewhere an `i`. */
const plainLetters = (word: string): string =>
  word.replaceAll(/1+(?![a-z\d])|11|[0-9@$!|]/gi, (sign) =>
    sign === '1' ? oneIn(word) : sign.includes('1') ? 'l'.repeat(sign.length) : (LETTERS[sign] ?? sign),
  );

const oneIn = (word: string): string => (word.endsWith('1') && word.indexOf('1') === word.length - 1 ? 'l' : 'i');
