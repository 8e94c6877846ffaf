import type { Decision, RefusalReason } from '@flyball/core/adapter';
import { applyPromptEdits } from '@flyball/http';

import type { GovernanceOptions } from './options.ts';
import type { RequestPrompts } from './to-event.ts';

/**
 * Carries out what the decision asks of the request: edits of the prompts are written into the parsed body.
 * Returns why the request must be refused when that cannot be done; it never makes the decision weaker.
 */
export function enforceInput(
  req: { body?: unknown },
  decision: Decision,
  prompts: RequestPrompts,
  onUnparsed: GovernanceOptions['onUnparsed'],
): RefusalReason | undefined {
  if (decision.outcome !== 'ALLOW') return undefined;
  if (prompts.unparsed && onUnparsed !== 'pass') return 'FAILED_CLOSED';
  if (decision.edits.length === 0) return undefined;
  const edited = prompts.body && applyPromptEdits(req.body, prompts.body, decision.edits);
  if (!edited?.ok) return 'EDIT_NOT_APPLICABLE';
  req.body = edited.value;
  return undefined;
}
