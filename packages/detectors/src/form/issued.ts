import { isPlaceholder } from '../check/placeholder.ts';
import type { Form } from '../recogniser.ts';

/** A token that its issuer marks with a head: letters, digits, `_` and `-` throughout. Placeholders of the form are none. */
export function issued(heads: readonly string[], whole: RegExp): Form {
  return { find: { heads, whole }, score: 1, validate: (match) => !isPlaceholder(match) };
}

/** A token with other signs in it: looked for by itself, and asked whether it is a placeholder. */
export function marked(source: string): Form {
  return {
    find: new RegExp(`(?<![A-Za-z0-9_])(?:${source})(?![A-Za-z0-9_])`),
    score: 1,
    accepts: (match) => !isPlaceholder(match),
  };
}
