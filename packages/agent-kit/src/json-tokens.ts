// JSON text as it streams: where its strings begin and end, what they say decoded, and where each stands.
import { keyStep } from '@flyball/core/adapter';

/** What the reader of a stream of JSON text does with it. All of it is told in the order in which it stands there. */
export interface JsonTokens {
  /** Structure, blanks, quotes and literals: nothing in it is a word. */
  plain(raw: string): void;
  /** A whole name or number; a name without its quotes. */
  whole(path: string, text: string, raw: string): void;
  /** A string value begins. */
  open(path: string): void;
  /** Some of it, decoded. `widths`: how many units of `raw` each of its units takes, where that is not one. */
  some(text: string, raw: string, widths: readonly number[] | undefined): void;
  /** It has ended. */
  close(): void;
}

interface Level {
  readonly object: boolean;
  readonly path: string;
  expects: 'first' | 'name' | 'colon' | 'value' | 'next';
  /** Members begun so far. */
  count: number;
  /** Objects: the name of the member whose value comes next, as a step of a path. */
  step: string;
}

/** Deeper values share an address: paths would grow with the square of the nesting. */
const MAX_DEPTH = 32;
/** No document nests like this, and none has such names and numbers: what does is read as text. */
const MAX_LEVELS = 512;
const MAX_TOKEN = 4_096;

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;
const LITERALS = ['true', 'false', 'null'];
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

/** How far a token went; `more`: it is not complete, and waits for more text; `no`: the text is no JSON. */
type Taken = number | 'more' | 'no';

/**
 * Reads JSON text in pieces, cut anywhere. `write` answers `false` as soon as a parser would not take the text: what
 * stands outside of its strings is then no structure, and has to be read as text.
 */
export class JsonTokenizer {
  readonly #tokens: JsonTokens;
  readonly #root: string;
  readonly #levels: Level[] = [];
  #inString = false;
  #over = false;
  /** A token that is not complete. */
  #carry = '';

  constructor(root: string, tokens: JsonTokens) {
    this.#root = root;
    this.#tokens = tokens;
  }

  write(text: string): boolean {
    const source = this.#carry + text;
    this.#carry = '';
    let at = 0;
    while (at < source.length) {
      const taken: Taken = this.#inString ? this.#string(source, at) : this.#token(source, at);
      if (taken === 'no') return false;
      if (taken === 'more') {
        this.#carry = source.slice(at);
        return this.#carry.length <= MAX_TOKEN;
      }
      at = taken;
    }
    return true;
  }

  /** No more text: a number ends with it. False where some of it was not told, because it ends within a token. */
  end(): boolean {
    if (this.#carry !== '' && !this.#inString && NUMBER.test(this.#carry)) {
      const number = this.#carry;
      this.#carry = '';
      this.#number(number);
    }
    return this.#carry === '';
  }

  #token(source: string, at: number): Taken {
    const blank = /[^ \t\n\r]/g;
    blank.lastIndex = at;
    const to = blank.exec(source)?.index ?? source.length;
    if (to > at) return this.#plain(source.slice(at, to), to);
    const level = this.#levels.at(-1);
    const unit = source[at]!;
    if (level === undefined) return this.#over ? 'no' : this.#value(source, at);
    switch (level.expects) {
      case 'colon':
        if (unit !== ':') return 'no';
        level.expects = 'value';
        return this.#plain(unit, at + 1);
      case 'next':
        if (unit === ',') {
          level.expects = level.object ? 'name' : 'value';
          return this.#plain(unit, at + 1);
        }
        return this.#close(level, unit) ? at + 1 : 'no';
      case 'first':
        if (this.#close(level, unit)) return at + 1;
        return level.object ? this.#name(level, source, at) : this.#value(source, at);
      case 'name':
        return this.#name(level, source, at);
      default:
        return this.#value(source, at);
    }
  }

