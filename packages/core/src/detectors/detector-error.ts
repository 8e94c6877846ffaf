import { FlyballError } from '../errors.ts';

/** What is wrong with a detector, as a stable code. */
export type DetectorErrorCode =
  | 'DETECTOR_INVALID'
  | 'DETECTOR_UNKNOWN'
  | 'DETECTOR_DUPLICATE'
  | 'PATTERN_INVALID'
  | 'PATTERN_TYPE_UNDECLARED'
  | 'PHRASE_INVALID'
  | 'WINDOW_INVALID'
  | 'EXCEPT_UNUSED'
  | 'ALLOW_HOSTS_UNUSED'
  | 'KEEP_LAST_UNUSED';

/** A detector that cannot be used as it was written. */
export class DetectorError extends FlyballError<DetectorErrorCode> {
  override readonly name: string = 'DetectorError';

  constructor(code: DetectorErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? undefined : { cause });
  }
}
