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

/** Where the escapes of a text stand, and where what they stand for does in the decoded text. */
export class EscapePlaces {
  /** Of each escape, ascending: where it begins and ends as written, and decoded. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  /** What escapes before the first that is kept are longer than what they stand for. */
  #shift = 0;

  get size(): number {
    return this.#from.length;
  }

  add(from: number, to: number, first: number, last: number): void {
    this.#from.push(from);
    this.#to.push(to);
    this.#first.push(first);
    this.#last.push(last);
  }

  copy(): EscapePlaces {
    const copy = new EscapePlaces();
    for (const [at, from] of this.#from.entries()) copy.add(from, this.#to[at]!, this.#first[at]!, this.#last[at]!);
    copy.#shift = this.#shift;
    return copy;
  }

  /** Forgets escapes that end before a position of the text as written: nobody asks about what is before it. */
  forgetBefore(position: number): void {
    const gone = lastUpTo(this.#to, position) + 1;
    if (gone === 0) return;
    this.#shift = this.#to[gone - 1]! - this.#last[gone - 1]!;
    for (const list of [this.#from, this.#to, this.#first, this.#last]) list.splice(0, gone);
  }

  /** Where a stretch of the decoded text stands as written. */
  spanOf(start: number, end: number): Span {
    return [this.unitOf(start)[0], this.unitOf(end - 1)[1]];
  }

  /** The stretch as written that a unit of the decoded text comes from. */
  unitOf(at: number): Span {
    const escape = lastUpTo(this.#first, at);
    if (escape !== -1 && at < this.#last[escape]!) return [this.#from[escape]!, this.#to[escape]!];
    const there = at + (escape === -1 ? this.#shift : this.#to[escape]! - this.#last[escape]!);
    return [there, there + 1];
  }

  /** A position as written, or the beginning of the escape in which it is. */
  startOf(position: number): number {
    const escape = lastUpTo(this.#from, position);
    return escape !== -1 && position < this.#to[escape]! ? this.#from[escape]! : position;
  }

  /** The position in the decoded text of one as written; of one within an escape, that behind what it stands for. */
  decoded(position: number): number {
    const escape = lastUpTo(this.#from, position);
    if (escape === -1) return position - this.#shift;
    if (position === this.#from[escape]!) return this.#first[escape]!;
    return Math.max(position - this.#to[escape]!, 0) + this.#last[escape]!;
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
