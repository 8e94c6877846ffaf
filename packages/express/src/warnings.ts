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
  FLYBALL_JOINED_ROWS:
    'something was found only by reading the same field of several events as one text: where these are rows of a table, name the field in `response: { rows: [...] }`, or set `rows: true`',
} as const;

/** `detail`: what was wrong this time. Never a value of the request. `route`: where, if it is a matter of one route. */
export type Warn = (code: WarningCode, detail?: string, route?: string) => void;

export type WarningCode = keyof typeof WARNINGS;

export interface GovernanceWarning {
  readonly code: WarningCode;
  readonly message: string;
}

/** Routes are told apart up to here: one that matched no pattern is a path that a client made up. */
const MAX_TOLD = 100;

/** Reports each code once, or once for each route. What a listener throws changes nothing. */
export function createWarner(
  report: ((warning: GovernanceWarning) => void) | undefined,
  governor: AdapterGovernor,
): Warn {
  const told = new Set<string>();
  return (code, detail, route) => {
    const once = route === undefined || told.size >= MAX_TOLD ? code : `${code} ${route}`;
    if (told.has(once)) return;
    told.add(once);
    const said = [...(detail === undefined ? [] : [detail]), ...(once === code ? [] : [`route ${route}`])].join(', ');
    const message = said === '' ? WARNINGS[code] : `${WARNINGS[code]} (${said})`;
    if (report === undefined) return process.emitWarning(message, { type: 'FlyballWarning', code });
    notify([report], [{ code, message }], (error) =>
      governor.noteFailure({ part: 'listener', id: 'onWarning', code: 'THREW' }, error),
    );
  };
}
