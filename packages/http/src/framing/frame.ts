import type { WireEvent } from '../formats/format.ts';

/** One indivisible piece of a stream: an SSE event, a line of NDJSON. */
export interface Frame {
  /** Exactly as written. */
  readonly raw: string;
  /** Absent: nothing but framing (a comment, a blank line). */
  readonly data: string | undefined;
  /** The event's name, where the framing has one (`event:` of SSE). */
  readonly name?: string;
  /**
   * Text that stands beside the data, where a client may read it and no edit can be written: comments, event names,
   * ids, unknown fields of SSE. Absent in nearly all frames.
   */
  readonly fields?: readonly string[];
  /** The event's id, which is one of `fields`, where the framing has one. */
  readonly id?: string;
  /** What is read where the data is no JSON, and its readers may read text: the line as it stands, with its break. */
  readonly line?: string;
  /** It closes what the frames before it are in: it does not leave before them. */
  readonly closes?: true;
  /** The same frame with other data. */
  rewrite(data: string): string;
}

/**
 * A line that is none of the stream's own, where readers may read the whole as text: its break stands between two
 * words. `data`: the line without it.
 */
export function textLine(raw: string, data: string): Frame {
  return {
    raw,
    data,
    line: raw,
    rewrite: (changed) => (BROKEN.test(changed) || !BROKEN.test(raw) ? changed : `${changed}\n`),
  };
}

const BROKEN = /[\r\n]$/;

/** Cuts text into frames, however the text itself was cut. */
export interface Framing {
  /** Its frames are more likely rows than pieces of one text. */
  readonly rows: boolean;
  push(text: string): readonly Frame[];
  /** What is left when the stream ends without finishing its last frame. */
  end(): readonly Frame[];
  /** Units of the frame that is not complete yet. */
  pending(): number;
  /**
   * What comes next begins a frame, whatever it is: nothing of what came before is still to be completed. Absent: that
   * cannot be said.
   */
  between?(): boolean;
  /**
   * Where the frame that begins at `from` probably ends, so that the text behind it may be looked at in another way;
   * -1: not in this text.
   */
  endOf?(text: string, from: number): number;
  /** What ends the stream after a stop. `begun`: some frame has left. */
  ending(events: readonly WireEvent[], begun: boolean): string;
}
