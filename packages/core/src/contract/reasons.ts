/**
 * The registry of built-in reason codes. Append-only: a code is never renamed or given another meaning.
 * `docs/reference/reasons.md` documents every one; a test compares the two.
 */
export const REASONS = {
  HALTED: 'an operator halted this scope',
  GOVERNANCE_OFF: 'the mode for this scope is off',
  SHADOWED: 'the mode for this scope is shadow: the verdict is recorded, not enforced',
  NOT_GOVERNED: 'no rule, limit or default of the policy covers the event',
  COOLDOWN_ACTIVE: 'the subject is cooling down',
  LIMIT_EXCEEDED: 'a limit of the policy is used up',
  NO_RULE_OBJECTED: 'the event is covered and no rule objected',
  DEFAULT_BLOCK: 'the stage blocks by default and no allow rule matched',
  FAILED_CLOSED: 'a part that a rule needs could not be evaluated, and the policy blocks in that case',
  FAILED_OPEN: 'a part that a rule needs could not be evaluated, and the policy lets the event pass in that case',
  SUBJECT_MISSING: 'the subject could not be established',
  POLICY_UNKNOWN: 'the event names a policy that is not loaded',
  POLICY_REJECTED: 'a new version of the policy was refused; the old one keeps running',
  INPUT_TOO_LARGE: 'a segment is longer than the policy accepts',
  MAX_HOLD: 'more text would have to be held back than the policy accepts',
  EDIT_NOT_APPLICABLE: 'the decision asks for an edit that cannot be applied here',
  UNREADABLE: 'the content is of a kind that cannot be read, so nothing in it could be judged',
  STATE_UNAVAILABLE: 'the store did not answer in time',
  PROVIDER_TOOLS: 'the request offers tools that the provider runs, which rules on tools cannot govern',
  MEDIA_NOT_READ: 'the event holds media that no detector reads, and the policy refuses those',
  AUDIT_UNAVAILABLE: 'the record of the decision could not be accepted',
  OUTPUT_NOT_GATED: 'the policy has rules on outputs, and nothing holds back what this model says',
} as const;

export type BuiltInReason = keyof typeof REASONS;

/** A reason code written by a policy's author. */
export type AuthorReason = `P_${string}`;

export type Reason = BuiltInReason | AuthorReason;

/** What an author's reason code must look like. */
export const AUTHOR_REASON: RegExp = /^P_[A-Z0-9_]{2,60}$/;
