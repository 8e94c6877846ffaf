import type { Warn as WarnOf } from '@flyball/http';

/** Set-ups that weaken or break governance and that a running application can notice. */
export const WARNINGS = {
  FLYBALL_NO_SUBJECT:
    'no `subject` was given to `governance()`, so limits and cooldowns hit all callers together: return who acts from your authentication',
  FLYBALL_SUBJECT_INVALID:
    'the `subject` of `governance()` failed for a request, which is treated as one without a subject: answer `{ tenant, user }`, or `undefined` for nobody',
  FLYBALL_BODY_NOT_PARSED:
    'a request has a body that nobody has parsed, so its prompts cannot be judged: register `express.json()` before `governance()`, or give `extract`',
  FLYBALL_NO_PROMPT:
    'a request body has none of the fields that prompts are usually in, and the route does not judge others: give `extract` for it, or `unknown: "judge"`',
  FLYBALL_NOT_REDACTED:
    'a rule redacts something that was found in a field which is not known to be a prompt, so it was left as it is: name the prompts of this route with `extract`, or set `unknown: "redact"` for it',
  FLYBALL_REGISTERED_TWICE:
    'the same `governance()` ran twice for one request; the second run did nothing: register it once, and use `.route(options)` for a single route',
  FLYBALL_BEFORE_COMPRESSION:
    'a response body was compressed before governance could read it: it is decoded, judged and sent uncompressed; register `compression()` before `governance()`',
  FLYBALL_OPAQUE_BODY:
    'a response body cannot be read (an archive, a range, too large, not UTF-8, of an unknown coding), so it was not sent: leave such routes ungoverned, or set `response: { opaque: "pass" }` for them',
  FLYBALL_FAILED:
    'governance of an answer broke, and the answer was stopped: this is a defect, `governor.events` have the error',
  FLYBALL_JOINED_ROWS:
    'something was found only by reading the same field of several events as one text: where these are rows of a table, name the field in `response: { rows: [...] }`, or set `rows: true`',
} as const;

export type WarningCode = keyof typeof WARNINGS;

export type Warn = WarnOf<WarningCode>;

export interface GovernanceWarning {
  readonly code: WarningCode;
  readonly message: string;
}
