import type { Pattern } from '../contract/detector.ts';
import { failSafe } from '../outside/fail-safe.ts';

/**
 * The pattern as the scanner runs it. INVARIANT: a validator that throws has refused nothing, so the candidate counts as a match: an
 * application's code in the scanner's path can neither break a scan nor let text through by failing.
 */
export function guardedPattern(pattern: Pattern): Pattern {
  if (pattern.validate === undefined) return pattern;
  return { ...pattern, validate: failSafe(pattern.validate, true) };
}
