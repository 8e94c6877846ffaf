import type { Finding, Findings } from '../contract/detector.ts';
import type { Channel, GovernedEvent, Role, Segment } from '../contract/event.ts';
import type { Failure, FailureCode, ScannedSegment, Unjudged } from '../contract/ruling.ts';
import type { PlanCode } from '../detection/plan.ts';
import { Signals, Sources, type Source } from '../detection/signals.ts';

/** A text of the stream as the facts name it: a block, the leaves of a path, or one leaf in which something was found. */
export interface NamedText {
  readonly path: string;
  readonly channel: Channel;
  readonly block?: string;
}

/** What a gate knows in the end: what `decide` reads, and nothing of the text. */
export class Facts {
  readonly #signals = new Signals();
  readonly #sources = new Sources();
  readonly #errors: Failure[] = [];
  readonly #unjudged: Unjudged[] = [];
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

  unjudged(entry: Unjudged): void {
    this.#unjudged.push(entry);
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
    return {
      signals: this.#signals.list(texts.map(({ path }) => path)),
      errors: this.#errors,
      coverage: { detectors, segments, unjudged: [...this.#unjudged, ...unjudged] },
      ...(this.#exceeded !== undefined && { exceeded: this.#exceeded }),
    };
  }
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
