import { applyEdits, mergeEdits, type TextEdit } from './edits.ts';

/**
 * Splits edits of the joined text of consecutive parts into edits of each part. An edit that crosses a border leaves
 * its mask in the first part it touches and removes the rest of its span from the following ones, so the joined result
 * is the same. Throws `RangeError` on edits that lie outside the parts.
 */
export function splitAcrossParts(parts: readonly string[], edits: readonly TextEdit[]): TextEdit[][] {
  const merged = mergeEdits(edits);
  const split: TextEdit[][] = [];
  let offset = 0;
  let next = 0;
  for (const part of parts) {
    const end = offset + part.length;
    const mine: TextEdit[] = [];
    while (next < merged.length && merged[next]!.start < end) {
      const edit = merged[next]!;
      const start = Math.max(edit.start, offset);
      if (start < Math.min(edit.end, end)) {
        mine.push({
          start: start - offset,
          end: Math.min(edit.end, end) - offset,
          mask: start === edit.start ? edit.mask : '',
        });
      }
      if (edit.end > end) break;
      next++;
    }
    split.push(mine);
    offset = end;
  }
  const outside = merged.find(({ start, end }) => start < 0 || end > offset);
  if (outside !== undefined) {
    throw new RangeError(
      `the edit [${outside.start}, ${outside.end}) lies outside parts of ${offset} units together: it was made for another text`,
    );
  }
  return split;
}

/** Applies edits of the joined text to the parts. */
export function applyEditsAcrossParts(parts: readonly string[], edits: readonly TextEdit[]): string[] {
  const split = splitAcrossParts(parts, edits);
  return parts.map((part, index) => applyEdits(part, split[index]!));
}
