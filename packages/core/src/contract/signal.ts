/**
 * What a detector found: a type, a confidence and a place. Never an opinion, never the matched text.
 */
export interface Signal {
  /** Dotted name, general to special: `pii.email`. A rule that names `pii` reads every `pii.*`. */
  readonly type: string;
  /** Confidence, 0 to 1, rounded to six decimals so that records hash alike everywhere. */
  readonly score: number;
  /** Id of the detector that reported it. */
  readonly detector: string;
  /** `path` of the segment. */
  readonly segment: string;
  /** First UTF-16 unit of the span in the segment's text. */
  readonly start: number;
  /** One past the last unit. A finding about the whole segment spans all of it. */
  readonly end: number;
  /**
   * The span was found only where texts were read one behind the other (the same field of several events of a stream):
   * no single one of them holds the match. Absent: it was found in the segment itself.
   */
  readonly joined?: true;
}

/** True when `type` is `wanted` or lies below it (`pii.email` below `pii`). */
export function typeMatches(type: string, wanted: string): boolean {
  return type.startsWith(wanted) && (type.length === wanted.length || type.charCodeAt(wanted.length) === 46);
}
