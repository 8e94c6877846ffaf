/**
 * Expressions for whole runs of digits. A hundred kinds of numbers differ in their first digits and their length:
 *
 *   (?<![A-Za-z0-9_])(?:[1-6]\d{10})(?![A-Za-z0-9_])      around a run of 11 digits, which `body` then reads
 *
 * Where a set looks for any run of 6 to 20 digits with the same things around it, each of them is found there: the
 * beginning of a run is fixed by what stands before it, so both find the same text and hold it for as long.
 */

export interface DigitRun {
  /** What may stand before and behind. Runs are found in the same places only where this is equal. */
  readonly around: string;
  readonly least: number;
  readonly most: number;
  /** Any digits will do. */
  readonly isAny: boolean;
  /** Reads a run as a whole. */
  readonly body: RegExp;
}

const SET = '(?:\\\\w|\\[(?:[^\\]\\\\]|\\\\.)*\\])';
const AROUND = new RegExp(`^(\\(\\?<!${SET}\\))(.+)(\\(\\?!${SET}\\))$`);
/** A set that has the digits, so that no run begins inside another. */
const HAS_DIGITS = /\\w|0-9|\\d/;
const ANY = /^(?:\\d)+$|^\\d\{\d+(?:,\d+)?\}$/;

/** `undefined` for an expression that is no such run. */
export function digitRunOf({ source, flags }: RegExp): DigitRun | undefined {
  const [, before, body, behind] = AROUND.exec(source) ?? [];
  if (before === undefined || body === undefined || !HAS_DIGITS.test(before)) return undefined;
  const length = new Reader(body).whole();
  if (length === undefined || length.least === 0) return undefined;
  return {
    ...length,
    around: `${before}${behind}`,
    isAny: ANY.test(body.replace(/^\(\?:([^()|]*)\)$/, '$1')),
    body: new RegExp(`^(?:${body})$`, flags.replaceAll(/[gyd]/g, '')),
  };
}

interface Length {
  readonly least: number;
  readonly most: number;
}

/** Reads digits, sets of digits, groups, alternatives and bounded counts. Nothing else. */
class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  whole(): Length | undefined {
    const length = this.#alternatives();
    return this.#at === this.#source.length ? length : undefined;
  }

  #alternatives(): Length | undefined {
    let all = this.#sequence();
    while (all !== undefined && this.#take(/\|/y) !== undefined) {
      const next = this.#sequence();
      all = next && { least: Math.min(all.least, next.least), most: Math.max(all.most, next.most) };
    }
    return all;
  }

  #sequence(): Length | undefined {
    let least = 0;
    let most = 0;
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source.charAt(this.#at))) {
      const item = this.#item();
      if (item === undefined) return undefined;
      const count = this.#take(/\{(\d+)(?:,(\d+))?\}|\?/y);
      const [low, high] = count === undefined ? [1, 1] : count[0] === '?' ? [0, 1] : [count[1]!, count[2] ?? count[1]!];
      least += item.least * Number(low);
      most += item.most * Number(high);
    }
    return { least, most };
  }

  #item(): Length | undefined {
    if (this.#take(/\\d|\d|\[(?:\d(?:-\d)?)+\]/y) !== undefined) return { least: 1, most: 1 };
    if (this.#take(/\(\?:/y) === undefined) return undefined;
    const inside = this.#alternatives();
    return this.#take(/\)/y) === undefined ? undefined : inside;
  }

  #take(what: RegExp): RegExpExecArray | undefined {
    what.lastIndex = this.#at;
    const found = what.exec(this.#source);
    if (found === null) return undefined;
    this.#at = what.lastIndex;
    return found;
  }
}
