/**
 * Characters that show nothing and part or join letters: zero-width space, non-joiner, joiner, word joiner, invisible
 * operators, BOM.
 */
export const ZERO_WIDTH = '\\u200B-\\u200D\\u2060-\\u2064\\u180E\\uFEFF';

/** How many different characters a text has. */
export const kindsIn = (text: string): number => new Set(text).size;
