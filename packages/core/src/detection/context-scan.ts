/**
 * One stream through a set whose patterns look around. The scanner reports a candidate with the unit that completes it:
 *
 *   candidate ─→ accepts(match, before)        true: a match, at once;  false: none
 *                         │ undefined: it wants to see what follows
 *                         ▼
 *             waits, its text held ─→ accepts(match, before, after)    `after` units later, or at the end
 *
 * Those who need a key word near are not asked before one is there: together they wait, and who of them would have said
 * `undefined` is found out when somebody wants to know what is held.
 *
 * INVARIANT: what is asked, and at which position, depends on the text alone and never on how it was cut. While a
 * candidate waits, text is therefore handed to the scanner in pieces that end where somebody has to be asked. A
 * candidate that begins to wait lets the scanner pause, which it does before the candidate is due.
 */
import type { PatternContext } from '../contract/detector.ts';
import { GrowingText } from '../scanner/run/growing-text.ts';
import type { Beginnings, MatchSink, Scan } from '../scanner/types.ts';
import { Announcing } from './announcing.ts';
import { costOf, isOf } from './ask.ts';
import type { Asking, ContextPlan, NearAsking, Shared } from './context-plan.ts';
import { NEAR_AFTER, NEAR_BEFORE } from './key-worded.ts';
import { KeyWordsIn, type NearLists } from './key-word-watch.ts';
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
/** Of candidates that nobody is asked about again, so many are kept beyond those that hold text. */
const ROOM = 128;
/** Text kept beyond what is needed, so that it is not cut at every write. */
const SLACK = 1024;

/** Work of looking for key words around a candidate. */
const LOOKED = 10;

/** A candidate that wants to see what follows it. */
interface Waiting {
  /** Who asks; or all of those who have a list of key words, and perhaps none of them waits. */
  readonly asking: Asking | NearAsking;
  readonly folded: boolean;
  readonly start: number;
  readonly end: number;
  /** The position at which it is asked again. */
  readonly due: number;
  /** Digits right before it that were given up. */
  readonly givenUp: string;
  /** Whether anybody waits; `undefined` until somebody has to know. */
  waits: boolean | undefined;
  /** The text behind it is there, and has none of the key words: its text is held, and nobody is asked again. */
  silent: boolean;
}

/** What was held at a place: by the scanner, and by those who were not due there. */
interface Held {
  readonly at: number;
  readonly inner: number;
  readonly waiting: readonly Waiting[];
  readonly count: number;
}

export class ContextScan implements Scan {
  stopped = false;
  readonly #plan: ContextPlan;
  readonly #sink: MatchSink;
  readonly #inner: Scan;
  readonly #text: GrowingText;
  #waiting: Waiting[] = [];
  /** Of all that will be asked, what is due first. */
  #due = Number.POSITIVE_INFINITY;
  /** How many may wait before those are looked for that were due. */
  #room = ROOM;
  /** The position at which the piece under way ends. */
  #pieceEnd = 0;
  #words: KeyWordsIn | undefined;
  readonly #announcing: Announcing | undefined;
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
    this.#announcing = Announcing.of(plan);
    if (from === undefined) {
      this.#inner = plan.inner.open(this.#candidate, this.#begins);
      this.#text = new GrowingText();
      return;
    }
    this.#inner = from.#inner.fork(this.#candidate, this.#begins);
    this.stopped = from.stopped;
    this.#text = from.#text.copy();
    this.#waiting = from.#waiting.slice();
    this.#due = from.#due;
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
    return Math.max(this.#heldBy(this.#held(this.#position)), this.#floor);
  }

  write(text: string): number {
    return this.writeSome(text, 0, Number.POSITIVE_INFINITY);
  }

  writeSome(text: string, from: number, budget: number): number {
    if (this.stopped || from >= text.length) return from;
    // The work of all streams is added up where it is asked for.
    const last = budget === Number.POSITIVE_INFINITY ? budget : this.work + budget;
    const at = this.#position;
    this.#text.append(from === 0 ? text : text.slice(from));
    let consumed = from;
    let left = budget;
    for (;;) {
      consumed += this.#readOn(text, consumed, left, at - from);
      if (this.stopped || consumed >= text.length) break;
      left = last - this.work;
      if (left <= 0) break;
    }
    // The rest comes again, or another text does.
    if (consumed < text.length) this.#forgetAhead();
    this.#forget();
    return consumed;
  }

