import { isPlaceholder } from '../check/placeholder.ts';
import type { Form } from '../recogniser.ts';

/**
 * A token that its issuer marks with a head: letters, digits, `_` and `-` throughout. Placeholders of the form are
 * none.
 */
export function issued(heads: readonly string[], whole: RegExp): Form {
  return { find: { heads, whole }, score: 1, validate: (match) => !isPlaceholder(match) };
}

/**
 * A token with other signs in it: looked for by itself, and asked whether it is a placeholder. It ends where none of
 * its own signs follows, so that the answer is about all of it. `marked('ya29\\.[\\w-]{20,}')` reads `ya29.a-b` to its
 * end, not to the hyphen.
 */
export function marked(source: string): Form {
  return {
    find: new RegExp(`(?<![A-Za-z0-9_])(?:${source})(?![A-Za-z0-9_${signsOf(source)}])`),
    score: 1,
    accepts: (match) => !isPlaceholder(match),
  };
}

/** The same token, and not where it is a piece of base64, of which three letters stand in every picture. */
export const outsideBase64 = (form: Form): Form => ({
  ...form,
  accepts: (match, before) => !/[A-Za-z0-9+/]{30}$/.test(before) && form.accepts?.(match, before) !== false,
});

/** Signs that its classes read, and the padding at its end, as a class writes them. */
function signsOf(source: string): string {
  const classes = [...source.matchAll(/\[([^\]]*)\]/g)].map(([, inside]) => inside).join(' ');
  const read = classes + (source.match(/=\{0,\d\}/)?.[0][0] ?? '');
  // The hyphen last, where a class takes it for itself.
  return ['.', '+', '/', '=', '%', '!', '*', '~', '-']
    .filter((sign) => read.replaceAll(/\w-\w/g, '').includes(sign))
    .join('');
}
