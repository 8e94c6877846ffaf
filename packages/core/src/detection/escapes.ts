/** What stands behind a backslash in literals of JSON, JavaScript and Python, and what it stands for. */
const SHORT: { readonly [letter: string]: string } = {
  ...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' },
  ...{ '"': '"', "'": "'", '\\': '\\', '/': '/' },
};
/** Digits of an escape with a number, by its letter. */
const DIGITS: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };
/** Of one in braces. */
const MOST_IN_BRACES = 6;
/** As an escape such a character is seen, and hides nothing. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/** An escape, and what it stands for. */
export interface Escape {
  readonly meant: string;
  readonly end: number;
}

/** What stands at a backslash: an escape, the beginning of one where the text ends, or nothing of the kind. */
export function escapeAt(text: string, backslash: number): Escape | 'begun' | undefined {
  const letter = text[backslash + 1];
  if (letter === undefined) return 'begun';
  const meant = SHORT[letter];
  if (meant !== undefined) return { meant, end: backslash + 2 };
  const digits = DIGITS[letter];
  if (digits === undefined) return undefined;
  const first = backslash + 2;
  if (letter === 'u' && text[first] === '{') return numbered(text, first + 1, MOST_IN_BRACES, true);
  return numbered(text, first, digits, false);
}

function numbered(text: string, first: number, most: number, braces: boolean): Escape | 'begun' | undefined {
  let end = first;
  while (end < first + most && isDigit(text.charCodeAt(end))) end++;
  const isWhole = braces ? end > first && text[end] === '}' : end === first + most;
  if (!isWhole) return end === text.length ? 'begun' : undefined;
  const code = Number.parseInt(text.slice(first, end), 16);
  if (code > 0x10ffff) return undefined;
  const meant = String.fromCodePoint(code);
  return UNSEEN.test(meant) ? undefined : { meant, end: braces ? end + 1 : end };
}

const isDigit = (unit: number): boolean =>
  (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x46) || (unit >= 0x61 && unit <= 0x66);

export type Span = readonly [start: number, end: number];

/** Where an escape begins and ends as written, and where what it stands for does in the decoded text. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** Where the escapes of a text stand, and where what they stand for does in the decoded text. */
export class EscapePlaces {
  /** Ascending. One list, because it is copied with every copy of a stream. */
  #all: Place[] = [];
  /** What escapes before the first that is kept are longer than what they stand for. */
  #shift = 0;

  get size(): number {
    return this.#all.length;
  }

  add(from: number, to: number, first: number, last: number): void {
    this.#all.push({ from, to, first, last });
  }

  copy(): EscapePlaces {
    const copy = new EscapePlaces();
    copy.#all = this.#all.slice();
    copy.#shift = this.#shift;
    return copy;
  }

  /** Forgets escapes that end before a position of the text as written: nobody asks about what is before it. */
  forgetBefore(position: number): void {
    const gone = this.#countTo('to', position);
    if (gone === 0) return;
    const { to, last } = this.#all[gone - 1]!;
    this.#shift = to - last;
    this.#all.splice(0, gone);
  }

  /** Where a stretch of the decoded text stands as written. */
  spanOf(start: number, end: number): Span {
    return [this.unitOf(start)[0], this.unitOf(end - 1)[1]];
  }

  /** The stretch as written that a unit of the decoded text comes from. */
  unitOf(at: number): Span {
    const escape = this.#all[this.#countTo('first', at) - 1];
    if (escape !== undefined && at < escape.last) return [escape.from, escape.to];
    const there = at + (escape === undefined ? this.#shift : escape.to - escape.last);
    return [there, there + 1];
  }

  /** A position as written, or the beginning of the escape in which it is. */
  startOf(position: number): number {
    const escape = this.#all[this.#countTo('from', position) - 1];
    return escape !== undefined && position < escape.to ? escape.from : position;
  }

  /** The position in the decoded text of one as written; of one within an escape, that behind what it stands for. */
  decoded(position: number): number {
    const escape = this.#all[this.#countTo('from', position) - 1];
    if (escape === undefined) return position - this.#shift;
    return position === escape.from ? escape.first : Math.max(position - escape.to, 0) + escape.last;
  }

  /** How many escapes have this at `wanted` or before it. */
  #countTo(what: keyof Place, wanted: number): number {
    let low = 0;
    let high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#all[middle]![what] <= wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
