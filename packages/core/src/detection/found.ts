import type { Pattern } from '../contract/detector.ts';
import type { PlanPattern } from './plan.ts';

/** A pattern with the detector it belongs to. */
export interface Found {
  readonly pattern: Pattern;
  readonly detector: string;
  readonly usedAs: string;
  /** Equal for patterns that find the same; only of packs that come with the governor. */
  readonly known?: string;
}

/** What a match of each means. */
export function planPatterns(found: readonly Found[]): readonly PlanPattern[] {
  return found.map(({ pattern: { type, score = 1 }, detector, usedAs }) => ({ type, score, detector, usedAs }));
}
