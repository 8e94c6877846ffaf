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
    const read = plain(text);
    return wanted.some(({ letters, source }, index) => {
      if (!read.letters.includes(letters)) return false;
      const find = (finds[index] ??= new RegExp(source, 'u'));
      return find.test(read.words) || find.test(read.joined);
    });
  };
}

function wordSource(written: string): string {
  const word = plainWords(written);
  const source = word.replaceAll(/[*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', ' ?');
  const head = STARTS_UNSPACED.test(word) ? '' : '(?<!\\p{L})';
  return `${head}${source}${ENDS_UNSPACED.test(word) ? '' : `${SUFFIX}(?!\\p{L})`}`;
}

interface Plain {
  /** With one space for each change of case, `_`, `-`, dot, apostrophe and run of white space. */
  readonly words: string;
  /** With case and dots inside words left out of account: `kvk` of `KvK`, `nif` of `N.I.F.`. */
  readonly joined: string;
  /** Neither spaces nor dots. */
  readonly letters: string;
}

/** Asked for many patterns in a row about one text. */
let lastText = '';
let last: Plain = { words: '', joined: '', letters: '' };

function plain(text: string): Plain {
  if (text === lastText) return last;
  const words = plainWords(text.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2'));
  const joined = plainWords(text.replaceAll(/(?<=\p{L})\.(?=\p{L})/gu, ''));
  lastText = text;
  return (last = { words, joined, letters: lettersOf(words) });
}

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
