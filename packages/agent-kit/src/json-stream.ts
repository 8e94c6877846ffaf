// Text that is declared to be JSON, on its way through a gate: each of its values is judged decoded, and leaves as text
// does.
import type { GateLeaf, OutputGate, Piece } from '@flyball/core/adapter';
import { JsonTokenizer } from './json-tokens.ts';

/** What leaves, in order: text, or what stood behind the text before it. */
export type JsonOut<M> =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'mark'; readonly value: M };

/**
 * JSON text through a gate. Escapes are decoded before anything is judged (`"\u0054OP"` says `TOP`); a value is held
 * only as long as it could still become part of a match, and what is masked is masked inside of its string. Names and
 * numbers leave when they are complete, and cannot be masked.
 *
 *     json.mark(part);
 *     json.write(part.delta);
 *     for (const out of json.take()) …
 *
 * Hand every piece that the gate gives to `collect` first: pieces of these values are for nobody else.
 */
export interface JsonStream<T, M> {
  /** Answers `false` once the text is no JSON: what of it has not left has to be read as a whole. */
  write(text: string): boolean;
  /** Something that keeps its place among the values; in the middle of one it leaves behind it. */
  mark(value: M): void;
  /**
   * No more text. Answers `false` where something of it has not been read: it ends within a name, a number or an
   * escape.
   */
  end(): boolean;
  /** True for a piece of such a value. */
  collect(piece: Piece<T>): boolean;
  /** What may leave now. */
  take(): readonly JsonOut<M>[];
  /** The marks that have not left, for who takes the text no further. */
  marks(): readonly M[];
  /** Text that has left, masks in it. */
  readonly released: string;
  /** Of how many units of the text that arrived it is. */
  readonly consumed: number;
  /** Something was to be masked where no mask can be written: a name or a number. */
  readonly unfit: boolean;
}

/** A stretch of the text that is judged as one. */
interface Part {
  readonly leaf: GateLeaf<unknown>;
  /** Of what has arrived and not left: the text as written, and the units of it that each decoded unit takes. */
  raw: string;
  widths: number[] | undefined;
  /** As it may leave, and of how many units it is. */
  ready: string;
  taken: number;
  readonly whole: boolean;
  ended: boolean;
}

type Entry<M> = { readonly text: string } | { readonly mark: M } | { readonly part: Part };

export function createJsonStream<T, M>(
  gate: OutputGate<T>,
  freed: (pieces: readonly Piece<T>[]) => void,
  root = 'json',
): JsonStream<T, M> {
  const queue: Entry<M>[] = [];
  const parts = new WeakMap<object, Part>();
  let released = '';
  let consumed = 0;
  let unfit = false;
  let open: Part | undefined;

  function collect(piece: Piece<unknown>): boolean {
    if (piece.kind !== 'text' || piece.leaf === undefined) return false;
    const part = parts.get(piece.leaf);
    if (part === undefined) return false;
    const raw = cut(part, piece.to - piece.from);
    part.taken += raw.length;
    if (piece.edited && part.whole) unfit = true;
    part.ready += piece.edited ? JSON.stringify(piece.text).slice(1, -1) : raw;
    return true;
  }

  function take(pieces: readonly Piece<unknown>[]): void {
    const others = (pieces as readonly Piece<T>[]).filter((piece) => !collect(piece));
    if (others.length > 0) freed(others);
  }

  function begin(path: string, whole: boolean): Part {
    const leaf: GateLeaf<unknown> = gate.openLeaf({ path });
    const part: Part = { leaf, raw: '', widths: undefined, ready: '', taken: 0, whole, ended: false };
    parts.set(leaf, part);
    queue.push({ part });
    return part;
  }

  function end(part: Part): void {
    take(part.leaf.end());
    part.ended = true;
  }

  function plain(text: string): void {
    queue.push({ text });
  }

  const tokens = new JsonTokenizer(root, {
    plain,
    whole: (path, text, raw) => {
      const part = begin(path, true);
      arrive(
        part,
        raw,
        text.length === raw.length ? undefined : [raw.length, ...Array.from({ length: text.length - 1 }, () => 0)],
      );
      take(part.leaf.write(text));
      end(part);
    },
    open: (path) => (open = begin(path, false)),
    some: (text, raw, widths) => {
      arrive(open!, raw, widths);
      take(open!.leaf.write(text));
    },
    close: () => {
      end(open!);
      open = undefined;
    },
  });

  return {
    collect,
    write: (text) => gate.terminal !== undefined || tokens.write(text),
    mark: (value) => void queue.push({ mark: value }),
    end: () => {
      const whole = tokens.end();
      // A string that was cut short.
      if (open !== undefined) end(open);
      open = undefined;
      return whole;
    },
    marks: () => queue.flatMap((entry) => ('mark' in entry ? [entry.mark] : [])),
    get released() {
      return released;
    },
    get consumed() {
      return consumed;
    },
    get unfit() {
      return unfit;
    },
    take: () => {
      const out: JsonOut<M>[] = [];
      let text = '';
      const flush = (): void => {
        if (text !== '') out.push({ kind: 'text', text });
        released += text;
        text = '';
      };
      for (let [entry] = queue; entry !== undefined; [entry] = queue) {
        if ('mark' in entry) {
          flush();
          out.push({ kind: 'mark', value: entry.mark });
        } else if ('text' in entry) {
          text += entry.text;
          consumed += entry.text.length;
        } else {
          const { part } = entry;
          // INVARIANT: nothing of a name or a number leaves before all of it may.
          if (part.whole && (unfit || !part.leaf.done)) break;
          text += part.ready;
          consumed += part.taken;
          part.ready = '';
          part.taken = 0;
          if (!part.ended || !part.leaf.done) break;
          // What was cut out at its end is in no piece.
          consumed += part.raw.length;
        }
        queue.shift();
      }
      flush();
      return out;
    },
  };
}

function arrive(part: Part, raw: string, widths: readonly number[] | undefined): void {
  if (widths !== undefined || part.widths !== undefined) {
    part.widths ??= Array.from({ length: part.raw.length }, () => 1);
    part.widths.push(...(widths ?? Array.from({ length: raw.length }, () => 1)));
  }
  part.raw += raw;
}

/** Takes the text of the next decoded units out of the part. */
function cut(part: Part, units: number): string {
  const width = part.widths === undefined ? units : part.widths.splice(0, units).reduce((sum, one) => sum + one, 0);
  if (part.widths?.length === 0) part.widths = undefined;
  const raw = part.raw.slice(0, width);
  part.raw = part.raw.slice(width);
  return raw;
}
