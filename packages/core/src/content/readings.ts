/** One way in which a text is read. */
export interface Reading {
  readonly text: string;
  /** Where a stretch of it stands in the text as written: with the whole of each escape, or nothing of it. */
  spanOf(start: number, end: number): Span;
}

type Span = readonly [start: number, end: number];

/** How often a text is decoded: JSON in a string of JSON in a string of JSON. */
const LEVELS = 3;
/** What an escape costs, beside a unit of text that is scanned. */
const ESCAPE = 10;

/** False for what is read in one way only. */
export const mayHaveEscapes = (text: string): boolean => text.includes('\\');

/**
 * The ways in which a text is read: as it is written, and with the escapes of string literals decoded, wherever they
 * stand: in JSON, in a code fence, in a line of a log, in what `repr` printed. `{"note":"a\nAKIA..."}` has the letters
 * `nAKIA`, and whoever reads the note sees a key. Found a stretch at a time, because a text may be nothing but escapes.
 *
 * @example
 * const readings = new Readings('{"note":"to\\nbob@acme.example"}');
 * readings.run({ left: 1000 }); // true: all of them are known
 * readings.list.length; // 2
 */
export class Readings {
  readonly list: Reading[] = [];
  readonly #text: string;
  #level: Level;

  constructor(text: string) {
    this.#text = text;
    this.#level = new Level(text);
  }

  /** Goes on until `allowance.left` is used up, and takes from it what it has done. True when all readings are known. */
  run(allowance: { left: number }): boolean {
    while (this.list.length <= LEVELS) {
      const level = this.#level;
      if (!level.run(allowance)) return false;
      if (this.list.length === 0) this.list.push({ text: this.#text, spanOf: (start, end) => level.whole(start, end) });
      if (level.isPlain || this.list.length > LEVELS) return true;
      const outer = this.list.length === 1 ? undefined : this.list.at(-1)!;
      this.list.push({
        text: level.text,
        spanOf(start, end) {
          const span = level.spanOf(start, end);
          return outer === undefined ? span : outer.spanOf(...span);
        },
      });
      this.#level = new Level(level.text);
    }
    return true;
  }
}

/** What stands behind a backslash in literals of JSON, JavaScript and Python, and what it stands for. */
const SHORT: { readonly [letter: string]: string } = {
  ...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' },
  ...{ '"': '"', "'": "'", '\\': '\\', '/': '/' },
};
/** As an escape such a character is seen, and hides nothing. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const NUMBERED = /x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|u\{([\dA-Fa-f]{1,6})\}|U([\dA-Fa-f]{8})/y;

/** A text that is decoded once. */
class Level {
  readonly #source: string;
  #decoded = '';
  #at: number;
  #copied = 0;
  /** Of each escape: where it begins and ends in the source, and where what it stands for does in the decoded text. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #first: number[] = [];
  readonly #last: number[] = [];

  constructor(source: string) {
    this.#source = source;
    this.#at = source.indexOf('\\');
  }

  run(allowance: { left: number }): boolean {
    while (this.#at !== -1) {
      if (allowance.left <= 0) return false;
      this.#at = this.#source.indexOf('\\', this.#read(this.#at));
      allowance.left -= ESCAPE;
    }
    return true;
  }

  get isPlain(): boolean {
    return this.#from.length === 0;
  }

  get text(): string {
    return this.#decoded + this.#source.slice(this.#copied);
  }

  /** Where a stretch of the decoded text comes from. */
  spanOf(start: number, end: number): Span {
    return [this.#unit(start)[0], this.#unit(end - 1)[1]];
  }

  /** A stretch of the source, with the whole of each escape in which it begins or ends. */
  whole(start: number, end: number): Span {
    const before = lastUpTo(this.#from, start);
    const behind = lastUpTo(this.#from, end - 1);
    return [
      before !== -1 && start < this.#to[before]! ? this.#from[before]! : start,
      behind !== -1 && end < this.#to[behind]! ? this.#to[behind]! : end,
    ];
  }

  /** The stretch of the source that a unit of the decoded text comes from. */
  #unit(at: number): Span {
    const escape = lastUpTo(this.#first, at);
    if (escape === -1) return [at, at + 1];
    if (at < this.#last[escape]!) return [this.#from[escape]!, this.#to[escape]!];
    const there = this.#to[escape]! + at - this.#last[escape]!;
    return [there, there + 1];
  }

  /** Reads what stands at a backslash, and answers where to go on. */
  #read(at: number): number {
    const source = this.#source;
    let meant = SHORT[source[at + 1] ?? ''];
    let end = at + 2;
    if (meant === undefined) {
      NUMBERED.lastIndex = at + 1;
      const [written, ...digits] = NUMBERED.exec(source) ?? [];
      const code = Number.parseInt(digits.find((found) => found !== undefined) ?? '', 16);
      if (written === undefined || code > 0x10ffff) return at + 1;
      meant = String.fromCodePoint(code);
      end = at + 1 + written.length;
      if (UNSEEN.test(meant)) return end;
    }
    this.#decoded += source.slice(this.#copied, at);
    this.#from.push(at);
    this.#to.push(end);
    this.#first.push(this.#decoded.length);
    this.#decoded += meant;
    this.#last.push(this.#decoded.length);
    this.#copied = end;
    return end;
  }
}

/** Index of the last of these ascending numbers that is at most `wanted`, or -1. */
function lastUpTo(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
