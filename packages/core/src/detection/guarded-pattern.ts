import type { Pattern } from '../contract/detector.ts';
import { failSafe } from '../outside/fail-safe.ts';

/**
 * The pattern as the scanner runs it. INVARIANT: a validator, or a context, that throws has refused nothing, so the
 * candidate counts as a match: an application's code in the scanner's path can neither break a scan nor let text
 * through by failing.
 */
export function guardedPattern(pattern: Pattern): Pattern {
  const { validate, context } = pattern;
  if (validate === undefined && context === undefined) return pattern;
  return {
    ...pattern,
    ...(validate !== undefined && { validate: failSafe(validate, true) }),
    ...(context !== undefined && { context: { ...context, accepts: failSafe(context.accepts, true) } }),
  };
}
