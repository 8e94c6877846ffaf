import type { Segment } from '../contract/event.ts';
import type { Edit } from '../contract/ruling.ts';
import { applyEditsAcrossParts } from './edits-across-parts.ts';
import { fits, notApplicable, type Applied } from './edits.ts';
import { textRuns } from './messages.ts';
import type { SegmentFields } from './segments.ts';

/** How an adapter reads the parts that messages of its framework consist of. */
export interface PartReader<P> {
  /** The text of a part that is plain text; `undefined` for any other. */
  textOf(part: P): string | undefined;
  /** The part with another text. Called only where `textOf` gave one. */
  withText(part: P, text: string): P;
  /** The texts inside a part that is no plain text, each under `path` or below it. Default: none. */
  segmentsOf?(part: P, path: string): readonly Segment[];
  /** The part with edits in it, which name segments of `segmentsOf`. `undefined`: they do not fit. */
  edit?(part: P, path: string, edits: readonly Edit[]): P | undefined;
}

/**
 * The texts of a message's parts. Consecutive text parts are one segment, because a reader reads them as one:
 * `my key is AK` and `IA...` in two parts are `parts[0].text` together. Other parts have segments of their own, below
 * `parts[2]`.
 */
export function segmentsOfParts<P>(
  parts: readonly P[],
  path: string,
  reader: PartReader<P>,
  fields: SegmentFields = {},
): Segment[] {
  const segments: Segment[] = [];
  let next = 0;
  const others = (to: number): void => {
    for (; next < to; next++) segments.push(...(reader.segmentsOf?.(parts[next]!, partPath(path, next)) ?? []));
  };
  for (const run of textRuns(parts, (part) => reader.textOf(part))) {
    others(run.first);
    segments.push({ path: runPath(path, run.first), text: run.text, ...fields });
    next = run.first + run.parts.length;
  }
  others(parts.length);
  return segments;
}

/**
 * Applies a decision's edits to the parts that `segmentsOfParts` read. An edit that crosses parts leaves its mask once,
 * in the part where it begins, and takes its text out of the others. Parts without edits are handed on as they are.
 */
export function applyEditsToParts<P>(
  parts: readonly P[],
  path: string,
  reader: PartReader<P>,
  edits: readonly Edit[],
): Applied<readonly P[]> {
  if (edits.length === 0) return { ok: true, value: parts };
  const byPart = new Map<number, Edit[]>();
  for (const edit of edits) {
    const at = partOf(edit.segment, path);
    if (at === undefined || at >= parts.length) return notApplicable(edit.segment);
    const mine = byPart.get(at);
    if (mine === undefined) byPart.set(at, [edit]);
    else mine.push(edit);
  }
  const value = [...parts];
  for (const run of textRuns(parts, (part) => reader.textOf(part))) {
    const mine = byPart.get(run.first);
    if (mine === undefined) continue;
    byPart.delete(run.first);
    const here = runPath(path, run.first);
    const stray = mine.find(({ segment, start, end }) => segment !== here || !fits(run.text, start, end));
    if (stray !== undefined) return notApplicable(stray.segment);
    for (const [at, text] of applyEditsAcrossParts(run.parts, mine).entries())
      if (text !== run.parts[at]) value[run.first + at] = reader.withText(parts[run.first + at]!, text);
  }
  for (const [at, mine] of byPart) {
    const part = parts[at]!;
    // A text part that is not the first of its run has no segment of its own.
    const edited = reader.textOf(part) === undefined ? reader.edit?.(part, partPath(path, at), mine) : undefined;
    if (edited === undefined) return notApplicable(mine[0]!.segment);
    value[at] = edited;
  }
  return { ok: true, value };
}

const partPath = (path: string, at: number): string => `${path}.parts[${at}]`;
const runPath = (path: string, first: number): string => `${partPath(path, first)}.text`;

/** Index of the part that a segment lies in. */
function partOf(segment: string, path: string): number | undefined {
  const prefix = `${path}.parts[`;
  if (!segment.startsWith(prefix)) return undefined;
  const [, index] = /^(\d+)\](?:$|[.[])/.exec(segment.slice(prefix.length)) ?? [];
  return index === undefined ? undefined : Number(index);
}
