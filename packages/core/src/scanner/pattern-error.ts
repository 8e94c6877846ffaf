import type { PatternErrorCode } from '../dialects/refusal.ts';
import { FlyballError } from '../errors.ts';

/**
 * A pattern that cannot be governed exactly. Thrown when patterns are compiled, never while text is scanned. The first
 * one of a list is thrown; `all` has every one of them.
 */
export class PatternError extends FlyballError<PatternErrorCode> {
  override readonly name: string = 'PatternError';
  /** This error and those of the other patterns of the list, in its order. */
  all: readonly PatternError[] = [this];
  /** Index of the pattern in the list given to `compilePatterns`. */
  readonly pattern: number;
  /** The pattern as it was given, shortened to 80 characters. */
  readonly source: string;
  /** What is wrong, without the suggestion. */
  readonly reason: string;
  /** What to write instead. */
  readonly suggestion: string;

  constructor(
    code: PatternErrorCode,
    pattern: number,
    source: string,
    reason: string,
    suggestion: string,
    options?: ErrorOptions,
  ) {
    const short = shorten(source);
    super(code, `pattern ${pattern} \`${short}\` ${reason}: ${suggestion}`, options);
    this.pattern = pattern;
    this.source = short;
    this.reason = reason;
    this.suggestion = suggestion;
  }
}

function shorten(source: string): string {
  const line = source.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
