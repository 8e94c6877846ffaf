import type { Piece, ReleasedText } from './types.ts';
import { endsInHighSurrogate } from './block.ts';

/** How much the last distance between two verdicts counts for the next one. */
const RECENT = 0.3;
/** Expected before there was any. */
const FIRST_MS = 600;
/** Units in a millisecond, at least: people read English at this speed. */
const LEAST = 0.024;
const FIRST_STEP_MS = 40;

/**
 * Even release. A verdict frees hundreds of units at once; they leave at the speed that has them out when the next
 * verdict is expected, so that text goes on where it would stand and jump. What leaves, and in which order, is not
 * changed: only when.
 */
export class Pacer<T> {
  #queue: Piece<T>[] = [];
  /** Units in the queue. */
  #units = 0;
  /** What may leave; a fraction of a unit is kept for the next look. */
  #due = 0;
  #lookedAt: number | undefined;
  #verdictAt: number | undefined;
  #verdictMs = FIRST_MS;

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Pieces that were freed, by a verdict or because nothing held them. */
  add(pieces: readonly Piece<T>[], now: number): void {
    const wasEmpty = this.#units === 0;
    let units = 0;
    for (const piece of pieces) {
      this.#queue.push(piece);
      if (piece.kind === 'text') units += piece.text.length;
    }
    if (units === 0) return;
    this.#units += units;
    if (this.#verdictAt !== undefined && now > this.#verdictAt)
      this.#verdictMs += RECENT * (now - this.#verdictAt - this.#verdictMs);
    this.#verdictAt = now;
    // What comes after a pause does not wait for a look more.
    if (wasEmpty) this.#due = Math.max(this.#due, this.#speed * FIRST_STEP_MS);
  }

  /** What leaves now. */
  take(now: number): readonly Piece<T>[] {
    if (this.#queue.length === 0) {
      this.#lookedAt = now;
      this.#due = 0;
      return NOTHING;
    }
    this.#due = Math.min(this.#units, this.#due + this.#speed * (now - (this.#lookedAt ?? now)));
    this.#lookedAt = now;
    const out: Piece<T>[] = [];
    let at = 0;
    for (; at < this.#queue.length; at++) {
      const piece = this.#queue[at]!;
      if (piece.kind === 'text') {
        const { length } = piece.text;
        if (length > this.#due) {
          const [head, rest] = split(piece, Math.floor(this.#due));
          if (head === undefined) break;
          out.push(head);
          this.#queue[at] = rest;
          this.#left(head.text.length);
          break;
        }
        this.#left(length);
      }
      out.push(piece);
    }
    this.#queue.splice(0, at);
    return out;
  }

  /** Everything, at once: the last verdict is in. */
  all(): readonly Piece<T>[] {
    const all = this.#queue;
    this.drop();
    return all;
  }

  drop(): void {
    this.#queue = [];
    this.#units = 0;
    this.#due = 0;
  }

  get #speed(): number {
    return Math.max(LEAST, this.#units / this.#verdictMs);
  }

  #left(units: number): void {
    this.#units -= units;
    this.#due -= units;
  }
}

const NOTHING: readonly never[] = Object.freeze([]);

/** The first `units` of a piece, and the rest. A mask leaves whole, and so do the halves of a pair. */
function split(piece: ReleasedText, units: number): readonly [ReleasedText | undefined, ReleasedText] {
  if (piece.edited || units <= 0) return [undefined, piece];
  const head = piece.text.slice(0, units);
  const at = endsInHighSurrogate(head) ? units - 1 : units;
  if (at === 0) return [undefined, piece];
  const middle = piece.from + at;
  return [
    { ...piece, text: head.slice(0, at), to: middle },
    { ...piece, text: piece.text.slice(at), from: middle },
  ];
}
