import { HEAD, KeyWordIndex } from './key-word-index.ts';

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
  return finderOf(near, words, '');
}

/** The same for a key word that nothing but signs and spaces part from what follows it. */
export function endsInKeyWord(words: readonly string[]): (text: string) => boolean {
  return finderOf(atEnd, words, '[^\\p{L}\\p{N}]*$');
}

type Finder = (text: string) => boolean;

/** By list, with the words that it had: a pack of an application may have changed its own. */
type Finders = WeakMap<readonly string[], { readonly of: string; readonly find: Finder }>;

/** Every policy that names a pack has the same lists. */
const near: Finders = new WeakMap();
const atEnd: Finders = new WeakMap();

function finderOf(made: Finders, words: readonly string[], tail: string): Finder {
  const of = words.join('\n');
  let known = made.get(words);
  if (known?.of !== of) made.set(words, (known = { of, find: finder(words, tail) }));
  return known.find;
}

/** Looks for each word as it is, without spaces, and only then for its edges: nearly always it is not there at all. */
function finder(words: readonly string[], tail: string): Finder {
  const wanted = words.map((word) => wantedOf(word, tail));
  const short = wanted.filter(({ number }) => number < 0);
  return (text) => {
    if (text === '') return false;
    const read = lettersIn(text);
    if (short.some(({ letters, find }) => read.includes(letters) && stands(find(), text))) return true;
    if (lastFound === undefined) lastFound = INDEX.in(read);
    if (lastFound.length === 0) return false;
    return wanted.some(({ number, find }) => lastFound!.includes(number) && stands(find(), text));
  };
}

interface Wanted {
  readonly letters: string;
  /** In the index; -1 for words that are too short for it. */
  readonly number: number;
  readonly find: () => RegExp;
}

function wantedOf(word: string, tail: string): Wanted {
  const letters = lettersOf(plainWords(word));
  let find: RegExp | undefined;
  lastFound = undefined;
  return {
    letters,
    number: letters.length < HEAD ? -1 : INDEX.add(letters),
    find: () => (find ??= new RegExp(wordSource(word) + tail, 'u')),
  };
}

const stands = (find: RegExp, text: string): boolean => find.test(wordsIn(text)) || find.test(joinedIn(text));

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
/** Numbers of the key words in it. */
let lastFound: readonly number[] | undefined;
const INDEX = new KeyWordIndex();

/** The letters of a text without marks, and without what parts words. */
function lettersIn(text: string): string {
  if (text === lastText) return lastLetters;
  lastText = text;
  lastWords = lastJoined = lastFound = undefined;
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
