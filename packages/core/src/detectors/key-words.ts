import { ASCII, lettersOf, plainWords } from '../detection/key-letters.ts';
import { HEAD, KeyWordIndex } from './key-word-index.ts';

/** Scripts that put no spaces between words: a key word in them needs no edge. */
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}';
const STARTS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');
const ENDS_UNSPACED = new RegExp(`[${UNSPACED}]$`, 'u');

/** Words that stand inside random letters and digits by chance: `hp` in `1Z8HP9V`, `cc` in `0a9cc4`. */
const OF_CHANCE = /^(?:[a-z]{1,2}|[a-f]{1,4})$/;

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

/** The letters of each of the words: where none of them stand, no key word does. */
export const keyLetters = (words: readonly string[]): readonly string[] => madeOf(near, words, '').letters;

type Finder = (text: string) => boolean;

interface Made {
  readonly of: string;
  readonly find: Finder;
  readonly letters: readonly string[];
}

/** By list, with the words that it had: a pack of an application may have changed its own. */
type Finders = WeakMap<readonly string[], Made>;

/** Every policy that names a pack has the same lists. */
const near: Finders = new WeakMap();
const atEnd: Finders = new WeakMap();

const finderOf = (made: Finders, words: readonly string[], tail: string): Finder => madeOf(made, words, tail).find;

function madeOf(made: Finders, words: readonly string[], tail: string): Made {
  const of = words.join('\n');
  let known = made.get(words);
  if (known?.of !== of) made.set(words, (known = { of, ...finder(words, tail) }));
  return known;
}

/** Looks for each word as it is, without spaces, and only then for its edges: nearly always it is not there at all. */
function finder(words: readonly string[], tail: string): Omit<Made, 'of'> {
  const wanted = words.map((word) => wantedOf(word, tail));
  const short = wanted.filter(({ number }) => number < 0);
  return {
    letters: wanted.map(({ letters }) => letters),
    find: (text) => {
      if (text === '') return false;
      const read = readOf(text);
      if (short.some((one) => read.letters.includes(one.letters) && stands(one, read))) return true;
      const found = (read.found ??= INDEX.in(read.letters));
      if (found.length === 0) return false;
      return wanted.some((one) => found.includes(one.number) && stands(one, read));
    },
  };
}

interface Wanted {
  readonly letters: string;
  /** In the index; -1 for words that are too short for it. */
  readonly number: number;
  readonly find: () => RegExp;
}

/** By word and what may follow it. Many lists have the same words. */
const WANTED: Map<string, Wanted> = new Map();

function wantedOf(word: string, tail: string): Wanted {
  const key = word + tail;
  let wanted = WANTED.get(key);
  if (wanted !== undefined) return wanted;
  const letters = lettersOf(plainWords(word));
  let find: RegExp | undefined;
  // What stands in a text that was read already is not known of a new word.
  recent[0] = recent[1] = NOTHING_READ;
  wanted = {
    letters,
    number: letters.length < HEAD ? -1 : INDEX.add(letters),
    find: () => (find ??= new RegExp(wordSource(word) + tail, 'u')),
  };
  WANTED.set(key, wanted);
  return wanted;
}

function stands(wanted: Wanted, read: Read): boolean {
  let known = read.verdicts.get(wanted);
  if (known === undefined) {
    const find = wanted.find();
    known = find.test((read.words ??= wordsOf(read.text))) || find.test((read.joined ??= joinedOf(read.text)));
    read.verdicts.set(wanted, known);
  }
  return known;
}

function wordSource(written: string): string {
  const word = plainWords(written);
  const source = word.replaceAll(/[*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', ' ?');
  const other = OF_CHANCE.test(word) ? '[\\p{L}\\p{N}]' : '\\p{L}';
  const head = STARTS_UNSPACED.test(word) ? '' : `(?<!${other})`;
  return `${head}${source}${ENDS_UNSPACED.test(word) ? '' : `${SUFFIX}(?!${other})`}`;
}

/** A text that somebody asked about. */
interface Read {
  readonly text: string;
  /** Without marks, and without what parts words. */
  readonly letters: string;
  words?: string;
  joined?: string;
  /** Numbers of the key words in it. */
  found?: readonly number[];
  /** What was found out of key words in it. */
  readonly verdicts: Map<Wanted, boolean>;
}

const INDEX = new KeyWordIndex();
const NOTHING_READ: Read = { text: '', letters: '', verdicts: new Map() };

/** Asked for many patterns in a row about two texts: what stands before a match, and what follows it. */
const recent: [Read, Read] = [NOTHING_READ, NOTHING_READ];

function readOf(text: string): Read {
  if (text === recent[0].text) return recent[0];
  const [last, other] = recent;
  recent[1] = last;
  if (text === other.text) return (recent[0] = other);
  return (recent[0] = { text, letters: lettersIn(text), verdicts: new Map() });
}

/** The letters of a text without marks, and without what parts words. */
const lettersIn = (text: string): string =>
  ASCII.test(text) ? text.toLowerCase().replaceAll(/[\s_.'-]+/g, '') : lettersOf(wordsOf(text));

/** The same with one space for each change of case, `_`, `-`, dot, apostrophe and run of white space. Asked seldom. */
const wordsOf = (text: string): string => plainWords(text.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2'));

/** The same with case and dots inside words left out of account: `kvk` of `KvK`, `nif` of `N.I.F.`. Asked seldom. */
const joinedOf = (text: string): string => plainWords(text.replaceAll(/(?<=\p{L})\.(?=\p{L})/gu, ''));
