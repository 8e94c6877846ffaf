import type { Finding, Findings } from '../contract/detector.ts';
import type { Channel, GovernedEvent, Role, Segment } from '../contract/event.ts';
import type { Failure, FailureCode, NotAskedCount, ScannedSegment, Unjudged } from '../contract/ruling.ts';
import type { Signal } from '../contract/signal.ts';
import type { PlanCode } from '../detection/plan.ts';
import type { JudgedSpan } from '../detection/windowed-detection.ts';
import { Signals, Sources, type Source } from '../detection/signals.ts';
import { Exposures } from './exposures.ts';

/**
 * A text of the stream as the facts name it: a block, the leaves of a path, or one leaf in which something was found.
 */
export interface NamedText {
  readonly path: string;
  readonly channel: Channel;
  readonly block?: string;
}

/** An entry that neighbours may still be merged into. */
type Widening = { -readonly [K in keyof Unjudged]: Unjudged[K] };

/** What a gate knows in the end: what `decide` reads, and nothing of the text. */
export class Facts {
  readonly #signals = new Signals();
  readonly #sources = new Sources();
  readonly #errors: Failure[] = [];
  readonly #unjudged: Widening[] = [];
  // Of most streams there is nothing to say, and a thousand of them are open at once.
  /** By cause and path, the entry that was last added. */
  #lastUnjudged: Map<string, Widening> | undefined;
  #notAsked: Map<string, number> | undefined;
  readonly #exposures = new Exposures();
  #exceeded: Findings['exceeded'];

  signal(source: Source, path: string, start: number, end: number, joined = false): void {
    this.#signals.add(source, path, start, end, joined);
  }

  sourceOf(code: PlanCode, finding: Finding): Source {
    return this.#sources.of(code.detector.id, finding);
  }

  failed(detector: string, code: FailureCode): void {
    if (this.#errors.some((error) => error.id === detector && error.code === code)) return;
    this.#errors.push({ part: 'detector', id: detector, code });
  }

  failedAny(detectors: ReadonlySet<string>): boolean {
    return this.#errors.some(({ id }) => detectors.has(id));
  }

  /** What has been found so far. */
  get signalsSoFar(): readonly Signal[] {
    return this.#signals.list([]);
  }

  notAsked(detector: string): void {
    const counts = (this.#notAsked ??= new Map<string, number>());
    counts.set(detector, (counts.get(detector) ?? 0) + 1);
  }

  /** Whether a detector was asked about all of the text. */
  wasAsked(detector: string): boolean {
    return this.#notAsked?.has(detector) !== true;
  }

  judgedBehind(code: PlanCode, span: JudgedSpan, released: number, now: number): void {
    this.#exposures.add(code, span, released, now);
  }

  /**
   * What adjoins the last entry of the same cause and path makes it longer: a stream at its bound releases unit by
   * unit.
   */
  unjudged(entry: Unjudged): void {
    const key = `${entry.why}\n${entry.path}`;
    const entries = (this.#lastUnjudged ??= new Map<string, Widening>());
    const last = entries.get(key);
    if (last !== undefined && entry.start <= last.end && entry.end >= last.start) {
      last.start = Math.min(last.start, entry.start);
      last.end = Math.max(last.end, entry.end);
      return;
    }
    const added = { ...entry };
    entries.set(key, added);
    this.#unjudged.push(added);
  }

  /** Only the first bound that was run into counts: the stream was stopped there. */
  exceeded(bound: NonNullable<Findings['exceeded']>): void {
    this.#exceeded ??= bound;
  }

  findings(
    detectors: readonly string[],
    texts: readonly NamedText[],
    segments: readonly ScannedSegment[],
    unjudged: readonly Unjudged[],
  ): Findings {
    const exposure = this.#exposures.list;
    const notAsked = notAskedCounts(this.#notAsked ?? NONE);
    return {
      signals: this.#signals.list(texts.map(({ path }) => path)),
      errors: this.#errors,
      coverage: {
        detectors,
        segments,
        unjudged: [...this.#unjudged, ...unjudged],
        ...(notAsked.length > 0 && { notAsked }),
        ...(exposure.length > 0 && { exposure }),
      },
      ...(this.#exceeded !== undefined && { exceeded: this.#exceeded }),
    };
  }
}

/** As a record lists them: sorted by detector. */
export function notAskedCounts(counts: ReadonlyMap<string, number>): readonly NotAskedCount[] {
  return [...counts]
    .map(([detector, texts]) => ({ detector, texts }))
    .toSorted((a, b) => (a.detector < b.detector ? -1 : 1));
}

/** The event of a stream as `decide` reads it: one empty segment for each text. */
export function streamedEvent(event: GovernedEvent, role: Role, texts: readonly NamedText[]): GovernedEvent {
  const content = texts.map(({ path, channel, block }): Segment => ({
    path,
    text: '',
    role,
    channel,
    ...(block !== undefined && { block }),
  }));
  return Object.freeze({ ...event, content: Object.freeze(content) });
}

const NONE: ReadonlyMap<string, number> = new Map();
