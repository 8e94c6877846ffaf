import type { Recogniser } from '../recogniser.ts';
import { WORDS } from './word-table.ts';

/**
 * A word of a list is no judgement: it is the least of signals, for rules that ask for more than one or for a person.
 */
const SCORE = 0.4;

/** Profanity and slurs of one language: a list of words, and nothing that understands them. */
export function lexicon(
  code: string,
  language: string,
  finds: readonly string[],
  ignores: readonly string[],
): Recogniser {
  const words = WORDS[code]!.replaceAll(/[.*+?^$()[\]{}\\/]/g, '\\$&').replaceAll(' ', '\\s');
  return {
    type: `harmful.lexicon.${code}`,
    name: `Profanity and slurs (${language})`,
    fold: true,
    exceptable: false,
    forms: [{ find: new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`, 'iu'), score: SCORE }],
    source: 'cuss (MIT), words of sureness 2 without those that plain texts use',
    since: '0.2.0',
    finds,
    ignores,
    limits: 'a list of words: it knows neither who is meant nor how, and nothing that is said without them',
  };
}
