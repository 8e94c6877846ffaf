import type { Pattern } from '../contract/detector.ts';
import type { PlanPattern } from './plan.ts';

/** A pattern with the detector it belongs to. */
export interface Found {
  readonly pattern: Pattern;
  readonly detector: string;
  readonly usedAs: string;
  /** Equal for patterns that find the same. Absent where code of the application decides: see `knownPattern`. */
  readonly known?: string;
}

/**
 * A name that is equal only for patterns that find the same. `of`: the name of the code that a pattern of ours carries.
 * Without one a pattern with a validator or a context has no name, since nobody knows whether equal words mean equal
 * code.
 */
export function knownPattern(pattern: Pattern, of?: string): string | undefined {
  const { find, validate, context, ...rest } = pattern;
  if (of === undefined && (validate !== undefined || context !== undefined)) return undefined;
  return JSON.stringify([of ?? '', find instanceof RegExp ? [find.source, find.flags] : find.phrase, rest]);
}

/** What a match of each means. */
export function planPatterns(found: readonly Found[]): readonly PlanPattern[] {
  return found.map(({ pattern: { type, score = 1 }, detector, usedAs }) => ({ type, score, detector, usedAs }));
}
