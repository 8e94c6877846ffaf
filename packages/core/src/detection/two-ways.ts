import type { MatchSink, Scan } from '../scanner/types.ts';
import { escapeAt, EscapePlaces } from './escapes.ts';

/** Work of a unit that is read in both ways, beside the scans. */
const UNIT = 5;
/** Escapes that are kept before it is looked which of them nobody asks about any more. */
const KEPT = 64;
/** Units without an escape that are read at once: forks for fewer cost more than they save. */
const RUN = 24;

/**
 * A stream from its first backslash on, in which two scans read: one as it is written, the other with escapes decoded.
 * Both must stop at the same unit, and what was held before that unit must be known, so they go on unit by unit; a
 * longer run is read at once on trial, and again by units where something is found in it.
 */
export class TwoWays {
  stopped = false;
  readonly #sink: MatchSink;
  readonly #open: (scan: Scan, sink: MatchSink) => Scan;
  #written: Scan;
  #decoded: Scan;
  #places: EscapePlaces;
  /** An escape that has begun, and where. */
  #begun = '';
  #begunAt = 0;
  #heldAtStop: number | undefined;
  /** Everything before it was given up. */
  #floor = 0;
  /** No escape was whole so far. */
  #isOne = true;
  #own = 0;
  /** A run is on trial: nothing is told. */
  #isTrial = false;
  #found = false;

  /** `scan` has read what is before the backslash. `open` forks a scan for the decoded text. */
  constructor(scan: Scan, sink: MatchSink, open: (scan: Scan, sink: MatchSink) => Scan, from?: TwoWays) {
    this.#sink = sink;
    this.#open = open;
    this.#written = scan.fork(this.#asWritten);
    if (from === undefined) {
      this.#places = new EscapePlaces();
      this.#decoded = open(scan, this.#asDecoded);
      // A copy counts anew what is not shared.
      this.#own = scan.work - this.#written.work;
      return;
    }
    this.#decoded = from.#decoded.fork(this.#asDecoded);
    this.#places = from.#places.copy();
    this.stopped = from.stopped;
    this.#isOne = from.#isOne;
    this.#begun = from.#begun;
    this.#begunAt = from.#begunAt;
    this.#heldAtStop = from.#heldAtStop;
    this.#floor = from.#floor;
    this.#own = from.work - this.#written.work;
  }

  get position(): number {
    return this.#written.position;
  }

  get work(): number {
    return this.#written.work + this.#own;
  }

  get hold(): number {
    if (this.#heldAtStop !== undefined) return this.#heldAtStop;
    let hold = this.#written.hold;
    if (this.#begun !== '' && this.#begunAt < hold) hold = this.#begunAt;
    const there = this.#decoded.hold;
    if (there < this.#decoded.position) hold = Math.min(hold, this.#places.unitOf(there)[0]);
    return Math.max(this.#places.startOf(hold), this.#floor);
  }

  /** The scan of the text as it is written, where no escape was whole and none has begun: there is one way then. */
  get only(): Scan | undefined {
    return this.#isOne && this.#begun === '' && !this.stopped ? this.#written.fork(this.#sink) : undefined;
  }

  /** As `Scan.writeSome`; ends early where there is one way. */
  writeSome(text: string, from: number, budget: number): number {
    const before = this.work;
    let at = from;
    while (at < text.length && !this.stopped) {
      const left = budget - (this.work - before);
      if (left <= 0 && at > from) break;
      at = this.#isRun(text, at) ? this.#run(text, at, left) : this.#unit(text, at);
      if (this.#isOne && this.#begun === '') break;
    }
    return at;
  }

  end(): void {
    if (this.stopped) return;
    const held = this.hold;
    const rest = this.#begun;
    this.#begun = '';
    this.#written.end();
    if (!this.#isOne) {
      this.#decoded.write(rest);
      this.#decoded.end();
    }
    this.#look(held);
    this.#floor = 0;
  }

  fork(sink: MatchSink): TwoWays {
    return new TwoWays(this.#written, sink, this.#open, this);
  }

  dropBefore(position: number): void {
    this.#floor = Math.max(this.#floor, position);
    this.#written.dropBefore(position);
    const isBehind = this.#begun !== '' && position > this.#begunAt;
    this.#decoded.dropBefore(isBehind ? this.#decoded.position : this.#places.decoded(position));
  }

  readonly #asWritten: MatchSink = (pattern, start, end, seen) => {
    if (this.#isTrial) this.#found = true;
    else return this.#sink(pattern, Math.max(this.#places.startOf(start), this.#floor), end, seen);
  };

  readonly #asDecoded: MatchSink = (pattern, from, to) => {
    // The other scan tells the same.
    if (this.#isOne) return;
    if (this.#isTrial) {
      this.#found = true;
      return;
    }
    const [start, end] = this.#places.spanOf(from, to);
    return this.#sink(pattern, Math.max(start, this.#floor), end, this.position);
  };

  /** True where many units without an escape follow. */
  #isRun(text: string, at: number): boolean {
    if (this.#begun !== '' || text.length - at < RUN) return false;
    const next = text.indexOf('\\', at);
    return next === -1 || next - at >= RUN;
  }

  /** Reads units without an escape at once, as far as the budget goes. Answers how far it came. */
  #run(text: string, at: number, budget: number): number {
    const next = text.indexOf('\\', at);
    const run = text.slice(at, next === -1 ? text.length : next);
    const written = this.#written.fork(this.#asWritten);
    const decoded = this.#decoded.fork(this.#asDecoded);
    this.#isTrial = true;
    this.#found = false;
    const read = this.#written.writeSome(run, 0, budget / 2);
    this.#feed(run.slice(0, read));
    this.#isTrial = false;
    if (!this.#found) return at + read;
    const { work } = this;
    this.#written = written;
    this.#decoded = decoded;
    this.#own += work - this.work;
    const last = at + read;
    let to = at;
    while (to < last && !this.stopped) to = this.#unit(text, to);
    return to;
  }

  /** Reads a unit. Answers where the next one is. */
  #unit(text: string, at: number): number {
    const unit = text[at]!;
    const held = this.hold;
    const { position } = this;
    let decoded = unit;
    if (this.#begun !== '') {
      const escape = escapeAt(this.#begun + unit, 0);
      if (escape === 'begun') {
        this.#begun += unit;
        decoded = '';
      } else if (escape === undefined) {
        // It was none, and the last unit may begin another one.
        decoded = this.#begun;
        this.#begun = '';
        if (unit === '\\') this.#begin(position);
        else decoded += unit;
      } else {
        const first = this.#decoded.position;
        this.#places.add(this.#begunAt, position + 1, first, first + escape.meant.length);
        this.#begun = '';
        this.#isOne = false;
        decoded = escape.meant;
        if (this.#places.size > KEPT) this.#places.forgetBefore(held);
      }
    } else if (unit === '\\') {
      this.#begin(position);
      decoded = '';
    }
    this.#written.write(unit);
    this.#feed(decoded);
    this.#look(held);
    return at + 1;
  }

  #begin(position: number): void {
    this.#begun = '\\';
    this.#begunAt = position;
  }

  #feed(text: string): void {
    this.#own += UNIT * text.length;
    if (text === '') return;
    // What the scans of a set share counts once.
    const before = this.#decoded.work - this.#written.work;
    this.#decoded.write(text);
    this.#own += this.#decoded.work - this.#written.work - before;
  }

  /** `held` is what was held before the last unit. */
  #look(held: number): void {
    if (!this.#written.stopped && !this.#decoded.stopped) return;
    this.stopped = true;
    this.#heldAtStop = held;
  }
}
