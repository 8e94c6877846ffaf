import type { Detector, Pattern } from '../contract/detector.ts';
import { defineDetector } from './detector.ts';
import { DetectorError } from './detector-error.ts';

/** A regular expression as a policy writes it. */
export interface WrittenPattern {
  readonly pattern: string;
  readonly flags: string;
}

/** A detector for a policy's own regular expressions. Its id is the signal type; nothing is folded. */
export function patternDetector(id: string, patterns: readonly WrittenPattern[]): Detector {
  return defineDetector({ id, version: '1', types: [id], patterns: patterns.map((written) => toPattern(id, written)) });
}

function toPattern(id: string, { pattern, flags }: WrittenPattern): Pattern {
  try {
    return { type: id, find: new RegExp(pattern, flags) };
  } catch (cause) {
    throw new DetectorError(
      'PATTERN_INVALID',
      `detector \`${id}\`: \`/${pattern}/${flags}\` is not a regular expression: ${(cause as Error).message}`,
      cause,
    );
  }
}
