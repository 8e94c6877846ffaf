/** A stretch of a text, and where it stands. */
export interface Stretch {
  readonly start: number;
  readonly text: string;
  /** Units at its beginning that the stretch before it shows as well. */
  readonly shown: number;
}

/** What two stretches share, so that a passage at the border is seen whole by one of them. */
const OVERLAP = 200;

/** Cuts a text into stretches of at most `most` units. No pair of surrogates is cut. */
export function stretchesOf(text: string, most: number): readonly Stretch[] {
  if (text.length <= most) return [{ start: 0, text, shown: 0 }];
  const stretches: Stretch[] = [];
  let seen = 0;
  for (let start = 0; seen < text.length; start = whole(text, seen - OVERLAP)) {
    const end = whole(text, Math.min(text.length, start + most));
    stretches.push({ start, text: text.slice(start, end), shown: seen - start });
    seen = end;
  }
  return stretches;
}

/** A place that is not within a pair. */
function whole(text: string, at: number): number {
  const isHigh = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return isHigh && at < text.length ? at - 1 : at;
}
