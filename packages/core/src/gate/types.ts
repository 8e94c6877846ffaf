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
   * What of the block's original text it stands for, in UTF-16 units: `[from, to)`. The pieces of a block follow each
   * other without a gap; text that was cut out belongs to the piece behind it. `my mail is a@b.example!` with the
   * address masked may leave as `my mail is ` for 0..11 and `[EMAIL]!` for 11..23.
   */
  readonly from: number;
  readonly to: number;
  /**
   * It holds a mask or lacks text. False: `text` is the original from `from` to `to`, and what the framework said of it
   * is still true.
   */
  readonly edited: boolean;
  /**
   * The leaf it belongs to, as `openLeaf` gave it; `block` is then the path of the leaf, and positions are those of its
   * text.
   */
  readonly leaf?: LeafHandle;
}

/** What a piece says of its leaf. */
export interface LeafHandle {
  readonly path: string;
  readonly channel: Channel;
  /** It has ended, and everything of it has left or was cut out: whatever carries it may leave too. */
  readonly done: boolean;
}

/** One value of a structured stream: where it stands, and what it continues. */
export interface LeafInit {
  /**
   * Address of the value: `data.message`. Leaves of one path may follow each other; in the facts they are
   * `data.message@1`, `@2`, ...
   */
  readonly path: string;
  /** Default `text`. */
  readonly channel?: Exclude<Channel, 'tool_input'>;
  /**
   * Names of the running texts that this one continues, such as `data.message` or `choices[0]|index=1`. What a thread
   * holds when a leaf ends waits for the next leaf of that thread. Default: none.
   */
  readonly threads?: readonly string[];
  /**
   * Whether it is judged as a text of its own as well. Default true; without threads always. False for pieces of a text
   * that a protocol is known to cut anywhere: `cl`, `ass`, `room` is a classroom.
   */
  readonly alone?: boolean;
  /**
   * It is more likely a value of its own than a piece of a longer one, a field of a row. Where a match in it alone is
   * masked up to its end, no mask runs on into the next leaf: of `mail bob@a.example` and `next row`, the second stays.
   * What stops, stops all the same. Default false.
   */
  readonly row?: boolean;
}

/**
 * A text that belongs to a value of a structured stream and not to the one text of a channel: a field of a row, a
 * member of an event.
 *
 * - It is judged alone, as the continuation of the threads it names, or both.
 * - A match masks or stops in each leaf that it touches. The mask stands once, in the leaf where the match begins.
 * - Detectors that are code judge each leaf by itself, when it ends.
 *
 * Rows `{"message": ...}\n`, each of which may continue the one before:
 *
 *     const leaf = gate.openLeaf({ path: 'message', threads: ['message'] });
 *     deliver([...leaf.write(row.message), ...leaf.end()]); // pieces of this leaf, and of earlier ones that it freed
 *     queue.push({ row, leaf });
 *     while (queue[0]?.leaf.done) send(queue.shift());
 *     if (queue.length > 8) deliver(queue[0].leaf.lapse());
 */
export interface GateLeaf<T = never> extends LeafHandle {
  /** Text of the value arrives. Returns what may leave now, of this leaf and of others. */
  write(text: string): readonly Piece<T>[];
  /** The value is complete. Costs the same however many leaves there were. */
  end(): readonly Piece<T>[];
  /**
   * It has waited long enough for the continuation of its threads: it is judged as if its threads ended here, and
   * leaves. A thread goes on all the same, so a match that continues in later leaves still stops, or masks its rest.
   * `coverage` says so (`trail`).
   */
  lapse(): readonly Piece<T>[];
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
 * `open`: text may come. `ended`: its source ended it, and nothing objected. `stopped`: cut by a match, a bound, a halt
 * or a failure that closes. `aborted`: its source failed, its reader left, or the governor closed.
 */
export type GateState = 'open' | 'ended' | 'stopped' | 'aborted';

/**
 * Streaming enforcement of one text, an answer or the result of a tool or retriever: text in, safe text out.
 * `T` is whatever else the framework's stream carries (starts, ends, metadata) and must stay in order with the text.
 */
export interface OutputGate<T = never> {
  /**
   * The mode the stream opened with and keeps. Adapters hold what has no text of its own (streamed tool input) only
   * while enforcing.
   */
  readonly mode: Mode;
  readonly state: GateState;
  /**
   * Text arrives. Returns what may leave now. Once the gate is not open any more, or `end` was called: nothing of it,
   * ever.
   */
  write(channel: Channel, block: string, text: string): readonly Piece<T>[];
  /**
   * Something without text arrives. It leaves when all earlier text has left (or was cut by redaction);
   * with a place, when the earlier text of that block has. Later text of the same block waits for it.
   */
  attach(value: T, place?: BlockPlace): readonly Piece<T>[];
  /** The block's text is complete. */
  endBlock(channel: Channel, block: string): readonly Piece<T>[];
  /** Begins a text of its own in a structured stream. Leaves and blocks are never read as one text. */
  openLeaf(leaf: LeafInit): GateLeaf<T>;
  /** Nothing continues this thread any more: it is judged as ended, and nothing waits for it. */
  endThread(name: string, channel?: Channel): readonly Piece<T>[];
  /**
   * The stream is complete: the rest is judged, the decision made and recorded, and only then the held tail released.
   */
  end(): Promise<{ readonly pieces: readonly Piece<T>[]; readonly decision: Decision }>;
  /** The source failed or the consumer left: what has not left is dropped. Resolves when the decision is recorded. */
  abort(reason?: unknown): Promise<Decision>;
  /**
   * Set while something is under way that may release text without more text arriving: judgements, or the record of the
   * end. Resolves when it is worth looking again: `take()` has something to give, or the gate has left the state
   * `open`.
   */
  readonly waiting: Promise<void> | undefined;
  /** What became releasable since the last call. */
  take(): readonly Piece<T>[];
  /**
   * Set once the stream was stopped or aborted: close the open blocks, cancel the source and end the protocol cleanly.
   * `stopped` aborts at the same moment, with the decision as its reason; neither waits for the record. The decision on
   * an aborted stream is that of the policy on what had arrived, `ALLOW` for example: `coverage.ended` says that the
   * text was not complete.
   */
  readonly terminal: Decision | undefined;
  readonly stopped: AbortSignal;
  /** Blocks whose text has begun to leave and has not ended: what a clean ending must close. */
  openBlocks(): readonly BlockPlace[];
}
