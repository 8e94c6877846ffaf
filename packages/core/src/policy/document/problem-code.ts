/**
 * What is wrong with a policy, as a stable code: the kind of mistake, whatever the words that tell it. `docs/reference/errors.md` has
 * every one. Codes are added; none is renamed or given another meaning.
 */
export type PolicyProblemCode =
  | 'TEXT_INVALID'
  | 'TEXT_MISLEADING'
  | 'NOT_PLAIN_DATA'
  | 'FIELD_UNKNOWN'
  | 'FIELD_MISSING'
  | 'FIELD_NEEDED'
  | 'VALUE_UNKNOWN'
  | 'VALUE_TYPE'
  | 'VALUE_FORMAT'
  | 'VALUE_RANGE'
  | 'ID_DUPLICATE'
  | 'REASON_INVALID'
  | 'LADDER_UNKNOWN'
  | 'NO_EFFECT'
  | 'CONDITION_INVALID'
  | 'CONDITION_CONSTANT'
  | 'TYPE_UNKNOWN'
  | 'DETECTOR_UNKNOWN'
  | 'DETECTOR_INVALID'
  | 'DETECTOR_DUPLICATE'
  | 'EXCEPT_UNUSED'
  | 'PHRASE_INVALID'
  | 'PATTERN_INVALID'
  | 'PATTERN_TYPE_UNDECLARED'
  | 'WINDOW_INVALID'
  | 'PATTERN_SYNTAX'
  | 'PATTERN_BACKREFERENCE'
  | 'PATTERN_LOOKAROUND'
  | 'PATTERN_MATCHES_EMPTY'
  | 'PATTERN_NEVER_MATCHES'
  | 'PATTERN_UNBOUNDED_GAP'
  | 'PATTERN_UNBOUNDED_VALIDATOR'
  | 'PATTERN_TOO_LARGE'
  | 'SINK_INSUFFICIENT'
  | 'EXTENDS_UNREADABLE'
  | 'EXTENDS_CYCLE'
  | 'BASELINE_WEAKENED';

/** What loads, and has no effect as it stands: told by `flyball check` and in `governor.status()`. */
export type PolicyWarningCode =
  | 'NOTHING_GOVERNED'
  | 'ALLOW_UNNEEDED'
  | 'CONDITION_CONSTANT'
  | 'DETECTOR_UNREAD'
  | 'SEGMENT_UNUSUAL'
  | 'LABEL_UNSET'
  | 'UNIT_UNREPORTED'
  | 'EXEMPTION_EXPIRED'
  | 'PATTERN_COST';
