/**
 * One stream through a set whose patterns look around. The scanner reports a candidate with the unit that completes it:
 *
 *   candidate ─→ accepts(match, before)        true: a match, at once;  false: none
 *                         │ undefined: it wants to see what follows
 *                         ▼
 *             waits, its text held ─→ accepts(match, before, after)    `after` units later, or at the end
 *
 * INVARIANT: what is asked, and at which position, depends on the text alone and never on how it was cut. While a
 * candidate waits, text is therefore handed to the scanner in pieces that end where somebody has to be asked. A
 * candidate that begins to wait lets the scanner pause, which it does before the candidate is due.
 */
import type { MatchSink, Scan } from '../scanner/types.ts';
import { costOf, isOf } from './ask.ts';
import type { Asking, ContextPlan } from './context-plan.ts';
import { readFolded } from './read-as.ts';

/** A scanner pauses less than this behind the unit that completed a match; see `Scan.pause`. */
const PAUSED = 64;
/** A match is completed by its last unit or by the one behind it, which may be half a character. */
const SOONEST = PAUSED + 2;
/** What is left after a pause is handed over again, so what is handed over at once is not much. */
const PIECE = 4096;
/** Of a run of digits that was given up in part, so much is read again: more than any number has. */
const MOST_GIVEN_UP = 64;
const DIGITS = /\d*$/;
/** Text kept beyond what is needed, so that it is not cut at every write. */
const SLACK = 1024;

/** A candidate that wants to see what follows it. */
interface Waiting {
  readonly asking: Asking;
  readonly folded: boolean;
  readonly start: number;
  readonly end: number;
  /** The position at which it is asked again. */
  readonly due: number;
}

export class ContextScan implements Scan {
  stopped = false;
  readonly #plan: ContextPlan;
  readonly #sink: MatchSink;
  readonly #inner: Scan;
  /** Text from position `#from` on. */
  #text = '';
  #from = 0;
  #waiting: Waiting[] = [];
  #work = 0;
  /** Everything before it was given up. */
  #floor = 0;
  #heldAtStop = 0;
  #position = 0;
  /** Whoever listens stopped the stream. */
  #sinkStopped = false;

  constructor(plan: ContextPlan, sink: MatchSink, from?: ContextScan) {
    this.#plan = plan;
    this.#sink = sink;
    if (from === undefined) {
      this.#inner = plan.inner.open(this.#candidate);
      return;
    }
    this.#inner = from.#inner.fork(this.#candidate);
    this.stopped = from.stopped;
    this.#text = from.#text;
    this.#from = from.#from;
    this.#waiting = from.#waiting.slice();
    this.#floor = from.#floor;
    this.#heldAtStop = from.#heldAtStop;
    this.#position = from.#position;
  }

  get position(): number {
    return this.#position;
  }

  get work(): number {
    return this.#inner.work + this.#work;
  }

