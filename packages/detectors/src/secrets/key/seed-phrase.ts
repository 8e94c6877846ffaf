import type { Recogniser } from '../../recogniser.ts';

/** Frequent words that are none of the 2,048 of BIP 39: a sentence has some of them, a phrase of words has none. */
const IN_SENTENCES =
  /\b(?:and|are|been|but|could|for|from|had|has|have|her|his|how|into|its|more|not|our|should|than|the|their|them|then|they|was|were|will|would|you|your|please|somewhere|anyone|never|which|these|those|safely|phrase)\b/i;

const COUNTS: ReadonlySet<number> = new Set([12, 15, 18, 21, 24]);

/**
 * The words behind a wallet. They are plain words, so what introduces them is part of the match; the list of all 2,048
 * words is not: what a sentence would have, and how many words there are, tells enough.
 */
export const seedPhrase: Recogniser = {
  type: 'secret.seed_phrase',
  name: 'Seed phrase of a wallet (12 to 24 words)',
  exceptable: false,
  forms: [
    {
      find: /(?<![A-Za-z])(?:seed|recovery|mnemonic|backup|wallet|secret) ?[_-]?(?:phrase|seed|words|mnemonic)(?: is)?["']?[ \t]{0,2}[:=]?[ \t]{0,2}["'`]?(?:[a-z]{3,8}[ \t]){11,23}[a-z]{3,8}(?![A-Za-z])/i,
      score: 0.8,
      accepts(match) {
        const words = /(?:[a-z]{3,8}[ \t])+[a-z]{3,8}$/i.exec(match)?.[0].split(/[ \t]/) ?? [];
        // What introduces the phrase may be read as words of it.
        const counts = [words.length, words.length - 1, words.length - 2];
        return counts.some((count) => COUNTS.has(count)) && !IN_SENTENCES.test(words.slice(-12).join(' '));
      },
    },
  ],
  source: 'BIP 39',
  since: '0.3.0',
  finds: [
    'Here: «seed phrase: harbor kettle ribbon meadow lunar scout velvet anchor pigeon wisdom canvas orbit».',
    '«MNEMONIC_SEED="harbor kettle ribbon meadow lunar scout velvet anchor pigeon wisdom canvas orbit»"',
  ],
  ignores: [
    'Your seed phrase should never leave your house because whoever reads these words can take what is yours.',
    'Recovery phrase: twelve words that a wallet shows once, write down all of them with care and keep them.',
    'seed words: harbor kettle ribbon meadow',
  ],
  limits:
    'phrases that nothing introduces, and those of other languages; a list of twelve other words behind the same name',
};
