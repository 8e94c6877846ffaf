/** From a pattern of another engine to a JavaScript regular expression with the same matches. */
import { FlyballError } from '../errors.ts';
import { type PatternErrorCode, Refusal } from './refusal.ts';
import { refuseForeignSyntax } from './foreign-syntax.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';
import { writtenOut } from './references.ts';
import { type Dialect, DIALECTS } from './syntax.ts';

/** A pattern as its author wrote it. */
export interface ForeignPattern {
  readonly pattern: string;
  /** Flags that hold for all of it: `i`, `m`, `s`, and `x` where the dialect has it. Default: none. */
  readonly flags?: string;
  /** The engine it was written for. Default `js`. */
  readonly dialect?: Dialect;
}

/** A pattern that cannot be read, with the place. */
export class ForeignPatternError extends FlyballError<PatternErrorCode> {
  override readonly name: string = 'ForeignPatternError';
  /** Line and column of the place in the pattern, from 1. */
  readonly line: number;
  readonly column: number;
  readonly reason: string;
  readonly suggestion: string;

  constructor(source: string, refusal: Refusal) {
    const before = source.slice(0, refusal.at ?? 0).split('\n');
    const line = before.length;
    const column = before[line - 1]!.length + 1;
    super(refusal.code, `at ${line}:${column} ${refusal.message}: ${refusal.suggestion}`, { cause: refusal });
    this.line = line;
    this.column = column;
    this.reason = refusal.message;
    this.suggestion = refusal.suggestion;
  }
}

/**
 * Reads a pattern that was written for RE2 (Go), PCRE (Perl, PHP, nginx), Python's `re`, or JavaScript, and returns a
 * `RegExp` that the scanner takes, with the same spans. Inline flags are resolved, and classes are those of the
 * dialect. Atomic and possessive parts are read as what they match, and back-references to one of a few strings are
 * written out.
 *
 * Throws `ForeignPatternError` with a code, the place and advice.
 *
 *     fromDialect({ pattern: '(?i)api_?key\\s*[:=]\\s*(?P<key>[[:alnum:]]{32})', dialect: 're2' });
 */
export function fromDialect({ pattern, flags = '', dialect = 'js' }: ForeignPattern): RegExp {
  try {
    if (!DIALECTS.includes(dialect))
      throw new Refusal('PATTERN_SYNTAX', `is in no dialect \`${dialect}\``, `use one of ${DIALECTS.join(', ')}`);
    const read = readDialect(pattern, flags, dialect);
    return new RegExp(read.source, read.flags);
  } catch (error) {
    if (error instanceof Refusal) throw new ForeignPatternError(pattern, error);
    if (!(error instanceof SyntaxError)) throw error;
    const refusal = new Refusal('PATTERN_SYNTAX', `cannot be read (${error.message})`, 'correct it', { cause: error });
    throw new ForeignPatternError(pattern, refusal);
  }
}

/** The same as source and flags; throws a `Refusal`. */
export function readDialect(
  pattern: string,
  flags: string,
  dialect: Dialect,
): { readonly source: string; readonly flags: string } {
  if (dialect === 'js') {
    if (!NEEDS_READING.test(pattern)) return { source: pattern, flags };
    refuseForeignSyntax(pattern, flags);
  }
  if (flags.includes('v')) {
    throw new Refusal('PATTERN_SYNTAX', 'has the flag `v` with inline flags or a back-reference', 'use the flag `u`');
  }
  const { node, unicode } = parse(pattern, flags, dialect);
  return print(writtenOut(node, dialect === 'js'), unicode);
}

/** Inline flags, back-references, and names as Python writes them: the rest of JavaScript is read as it stands. */
const NEEDS_READING = /\(\?(?:[a-z]*(?:-[a-z]+)?[:)](?<!\(\?:)|P[<=>])|\\(?:[1-9]|k<)/;
