import { Mapped, type View } from './view.ts';

/** `%69`, `&#105;`, `&#x69;`, `&lt;`, `\u0069`, `\x69`, `\151`: signs that stand for others, one by one. */
const ESCAPE =
  /%[\da-f]{2}|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,6});?|\\u\{?[\da-f]{2,6}\}?|\\x[\da-f]{2}|=[\dA-F]{2}/giu;
const NAMED: { readonly [name: string]: string } = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  sol: '/',
  num: '#',
  colon: ':',
  period: '.',
  comma: ',',
  Tab: ' ',
  NewLine: '\n',
};
/** Fewer than these are what any address or page has. */
const FEWEST = 3;

/** The text with its escapes read. `undefined` where it has hardly any. */
export function unescaped(text: string): View | undefined {
  let count = 0;
  for (const [escape] of text.matchAll(ESCAPE))
    if (!/^%20$|^&(?:amp|nbsp|lt|gt|quot);?$/i.test(escape) && ++count >= FEWEST) break;
  if (count < FEWEST) return undefined;
  const mapped = new Mapped();
  let at = 0;
  for (const { 0: escape, index } of text.matchAll(ESCAPE)) {
    const sign = signOf(escape);
    if (sign === undefined) continue;
    mapped.add(text.slice(at, index), at, index);
    mapped.add(sign, index, index + escape.length);
    at = index + escape.length;
  }
  mapped.add(text.slice(at), at, text.length);
  return mapped.view();
}

function signOf(escape: string): string | undefined {
  if (escape.startsWith('&')) {
    const name = escape.slice(1).replace(/;$/, '');
    if (!name.startsWith('#')) return NAMED[name];
    return characterOf(/^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1)));
  }
  return characterOf(Number.parseInt(escape.replace(/^(?:%|=|\\x|\\u)\{?/i, ''), 16));
}

const characterOf = (code: number): string | undefined =>
  code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined;
