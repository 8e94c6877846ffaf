import type { Channel } from '../contract/event.ts';
import type { ScannedSegment, Unjudged } from '../contract/ruling.ts';
import type { NamedText } from './facts.ts';

/** What is kept of all leaves of one path. */
export interface PathEntry extends NamedText {
  leaves: number;
  /** Units of all its leaves. */
  length: number;
  scanned: number;
}

/** Paths that are told apart; a stream may make up any number of names. */
const MAX_PATHS = 64;

/** Where the leaves of all further paths are counted. */
const REST = '~rest';

type UnjudgedSpan = { -readonly [K in 'path' | 'start' | 'end' | 'why']: Unjudged[K] };

/** How far the leaves of each path were looked at, in bounded memory. */
export class PathCoverage {
  readonly #entries = new Map<string, PathEntry>();
  #unjudged: Map<string, UnjudgedSpan> | undefined;

  /** The entry of a path: its own, or the one of the rest. */
  entryOf(path: string, channel: Channel): PathEntry {
    const known = this.#entries.get(path);
    if (known !== undefined) return known;
    if (this.#entries.size >= MAX_PATHS && path !== REST) return this.entryOf(REST, 'text');
    const entry: PathEntry = { path, channel, leaves: 0, length: 0, scanned: 0 };
    this.#entries.set(path, entry);
    return entry;
  }

  /**
   * Text left without a judgement: positions are those in all the text of the path. One entry spans all such places of
   * a path.
   */
  unjudged({ path }: PathEntry, start: number, end: number, why: Unjudged['why']): void {
    const key = `${why}\n${path}`;
    const all = (this.#unjudged ??= new Map<string, UnjudgedSpan>());
    const known = all.get(key);
    if (known === undefined) all.set(key, { path, start, end, why });
    else {
      known.start = Math.min(known.start, start);
      known.end = Math.max(known.end, end);
    }
  }

  get names(): readonly NamedText[] {
    return [...this.#entries.values()].map(({ path, channel }) => ({ path, channel }));
  }

  get segments(): readonly ScannedSegment[] {
    return [...this.#entries.values()].map(({ path, length, scanned }) => ({ path, length, scanned }));
  }

  get unjudgedSpans(): readonly Unjudged[] {
    return this.#unjudged === undefined ? [] : [...this.#unjudged.values()];
  }
}
