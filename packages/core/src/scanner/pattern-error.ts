import { FlyballError } from '../errors.ts';

/** Why a pattern was refused. Stable: callers and documents may rely on these names. */
export type PatternErrorCode =
  | 'PATTERN_SYNTAX'
  | 'PATTERN_BACKREFERENCE'
  | 'PATTERN_LOOKAROUND'
  | 'PATTERN_MATCHES_EMPTY'
  | 'PATTERN_NEVER_MATCHES'
  | 'PATTERN_UNBOUNDED_GAP'
  | 'PATTERN_UNBOUNDED_VALIDATOR'
  | 'PATTERN_TOO_LARGE';

/** A pattern that cannot be governed exactly. Thrown when patterns are compiled, never while text is scanned. */
export class PatternError extends FlyballError<PatternErrorCode> {
  override readonly name: string = 'PatternError';
  /** Index of the pattern in the list given to `compilePatterns`. */
  readonly pattern: number;
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
    super(code, `pattern ${pattern} \`${shorten(source)}\` ${reason}: ${suggestion}`, options);
    this.pattern = pattern;
    this.reason = reason;
    this.suggestion = suggestion;
  }
}

function shorten(source: string): string {
  const line = source.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

/** A construct that is refused; the compiler adds which pattern it was. */
export class Refusal extends Error {
  readonly code: PatternErrorCode;
  readonly suggestion: string;
  /** Index in the pattern's source, where that is known. */
  readonly at: number | undefined;

  constructor(
    code: PatternErrorCode,
    reason: string,
    suggestion: string,
    { at, ...options }: ErrorOptions & { readonly at?: number } = {},
  ) {
    super(reason, options);
    this.code = code;
    this.suggestion = suggestion;
    this.at = at;
  }
}
