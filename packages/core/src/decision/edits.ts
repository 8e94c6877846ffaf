import type { GovernedEvent } from '../contract/event.ts';
import type { Coverage, Edit } from '../contract/ruling.ts';
import type { StoppedBefore } from '../contract/snapshot.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { Match } from './evaluate-rules.ts';
import { counts } from './evaluate-rules.ts';
import { maskFor } from '../policy/mask.ts';
import { votes } from '../policy/rule-index.ts';

interface Span {
  readonly segment: string;
  readonly start: number;
  readonly end: number;
  readonly type: string;
  readonly mask: string;
}

/** What the matched rules redact, and what of it would be in text that nobody may rewrite. */
export interface Edits {
  readonly edits: readonly Edit[];
  readonly notApplied: readonly Edit[];
  /** A rule masks whole values, and this one streamed: its beginning is not there to be masked. */
  readonly impossible: boolean;
}

const NO_EDITS: readonly Edit[] = Object.freeze([]);
const NOTHING_TO_EDIT: Edits = Object.freeze({ edits: NO_EDITS, notApplied: NO_EDITS, impossible: false });

/**
 * The union of everything the matched redact rules found, per segment. Overlapping and touching spans become one mask:
 * that of the span with the smallest end, then start, then type, which is the one a stream completes first. Where
 * several rules mask the same span, the first by id names the mask.
 */
export function editsOf(
  policy: CompiledPolicy,
  event: GovernedEvent,
  matches: readonly Match[],
  segments: Coverage['segments'],
  withheld: readonly StoppedBefore[] = [],
): Edits {
  const wholeLength = wholeLengths(event, segments);
  const spans: Span[] = withheld.map(({ path, length }) => ({
    segment: path,
    start: 0,
    end: length,
    type: '',
    mask: WITHHELD,
  }));
  let impossible = false;
  for (const { rule, signals } of matches) {
    if (rule.then !== 'redact' || !votes(rule)) continue;
    for (const signal of signals) {
      if (!(signal.start < signal.end) || !counts(rule, signal)) continue;
      const { segment, start, end, type } = signal;
      const mask = maskFor(policy, rule, type);
      const whole = rule.extent === 'value' ? wholeLength(segment) : undefined;
      spans.push(
        whole === undefined ? { segment, start, end, type, mask } : { segment, start: 0, end: whole, type, mask },
      );
      if (rule.extent === 'value' && whole === undefined) impossible = true;
    }
  }
  if (spans.length === 0) return NOTHING_TO_EDIT;
  const edits = merge(spans.length === 1 ? spans : inOrder(spans, event));
  const fixed = new Set(event.content.flatMap((segment) => (segment.fixed === true ? [segment.path] : [])));
  if (fixed.size === 0) return { edits, notApplied: NO_EDITS, impossible };
  return {
    edits: Object.freeze(edits.filter(({ segment }) => !fixed.has(segment))),
    notApplied: Object.freeze(edits.filter(({ segment }) => fixed.has(segment))),
    impossible,
  };
}

/**
 * The length of a segment's text; `undefined` of one that streamed, whose text is not in the event. Lengths are in the
 * record, so that a ruling is made again without the text.
 */
function wholeLengths(event: GovernedEvent, segments: Coverage['segments']): (segment: string) => number | undefined {
  let lengths: Map<string, number> | undefined;
  return (segment) => {
    lengths ??= lengthsIn(event, segments);
    return lengths.get(segment);
  };
}

function lengthsIn({ content }: GovernedEvent, segments: Coverage['segments']): Map<string, number> {
  const longest = content.reduce((most, { text }) => Math.max(most, text.length), 0);
  return new Map(segments.flatMap(({ path, length }) => (length > longest ? [] : [[path, length] as const])));
}

/** The mask of an earlier message that was stopped before. */
const WITHHELD = '[withheld]';

/**
 * By segment, in the order of the event, then by start. Equal places keep the order of their rules: sorting is stable.
 */
function inOrder(spans: Span[], event: GovernedEvent): readonly Span[] {
  const places = new Map(event.content.map((segment, index) => [segment.path, index]));
  const place = (span: Span): number => places.get(span.segment) ?? places.size;
  return spans.sort((a, b) => place(a) - place(b) || compare(a.segment, b.segment) || a.start - b.start);
}

/** Spans that become one mask. */
interface Union {
  /** The span that names the mask. */
  named: Span;
  readonly start: number;
  end: number;
}

function merge(spans: readonly Span[]): readonly Edit[] {
  const unions: Union[] = [];
  for (const span of spans) {
    const last = unions.at(-1);
    if (last !== undefined && last.named.segment === span.segment && span.start <= last.end) {
      last.end = Math.max(last.end, span.end);
      if (completesBefore(span, last.named)) last.named = span;
    } else unions.push({ named: span, start: span.start, end: span.end });
  }
  return Object.freeze(unions.map(editOf));
}

function editOf({ named, start, end }: Union): Edit {
  return Object.freeze({ segment: named.segment, start, end, mask: named.mask });
}

function completesBefore(a: Span, b: Span): boolean {
  return (a.end - b.end || a.start - b.start || compare(a.type, b.type)) < 0;
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