  get hold(): number {
    if (this.stopped) return this.#heldAtStop;
    let hold = this.#inner.hold;
    for (const { start } of this.#waiting) if (start < hold) hold = start;
    return Math.max(hold, this.#floor);
  }

  write(text: string): number {
    return this.writeSome(text, 0, Number.POSITIVE_INFINITY);
  }

  writeSome(text: string, from: number, budget: number): number {
    if (this.stopped || from >= text.length) return from;
    // The work of all streams is added up where it is asked for.
    const last = budget === Number.POSITIVE_INFINITY ? budget : this.work + budget;
    const at = this.#position;
    this.#text += from === 0 ? text : text.slice(from);
    let consumed = from;
    let left = budget;
    for (;;) {
      consumed += this.#readOn(text, consumed, left, at - from);
      if (this.stopped || consumed >= text.length) break;
      left = last - this.work;
      if (left <= 0) break;
    }
    // The rest comes again, or another text does.
    if (consumed < text.length) this.#text = this.#text.slice(0, this.#position - this.#from);
    this.#forget();
    return consumed;
  }

  /** Reads some of `text[from, ...)` and asks whoever is due. Position 0 of the text is at `base`. */
  #readOn(text: string, from: number, budget: number, base: number): number {
    const held = this.#waiting.length === 0 ? 0 : this.hold;
    const to = this.#plan.looksAhead ? Math.min(text.length, from + this.#reach()) : text.length;
    const read = this.#inner.writeSome(text.slice(from, to), 0, budget);
    this.#position = base + from + read;
    if (this.#sinkStopped) this.#stop(this.#inner.hold);
    else if (this.#waiting.length > 0) this.#askDue(held);
    return read;
  }

  end(): void {
    if (this.stopped) return;
    const held = this.hold;
    this.#inner.end();
    for (const waiting of this.#waiting.splice(0)) this.#askAgain(waiting);
    this.#floor = 0;
    if (this.#sinkStopped) this.#stop(held);
  }

  fork(sink: MatchSink): Scan {
    return new ContextScan(this.#plan, sink, this);
  }

  dropBefore(position: number): void {
    if (this.stopped) return;
    this.#inner.dropBefore(position);
    this.#floor = Math.max(this.#floor, position);
    this.#waiting = this.#waiting.filter(({ end }) => end > position);
  }

  /** How many units may be read before somebody has to be asked. */
  #reach(): number {
    let reach = PIECE;
    // The last unit before an answer is read alone: what is held then is what was held before the unit that stopped the
    // stream.
    for (const { due } of this.#waiting) reach = Math.min(reach, Math.max(1, due - this.#position - 1));
    return reach;
  }

  /** The scanner found something: everybody who looks for it is asked. */
  readonly #candidate = (pattern: number, start: number, end: number, seen: number): boolean => {
    const { plain, asking, byHead, folded } = this.#plan.shared[pattern]!;
    if (plain !== undefined) return this.#report(plain, start, end, seen);
    const written = this.#read(start, end, false);
    // Many ask about one candidate.
    let before: string | undefined;
    let read: string | undefined;
    let stop = false;
    for (const one of byHead === undefined ? asking : byHead.about(written)) {
      const { context, index, digits } = one;
      const match =
        folded && context.asWritten !== true ? (read ??= readFolded(written, this.#plan.folding!)) : written;
      if (digits !== undefined && !isOf(digits, this.#digitsGivenUp(start, folded) + match)) {
        this.#work++;
        continue;
      }
      before ??= this.#read(start - this.#plan.before, start, false);
      this.#work += costOf(context, end - start);
      const answer = context.accepts(match, last(before, context.before), undefined);
      if (answer === true) {
        if (this.#report(index, start, end, seen)) stop = true;
      } else if (answer === undefined) {
        const due = Math.max(end + Math.max(context.after, SOONEST), seen + PAUSED + 1);
        this.#waiting.push({ asking: one, folded, start, end, due });
        this.#inner.pause?.();
      }
    }
    return stop;
  };

  /** Digits right before a match that began where text was given up: it is the rest of a run. */
  #digitsGivenUp(start: number, folded: boolean): string {
    if (start > this.#floor || this.#floor === 0) return '';
    return DIGITS.exec(this.#read(start - MOST_GIVEN_UP, start, folded))![0];
  }

  #report(index: number, start: number, end: number, seen: number): boolean {
    if (this.#sink(index, start, end, seen) !== true) return false;
    this.#sinkStopped = true;
    return true;
  }

  /** `held` is what was held before the last unit. */
  #askDue(held: number): void {
    const due = this.#waiting.filter((waiting) => waiting.due <= this.#position);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => waiting.due > this.#position);
    let stop = false;
    for (const waiting of due) if (this.#askAgain(waiting)) stop = true;
    if (stop) this.#stop(held);
  }

  #askAgain({ asking, folded, start, end }: Waiting): boolean {
    const { context, index } = asking;
    this.#work += costOf(context, end - start);
    const before = last(this.#read(start - this.#plan.before, start, false), context.before);
    const after = this.#read(end, end + context.after, false);
    const match = this.#read(start, end, folded && context.asWritten !== true);
    if (context.accepts(match, before, after) !== true) return false;
    return this.#report(index, Math.max(start, this.#floor), end, this.#position);
  }

  #stop(held: number): void {
    this.stopped = true;
    this.#heldAtStop = Math.max(held, this.#floor);
    for (const { start } of this.#waiting) if (start < this.#heldAtStop) this.#heldAtStop = start;
    this.#waiting = [];
  }

  #read(from: number, to: number, folded: boolean): string {
    const text = this.#text.slice(Math.max(0, from - this.#from), Math.max(0, to - this.#from));
    return folded ? readFolded(text, this.#plan.folding!) : text;
  }

  #forget(): void {
    if (this.#text.length <= SLACK) return;
    const needed = this.hold - Math.max(this.#plan.before, MOST_GIVEN_UP);
    if (needed - this.#from <= SLACK) return;
    this.#text = this.#text.slice(needed - this.#from);
    this.#from = needed;
  }
}

const last = (text: string, units: number): string => (text.length <= units ? text : text.slice(text.length - units));
