import type { Channel } from '../contract/event.ts';
import type { Track } from './track.ts';
import type { Piece } from './types.ts';
import type { WindowedDetection } from '../detection/windowed-detection.ts';

/**
 * A run of a block's text that is contiguous both in the block and in the text of its channel.
 * Text that is already decided (it will be masked) is not kept: `text` then starts at `textStart`.
 */
interface TextEntry {
  start: number;
  end: number;
  text: string;
  textStart: number;
  /** Position in the text of the channel minus position in the block. */
  readonly shift: number;
}

/** Something that leaves when all the block's earlier text has left. */
type Turn<T> = (out: Piece<T>[]) => void;

type Entry<T> = TextEntry | Turn<T>;

export const isHighSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
export const isLowSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/** One block of text on its way out: what has arrived, what has left, and what waits behind it. */
export class Block<T> {
  readonly channel: Channel;
  readonly id: string;
  /** Counts the blocks of this id, from 1. */
  readonly use: number;
  readonly path: string;
  /** Detectors that want the whole block. */
  readonly detections: readonly WindowedDetection[];
  /**
   * Streamed tool input: it belongs to its tool call and leaves in one piece, when the block is ended because the call
   * was allowed.
   */
  readonly whole: boolean;
  /** Its text as a text of its own; absent while it is all the text of its channel. */
  track: Track | undefined;
  /** Earlier blocks whose last text must leave before anything of this one does. */
  behind = 0;
  arrived = 0;
  released = 0;
  ended = false;
  /** Some of its text has left. */
  opened = false;
  /** Where the piece that left last ends in the block's text. */
  #toldTo = 0;
  /** Some text since then has left as a mask, or not at all. */
  #edited = false;
  /** End of the masked run that was last written; a run is masked once. */
  #maskedTo = -1;
  /** Units known to be masked beyond `released`: they are not held, they are gone. */
  #decidedTo = 0;
  /** Leading entries of the queue that are wholly masked. */
  #decidedEntries = 0;
  readonly #queue: Entry<T>[] = [];

  constructor(channel: Channel, id: string, use: number, path: string, detections: readonly WindowedDetection[]) {
    this.channel = channel;
    this.id = id;
    this.use = use;
    this.path = path;
    this.detections = detections;
    this.whole = channel === 'tool_input';
  }

  /** Units that are kept back: arrived, not yet out, and not known to be masked. */
  get held(): number {
    return this.arrived - Math.max(this.released, this.#decidedTo);
  }

  get idle(): boolean {
    return this.#queue.length === 0;
  }

  /** The smallest position, in the block, that its own judgements still keep back. */
  get frontier(): number {
    if (this.whole && !this.ended) return 0;
    let frontier = this.track?.frontier ?? Number.POSITIVE_INFINITY;
    if (this.detections.length > 0) {
      for (const detection of this.detections)
        if (detection.code.hold && detection.frontier < frontier) frontier = detection.frontier;
    }
    return frontier;
  }

  append(text: string, channelPosition: number): void {
    const shift = channelPosition - this.arrived;
    const last = this.#queue.at(-1);
    if (last !== undefined && typeof last !== 'function' && last.shift === shift) {
      if (last.text === '') last.textStart = this.arrived;
      last.text += text;
      last.end += text.length;
    } else {
      this.#queue.push({ start: this.arrived, end: this.arrived + text.length, text, textStart: this.arrived, shift });
    }
    this.arrived += text.length;
  }

  /** Text that nothing holds, masks or waits for: the common case costs no queue. */
  pass(text: string, out: Piece<T>[]): void {
    const from = this.#toldTo;
    this.arrived += text.length;
    this.released = this.arrived;
    this.#toldTo = this.arrived;
    this.opened = true;
    out.push({
      kind: 'text',
      channel: this.channel,
      block: this.id,
      text,
      from,
      to: this.arrived,
      edited: this.#edited,
    });
    this.#edited = false;
  }

  /** Takes its turn behind the block's text. */
  push(turn: Turn<T>): void {
    this.#queue.push(turn);
  }

  /**
   * Lets out what the judgements allow: everything before `channelFrontier` in the channel and before `own` in the
   * block.
   */
  release(channel: Track, channelFrontier: number, own: number, out: Piece<T>[]): void {
    while (this.#queue.length > 0 && this.behind === 0) {
      const entry = this.#queue[0]!;
      if (typeof entry === 'function') {
        this.#shift();
        entry(out);
        continue;
      }
      const limit = this.#wholePair(entry, channelFrontier, own);
      this.#advance(entry, channel, limit, out);
      if (this.released < entry.end) {
        this.#forget(channel);
        return;
      }
      this.#shift();
    }
  }

  /** Drops what has not left. */
  drop(): void {
    this.#queue.length = 0;
  }

  #advance(entry: TextEntry, channel: Track, limit: number, out: Piece<T>[]): void {
    let text = '';
    if (channel.regions.size === 0 && this.track === undefined && this.released < limit) {
      text = entry.text.slice(this.released - entry.textStart, limit - entry.textStart);
      this.released = limit;
    }
    while (this.released < limit) {
      const at = this.released;
      const inChannel = channel.regions.at(at + entry.shift);
      const inBlock = this.track?.regions.at(at);
      const channelStart = inChannel === undefined ? Number.POSITIVE_INFINITY : inChannel.start - entry.shift;
      const blockStart = inBlock === undefined ? Number.POSITIVE_INFINITY : inBlock.start;
      if (channelStart > at && blockStart > at) {
        const to = Math.min(limit, channelStart, blockStart);
        text += entry.text.slice(at - entry.textStart, to - entry.textStart);
        this.released = to;
        continue;
      }
      const channelEnd = channelStart <= at ? inChannel!.end - entry.shift : at;
      const blockEnd = blockStart <= at ? inBlock!.end : at;
      this.#edited = true;
      // A region of the channel that began in another block has its mask there.
      if (this.#maskedTo !== at && channelStart >= at) {
        const byChannel =
          channelStart <= at && (blockStart > at || inChannel!.best.end - entry.shift <= inBlock!.best.end);
        text += byChannel ? inChannel!.best.mask : inBlock!.best.mask;
      }
      this.released = Math.min(limit, Math.max(channelEnd, blockEnd));
      this.#maskedTo = this.released;
    }
    if (this.released > entry.textStart) {
      entry.text = this.released >= entry.end ? '' : entry.text.slice(this.released - entry.textStart);
      entry.textStart = this.released;
    }
    if (text !== '') this.#push(text, out);
  }

