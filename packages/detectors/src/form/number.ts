/**
 * Shapes of numbers. They are shared on purpose: the scanner looks once for all recognisers that write a number alike.
 */

/** No word goes on into the number, and the number not into a word. */
const OPEN = '(?<![A-Za-z0-9_])';
const CLOSE = '(?![A-Za-z0-9_])';
/** The same for numbers that decide alone: they are no part of a longer one, of a version or of a path either. */
const ALONE_OPEN = '(?<![A-Za-z0-9_.+/\\-])';
const ALONE_CLOSE = '(?![A-Za-z0-9_/\\-])';

/** A number that stands by itself: `\\d{11}`. `i` also reads it in lower case. */
export const standing = (source: string): RegExp =>
  new RegExp(`${OPEN}(?:${source})${CLOSE}`, /[A-Z]/.test(source) ? 'i' : '');

/** A number that decides alone. */
export const byItself = (source: string): RegExp => new RegExp(`${ALONE_OPEN}(?:${source})${ALONE_CLOSE}`);

/** So many digits that decide alone. Shared by all who ask about as many. */
export const digitsByThemselves = (length: number): RegExp => byItself(`\\d{${length}}`);

/**
 * A number as it is printed: `#` is a digit, `A` a letter, `*` either, anything else itself; a space is any one of
 * space, hyphen and dot.
 *
 *     printed('###.###.###-##').test('317.482.500-86'); // true
 */
export function printed(shape: string, alone: boolean): RegExp {
  const source = Array.from(shape, (sign) => SIGNS[sign] ?? sign.replace(/[.()/+?]/, '\\$&')).join('');
  return alone ? new RegExp(ALONE_OPEN + source + ALONE_CLOSE) : new RegExp(OPEN + source + CLOSE);
}

const SIGNS: { readonly [sign: string]: string } = { '#': '\\d', A: '[A-Z]', '*': '[0-9A-Z]', ' ': '[ .\\-]' };

/** A hundred recognisers ask about one number in a row. */
let lastText = '';
let lastCompact = '';

/** Without separators, in upper case. */
export function compact(text: string): string {
  if (text === lastText) return lastCompact;
  lastText = text;
  lastCompact = text.replaceAll(/[\s.\-/()]/g, '').toUpperCase();
  return lastCompact;
}