  #plain(raw: string, to: number): number {
    this.#tokens.plain(raw);
    return to;
  }

  #close(level: Level, unit: string): boolean {
    if (unit !== (level.object ? '}' : ']')) return false;
    this.#levels.pop();
    this.#tokens.plain(unit);
    this.#done();
    return true;
  }

  /** A value is complete. */
  #done(): void {
    const level = this.#levels.at(-1);
    if (level === undefined) this.#over = true;
    else {
      level.count++;
      level.expects = 'next';
    }
  }

  #value(source: string, at: number): Taken {
    const unit = source[at]!;
    if (unit === '{' || unit === '[') {
      if (this.#levels.length >= MAX_LEVELS) return 'no';
      this.#levels.push({ object: unit === '{', path: this.#path(), expects: 'first', count: 0, step: '' });
      return this.#plain(unit, at + 1);
    }
    if (unit === '"') {
      this.#tokens.plain(unit);
      this.#tokens.open(this.#path());
      this.#inString = true;
      return at + 1;
    }
    const word = /[-+.\w]*/y;
    word.lastIndex = at;
    const [token] = word.exec(source)!;
    const isWhole = at + token.length < source.length;
    if (LITERALS.includes(token)) {
      this.#tokens.plain(token);
      this.#done();
      return at + token.length;
    }
    if (!isWhole && (/^-?[\d.eE+-]*$/.test(token) || LITERALS.some((literal) => literal.startsWith(token))))
      return token === '' ? 'no' : 'more';
    if (!NUMBER.test(token)) return 'no';
    this.#number(token);
    return at + token.length;
  }

  #number(token: string): void {
    this.#tokens.whole(this.#path(), token, token);
    this.#done();
  }

  #name(level: Level, source: string, at: number): Taken {
    if (source[at] !== '"') return 'no';
    const { text, to, state } = decode(source, at + 1);
    if (state === 'no') return 'no';
    if (state !== 'ended') return 'more';
    level.step = keyStep(text, level.count);
    level.expects = 'colon';
    this.#tokens.plain('"');
    this.#tokens.whole(`${level.path}.{${level.step}}`, text, source.slice(at + 1, to));
    this.#tokens.plain('"');
    return to + 1;
  }

  #string(source: string, at: number): Taken {
    const { text, widths, to, state } = decode(source, at);
    if (state === 'no') return 'no';
    if (text !== '') this.#tokens.some(text, source.slice(at, to), widths);
    if (state === 'ended') {
      this.#inString = false;
      this.#tokens.close();
      this.#tokens.plain('"');
      this.#done();
      return to + 1;
    }
    if (to === source.length) return to;
    // An escape that was cut.
    this.#carry = source.slice(to);
    return source.length;
  }

  /** Address of the value that begins here. Items of one list share theirs. */
  #path(): string {
    const level = this.#levels.at(-1);
    if (level === undefined) return this.#root;
    if (this.#levels.length > MAX_DEPTH) return `${this.#root}.~deep`;
    return level.object ? `${level.path}.${level.step}` : `${level.path}[*]`;
  }
}

interface Decoded {
  readonly text: string;
  readonly widths: readonly number[] | undefined;
  /** Where it stopped: at the quote, at an escape that is not complete, or at the end. */
  readonly to: number;
  readonly state: 'ended' | 'cut' | 'no';
}

/** Decodes the inside of a string from `from` on, as far as it goes. */
function decode(source: string, from: number): Decoded {
  let at = from;
  let text = '';
  let widths: number[] | undefined;
  const special = /["\\\u0000-\u001F]/g;
  for (;;) {
    special.lastIndex = at;
    const next = special.exec(source)?.index ?? source.length;
    if (widths !== undefined) for (let unit = at; unit < next; unit++) widths.push(1);
    text += source.slice(at, next);
    at = next;
    if (at === source.length) return { text, widths, to: at, state: 'cut' };
    if (source[at] === '"') return { text, widths, to: at, state: 'ended' };
    const escape = source[at] === '\\' ? escapeAt(source, at) : 'no';
    if (escape === 'no') return { text, widths, to: at, state: 'no' };
    if (escape === 'more') return { text, widths, to: at, state: 'cut' };
    widths ??= Array.from({ length: text.length }, () => 1);
    widths.push(escape.width);
    text += escape.unit;
    at += escape.width;
  }
}

function escapeAt(source: string, at: number): { readonly unit: string; readonly width: number } | 'more' | 'no' {
  const letter = source[at + 1];
  if (letter === undefined) return 'more';
  if (letter !== 'u') return SHORT[letter] === undefined ? 'no' : { unit: SHORT[letter], width: 2 };
  const hex = source.slice(at + 2, at + 6);
  if (!/^[\da-fA-F]*$/.test(hex)) return 'no';
  return hex.length < 4 ? 'more' : { unit: String.fromCharCode(Number.parseInt(hex, 16)), width: 6 };
}
