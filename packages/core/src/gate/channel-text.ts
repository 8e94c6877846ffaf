import type { Channel } from '../contract/event.ts';
import type { Allowance } from './allowance.ts';
import { Block, endsInHighSurrogate } from './block.ts';
import type { Track } from './track.ts';
import type { BlockPlace, Piece } from './types.ts';
import type { WindowedDetection } from '../detection/windowed-detection.ts';

/** What a channel text needs from its gate. */
export interface ChannelTextHost<T> {
  /** True once a match has stopped the stream. */
  stopped(): boolean;
  /** The detectors that want a whole block. `block` is complete by the time they answer. */
  detectionsFor(block: () => Block<T>): readonly WindowedDetection[];
  opened(block: Block<T>): void;
  /** Address of a block in the decision's facts; `use` counts blocks of the same id from 1. */
  pathOf(channel: Channel, id: string, use: number): string;
}

/** Where a run of the channel's text came from. */
interface Origin<T> {
  readonly start: number;
  end: number;
  readonly block: Block<T>;
  /** Position in the channel minus position in the block. */
  readonly shift: number;
}

/** How far a channel and the block that was being written may be released. */
interface Frontiers {
  readonly channel: number;
  /** Absent: every block was complete, and only the end of the channel was missing. */
  readonly block?: Block<unknown>;
  readonly own?: number;
}

/**
 * All text of one channel of one output. It is judged as one text in the order of arrival, and from the
 * second block on each block as a text of its own as well: a match hides neither across blocks nor between them.
 */
export class ChannelText<T> {
  readonly channel: Channel;
  readonly track: Track;
  readonly #host: ChannelTextHost<T>;
  readonly #blocks: Block<T>[] = [];
  readonly #byId = new Map<string, Block<T>>();
  readonly #byTrack = new Map<Track, Block<T>>();
  /** Blocks that still have something to let out, in the order they were opened. */
  readonly #waiting = new Set<Block<T>>();
  /**
   * Those of them whose text may have become free, or been decided, since `release` last looked: it looks at no others.
   */
  readonly #touched = new Set<Block<T>>();
  /** Where text was held from then. */
  #lookedTo = 0;
  #held = 0;
  readonly #origins: Origin<T>[] = [];
  /** Leading origins whose text has left. */
  #goneOrigins = 0;
  /** What could leave before the unit that stopped the stream. */
  #atStop: Frontiers | undefined;

  constructor(channel: Channel, track: Track, host: ChannelTextHost<T>) {
    this.channel = channel;
    this.track = track;
    this.#host = host;
  }

  /** The block whose text of its own this track is. */
  blockOf(track: Track): Block<T> | undefined {
    return this.#byTrack.get(track);
  }

  /** Units kept back. */
  get held(): number {
    return this.#held;
  }

  /** The block of this id, a new one if there is none or the last one has ended. */
  open(id: string): Block<T> {
    const known = this.#byId.get(id);
    if (known !== undefined && !known.ended) return known;
    const use = known === undefined ? 1 : known.use + 1;
    const path = this.#host.pathOf(this.channel, id, use);
    const block: Block<T> = new Block<T>(
      this.channel,
      id,
      use,
      path,
      this.#host.detectionsFor(() => block),
    );
    if (this.#blocks.length > 0) {
      const [first] = this.#blocks;
      if (first!.track === undefined) this.#setTrack(first!, this.track.fork());
      this.#setTrack(block, this.track.fresh());
    }
    this.#blocks.push(block);
    this.#byId.set(id, block);
    this.#host.opened(block);
    return block;
  }

  /**
   * Feeds a block's text as far as the allowance goes; returns the units consumed, which may also end with the one that
   * stopped the stream.
   */
  feed(block: Block<T>, text: string, allowance: Allowance, out: Piece<T>[]): number {
    const at = this.track.position;
    this.#remember(block, at, text.length);
    const consumed =
      block.track === undefined
        ? this.track.write(text, allowance)
        : this.#feedUnits(block, block.track, text, allowance);
    let seen = text;
    if (consumed < text.length) {
      seen = text.slice(0, consumed);
      this.#origins.at(-1)!.end = at + consumed;
    }
    if (block.detections.length > 0) for (const detection of block.detections) detection.write(seen);
    if (this.#passes(block, seen)) {
      block.pass(seen, out);
    } else {
      const { held } = block;
      this.#waiting.add(block);
      this.#touched.add(block);
      block.append(seen, at);
      this.#held += block.held - held;
    }
    return consumed;
  }