  /** Reads some of `text[from, ...)` and asks whoever is due. Position 0 of the text is at `base`. */
  #readOn(text: string, from: number, budget: number, base: number): number {
    const held = this.#held(this.#position);
    const to = this.#plan.looksAhead ? Math.min(text.length, from + this.#reach()) : text.length;
    this.#pieceEnd = base + to;
    const read = this.#inner.writeSome(from === 0 && to === text.length ? text : text.slice(from, to), 0, budget);
    this.#position = base + from + read;
    // Who was due with the unit that stopped the stream was not asked.
    if (this.#sinkStopped) this.#stop(this.#inner.hold, this.#position - 1);
    else if (this.#waiting.length > 0) this.#askDue(held);
    return read;
  }

  end(): void {
    if (this.stopped) return;
    const held = this.#held(this.#position);
    this.#inner.end();
    const all = this.#waiting;
    this.#waiting = [];
    for (const waiting of all) this.#askAgain(waiting);
    if (this.#sinkStopped) this.#stop(Math.max(this.#heldBy(held), this.#floor), this.#position);
    this.#floor = 0;
  }

  fork(sink: MatchSink): Scan {
    return new ContextScan(this.#plan, sink, this);
  }

  dropBefore(position: number): void {
    if (this.stopped) return;
    this.#inner.dropBefore(position);
    this.#floor = Math.max(this.#floor, position);
    this.#keep(this.#waiting.filter(({ end }) => end > position));
  }

  /** How many units may be read before somebody has to be asked. */
  #reach(): number {
    // The last unit before an answer is read alone: what is held then is what was held before the unit that stopped the
    // stream.
    return Math.min(PIECE, Math.max(1, this.#due - this.#position - 1));
  }

  /** What has to be announced begins nowhere else. */
  get #begins(): Beginnings | undefined {
    const announcing = this.#announcing;
    return announcing && ((pattern, from, to) => announcing.begins(this.#text, pattern, from, to));
  }

  /** The scanner found something: everybody who looks for it is asked. */
  readonly #candidate = (pattern: number, start: number, end: number, seen: number): boolean => {
    const shared = this.#plan.shared[pattern]!;
    const { plain, asking, near } = shared;
    if (plain !== undefined) return this.#report(plain, start, end, seen);
    if (near === undefined) return this.#ask(asking, shared, start, end, seen);
    this.#work += LOOKED;
    const words = this.#wordsIn(start - NEAR_BEFORE, start);
    const whom = words === undefined ? near.others : asking.filter(({ list }) => list === undefined || words.has(list));
    const stop = whom.length > 0 && this.#ask(whom, shared, start, end, seen);
    const after = end + NEAR_AFTER;
    const silent = after <= this.#text.end && this.#wordsIn(end, after) === undefined;
    const due = dueAt(NEAR_AFTER, end, seen);
    const givenUp = this.#digitsGivenUp(start, shared.folded);
    this.#wait({ asking: near, folded: shared.folded, start, end, due, givenUp, waits: undefined, silent }, seen);
    return stop;
  };

  /** Asks at once. Of those who have a list of key words all are waiting together, whatever they say. */
  #ask(asking: readonly Asking[], { byHead, folded }: Shared, start: number, end: number, seen: number): boolean {
    const written = this.#read(start, end, false);
    // Many ask about one candidate.
    let before: string | undefined;
    let read: string | undefined;
    let stop = false;
    for (const one of byHead === undefined ? asking : byHead.about(written)) {
      const { context, index, digits, list } = one;
      const match =
        folded && context.asWritten !== true ? (read ??= readFolded(written, this.#plan.folding!)) : written;
      if (digits !== undefined && !isOf(digits, this.#digitsGivenUp(start, folded) + match)) {
        this.#work++;
        continue;
      }
      before ??= this.#read(start - this.#plan.before, start, false);
      this.#work += costOf(context, end - start);
      const answer = context.accepts(match, last(before, context.before), undefined, written);
      if (answer === true) {
        if (this.#report(index, start, end, seen)) stop = true;
      } else if (answer === undefined && list === undefined) {
        const due = dueAt(context.after, end, seen);
        this.#wait({ asking: one, folded, start, end, due, givenUp: '', waits: true, silent: false }, seen);
      }
    }
    return stop;
  }

  #wait(waiting: Waiting, seen: number): void {
    // What was due before this unit; who was due with it may still have to be known.
    if (this.#waiting.length >= this.#room) {
      this.#keep(this.#waiting.filter(({ due, silent }) => !silent || due >= seen));
      this.#room = ROOM + this.#waiting.length;
    }
    this.#waiting.push(waiting);
    if (waiting.silent) return;
    this.#due = Math.min(this.#due, waiting.due);
    if (waiting.due <= this.#pieceEnd) this.#inner.pause?.();
  }

  #keep(waiting: Waiting[]): void {
    this.#waiting = waiting;
    this.#due = Number.POSITIVE_INFINITY;
    for (const { due, silent } of waiting) if (!silent && due < this.#due) this.#due = due;
  }

  /** What has not been read may not come, or not like this. */
  #forgetAhead(): void {
    this.#text.cutAt(this.#position);
    this.#words = undefined;
    this.#announcing?.forget();
    for (const waiting of this.#waiting) if (waiting.end + NEAR_AFTER > this.#position) waiting.silent = false;
    this.#keep(this.#waiting);
  }

  #wordsIn(from: number, to: number): NearLists | undefined {
    return (this.#words ??= new KeyWordsIn(this.#plan.watch())).near(this.#text, from, to);
  }

  /** What is held here, to be looked at later. */
  #held(at: number): Held {
    return { at, inner: this.#inner.hold, waiting: this.#waiting, count: this.#waiting.length };
  }

  #heldBy({ at, inner, waiting, count }: Held): number {
    let hold = inner;
    for (let i = 0; i < count; i++) {
      const one = waiting[i]!;
      if (one.start < hold && one.due > at && this.#waits(one)) hold = one.start;
    }
    return hold;
  }

  #waits(waiting: Waiting): boolean {
    if (waiting.waits === undefined) {
      const near = waiting.asking as NearAsking;
      const { listed } = near;
      let left = listed.length;
      while (left > 0 && !this.#wantsMore(listed[near.likely]!, waiting)) {
        near.likely = (near.likely + 1) % listed.length;
        left--;
      }
      waiting.waits = left > 0;
    }
    return waiting.waits;
  }

  /** True for who would say that it depends on what follows. */
  #wantsMore({ context, digits }: Asking, { start, end, folded, givenUp }: Waiting): boolean {
    const written = this.#read(start, end, false);
    const match = this.#asRead(written, folded, context);
    if (digits !== undefined && !isOf(digits, givenUp + match)) {
      this.#work++;
      return false;
    }
    this.#work += costOf(context, end - start);
    const before = this.#read(start - context.before, start, false);
    return context.accepts(match, before, undefined, written) === undefined;
  }

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
  #askDue(held: Held): void {
    if (this.#due > this.#position) return;
    const due: Waiting[] = [];
    const left: Waiting[] = [];
    for (const waiting of this.#waiting) {
      if (waiting.due > this.#position) left.push(waiting);
      else if (!waiting.silent) due.push(waiting);
    }
    this.#keep(left);
    let stop = false;
    for (const waiting of due) if (this.#askAgain(waiting)) stop = true;
    if (stop) this.#stop(Math.max(this.#heldBy(held), this.#floor), this.#position);
  }

  #askAgain(waiting: Waiting): boolean {
    const { asking, end } = waiting;
    if (!('listed' in asking)) return this.#askWithMore(asking, waiting);
    if (waiting.waits === false || waiting.silent) return false;
    const words = this.#wordsIn(end, Math.min(end + NEAR_AFTER, this.#text.end));
    if (words === undefined) return false;
    let stop = false;
    for (const one of asking.listed) {
      if (words.has(one.list!) && this.#wantsMore(one, waiting) && this.#askWithMore(one, waiting)) stop = true;
    }
    return stop;
  }

  #askWithMore({ context, index }: Asking, { start, end, folded }: Waiting): boolean {
    this.#work += costOf(context, end - start);
    const before = last(this.#read(start - this.#plan.before, start, false), context.before);
    const after = this.#read(end, end + context.after, false);
    const written = this.#read(start, end, false);
    const match = this.#asRead(written, folded, context);
    if (context.accepts(match, before, after, written) !== true) return false;
    return this.#report(index, Math.max(start, this.#floor), end, this.#position);
  }

  /** `held` is what the scanner holds; who was due up to `asked` holds nothing any more. */
  #stop(held: number, asked: number): void {
    this.stopped = true;
    const waiting = this.#waiting;
    const inner = Math.max(held, this.#floor);
    this.#heldAtStop = this.#heldBy({ at: asked, inner, waiting, count: waiting.length });
    this.#keep([]);
  }

  #read(from: number, to: number, folded: boolean): string {
    const text = this.#text.slice(from, to);
    return folded ? readFolded(text, this.#plan.folding!) : text;
  }

  /** What a context is given for a match. */
  #asRead(written: string, folded: boolean, { asWritten }: PatternContext): string {
    return folded && asWritten !== true ? readFolded(written, this.#plan.folding!) : written;
  }

  #forget(): void {
    if (this.#text.length <= SLACK) return;
    // Whether all of it waits need not be known here.
    let first = Math.max(this.#inner.hold, this.#floor);
    for (const { start, due } of this.#waiting) if (start < first && due > this.#position) first = start;
    const needed = first - Math.max(this.#plan.before, MOST_GIVEN_UP);
    if (needed - this.#text.first > SLACK) this.#text.forgetBefore(needed);
  }
}

/** The position at which a candidate is asked again. */
const dueAt = (after: number, end: number, seen: number): number =>
  Math.max(end + Math.max(after, SOONEST), seen + PAUSED + 1);

const last = (text: string, units: number): string => (text.length <= units ? text : text.slice(text.length - units));
