import type { RecordedSegment, DecisionRecord } from '../contract/record.ts';
import type { ScannedSegment } from '../contract/ruling.ts';
import type { EventInit, Interaction, SegmentInit } from './api.ts';

/** Shapes of events that are kept for one lane, and the most segments of one. */
const MAX_SHAPES = 256;
const MAX_SEGMENTS = 64;
/** Longest address that is kept, in units. */
const MAX_PATH = 256;

/** What one record says that no other does. */
export interface Envelope {
  readonly auditId: string;
  readonly eventId: string;
  readonly at: number;
  readonly durationUs: number;
}

/** Events of one route with the same segments, but for what stands in them. */
interface Shape {
  readonly point: EventInit['point'];
  readonly given: readonly SegmentInit[];
  readonly record: DecisionRecord;
  readonly segments: readonly RecordedSegment[];
  /** Of the last record: texts of the same lengths, such as names of members, share theirs. */
  readonly scanned: ScannedSegment[];
}

/**
 * Records of events in which nothing was found. Those of one route and one shape differ in who asked, when, and how
 * long the texts were: the first of a shape is made like every record, and the others are copies of it with these facts
 * changed.
 *
 * INVARIANT: a record made here equals, byte for byte, what `decisionRecord` makes of the event, and refers to nothing
 * that holds a text. `quiet-records.test.ts` holds the two against each other.
 */
export class QuietRecords {
  readonly #shapes = new Map<string, Shape>();

  /** The record of an event of a known shape; `undefined`: of any other. */
  make(init: Omit<EventInit, 'stage'>, interaction: Interaction, envelope: Envelope): DecisionRecord | undefined {
    const shape = this.#shapeOf(init);
    if (shape === undefined) return undefined;
    const { record, segments, scanned } = shape;
    const { auditId, eventId, at, durationUs } = envelope;
    const { id: interactionId, subject, policy, labels } = interaction;
    const content = init.content as readonly SegmentInit[];
    let longest = 0;
    const judged: ScannedSegment[] = [];
    for (let index = 0; index < content.length; index++) {
      const { length } = content[index]!.text;
      if (length > longest) longest = length;
      let one = scanned[index]!;
      if (one.length !== length) scanned[index] = one = Object.freeze({ path: one.path, length, scanned: length });
      judged.push(one);
    }
    const coverage = { ...record.decision.coverage, segments: judged };
    return {
      ...record,
      auditId,
      at,
      decision: { ...record.decision, coverage, auditId, interactionId, eventId, at, durationUs },
      event: { ...record.event, id: eventId, subject, labels, segments, policy },
      inputs: { ...record.inputs, longest },
    };
  }

  /** Keeps the shape of an event whose record was made in the usual way. */
  learn(init: Omit<EventInit, 'stage'>, record: DecisionRecord): void {
    const key = keyOf(init);
    if (key === undefined) return;
    const content = init.content as readonly SegmentInit[];
    if (content.some(({ path }) => path === undefined || path.length > MAX_PATH)) return;
    // Where routes are paths, callers make up any number of them: those that come again are soon known again.
    if (this.#shapes.size >= MAX_SHAPES) this.#shapes.clear();
    const { decision, event, inputs } = record;
    this.#shapes.set(key, {
      point: init.point,
      // INVARIANT: no text.
      given: content.map((segment) => ({ ...segment, text: '' })),
      segments: Object.freeze(event.segments.map((segment) => Object.freeze(segment))),
      scanned: decision.coverage.segments.map((segment) => Object.freeze({ ...segment })),
      record: {
        ...record,
        decision: { ...decision, coverage: { ...decision.coverage, segments: [] } },
        event: { ...event, facts: Object.freeze(event.facts), segments: [] },
        inputs: { ...inputs, failed: Object.freeze(inputs.failed) },
      },
    });
  }

  #shapeOf(init: Omit<EventInit, 'stage'>): Shape | undefined {
    const key = keyOf(init);
    const shape = key === undefined ? undefined : this.#shapes.get(key);
    if (shape === undefined || shape.point !== init.point) return undefined;
    const content = init.content as readonly SegmentInit[];
    for (let index = 0; index < content.length; index++)
      if (!isAlike(content[index]!, shape.given[index]!)) return undefined;
    return shape;
  }
}

/** Where a shape is looked for. `undefined`: what the event says besides is no matter of its shape. */
function keyOf({
  resource,
  attributes,
  args,
  content,
  media,
  unreadable,
  id,
}: Omit<EventInit, 'stage'>): string | undefined {
  if (attributes !== undefined || args !== undefined || media !== undefined || unreadable !== undefined)
    return undefined;
  if (id !== undefined || !Array.isArray(content) || content.length > MAX_SEGMENTS) return undefined;
  const last = `${content.length} ${(content as readonly SegmentInit[]).at(-1)?.path}`;
  if (resource === undefined) return last;
  for (const name in resource) if (name !== 'route') return undefined;
  const { route } = resource;
  return typeof route === 'string' ? `${last} ${route}` : undefined;
}

function isAlike(one: SegmentInit, other: SegmentInit): boolean {
  return (
    one.path === other.path &&
    one.role === other.role &&
    one.channel === other.channel &&
    one.block === other.block &&
    one.separate === other.separate &&
    one.fixed === other.fixed &&
    one.history === other.history
  );
}
