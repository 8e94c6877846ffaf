import type { Segment } from '../contract/event.ts';
import type { Edit } from '../contract/ruling.ts';

/** An edit of one text, wherever that text stands. */
export type TextEdit = Pick<Edit, 'start' | 'end' | 'mask'>;

/** The edited content, or the reason why the decision must become a block. */
export type Applied<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: 'EDIT_NOT_APPLICABLE'; readonly segment: string };

export function notApplicable(segment: string): {
  readonly ok: false;
  readonly reason: 'EDIT_NOT_APPLICABLE';
  readonly segment: string;
} {
  return { ok: false, reason: 'EDIT_NOT_APPLICABLE', segment };
}

/**
 * Sorts edits and unites those that overlap or touch; a union takes the mask of the edit with the smallest end, then
 * the smallest start. Edits of a decision are united already.
 */
export function mergeEdits(edits: readonly TextEdit[]): TextEdit[] {
  const merged: { start: number; end: number; first: TextEdit }[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last === undefined || edit.start > last.end) {
      merged.push({ start: edit.start, end: edit.end, first: edit });
      continue;
    }
    if (edit.end < last.first.end) last.first = edit;
    last.end = Math.max(last.end, edit.end);
  }
  return merged.map(({ start, end, first }) => ({ start, end, mask: first.mask }));
}

/**
 * Replaces each edit's span by its mask. Offsets are UTF-16 units of `text` as it was judged.
 * Throws `RangeError` on edits that lie outside the text: they were made for another one.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  if (edits.length === 0) return text;
  let out = '';
  let from = 0;
  for (const { start, end, mask } of mergeEdits(edits)) {
    if (!fits(text, start, end))
      throw new RangeError(
        `the edit [${start}, ${end}) lies outside a text of ${text.length} units: it was made for another text`,
      );
    out += text.slice(from, start) + mask;
    from = end;
  }
  return out + text.slice(from);
}

/** True when the span is one of the text. */
export function fits(text: string, start: number, end: number): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length;
}

/** Edits by the path of the segment they name. */
export function editsBySegment(edits: readonly Edit[]): Map<string, Edit[]> {
  const bySegment = new Map<string, Edit[]>();
  for (const edit of edits) {
    const list = bySegment.get(edit.segment);
    if (list === undefined) bySegment.set(edit.segment, [edit]);
    else list.push(edit);
  }
  return bySegment;
}

/** Applies a decision's edits to addressed segments. An edit of a segment that is not there is not applicable. */
export function applyEditsToSegments<S extends Pick<Segment, 'path' | 'text'>>(
  segments: readonly S[],
  edits: readonly Edit[],
): Applied<readonly S[]> {
  if (edits.length === 0) return { ok: true, value: segments };
  const wanted = editsBySegment(edits);
  const value: S[] = [];
  for (const segment of segments) {
    const mine = wanted.get(segment.path);
    wanted.delete(segment.path);
    if (mine !== undefined && !mine.every(({ start, end }) => fits(segment.text, start, end)))
      return notApplicable(segment.path);
    value.push(mine === undefined ? segment : { ...segment, text: applyEdits(segment.text, mine) });
  }
  const [missing] = wanted.keys();
  return missing === undefined ? { ok: true, value } : notApplicable(missing);
}

/**
 * Applies a decision's edits to content as events carry it: one string (the segment's path does not matter), or
 * segments.
 */
export function applyEditsToContent(content: string, edits: readonly Edit[]): Applied<string>;
export function applyEditsToContent<S extends Pick<Segment, 'path' | 'text'>>(
  content: readonly S[],
  edits: readonly Edit[],
): Applied<readonly S[]>;
export function applyEditsToContent(
  content: string | readonly Pick<Segment, 'path' | 'text'>[],
  edits: readonly Edit[],
): Applied<string | readonly Pick<Segment, 'path' | 'text'>[]> {
  if (typeof content !== 'string') return applyEditsToSegments(content, edits);
  const other = edits.find(({ start, end }) => !fits(content, start, end));
  return other === undefined ? { ok: true, value: applyEdits(content, edits) } : notApplicable(other.segment);
}
