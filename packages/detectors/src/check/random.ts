/** Bits per sign by which random values of a length are told from names: the first percentile of each alphabet. */
const LEAST: readonly (readonly [length: number, hex: number, other: number])[] = [
  [16, 2.73, 3.1],
  [20, 2.91, 3.3],
  [32, 3.26, 3.8],
  [40, 3.4, 4],
  [64, 3.6, 4.3],
];

/** Shannon entropy of a text's own signs, in bits per sign. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/**
 * Words joined by signs or by case are names: `getUserAuthenticationToken`, `aws-sdk-client-secrets-manager`. Each word
 * goes as far as its letters do, so that there is one way to read a value: in as many as there are ways to part its
 * letters, an engine that goes back tries them all.
 */
const WORD = '(?:[A-Z]*[a-z]{2,}(?![a-z])|[A-Z]{2,}(?![A-Za-z])|\\d{1,4}(?!\\d))';
const NAME = new RegExp(`^${WORD}(?:[-_./+]?${WORD})*$`);
/** True for words and short numbers joined by signs or by case. */
export const isName = (value: string): boolean => NAME.test(value);
const NEIGHBOURS = /0123|1234|2345|3456|4567|5678|6789|abcd|bcde|cdef|defg|efgh|wxyz/i;
const REPEATED = /(.)\1{3}/;

/**
 * True for a value that nobody chose: letters and digits mixed, as many different ones as chance gives, and no name.
 */
export const looksRandom = (value: string): boolean => !NEIGHBOURS.test(value) && isVaried(value, 1);

/**
 * The same where the name of a field already says that a key stands there: signs in order may be in it, as in those of
 * tests.
 */
export const looksIssued = (value: string): boolean => isVaried(value, 0.85);

/** `share`: of the bits per sign that random values have. */
function isVaried(value: string, share: number): boolean {
  if (value.length < 16 || !/\d/.test(value) || !/[A-Za-z]/.test(value) || REPEATED.test(value)) return false;
  const isHex = /^[0-9a-f-]+$|^[0-9A-F-]+$/.test(value);
  // Of hexadecimal digits no words are made.
  if (!isHex && NAME.test(value)) return false;
  const row = LEAST.findLast(([length]) => value.length >= length)!;
  return entropy(value) >= share * (isHex ? row[1] : row[2]);
}

/**
 * True for a password that somebody chose: not one word, and no number. `1000`, `www-data` and `staff` are none,
 * `tr4velling` and `correctHorse!` are.
 */
export function looksChosen(value: string): boolean {
  if (!/[A-Za-z]/.test(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  return kinds >= 3 || (kinds === 2 && !/^[a-z]+[^a-z]?[a-z]*$/.test(value) && !/^[A-Z]?[a-z]+\d{0,2}$/.test(value));
}
