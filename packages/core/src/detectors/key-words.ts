/** Units around a match in which a key word counts. Bounded, so that a stream holds no more than that. */
export const NEAR_BEFORE = 60;
export const NEAR_AFTER = 40;

/** Scripts that put no spaces between words: a key word in them needs no edge. */
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}';
const STARTS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');
const ENDS_UNSPACED = new RegExp(`[${UNSPACED}]$`, 'u');

/** What is written onto key words: `Telefonnummer`, `phones`, `phone_no`. */
const SUFFIX = '(?:s|nr|no|num|nummer|number|id)?';

/** Says whether one of the key words stands in a text, however it is spelled: `tax id` is in `Tax-ID`, `taxId` and `"tax_id":`. */
export function hasKeyWord(words: readonly string[]): (text: string) => boolean {
  const find = new RegExp(words.map(wordSource).join('|'), 'u');
  return (text) => text !== '' && find.test(plainWords(text));
}

/** The same for a key word that nothing but signs and spaces part from what follows it. */
export function endsInKeyWord(words: readonly string[]): (text: string) => boolean {
  const find = new RegExp(`(?:${words.map(wordSource).join('|')})[^\\p{L}\\p{N}]*$`, 'u');
  return (text) => text !== '' && find.test(plainWords(text));
}

function wordSource(word: string): string {
  const source = word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', ' ?');
  const head = STARTS_UNSPACED.test(word) ? '' : '(?<!\\p{L})';
  return `${head}${source}${ENDS_UNSPACED.test(word) ? '' : `${SUFFIX}(?!\\p{L})`}`;
}

/** Asked for many patterns in a row about one text. */
let lastText = '';
let lastWords = '';

/** Lower case, with one space for each change of case, `_`, `-` and run of white space. */
function plainWords(text: string): string {
  if (text !== lastText) {
    lastText = text;
    lastWords = text
      .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ' ');
  }
  return lastWords;
}
