/** Text for the scanner's benchmark: made up from syllables, so that no run has seen its words before. */

export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

/** The commonest English words: half of all running text. */
const COMMON =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also did many off before must well back through years where much your way down should because long each just state people those too mr how little good world make very year still see work life get between under never another know while last might us great old day same came right used take three'.split(
    ' ',
  );
const ONSETS = [
  '',
  'b',
  'c',
  'd',
  'f',
  'g',
  'h',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  't',
  'v',
  'w',
  'br',
  'ch',
  'cl',
  'gr',
  'pl',
  'pr',
  'sh',
  'st',
  'str',
  'th',
  'tr',
];
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'ie', 'ou'];
const CODAS = ['', '', 'n', 'r', 's', 't', 'l', 'd', 'ng', 'nt', 'st', 'ck', 'tion', 'ment', 'ly', 'ed', 'ing', 'er'];

export function vocabulary(random: Random, size: number): string[] {
  const words = new Set<string>();
  while (words.size < size) {
    let word = '';
    for (let syllables = 1 + Math.floor(random() * 3); syllables > 0; syllables--)
      word += pick(random, ONSETS) + pick(random, VOWELS);
    words.add(word + pick(random, CODAS));
  }
  return [...words];
}

export function phrases(random: Random, words: readonly string[], size: number): string[] {
  const made = new Set<string>();
  const long = words.filter((word) => word.length > 3);
  while (made.size < size)
    made.add(Array.from({ length: 2 + Math.floor(random() * 2) }, () => pick(random, long)).join(' '));
  return [...made];
}

/** Prose with something to find every 1,500 units or so. */
export function prose(random: Random, words: readonly string[], length: number, finds: readonly string[]): string {
  const parts: string[] = [];
  let size = 0;
  let nextFind = 1500;
  let sentence = true;
  while (size < length) {
    let word = random() < 0.5 ? pick(random, COMMON) : words[Math.floor(random() ** 2 * words.length)]!;
    if (sentence) word = word.charAt(0).toUpperCase() + word.slice(1);
    sentence = false;
    const end = random();
    if (end < 0.01) word = `"${word}"`;
    else if (end < 0.02) word = String(Math.floor(random() * 3000));
    if (end > 0.97) {
      word += pick(random, ['.', '.', '?', '!', '.\n\n', ':\n- ']);
      sentence = true;
    } else if (end > 0.9) word += ',';
    if (size > nextFind) {
      word += ` ${pick(random, finds)}`;
      nextFind = size + 1500;
    }
    parts.push(word);
    size += word.length + 1;
  }
  return flat(parts.join(' '));
}

/** Things that the patterns find. */
export function secrets(random: Random): string[] {
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
  return [
    `john.doe${digits(2)}@example.com`,
    `+1 415-555-${digits(4)}`,
    '4111 1111 1111 1111',
    `${digits(3)}-${digits(2)}-${digits(4)}`,
    `192.168.${digits(1)}.${digits(2)}`,
    'AKIAIOSFODNN7EXAMPLE',
    `ghp_${digits(36)}`,
    `sk-proj-${digits(30)}`,
    'DE89 3704 0044 0532 0130 00',
  ];
}

/** Chunks as a socket delivers them: strings of their own. */
export function pieces(text: string, length: number): string[] {
  const made: string[] = [];
  for (let i = 0; i < text.length; i += length) made.push(flat(text.slice(i, i + length)));
  return made;
}

/** Tokens as models send them: three to six units. */
export function tokens(random: Random, text: string): string[] {
  const made: string[] = [];
  for (let i = 0; i < text.length;) {
    const length = 3 + Math.floor(random() * 4);
    made.push(flat(text.slice(i, i + length)));
    i += length;
  }
  return made;
}

/** A string of its own: pieces cut from another, or glued together, would be timed instead of the scanner. */
function flat(text: string): string {
  const isLatin = !/[^\0-\xff]/.test(text);
  return Buffer.from(text, isLatin ? 'latin1' : 'utf16le').toString(isLatin ? 'latin1' : 'utf16le');
}
