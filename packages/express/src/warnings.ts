/** Set-ups that weaken or break governance and that a running application can notice. */
export const WARNINGS = {
  FLYBALL_NO_SUBJECT:
    'no `subject` was given to `governance()`, so limits and cooldowns hit all callers together: return who acts from your authentication',
  FLYBALL_BODY_NOT_PARSED:
    'a request has a body that nobody has parsed, so its prompts cannot be judged: register `express.json()` before `governance()`, or give `extract`',
  FLYBALL_NO_PROMPT:
    'a request body has none of the fields that prompts are usually in, so none was judged: give `extract` for this route',
  FLYBALL_REGISTERED_TWICE:
    'the same `governance()` ran twice for one request; the second run did nothing: register it once, and use `.route(options)` for a single route',
} as const;

export type WarningCode = keyof typeof WARNINGS;

export interface GovernanceWarning {
  readonly code: WarningCode;
  readonly message: string;
}

/** Reports each code once. */
export function createWarner(report: ((warning: GovernanceWarning) => void) | undefined): (code: WarningCode) => void {
  const told = new Set<WarningCode>();
  return (code) => {
    if (told.has(code)) return;
    told.add(code);
    const message = WARNINGS[code];
    if (report !== undefined) report({ code, message });
    else process.emitWarning(message, { type: 'FlyballWarning', code });
  };
}
