import type { Detector } from '../contract/detector.ts';
import { type ForeignPatternError, fromDialect } from '../dialects/from-dialect.ts';
import type { Dialect } from '../dialects/syntax.ts';
import { defineDetector } from './detector.ts';
import { DetectorError } from './detector-error.ts';

/** A regular expression as a policy writes it. */
export interface WrittenPattern {
  readonly pattern: string;
  readonly flags: string;
}

/** A policy's own regular expressions. Its id is the signal type. */
export interface WrittenPatterns {
  readonly id: string;
  readonly patterns: readonly WrittenPattern[];
  /** The engine they were written for. Default `js`. */
  readonly dialect?: Dialect;
  /** Default false: exact secrets must not be folded. */
  readonly fold?: boolean;
}

/** A detector for a policy's own regular expressions. */
export function patternDetector({ id, patterns, dialect, fold = false }: WrittenPatterns): Detector {
  return defineDetector({
    id,
    version: '1',
    types: [id],
    patterns: patterns.map((written) => ({ type: id, find: readPattern(id, written, dialect), ...(fold && { fold }) })),
  });
}

/** What the behaviour version depends on. */
export function contentOf({ patterns, dialect = 'js', fold = false }: WrittenPatterns): string {
  const written = patterns.map(({ pattern, flags }) => `/${pattern}/${flags.split('').toSorted().join('')}`);
  const options = [...(dialect === 'js' ? [] : [dialect]), ...(fold ? ['fold'] : [])];
  return JSON.stringify([...new Set(written)].toSorted().concat(options));
}

function readPattern(id: string, { pattern, flags }: WrittenPattern, dialect: Dialect = 'js'): RegExp {
  try {
    return fromDialect({ pattern, flags, dialect });
  } catch (error) {
    throw new DetectorError(
      'PATTERN_INVALID',
      `detector \`${id}\`: \`/${pattern}/${flags}\` is not a regular expression: ${(error as ForeignPatternError).message}`,
      error,
    );
  }
}
