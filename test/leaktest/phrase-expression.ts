// What a phrase means, as one expression for the reference: written from its documentation, by hand.
const SPACE = '[\\s\\x85\\u2800]';
const SIGN = '[*_~`"\'“”‘’«»()\\[\\]{}#>|,.;:!?\\-–—•]';
/** Up to four marks: signs, and tags without attributes. */
const MARKS = `(?:${SIGN}|<\\/?[0-9A-Za-z]{1,10}\\/?>){0,4}`;
const ESCAPED_BREAK = '\\\\[nrt]';
const NAMES: { readonly [character: string]: string } = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** `phrase` as it is read: folded, if the pattern folds. No flag `i`: names and letters of escapes have a case. */
export function phraseExpression(phrase: string, options: { marks?: true; escapes?: true }): RegExp {
  const marks = options.marks === true;
  const escapes = options.escapes === true;
  const word = `[\\p{L}\\p{M}\\p{N}${marks ? '' : '_'}]`;
  const isWord = /[\p{L}\p{M}\p{N}_]/u;
  const characters = [...phrase];
  const notBehind = isWord.test(characters[0]!) ? `(?<!${word})` : '';
  const before = escapes && notBehind !== '' ? `(?:${notBehind}|${ESCAPED_BREAK})` : notBehind;
  const after = isWord.test(characters.at(-1)!) ? `(?!${word})` : '';
  const escapedSpaces = [9, 10, 13, 32, 160].map((codePoint) => escapeOf(String.fromCodePoint(codePoint)));
  const space = escapes ? `(?:${SPACE}|${ESCAPED_BREAK}|&nbsp;|${escapedSpaces.join('|')})` : SPACE;
  // White space between words is any run of it.
  const gap = marks ? `${MARKS}(?:${space}+${MARKS}){1,3}` : `${space}+`;
  const words = phrase
    .split(/(?<=\S)\s+(?=\S)/u)
    .map((one) => [...one].map((character) => (escapes ? escapable(character) : anyCase(character))).join(''));
  return new RegExp(before + words.join(gap) + after, 'u');
}

function anyCase(character: string): string {
  return `(?:${variantsOf(character).map(quoted).join('|')})`;
}

function escapable(character: string): string {
  return `(?:${[anyCase(character), ...variantsOf(character).map(escapeOf)].join('|')})`;
}

function escapeOf(character: string): string {
  const codePoint = character.codePointAt(0)!;
  const hex = (digits: string): string => digits.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const code = hex(codePoint.toString(16));
  const units = Array.from({ length: character.length }, (_, at) =>
    hex(character.charCodeAt(at).toString(16).padStart(4, '0')),
  );
  const bytes = [...Buffer.from(character)].map((byte) => `%${hex(byte.toString(16).padStart(2, '0'))}`);
  const ways = [
    `&#(?:0*${codePoint}|[xX]0*${code});?`,
    units.map((unit) => `\\\\u${unit}`).join(''),
    `\\\\u\\{0*${code}\\}`,
    bytes.join(''),
  ];
  if (codePoint < 0x100) ways.push(`\\\\x${hex(codePoint.toString(16).padStart(2, '0'))}`);
  if (NAMES[character] !== undefined) ways.push(`&${NAMES[character]};`);
  return `(?:${ways.join('|')})`;
}

const known = new Map<string, readonly string[]>();

/** The characters that case does not tell apart, as the engine has them. */
function variantsOf(character: string): readonly string[] {
  let variants = known.get(character);
  if (variants !== undefined) return variants;
  const same = new RegExp(`^${quoted(character)}$`, 'iu');
  const found = [character];
  for (let unit = 0; unit < 0x10000; unit++) {
    if (unit >= 0xd800 && unit < 0xe000) continue;
    const other = String.fromCharCode(unit);
    if (other !== character && same.test(other)) found.push(other);
  }
  known.set(character, (variants = found));
  return variants;
}

function quoted(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
