import type { GovernedEvent } from '../contract/event.ts';
import type { Edit } from '../contract/ruling.ts';
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

const NO_EDITS: readonly Edit[] = Object.freeze([]);

/**
 * The union of everything the matched redact rules found, per segment. Overlapping and touching spans become one mask: that of the
 * span with the smallest end, then start, then type, which is the one a stream completes first. Where several rules mask
 * the same span, the first by id names the mask.
 */
export function editsOf(policy: CompiledPolicy, event: GovernedEvent, matches: readonly Match[]): readonly Edit[] {
  const spans: Span[] = [];
  for (const { rule, signals } of matches) {
    if (rule.then !== 'redact' || !votes(rule)) continue;
    for (const signal of signals) {
      if (!(signal.start < signal.end) || !counts(rule, signal)) continue;
      const { segment, start, end, type } = signal;
      spans.push({ segment, start, end, type, mask: maskFor(policy, rule, type) });
    }
  }
  const [only] = spans;
  if (only === undefined) return NO_EDITS;
  if (spans.length === 1) return Object.freeze([editOf(only, only.start, only.end)]);
  return merge(inOrder(spans, event));
}

function inOrder(spans: Span[], event: GovernedEvent): readonly Span[] {
  const places = new Map(event.content.map((segment, index) => [segment.path, index]));
  const place = (span: Span): number => places.get(span.segment) ?? places.size;
  // Sorting is stable and matches come by rule id, so equal spans keep the order of their rules.
  return spans.sort(
    (a, b) => place(a) - place(b) || compare(a.segment, b.segment) || a.start - b.start || a.end - b.end,
  );
}

function merge(spans: readonly Span[]): readonly Edit[] {
  const edits: Edit[] = [];
  let named: Span | undefined;
  let start = 0;
  let end = 0;
  const close = (): void => {
    if (named !== undefined) edits.push(editOf(named, start, end));
  };
  for (const span of spans) {
    if (named !== undefined && named.segment === span.segment && span.start <= end) {
      if (span.end > end) end = span.end;
      if (completesBefore(span, named)) named = span;
    } else {
      close();
      ({ start, end } = span);
      named = span;
    }
  }
  close();
  return Object.freeze(edits);
}

function editOf({ segment, mask }: Span, start: number, end: number): Edit {
  return Object.freeze({ segment, start, end, mask });
}

function completesBefore(a: Span, b: Span): boolean {
  return (a.end - b.end || a.start - b.start || compare(a.type, b.type)) < 0;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
