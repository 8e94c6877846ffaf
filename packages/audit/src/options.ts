import type { OptionShape } from '@flyball/core/evidence';

/** Shapes of options that several functions take. */
export const POSITIVE: OptionShape = {
  is: (value) => typeof value === 'number' && value > 0 && value < Infinity,
  words: 'a number above 0',
};

export const TEXT: OptionShape = {
  is: (value) => typeof value === 'string' && value !== '',
  words: 'a string that is not empty',
};

export const oneOf = (...words: readonly string[]): OptionShape => ({
  is: (value) => words.includes(value as string),
  words: words.map((word) => `\`${word}\``).join(' or '),
});

/** `Infinity` too. */
export const DAYS: OptionShape = {
  is: (value) => typeof value === 'number' && value > 0,
  words: 'a number of days above 0',
};
