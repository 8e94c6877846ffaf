/**
 * A pattern set that reads a text as it is written, and with the escapes of string literals decoded, up to three times
 * one in another. A model answers with JSON, a tool with JSON in a string: in `{"note":"a\nAKIA..."}` the letter of the
 * escape stands before the key, and no pattern with the border of a word finds it.
 *
 *   text ─→ EscapedScan ─→ Scan                        until the first backslash at which an escape may stand
 *                      └─→ TwoWays ─→ Scan             from then on: as it is written,
 *                                 └─→ EscapedScan      and decoded
 *
 * What is found is told by its place in the text as written, and never begins within an escape.
 */
import type { MatchSink, PatternSet, PatternWarning, Scan, TextScan } from '../scanner/types.ts';
import { escapeAt } from './escapes.ts';
import { LEVELS, mayHaveEscapes, Readings, type Reading } from './readings.ts';
import { TwoWays } from './two-ways.ts';

export class EscapedSet implements PatternSet {
  readonly size: number;
  readonly warnings: readonly PatternWarning[];
  readonly #set: PatternSet;

  constructor(set: PatternSet) {
    this.size = set.size;
    this.warnings = set.warnings;
    this.#set = set;
  }

  open(sink: MatchSink): Scan {
    return new EscapedScan(this.#set.open(sink), sink, LEVELS);
  }

  openTexts(sink: MatchSink): TextScan {
    return new EscapedTextScan(this.#set, sink);
  }

  probe(text: string): boolean {
    return this.#set.probe(text);
  }
}

class EscapedScan implements Scan {
  readonly #sink: MatchSink;
  readonly #levels: number;
  #scan: Scan;
  #ways: TwoWays | undefined;
  /** Work that its scan does not count: it is a copy of one that did. */
  #own = 0;

  /** `scan` reports to `sink`. */
  constructor(scan: Scan, sink: MatchSink, levels: number, ways?: TwoWays) {
    this.#scan = scan;
    this.#sink = sink;
    this.#levels = levels;
    this.#ways = ways;
  }

  get position(): number {
    return (this.#ways ?? this.#scan).position;
  }

  get stopped(): boolean {
    return (this.#ways ?? this.#scan).stopped;
  }

  get work(): number {
    return (this.#ways ?? this.#scan).work + this.#own;
  }

  get hold(): number {
    return (this.#ways ?? this.#scan).hold;
  }

  write(text: string): number {
    return this.writeSome(text, 0, Number.POSITIVE_INFINITY);
  }

  writeSome(text: string, from: number, budget: number): number {
    if (this.#ways === undefined && (from >= text.length || nextEscape(text, from) === text.length))
      return this.#scan.writeSome(text, from, budget);
    let at = from;
    let left = budget;
    while (at < text.length && !this.stopped && (left > 0 || at === from)) {
      const before = this.work;
      const read = this.#some(text, at, left);
      left -= this.work - before;
      at = read;
    }
    return at;
  }

  end(): void {
    (this.#ways ?? this.#scan).end();
  }

  fork(sink: MatchSink): Scan {
    const ways = this.#ways?.fork(sink);
    // Where there are two ways, nobody asks about the scan before them.
    return new EscapedScan(ways === undefined ? this.#scan.fork(sink) : this.#scan, sink, this.#levels, ways);
  }

  dropBefore(position: number): void {
    (this.#ways ?? this.#scan).dropBefore(position);
  }

  /** Reads on in one way or in two, and answers how far. */
  #some(text: string, from: number, budget: number): number {
    let ways = this.#ways;
    if (ways === undefined) {
      const to = nextEscape(text, from);
      if (to > from) return this.#scan.writeSome(to === text.length ? text : text.slice(0, to), from, budget);
      ways = this.#ways = new TwoWays(this.#scan, this.#sink, (scan, sink) => this.#forkDecoded(scan, sink));
    }
    const at = ways.writeSome(text, from, budget);
    const { only } = ways;
    if (only !== undefined) {
      const { work } = this;
      this.#scan = only;
      this.#ways = undefined;
      this.#own += work - this.work;
    }
    return at;
  }

  #forkDecoded(scan: Scan, sink: MatchSink): Scan {
    const decoded = scan.fork(sink);
    return this.#levels === 1 ? decoded : new EscapedScan(decoded, sink, this.#levels - 1);
  }
}

/** Where the next escape stands or begins, or the end of the text. */
function nextEscape(text: string, from: number): number {
  let at = text.indexOf('\\', from);
  while (at !== -1) {
    const next = text.indexOf('\\', at + 1);
    // What the next one stands for may end this one: `\u\u0041041` is `\uA041`, and that is decoded again.
    const own = next === -1 || next - at > LONGEST ? text : text.slice(0, next);
    if (escapeAt(own, at) !== undefined) return at;
    at = next;
  }
  return text.length;
}

/** The longest escape has fewer units. */
const LONGEST = 12;

class EscapedTextScan implements TextScan {
  readonly #inner: TextScan;
  /** Of the text under way, where it has several. */
  #readings: Readings | undefined;
  #at = 0;
  #spanOf: Reading['spanOf'] | undefined;
  #own = 0;

  constructor(set: PatternSet, sink: MatchSink) {
    this.#inner = set.openTexts((pattern, from, to, seen) => {
      if (this.#spanOf === undefined) return sink(pattern, from, to, seen);
      const [start, end] = this.#spanOf(from, to);
      return sink(pattern, start, end, end);
    });
  }

  get work(): number {
    return this.#inner.work + this.#own;
  }

  get stopped(): boolean {
    return this.#inner.stopped;
  }

  read(text: string, budget: number): boolean {
    if (this.#readings === undefined) {
      if (!mayHaveEscapes(text)) return this.#inner.read(text, budget);
      this.#readings = new Readings(text);
      this.#at = 0;
    }
    const isRead = this.#readAll(this.#readings, budget);
    this.#spanOf = undefined;
    if (isRead) this.#readings = undefined;
    return isRead;
  }

  #readAll(readings: Readings, budget: number): boolean {
    const allowance = { left: budget };
    const areKnown = readings.run(allowance);
    this.#own += budget - allowance.left;
    if (!areKnown) return false;
    for (; this.#at < readings.list.length && !this.stopped; this.#at++) {
      if (allowance.left <= 0) return false;
      const reading = readings.list[this.#at]!;
      this.#spanOf = reading.spanOf;
      const before = this.#inner.work;
      const isRead = this.#inner.read(reading.text, allowance.left);
      allowance.left -= this.#inner.work - before;
      if (!isRead) return false;
    }
    return true;
  }
}
