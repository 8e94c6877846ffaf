/** A JSON string literal, decoded, with the way back to its text. */
export interface DecodedString {
  readonly text: string;
  /**
   * Raw offset of a decoded offset: `raw(0)` is the first unit inside the quotes, `raw(text.length)` the closing quote.
   */
  readonly raw: (offset: number) => number;
  /** Raw offset behind the literal; of the end of the text when the closing quote is missing. */
  readonly after: number;
}

const SHORT: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Decodes the literal whose opening quote stands at `quote`. What JSON does not allow (a broken escape, a missing
 * closing quote) is kept as it is written, so that damaged text is still looked at.
 */
export function decodeString(source: string, quote: number): DecodedString {
  const first = quote + 1;
  const close = source.indexOf('"', first);
  const plainEnd = close === -1 ? source.length : close;
  const plain = source.slice(first, plainEnd);
  if (!plain.includes('\\')) {
    return { text: plain, raw: (offset) => first + offset, after: close === -1 ? source.length : close + 1 };
  }
  return decodeEscaped(source, first);
}

function decodeEscaped(source: string, first: number): DecodedString {
  const pieces: string[] = [];
  // Raw offset by decoded offset; one entry more than there are units.
  const offsets: number[] = [];
  let at = first;
  while (at < source.length && source[at] !== '"') {
    offsets.push(at);
    const escape = source[at] === '\\' ? readEscape(source, at) : undefined;
    pieces.push(escape ?? source[at]!);
    at += escape === undefined ? 1 : source[at + 1] === 'u' ? 6 : 2;
  }
  offsets.push(at);
  return { text: pieces.join(''), raw: (offset) => offsets[offset]!, after: Math.min(at + 1, source.length) };
}

/** The unit that the escape at a backslash stands for, or `undefined` when it is none. */
function readEscape(source: string, backslash: number): string | undefined {
  const letter = source[backslash + 1];
  if (letter !== 'u') return letter === undefined ? undefined : SHORT[letter];
  const hex = source.slice(backslash + 2, backslash + 6);
  return /^[0-9a-fA-F]{4}$/.test(hex) ? String.fromCharCode(Number.parseInt(hex, 16)) : undefined;
}

/** Text as it stands inside a JSON string literal. */
export function encodeInside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
