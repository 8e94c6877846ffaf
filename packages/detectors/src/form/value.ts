import { isPlaceholder } from '../check/placeholder.ts';
import type { Form } from '../recogniser.ts';

/** A run of signs that keys are made of. Shared: the scanner looks once for everything that asks about it. */
export const VALUE: RegExp = /(?<![A-Za-z0-9_+/~.-])[A-Za-z0-9_+/~.-]{16,}={0,2}(?![A-Za-z0-9_+/~.=-])/;

/** A key whose mark is not at its head: the whole run has the form. */
export function markedInside(whole: RegExp): Form {
  return { find: VALUE, score: 1, accepts: (match) => whole.test(match) && !isPlaceholder(match) };
}
