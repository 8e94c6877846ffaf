import type { Mode } from '../contract/effect.ts';
import type { Channel } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';

/** Text that may leave: in the order in which a block's text arrived, masks in place. */
export interface ReleasedText {
  readonly kind: 'text';
  readonly channel: Channel;
  readonly block: string;
  readonly text: string;
  /**
   * What of the block's original text it stands for, in UTF-16 units: `[from, to)`. The pieces of a block follow each other without
   * a gap; text that was cut out belongs to the piece behind it. `my mail is a@b.example!` with the address masked may leave as
   * `my mail is ` for 0..11 and `[EMAIL]!` for 11..23.
   */
  readonly from: number;
  readonly to: number;
  /** It holds a mask or lacks text. False: `text` is the original from `from` to `to`, and what the framework said of it is still true. */
  readonly edited: boolean;
}

/** A part of the framework's stream that rode along and whose turn has come. */
export interface ReleasedAttachment<T> {
  readonly kind: 'attachment';
  readonly value: T;
}

export type Piece<T> = ReleasedText | ReleasedAttachment<T>;

/** Where an attachment stands in the stream. */
export interface BlockPlace {
  readonly channel: Channel;
  readonly block: string;
}

/**
 * `open`: text may come. `ended`: its source ended it, and nothing objected. `stopped`: cut by a match, a bound, a halt or a failure
 * that closes. `aborted`: its source failed, its reader left, or the governor closed.
 */
export type GateState = 'open' | 'ended' | 'stopped' | 'aborted';

/**
 * Streaming enforcement of one text, an answer or the result of a tool or retriever: text in, safe text out.
 * `T` is whatever else the framework's stream carries (starts, ends, metadata) and must stay in order with the text.
 */
export interface OutputGate<T = never> {
  /** The mode the stream opened with and keeps. Adapters hold what has no text of its own (streamed tool input) only while enforcing. */
  readonly mode: Mode;
  readonly state: GateState;
  /** Text arrives. Returns what may leave now. Once the gate is not open any more, or `end` was called: nothing of it, ever. */
  write(channel: Channel, block: string, text: string): readonly Piece<T>[];
  /**
   * Something without text arrives. It leaves when all earlier text has left (or was cut by redaction);
   * with a place, when the earlier text of that block has. Later text of the same block waits for it.
   */
  attach(value: T, place?: BlockPlace): readonly Piece<T>[];
  /** The block's text is complete. */
  endBlock(channel: Channel, block: string): readonly Piece<T>[];
  /** The stream is complete: the rest is judged, the decision made and recorded, and only then the held tail released. */
  end(): Promise<{ readonly pieces: readonly Piece<T>[]; readonly decision: Decision }>;
  /** The source failed or the consumer left: what has not left is dropped. Resolves when the decision is recorded. */
  abort(reason?: unknown): Promise<Decision>;
  /**
   * Set while something is under way that may release text without more text arriving: judgements, or the record of the end.
   * Resolves when it is worth looking again: `take()` has something to give, or the gate has left the state `open`.
   */
  readonly waiting: Promise<void> | undefined;
  /** What became releasable since the last call. */
  take(): readonly Piece<T>[];
  /**
   * Set once the stream was stopped or aborted: close the open blocks, cancel the source and end the protocol cleanly. `stopped`
   * aborts at the same moment, with the decision as its reason; neither waits for the record. The decision on an aborted stream is
   * that of the policy on what had arrived, `ALLOW` for example: `coverage.ended` says that the text was not complete.
   */
  readonly terminal: Decision | undefined;
  readonly stopped: AbortSignal;
  /** Blocks whose text has begun to leave and has not ended: what a clean ending must close. */
  openBlocks(): readonly BlockPlace[];
}
