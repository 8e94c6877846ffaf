import type { Detector } from '../contract/detector.ts';
import { defineDetector, requirePhrase } from './detector.ts';

/**
 * A detector for a policy's own list of phrases. Its id is the signal type. Phrases are found in any case and spelling
 * of their letters (full width, look-alikes, invisible characters between them), as whole words.
 */
export function phraseDetector(id: string, phrases: readonly string[]): Detector {
  for (const phrase of phrases) requirePhrase(id, phrase);
  return defineDetector({
    id,
    version: '1',
    types: [id],
    patterns: phrases.map((phrase) => ({ type: id, find: { phrase: phrase.trim() }, fold: true })),
  });
}
