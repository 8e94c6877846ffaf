import { notify, type AdapterGovernor } from '@flyball/core/adapter';

/** Set-ups that weaken or break governance and that a running application can notice. */
export const WARNINGS = {
  FLYBALL_NO_SUBJECT:
    'no `subject` was given to `governance()`, so limits and cooldowns hit all callers together: return who acts from your authentication',
  FLYBALL_SUBJECT_INVALID:
    'the `subject` of `governance()` failed for a request, which is treated as one without a subject: answer `{ tenant, user }`, or `undefined` for nobody',
  FLYBALL_BODY_NOT_PARSED:
    'a request has a body that nobody has parsed, so its prompts cannot be judged: register `express.json()` before `governance()`, or give `extract`',
  FLYBALL_NO_PROMPT:
    'a request body has none of the fields that prompts are usually in, so none was judged: give `extract` for this route',
  FLYBALL_REGISTERED_TWICE:
    'the same `governance()` ran twice for one request; the second run did nothing: register it once, and use `.route(options)` for a single route',
  FLYBALL_BEFORE_COMPRESSION:
    'a response body was compressed before governance could read it, so it was not sent: register `compression()` before `governance()`, or set `response: { opaque: "pass" }` where handlers compress by themselves',
  FLYBALL_OPAQUE_BODY:
    'a response body cannot be read (binary, partial, too large, or not UTF-8), so it was not sent: leave such routes ungoverned, or set `response: { opaque: "pass" }` for them',
} as const;

/** `detail`: what was wrong this time. Never a value of the request. */
export type Warn = (code: WarningCode, detail?: string) => void;

export type WarningCode = keyof typeof WARNINGS;

export interface GovernanceWarning {
  readonly code: WarningCode;
  readonly message: string;
}

/** Reports each code once. What a listener throws changes nothing. */
export function createWarner(
  report: ((warning: GovernanceWarning) => void) | undefined,
  governor: AdapterGovernor,
): Warn {
  const told = new Set<WarningCode>();
  return (code, detail) => {
    if (told.has(code)) return;
    told.add(code);
    const message = detail === undefined ? WARNINGS[code] : `${WARNINGS[code]} (${detail})`;
    if (report === undefined) return process.emitWarning(message, { type: 'FlyballWarning', code });
    notify([report], [{ code, message }], (error) =>
      governor.noteFailure({ part: 'listener', id: 'onWarning', code: 'THREW' }, error),
    );
  };
}
