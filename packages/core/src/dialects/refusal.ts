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

/** A construct that is refused. Whoever reads the pattern adds which one it was. */
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