  /** The halves of a pair may come from two entries: they leave in one piece. */
  #push(text: string, out: Piece<T>[]): void {
    this.opened = true;
    const to = this.released;
    const edited = this.#edited;
    const last = out.at(-1);
    const isFirstHalf =
      last?.kind === 'text' &&
      last.block === this.id &&
      last.channel === this.channel &&
      // Not of an earlier block with this id.
      last.to === this.#toldTo &&
      endsInHighSurrogate(last.text);
    if (isFirstHalf) out[out.length - 1] = { ...last, text: last.text + text, to, edited: last.edited || edited };
    else out.push({ kind: 'text', channel: this.channel, block: this.id, text, from: this.#toldTo, to, edited });
    this.#toldTo = to;
    this.#edited = false;
  }

  /**
   * A match may go on for ever (a key after its header): its text is decided and need not be kept until the mask
   * leaves.
   */
  #forget(channel: Track): void {
    if (channel.regions.size === 0 && (this.track === undefined || this.track.regions.size === 0)) return;
    let at = Math.max(this.released, this.#decidedTo);
    for (; this.#decidedEntries < this.#queue.length; this.#decidedEntries++) {
      const entry = this.#queue[this.#decidedEntries]!;
      if (typeof entry === 'function') continue;
      at = this.#decidedIn(entry, channel, at);
      if (at > entry.textStart) {
        entry.text = entry.text.slice(at - entry.textStart);
        entry.textStart = at;
      }
      if (at < entry.end || entry === this.#queue.at(-1)) break;
    }
    this.#decidedTo = at;
  }

  /** How far the text of an entry is known to be masked without a gap from `from` on. */
  #decidedIn(entry: TextEntry, channel: Track, from: number): number {
    let at = from;
    for (;;) {
      const inChannel = channel.regions.at(at + entry.shift);
      const inBlock = this.track?.regions.at(at);
      let to = at;
      if (inChannel !== undefined && inChannel.start - entry.shift <= at)
        to = Math.max(to, inChannel.end - entry.shift);
      if (inBlock !== undefined && inBlock.start <= at) to = Math.max(to, inBlock.end);
      to = Math.min(to, entry.end);
      if (to === at) return at;
      at = to;
    }
  }

  #shift(): void {
    this.#queue.shift();
    if (this.#decidedEntries > 0) this.#decidedEntries--;
  }

  /**
   * Where the entry must stop. INVARIANT: a surrogate pair leaves whole, so that a consumer that encodes piece by piece
   * never writes half of one.
   */
  #wholePair(entry: TextEntry, channelFrontier: number, own: number): number {
    const limit = Math.min(entry.end, channelFrontier - entry.shift, own);
    if (limit <= this.released || limit <= entry.textStart) return limit;
    if (!isHighSurrogate(entry.text.charCodeAt(limit - 1 - entry.textStart))) return limit;
    if (limit < entry.end) return isLowSurrogate(entry.text.charCodeAt(limit - entry.textStart)) ? limit - 1 : limit;
    // An attachment between the halves: the framework itself cut here, and what follows waits for the attachment.
    const next = this.#queue[1];
    if (typeof next === 'function') return limit;
    if (next === undefined) return limit - Number(!this.ended);
    // Another block came between the halves: the second one stands in the next entry.
    const isPair = next.textStart === next.start && isLowSurrogate(next.text.charCodeAt(0));
    return isPair && Math.min(channelFrontier - next.shift, own) <= next.start ? limit - 1 : limit;
  }
}

/** True when the text ends in the first half of a pair whose second half may still come. */
export function endsInHighSurrogate(text: string): boolean {
  return isHighSurrogate(text.charCodeAt(text.length - 1));
}
