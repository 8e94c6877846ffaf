import type { PatternContext } from '../contract/detector.ts';

/** Units around a match in which a key word counts. Bounded, so that a stream holds no more than that. */
export const NEAR_BEFORE = 60;
export const NEAR_AFTER = 40;

const LETTERS: unique symbol = Symbol('letters of key words');
const ANNOUNCED: unique symbol = Symbol('letters of what announces');

interface KeyWorded extends PatternContext {
  readonly [LETTERS]?: readonly string[];
  readonly [ANNOUNCED]?: readonly string[];
}

/**
 * A context that accepts a match only if the letters of one of its key words stand in the 60 units before it or in the
 * 40 behind it. What it answers is a matter of the match and of these units alone, and while none of the letters stand
 * before, it answers `false`, or `undefined` to be asked again. So it need not be asked where no key word is.
 */
export function withKeyWords(context: PatternContext, letters: readonly string[] | undefined): PatternContext {
  return letters === undefined ? context : ({ ...context, [LETTERS]: letters } as KeyWorded);
}

/** `undefined` for a context that has none, or one that nothing can be said of: a word without letters. */
export function keyLettersOf(context: KeyWorded): readonly string[] | undefined {
  const letters = context[LETTERS];
  if (letters === undefined || letters.includes('')) return undefined;
  return context.before === NEAR_BEFORE && context.after === NEAR_AFTER ? letters : undefined;
}

/**
 * A context that accepts a match only if one of these letters stand in the 60 units before it: nothing that begins
 * further from them need be looked at.
 */
export function withAnnouncing(context: PatternContext, letters: readonly string[] | undefined): PatternContext {
  return letters === undefined ? context : ({ ...context, [ANNOUNCED]: letters } as KeyWorded);
}

/** `undefined` for a context that may accept a match anywhere. */
export function announcingLettersOf(context: KeyWorded | undefined): readonly string[] | undefined {
  const letters = context?.[ANNOUNCED];
  return letters?.includes('') === true ? undefined : letters;
}
