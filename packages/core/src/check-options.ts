import { FlyballError } from './errors.ts';
import { didYouMean } from './suggest.ts';

/** What one option must be: a word of `typeof`, or a test with the words for it. */
export type OptionShape =
  | 'string'
  | 'boolean'
  | 'function'
  | 'object'
  | { readonly is: (value: unknown) => boolean; readonly words: string };

/**
 * Checks the options that an application gave to a public function, as strictly as a policy: an unknown name is refused
 * with the nearest known one, a value of another kind with what it should be. `undefined` is an option that was not
 * given. Throws `OPTIONS_INVALID`.
 *
 *     checkOptions('createGovernor', options, { policy: 'object', hashKey: 'string' });
 */
export function checkOptions(
  caller: string,
  options: unknown,
  shapes: { readonly [name: string]: OptionShape },
  required: readonly string[] = [],
): void {
  const names = Object.keys(shapes);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const wanted = required.length === 0 ? 'an object' : `an object with at least \`${required.join('`, `')}\``;
    throw invalid(`\`${caller}\` takes ${wanted}`);
  }
  for (const [name, value] of Object.entries(options)) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape === undefined) {
      throw invalid(
        `\`${caller}\` has no option \`${name}\`${didYouMean(name, names) || `; it has ${names.join(', ')}`}`,
      );
    }
    if (value === undefined) continue;
    const ok = typeof shape === 'string' ? typeof value === shape && value !== null : shape.is(value);
    if (!ok)
      throw invalid(`\`${caller}\`: \`${name}\` must be ${typeof shape === 'string' ? WORDS[shape] : shape.words}`);
  }
  for (const name of required) {
    if ((options as { readonly [name: string]: unknown })[name] === undefined)
      throw invalid(`\`${caller}\` needs \`${name}\``);
  }
}

const WORDS = { string: 'a string', boolean: 'true or false', function: 'a function', object: 'an object' } as const;

/** An object whose methods are all there. */
export const withMethods = (words: string, ...names: readonly string[]): OptionShape => ({
  is: (value) =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as { readonly [name: string]: unknown })[name] === 'function'),
  words,
});

function invalid(message: string): FlyballError {
  return new FlyballError('OPTIONS_INVALID', message);
}
