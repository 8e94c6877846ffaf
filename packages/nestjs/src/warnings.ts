import type { Warn as WarnOf } from '@flyball/http';

/** Set-ups that weaken or break governance and that a running application can notice. */
export const WARNINGS = {
  FLYBALL_NO_SUBJECT:
    'no `subject` was given to `GovernanceModule`, so limits and cooldowns hit all callers together: return who acts from your authentication',
  FLYBALL_SUBJECT_INVALID:
    'the `subject` of `GovernanceModule` failed for a call, which is treated as one without a subject: answer `{ tenant, user }`, or `undefined` for nobody',
  FLYBALL_POLICY_INVALID:
    'the `policy` function of `GovernanceModule` failed for a call, or named no loaded policy, so that the call could not be evaluated: answer the name of a loaded policy, or `undefined` for the first one',
  FLYBALL_BODY_NOT_PARSED:
    'a request has a body that was not parsed when governance looked at it, so its prompts cannot be judged: an upload interceptor runs later, so put `GovernanceInterceptor` behind it on the handler, or give `extract`',
  FLYBALL_NO_PROMPT:
    'a payload has none of the fields that prompts are usually in, and the handler does not judge others: give `extract` for it, or `unknown: "judge"`',
  FLYBALL_NOT_REDACTED:
    'a rule redacts something that was found in a field which is not known to be a prompt, so it was left as it is: name the prompts of this handler with `extract`, or set `unknown: "redact"` for it',
  FLYBALL_BEFORE_COMPRESSION:
    'a response body was compressed before governance could read it: it is decoded, judged and sent uncompressed',
  FLYBALL_OPAQUE_BODY:
    'a response body cannot be read (an archive, a range, too large, not UTF-8, of an unknown coding), so it was not sent: mark such handlers `@Ungoverned()`, or set `response: { opaque: "pass" }` for them',
  FLYBALL_FAILED:
    'governance of an answer broke, and the answer was stopped: this is a defect, `governor.events` have the error',
  FLYBALL_JOINED_ROWS:
    'something was found only by reading the same field of several events as one text: where these are rows of a table, name the field in `response: { rows: [...] }`, or set `rows: true`',
  FLYBALL_UNGOVERNED: 'handlers run ungoverned',
  FLYBALL_TOOL_UNGOVERNED:
    'a function that stands in the place of a tool is not governed: put `@GovernedTool()` on that method too, or wrap the function with `governTool()`',
  FLYBALL_BROADCASTS:
    'a gateway holds its server: what it sends through that, or through `client.emit`, passes no handler and is not governed; send it through `Governance.emitter()`',
} as const;

export type WarningCode = keyof typeof WARNINGS;

export type Warn = WarnOf<WarningCode>;

export interface GovernanceWarning {
  readonly code: WarningCode;
  readonly message: string;
}
