// What a stream carries beside its texts, in fields that no description names: it may be a value, or a piece of one.
import {
  applyEditsToJson,
  type Applied,
  type GateLeaf,
  type Json,
  type OutputGate,
  type Piece,
  type SegmentInit,
} from '@flyball/core/adapter';

/** Places that are told apart in one stream; later ones share what is remembered. */
const MAX_PLACES = 1_000;
/** Longest path that a leaf has, in UTF-16 units. */
const MAX_PATH = 1_000;

/** A value on its way through the gate. */
export interface StreamedValue {
  /** Everything of it has left or was masked: whatever carries it may leave. */
  readonly done: boolean;
  /** Something of it was masked. */
  readonly edited: boolean;
  /** It has waited long enough for what would continue it. */
  lapse(): void;
  /**
   * The value as it may leave, once it is done; itself where nothing was masked. An edit of a key or a number is not
   * applicable.
   */
  released(): Applied<Json>;
}

/** One text of a value. */
interface Part {
  readonly path: string;
  readonly text: string;
  readonly leaf: GateLeaf<unknown> | undefined;
  released: string;
  edited: boolean;
}

/** What is remembered of one place. */
interface Place {
  last: string;
  part: Part;
  /** The same again was not judged again: what comes next continues it all the same. */
  skipped: boolean;
}

/**
 * The values beside the texts of one stream, judged by its gate: each text of a value alone, and as what continues the
 * earlier values of its place, so that what two pieces make together does not begin to leave. A place that says the
 * same again is no text in pieces: it is judged once.
 *
 *     const beside = createStreamedValues(gate);
 *     const value = beside.judge(viewJson(chunk.metadata, 'metadata').json, 'metadata');
 *     if (value.done) send(value.released());
 *
 * Hand every piece that the gate gives to `collect` first: pieces of these values are for nobody else.
 */
export interface StreamedValues<T> {
  /**
   * `texts`: what of the value is read, under paths that begin with `root`. Pieces of other texts that this frees go to
   * `freed`.
   */
  judge(json: Json, root: string, texts: readonly SegmentInit[]): StreamedValue;
  /** True for a piece of such a value. */
  collect(piece: Piece<T>): boolean;
}

export function createStreamedValues<T>(
  gate: OutputGate<T>,
  freed: (pieces: readonly Piece<T>[]) => void,
): StreamedValues<T> {
  const places = new Map<string, Place>();
  const keys = new Set<string>();
  const parts = new WeakMap<object, Part>();

  function collect(piece: Piece<T>): boolean {
    if (piece.kind !== 'text' || piece.leaf === undefined) return false;
    const part = parts.get(piece.leaf);
    if (part !== undefined) {
      part.released += piece.text;
      part.edited ||= piece.edited;
    }
    return true;
  }

  function take(pieces: readonly Piece<unknown>[]): void {
    const others = (pieces as readonly Piece<T>[]).filter((piece) => !collect(piece));
    if (others.length > 0) freed(others);
  }

  function write(path: string, text: string, threads: readonly string[], alone = true): Part {
    const leaf: GateLeaf<unknown> = gate.openLeaf({ path: path.slice(0, MAX_PATH), threads, alone });
    const part: Part = { path, text, leaf, released: '', edited: false };
    parts.set(leaf, part);
    take(leaf.write(text));
    take(leaf.end());
    return part;
  }

  function judgeValue(path: string, text: string): Part {
    const place = places.get(path);
    if (place === undefined) {
      const known = places.size < MAX_PLACES;
      const part = write(path, text, [known ? path : OTHERS]);
      if (known) places.set(path, { last: text, part, skipped: false });
      return part;
    }
    if (place.last === text) {
      take(gate.endThread(path));
      if (isClean(place.part)) {
        place.skipped = true;
        return { path, text, leaf: undefined, released: text, edited: false };
      }
    } else if (place.skipped) {
      // The constant has changed after all, and nothing of its last value is held: the new one begins with it.
      write(path, place.last, [path], false);
    } else if (place.last.length >= 8 && text.startsWith(place.last)) {
      // A snapshot that grows says again what was judged.
      take(gate.endThread(path));
    }
    place.skipped = false;
    place.last = text;
    return (place.part = write(path, text, [path]));
  }

  function judgeKey(path: string, text: string): Part | undefined {
    // One that came before was found clean: any edit of a key ends the stream.
    if (keys.has(`${path} ${text}`)) return undefined;
    if (keys.size < MAX_PLACES) keys.add(`${path} ${text}`);
    return write(path, text, []);
  }

  return {
    collect,
    judge(json, root, texts) {
      const judged: Part[] = [];
      for (const { path = root, text } of texts) {
        if (text === '' || gate.terminal !== undefined) continue;
        const part = path.endsWith('}') ? judgeKey(path, text) : judgeValue(path, text);
        if (part !== undefined) judged.push(part);
      }
      return {
        get done() {
          return judged.every(({ leaf }) => leaf === undefined || leaf.done);
        },
        get edited() {
          return judged.some((part) => part.edited);
        },
        lapse() {
          for (const { leaf } of judged) if (leaf !== undefined && !leaf.done) take(leaf.lapse());
        },
        released() {
          const edits = judged
            .filter(({ edited }) => edited)
            .map(({ path, text, released }) => ({ segment: path, start: 0, end: text.length, mask: released }));
          return applyEditsToJson(json, root, edits);
        },
      };
    },
  };
}

/** The thread of all places beyond those that are told apart. */
const OTHERS = '~others';

const isClean = ({ leaf, edited }: Part): boolean => !edited && (leaf === undefined || leaf.done);
