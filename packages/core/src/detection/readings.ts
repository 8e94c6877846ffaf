import { escapeAt, EscapePlaces, type Span } from './escapes.ts';

/** One way in which a text is read. */
export interface Reading {
  readonly text: string;
  /** Where a stretch of it stands in the text as written. It never begins within an escape. */
  spanOf(start: number, end: number): Span;
}

/** How often a text is decoded: JSON in a string of JSON in a string of JSON. */
export const LEVELS = 3;
/** Work of an escape that is decoded (`scanner/run/work.ts`). */
const ESCAPE = 10;

/** False for what is read in one way only. */
export const mayHaveEscapes = (text: string): boolean => text.includes('\\');

/**
 * The ways in which a complete text is read: as it is written, and with the escapes of string literals decoded,
 * wherever they stand: in JSON, in a code fence, in a line of a log, in what `repr` printed. Found a stretch at a time,
 * because a text may be nothing but escapes.
 *
 * @example
 * const readings = new Readings('{"note":"to\\nbob@acme.example"}');
 * readings.run({ left: 1000 }); // true: all of them are known
 * readings.list.length; // 2
 */
export class Readings {
  readonly list: Reading[] = [];
  /** The reading that is being looked at, where it may be decoded. */
  #level: Level | undefined;
  /** From it to the text as written. */
  #back: Reading['spanOf'] = (start, end) => [start, end];

  constructor(text: string) {
    this.#level = new Level(text);
  }

  /** Goes on until `allowance.left` is used up, and takes from it what it has done. True when all of them are known. */
  run(allowance: { left: number }): boolean {
    let level: Level | undefined;
    while ((level = this.#level) !== undefined) {
      if (!level.run(allowance)) return false;
      const { places, text } = level;
      const back = this.#back;
      this.list.push({ text: level.source, spanOf: (start, end) => back(places.startOf(start), end) });
      this.#level = undefined;
      if (places.size === 0) break;
      this.#back = (start, end) => back(...places.spanOf(start, end));
      if (this.list.length < LEVELS) this.#level = new Level(text);
      else this.list.push({ text, spanOf: this.#back });
    }
    return true;
  }
}

/** A text that is decoded once. */
class Level {
  readonly places: EscapePlaces = new EscapePlaces();
  readonly source: string;
  #decoded = '';
  #at: number;
  #copied = 0;

  constructor(source: string) {
    this.source = source;
    this.#at = source.indexOf('\\');
  }

  run(allowance: { left: number }): boolean {
    while (this.#at !== -1) {
      if (allowance.left <= 0) return false;
      this.#at = this.source.indexOf('\\', this.#read(this.#at));
      allowance.left -= ESCAPE;
    }
    return true;
  }

  get text(): string {
    return this.#decoded + this.source.slice(this.#copied);
  }

  /** Reads what stands at a backslash, and answers where to go on. */
  #read(at: number): number {
    const escape = escapeAt(this.source, at);
    if (escape === undefined || escape === 'begun') return at + 1;
    const { meant, end } = escape;
    this.#decoded += this.source.slice(this.#copied, at) + meant;
    const last = this.#decoded.length;
    this.places.add(at, end, last - meant.length, last);
    this.#copied = end;
    return end;
  }
}
