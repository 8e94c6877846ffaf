import type { Mode } from '../contract/effect.ts';
import type { Channel } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';

/** Text that may leave: in the order in which a block's text arrived, masks in place. */
export interface ReleasedText {
  readonly kind: 'text';
  readonly channel: Channel;
  readonly block: string;
  readonly text: string;
}

/** A part of the framework's stream that rode along and whose turn has come. */
export interface ReleasedAttachment<T> {
  readonly kind: 'attachment';
  readonly value: T;
}

export type Piece<T> = ReleasedText | ReleasedAttachment<T>;

/** Where a mark stands in the stream. */
export interface BlockPlace {
  readonly channel: Channel;
  readonly block: string;
}

/**
 * Streaming enforcement of one output: text in, safe text out.
 * `T` is whatever else the framework's stream carries (starts, ends, metadata) and must stay in order with the text.
 */
export interface OutputGate<T = never> {
  /** The mode the stream opened with and keeps. Adapters hold what has no text of its own (streamed tool input) only while enforcing. */
  readonly mode: Mode;
  /** Text arrives. Returns what may leave now. After a terminal state: nothing, ever. */
  write(channel: Channel, block: string, text: string): readonly Piece<T>[];
  /**
   * Something without text arrives. It leaves when all earlier text has left (or was cut by redaction);
   * with a place, when the earlier text of that block has. Later text of the same block waits for it.
   */
  attach(value: T, place?: BlockPlace): readonly Piece<T>[];
  /** The block's text is complete. */
  endBlock(channel: Channel, block: string): readonly Piece<T>[];
  /** The stream is complete: the rest is judged, released, and the decision made and recorded. */
  end(): Promise<{ readonly pieces: readonly Piece<T>[]; readonly decision: Decision }>;
  /** The source failed or the consumer left: held text is dropped and the decision recorded. */
  abort(reason?: unknown): Promise<Decision>;
  /**
   * Set when judgements are under way that may release text without more text arriving.
   * Resolves when `take()` has something to give or a terminal state was reached.
   */
  readonly waiting: Promise<void> | undefined;
  /** What became releasable since the last call. */
  take(): readonly Piece<T>[];
  /**
   * Set once the stream was stopped (a block, a halt, a failure that closes): close the open blocks, cancel the source and end
   * the protocol cleanly. `stopped` aborts at the same moment with the decision as its reason.
   */
  readonly terminal: Decision | undefined;
  readonly stopped: AbortSignal;
  /** Blocks whose text has begun to leave and has not ended: what a clean ending must close. */
  openBlocks(): readonly BlockPlace[];
}
