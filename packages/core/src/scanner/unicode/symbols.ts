/**
 * The alphabet that patterns are written in: UTF-16 units, where the two halves of a surrogate pair know the code point
 * they form. A pair is two symbols, so that patterns without the `u` flag may match one half of it (as `RegExp` does),
 * and each symbol names the whole code point, so that `\p{L}` costs two classes instead of hundreds of surrogate ranges
 * and a lookaround or a fold of an astral letter needs no second look.
 *
 *   0x000000 .. 0x00FFFF   a unit that stands alone (a surrogate here has no partner)
 *   0x010000 .. 0x10FFFF   first unit of the pair that forms this code point
 *   0x110000 .. 0x20FFFF   second unit of the pair that forms code point `symbol - SECOND`
 */
export const SECOND = 0x100000;
export const SYMBOLS = 0x210000;

const PAIRS_FROM = 0x10000;
const PAIRS_TO = 0x10ffff;

/** Sorted, disjoint, non-adjacent ranges, both ends included. */
export type Ranges = readonly (readonly [from: number, to: number])[];

export const EVERY_SECOND: Ranges = [[PAIRS_FROM + SECOND, PAIRS_TO + SECOND]];

export function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

export function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}

export function codePointOf(high: number, low: number): number {
  return ((high - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
}

export function union(...parts: readonly Ranges[]): Ranges {
  const sorted = parts.flat().sort((a, b) => a[0] - b[0]);
  const out: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = out[out.length - 1];
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

export function intersect(a: Ranges, b: Ranges): Ranges {
  const out: [number, number][] = [];
  let j = 0;
  for (const [from, to] of a) {
    while (j < b.length && b[j]![1] < from) j++;
    for (let k = j; k < b.length && b[k]![0] <= to; k++) {
      out.push([Math.max(from, b[k]![0]), Math.min(to, b[k]![1])]);
    }
  }
  return out;
}

/** Everything in `[0, max]` that is not in the ranges. */
export function complement(ranges: Ranges, max: number): Ranges {
  const out: [number, number][] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) out.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= max) out.push([next, max]);
  return out;
}

export function contains(ranges: Ranges, value: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = ranges[middle]!;
    if (value < from) high = middle - 1;
    else if (value > to) low = middle + 1;
    else return true;
  }
  return false;
}

export function countOf(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** How the characters of a set appear as symbols. */
export interface SymbolForms {
  /** Symbols that are the whole character. */
  readonly alone: Ranges;
  /** First halves; the character goes on with its second half. */
  readonly pairs: Ranges;
}

/** A set of code points (`u` and `v` patterns): an astral one is two symbols, a lone surrogate is one. */
export function codePointForms(codePoints: Ranges): SymbolForms {
  return {
    alone: intersect(codePoints, [[0, 0xffff]]),
    pairs: intersect(codePoints, [[PAIRS_FROM, PAIRS_TO]]),
  };
}

/** A set of units (patterns without `u`): a half of a pair matches like the same surrogate standing alone. */
export function unitForms(units: Ranges): SymbolForms {
  const firsts: [number, number][] = [];
  for (const [from, to] of intersect(units, [[0xd800, 0xdbff]])) {
    firsts.push([codePointOf(from, 0xdc00), codePointOf(to, 0xdfff)]);
  }
  const seconds: [number, number][] = [];
  for (const [from, to] of intersect(units, [[0xdc00, 0xdfff]])) {
    if (from === 0xdc00 && to === 0xdfff) seconds.push([...EVERY_SECOND[0]!]);
    else {
      for (let high = 0xd800; high <= 0xdbff; high++) {
        seconds.push([codePointOf(high, from) + SECOND, codePointOf(high, to) + SECOND]);
      }
    }
  }
  return { alone: union(units, firsts, seconds), pairs: [] };
}
