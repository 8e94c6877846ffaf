/** Units around a match in which a key word counts. Bounded, so that a stream holds no more than that. */
export const NEAR_BEFORE = 60;
export const NEAR_AFTER = 40;

/** Scripts that put no spaces between words: a key word in them needs no edge. */
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}';
const STARTS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');
const ENDS_UNSPACED = new RegExp(`[${UNSPACED}]$`, 'u');

/** What is written onto key words: `Telefonnummer`, `phones`, `phone_no`. */
const SUFFIX = '(?:s|nr|no|num|nummer|number|id)?';

/**
 * Says whether one of the key words stands in a text, however it is spelled: `tax id` is in `Tax-ID`, `taxId` and
 * `"tax_id":`.
 */
export function hasKeyWord(words: readonly string[]): (text: string) => boolean {
  return finder(words, '');
}

/** The same for a key word that nothing but signs and spaces part from what follows it. */
export function endsInKeyWord(words: readonly string[]): (text: string) => boolean {
  return finder(words, '[^\\p{L}\\p{N}]*$');
}

/** Looks for each word as it is, without spaces, and only then for its edges: nearly always it is not there at all. */
function finder(words: readonly string[], tail: string): (text: string) => boolean {
  const wanted = words.map((word) => ({ letters: lettersOf(plainWords(word)), source: wordSource(word) + tail }));
  const finds: (RegExp | undefined)[] = [];
  return (text) => {
    if (text === '') return false;
    const read = lettersIn(text);
    return wanted.some(({ letters, source }, index) => {
      if (!read.includes(letters)) return false;
      const find = (finds[index] ??= new RegExp(source, 'u'));
      return find.test(wordsIn(text)) || find.test(joinedIn(text));
    });
  };
}

function wordSource(written: string): string {
  const word = plainWords(written);
  const source = word.replaceAll(/[*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', ' ?');
  const head = STARTS_UNSPACED.test(word) ? '' : '(?<!\\p{L})';
  return `${head}${source}${ENDS_UNSPACED.test(word) ? '' : `${SUFFIX}(?!\\p{L})`}`;
}

/** Asked for many patterns in a row about one text. */
let lastText = '';
let lastWords: string | undefined;
let lastJoined: string | undefined;
let lastLetters = '';

/** The letters of a text without marks, and without what parts words. */
function lettersIn(text: string): string {
  if (text === lastText) return lastLetters;
  lastText = text;
  lastWords = lastJoined = undefined;
  return (lastLetters = ASCII.test(text) ? text.toLowerCase().replaceAll(/[\s_.'-]+/g, '') : lettersOf(wordsIn(text)));
}

/** The same with one space for each change of case, `_`, `-`, dot, apostrophe and run of white space. Asked seldom. */
function wordsIn(text: string): string {
  if (text === lastText && lastWords !== undefined) return lastWords;
  return (lastWords = plainWords(text.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')));
}

/** The same with case and dots inside words left out of account: `kvk` of `KvK`, `nif` of `N.I.F.`. Asked seldom. */
function joinedIn(text: string): string {
  if (text === lastText && lastJoined !== undefined) return lastJoined;
  return (lastJoined = plainWords(text.replaceAll(/(?<=\p{L})\.(?=\p{L})/gu, '')));
}

/** Has no marks to take off. Finding that out costs less than looking for them. */
const ASCII = /^[\0-\x7f]*$/;

const plainWords = (text: string): string =>
  withoutMarks(text)
    .replaceAll(/[\s_.'’-]+/g, ' ')
    .trim();

const lettersOf = (words: string): string => words.replaceAll(' ', '');

/** Plain letters in lower case: `cedula` for `Cédula`, and full-width letters as others. */
function withoutMarks(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
}
