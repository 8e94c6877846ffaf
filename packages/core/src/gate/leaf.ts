import type { Channel } from '../contract/event.ts';
import type { WindowedDetection } from '../detection/windowed-detection.ts';
import { isHighSurrogate, isLowSurrogate } from './block.ts';
import type { PathEntry } from './path-coverage.ts';
import type { Part, Reading } from './reading.ts';
import { Regions, type Span } from './regions.ts';
import type { LeafHandle, Piece } from './types.ts';

/** Stands where text was held too long and the policy wants that masked. */
export const HELD_MASK = '[HELD]';

/** Where a leaf stands in a reading that may hold it. */
export interface LeafPlace {
  readonly reading: Reading<Leaf>;
  part: Part<Leaf>;
}

/** One leaf on its way out: what has arrived, what has left, and what is masked. */
export class Leaf {
  readonly path: string;
  readonly channel: Channel;
  /** What its pieces name. */
  readonly handle: LeafHandle;
  readonly entry: PathEntry;
  /** Counts the leaves of its path, from 1. */
  readonly number: number;
  /** Where its text begins in all the text of its path; leaves of one path that overlap in time share a place. */
  readonly base: number;
  readonly threads: readonly string[];
  /** Its own reading wins at its end: `LeafInit.row`. */
  readonly isRow: boolean;
  readonly alone: Reading<Leaf> | undefined;
  readonly places: LeafPlace[] = [];
  detections: readonly WindowedDetection[] = [];
  /** Counts the leaves of its channel in the order they were opened. */
  order = 0;
  /** Its name in the facts; set when something is found in it. */
  address: string | undefined;
  arrived = 0;
  released = 0;
  ended = false;
  /** Its units are counted as scanned. */
  counted = false;
  /** Position of the oldest match of a rule that only the whole stream can answer. */
  heldFrom: number = Number.POSITIVE_INFINITY;
  /** Such a match that began in an earlier leaf goes on to here. */
  continuedTo = 0;
  /** Leaves whatever is held: it has lapsed, or the policy says so at its bound. */
  floor = 0;
  /** Units kept back when that was last looked at. */
  held = 0;
  /** Matches that begin in this leaf. */
  #own: Regions | undefined;
  /** What matches that began in earlier leaves cover of this one: their masks stand there. */
  #continued: Regions | undefined;
  #text = '';
  #textStart = 0;
  /** The end of its last piece: what was cut out behind that has none. */
  toldTo = 0;
  #edited = false;
  #decidedTo = 0;

  constructor(
    init: Pick<Leaf, 'path' | 'channel' | 'threads' | 'isRow'>,
    handle: LeafHandle,
    entry: PathEntry,
    alone: Reading<Leaf> | undefined,
  ) {
    this.path = init.path;
    this.channel = init.channel;
    this.threads = init.threads;
    this.isRow = init.isRow;
    this.handle = handle;
    this.entry = entry;
    this.number = ++entry.leaves;
    this.base = entry.length;
    this.alone = alone;
  }

  get isOut(): boolean {
    return this.ended && this.released === this.arrived && !this.isJudged;
  }

  /** True while code detectors have yet to answer. */
  get isJudged(): boolean {
    return this.detections.some((detection) => detection.pending);
  }

  append(text: string): void {
    this.#text = this.#text === '' ? text : this.#text + text;
    this.arrived += text.length;
  }

  /** Masks a span; `begins` tells whether the match begins in this leaf. */
  mask(span: Span, begins: boolean): void {
    if (begins) (this.#own ??= new Regions()).add(span);
    else (this.#continued ??= new Regions()).add(span);
  }

  /** True when a match of its own, masked by itself, covers it from `start` or earlier up to `end`. */
  masksTo(end: number, start: number): boolean {
    const region = this.#own?.at(start);
    return region !== undefined && region.start <= start && region.end >= end;
  }

  /** Lets out what nothing holds. */
  release(out: Piece<never>[]): void {
    const limit = this.#limit();
    if (limit > this.released) this.#advance(limit, out);
    this.held = this.arrived - this.#decided();
  }

  /** Where it must stop. INVARIANT: a surrogate pair leaves whole. */
  #limit(): number {
    let limit = Math.min(this.arrived, this.heldFrom);
    for (const { reading, part } of this.places) {
      const { frontier } = reading;
      if (frontier < part.end) limit = Math.min(limit, Math.max(frontier, part.start) - part.shift);
    }
    for (const detection of this.detections) if (detection.code.hold) limit = Math.min(limit, detection.frontier);
    limit = Math.max(limit, this.floor);
    if (limit <= this.released || !isHighSurrogate(this.#text.charCodeAt(limit - 1 - this.#textStart))) return limit;
    const isHalf = limit < this.arrived ? isLowSurrogate(this.#text.charCodeAt(limit - this.#textStart)) : !this.ended;
    return isHalf ? limit - 1 : limit;
  }

  #advance(limit: number, out: Piece<never>[]): void {
    let text = '';
    while (this.released < limit) {
      const at = this.released;
      const own = this.#own?.at(at);
      const ownStart = own?.start ?? Number.POSITIVE_INFINITY;
      const continued = this.#continued?.at(at);
      const continuedStart = continued?.start ?? Number.POSITIVE_INFINITY;
      if (ownStart <= at) {
        // A region is masked once, where it begins.
        if (ownStart === at) text += own!.best.mask;
        this.released = Math.min(limit, own!.end);
        this.#edited = true;
      } else if (continuedStart <= at) {
        this.released = Math.min(limit, continued!.end, ownStart);
        this.#edited = true;
      } else {
        this.released = Math.min(limit, ownStart, continuedStart);
        text += this.#text.slice(at - this.#textStart, this.released - this.#textStart);
      }
    }
    this.#text = this.released === this.arrived ? '' : this.#text.slice(this.released - this.#textStart);
    this.#textStart = this.released;
    if (text !== '') this.#push(text, out);
  }

  #push(text: string, out: Piece<never>[]): void {
    const { channel, path: block, handle: leaf, released: to } = this;
    const last = out.at(-1);
    const edited = this.#edited;
    if (last?.kind === 'text' && last.leaf === leaf) {
      out[out.length - 1] = { ...last, text: last.text + text, to, edited: last.edited || edited };
    } else {
      out.push({ kind: 'text', channel, block, text, from: this.toldTo, to, edited, leaf });
    }
    this.toldTo = to;
    this.#edited = false;
  }

  /** How far it is out, or known to be masked: the rest is held. */
  #decided(): number {
    let at = Math.max(this.released, this.#decidedTo);
    if (this.#own === undefined && this.#continued === undefined) return at;
    for (;;) {
      const own = this.#own?.at(at);
      const continued = this.#continued?.at(at);
      let to = at;
      if (own !== undefined && own.start <= at) to = own.end;
      if (continued !== undefined && continued.start <= at) to = Math.max(to, continued.end);
      if (to === at) break;
      at = Math.min(to, this.arrived);
      if (at === this.arrived) break;
    }
    return (this.#decidedTo = at);
  }
}
