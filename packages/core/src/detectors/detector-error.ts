/** What is wrong with a detector, as a stable code. */
export type DetectorErrorCode =
  | 'DETECTOR_INVALID'
  | 'DETECTOR_UNKNOWN'
  | 'DETECTOR_DUPLICATE'
  | 'PATTERN_INVALID'
  | 'PATTERN_TYPE_UNDECLARED'
  | 'PHRASE_INVALID'
  | 'WINDOW_INVALID'
  | 'EXCEPT_UNUSED';

/** A detector that cannot be used as it was written. */
export class DetectorError extends Error {
  override readonly name: string = 'DetectorError';
  readonly code: DetectorErrorCode;

  constructor(code: DetectorErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
