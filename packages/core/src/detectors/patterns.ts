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
    const read = readInline(pattern, flags);
    return { type: id, find: new RegExp(read.pattern, read.flags) };
  } catch (cause) {
    throw new DetectorError(
      'PATTERN_INVALID',
      `detector \`${id}\`: \`/${pattern}/${flags}\` is not a regular expression: ${(cause as Error).message}`,
      cause,
    );
  }
}

/** At the very beginning, where it holds for the whole pattern: `(?i)`, `(?s)`, `(?m)` and any of them together. */
const LEADING_FLAGS = /^\(\?([ims]+)\)/;

/**
 * Reads two forms of other engines that are errors in JavaScript and have exactly one meaning: flags at the beginning,
 * `(?i)key`, and groups with a Python name, `(?P<id>...)`, which are groups. Anything else is left as it is.
 */
export function readInline(pattern: string, flags: string): WrittenPattern {
  const [written = '', letters = ''] = LEADING_FLAGS.exec(pattern) ?? [];
  const added = [...new Set(letters)].filter((letter) => !flags.includes(letter)).join('');
  return { pattern: withoutNames(pattern.slice(written.length)), flags: flags + added };
}

/** Escapes, classes and names: what stands in the first two is no group. */
const NAMES = /\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?P<[A-Za-z_]\w*>/g;

function withoutNames(pattern: string): string {
  return pattern.replaceAll(NAMES, (part) => (part.startsWith('(?P<') ? '(?:' : part));
}
