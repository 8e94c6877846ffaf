import type { Detector, Pattern } from '../contract/detector.ts';
import { defineDetector, requirePhrase } from './detector.ts';

/** How a policy's phrases are read. */
export interface PhraseOptions {
  readonly marks?: boolean | undefined;
  readonly escapes?: boolean | undefined;
}

/** What is said of them, without what is the default. */
export const phraseOptions = ({
  marks = false,
  escapes = false,
}: PhraseOptions): Pick<Pattern, 'marks' | 'escapes'> => ({
  ...(marks && { marks }),
  ...(escapes && { escapes }),
});

/**
 * A detector for a policy's own list of phrases. Its id is the signal type. Phrases are found in any case and spelling
 * of their letters (full width, look-alikes, invisible characters between them), as whole words.
 */
export function phraseDetector(id: string, phrases: readonly string[], options: PhraseOptions = {}): Detector {
  for (const phrase of phrases) requirePhrase(id, phrase);
  return defineDetector({
    id,
    version: '1',
    types: [id],
    patterns: phrases.map((phrase) => ({
      type: id,
      find: { phrase: phrase.trim() },
      fold: true,
      ...phraseOptions(options),
    })),
  });
}