  /** The block is complete. Its last text may still be held: the next block of the channel may continue a match. */
  close(block: Block<T>): void {
    if (block.ended) return;
    block.ended = true;
    this.touch(block);
    const own = block.track ?? this.#setTrack(block, this.track.fork());
    const before: Frontiers = { channel: this.track.frontier, block: block as Block<unknown>, own: block.frontier };
    own.end();
    if (this.#host.stopped()) this.#atStop = before;
    for (const detection of block.detections) detection.end();
  }

  /** No more text of this channel will come. */
  end(): void {
    // The end of an only block is that of the channel: one text, one end.
    const only = this.#blocks[0];
    const isOne = only !== undefined && !only.ended && only.track === undefined;
    if (isOne) {
      only.ended = true;
      this.touch(only);
    } else for (const block of this.#blocks) if (!this.#host.stopped()) this.close(block);
    if (this.#host.stopped()) return;
    const before = this.track.frontier;
    this.track.end();
    if (this.#host.stopped()) this.#atStop = { channel: before };
    if (isOne) for (const detection of only.detections) detection.end();
  }

  /** The block's text may have become free, or been decided. */
  touch(block: Block<T>): void {
    if (this.#waiting.has(block)) this.#touched.add(block);
  }

  /** Any block's text may have. */
  touchAll(): void {
    for (const block of this.#waiting) this.#touched.add(block);
  }

  /** Lets out what has become free. Costs what has changed, and not what waits. */
  release(out: Piece<T>[]): void {
    if (this.#waiting.size === 0) {
      if (this.track.regions.size > 0) this.track.regions.dropBefore(this.track.position);
      return;
    }
    const frontier = this.#atStop?.channel ?? this.track.frontier;
    if (frontier > this.#lookedTo) this.#inSpan(this.#lookedTo, frontier, ({ block }) => this.touch(block));
    this.#lookedTo = frontier;
    // Text that leaves may let another block begin, which joins the set again meanwhile.
    for (const block of this.#touched) {
      this.#touched.delete(block);
      const { held } = block;
      block.release(
        this.track,
        frontier,
        this.#atStop?.block === block ? (this.#atStop.own ?? block.frontier) : block.frontier,
        out,
      );
      this.#held += block.held - held;
      if (block.idle) this.#waiting.delete(block);
    }
    const oldest = this.#oldest();
    this.track.regions.dropBefore(oldest);
    this.#trim(Math.min(oldest, this.track.finalBefore));
  }

  /**
   * Runs `turn` behind the block's text. A block that has not begun waits for the rest of those that have ended, so
   * that blocks that follow each other leave in their order.
   */
  queue(turn: (out: Piece<T>[]) => void, place: BlockPlace): void {
    const block = this.open(place.block);
    if (block.arrived === 0 && block.idle) {
      for (const other of this.#waiting) {
        if (!other.ended) continue;
        block.behind++;
        other.push(() => {
          block.behind--;
          this.touch(block);
        });
      }
    }
    this.#waiting.add(block);
    this.#touched.add(block);
    block.push(turn);
  }

  /** Runs `turn` once for each block that waits now, when its text has left. Returns how many there are. */
  behindAll(turn: (out: Piece<T>[]) => void): number {
    for (const block of this.#waiting) block.push(turn);
    return this.#waiting.size;
  }

  /** Splits a span of the channel's text at block borders. */
  split(start: number, end: number, piece: (block: Block<T>, start: number, end: number) => void): void {
    this.#inSpan(start, end, (origin) =>
      piece(origin.block, Math.max(start, origin.start) - origin.shift, Math.min(end, origin.end) - origin.shift),
    );
  }

  drop(): void {
    for (const block of this.#waiting) block.drop();
  }

  /**
   * Two scans must stop at the same unit and remember what they held before it, so they are fed unit by unit.
   * Only texts of several blocks pay for it.
   */
  #feedUnits(block: Block<T>, own: Track, text: string, allowance: Allowance): number {
    let at = 0;
    do {
      const before: Frontiers = { channel: this.track.frontier, block: block as Block<unknown>, own: block.frontier };
      const unit = text[at++]!;
      this.track.write(unit, allowance);
      own.write(unit, allowance);
      if (this.#host.stopped()) {
        this.#atStop = before;
        return at;
      }
    } while (at < text.length && allowance.left > 0);
    return at;
  }

  #passes(block: Block<T>, text: string): boolean {
    return (
      this.#waiting.size === 0 &&
      block.track === undefined &&
      block.detections.length === 0 &&
      !block.whole &&
      this.track.regions.size === 0 &&
      this.track.frontier >= this.track.position &&
      !endsInHighSurrogate(text) &&
      !this.#host.stopped()
    );
  }

  #setTrack(block: Block<T>, track: Track): Track {
    block.track = track;
    this.#byTrack.set(track, block);
    return track;
  }

  #remember(block: Block<T>, at: number, length: number): void {
    const shift = at - block.arrived;
    const last = this.#origins.at(-1);
    if (last !== undefined && last.block === block && last.end === at && last.shift === shift) {
      last.end += length;
      this.#goneOrigins = Math.min(this.#goneOrigins, this.#origins.length - 1);
    } else this.#origins.push({ start: at, end: at + length, block, shift });
  }

  /** The origins that overlap a span of the channel's text, in its order. */
  #inSpan(start: number, end: number, visit: (origin: Origin<T>) => void): void {
    const origins = this.#origins;
    let low = 0;
    let high = origins.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (origins[middle]!.end <= start) low = middle + 1;
      else high = middle;
    }
    for (; low < origins.length && origins[low]!.start < end; low++) visit(origins[low]!);
  }

  /** Position of the oldest unit that has not left. */
  #oldest(): number {
    for (; this.#goneOrigins < this.#origins.length; this.#goneOrigins++) {
      const { start, end, shift, block } = this.#origins[this.#goneOrigins]!;
      const at = Math.max(start, block.released + shift);
      if (at < end) return at;
    }
    return this.track.position;
  }

  #trim(position: number): void {
    let gone = 0;
    while (gone < this.#origins.length - 1 && this.#origins[gone]!.end < position) gone++;
    if (gone === 0) return;
    this.#origins.splice(0, gone);
    this.#goneOrigins = Math.max(0, this.#goneOrigins - gone);
  }
}
