/**
 * Folding: how a pattern with `fold` reads characters that imitate others. The text itself is never rewritten, so
 * offsets stay exact; only the class of a unit changes for those patterns.
 */

/** Read access to the fold table. */
export interface Folding {
  /** The units read in place of a code point: none if it is invisible. `undefined`: it stands for itself. */
  read(codePoint: number): readonly number[] | undefined;
  /** Every folded code point with its reading, in ascending order. */
  entries(): Iterable<readonly [codePoint: number, units: readonly number[]]>;
}
