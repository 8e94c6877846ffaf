import type { Decision } from '@flyball/core/adapter';
import { applyPromptEdits } from '@flyball/http';

import type { GovernanceOptions } from './options.ts';
import type { RequestPrompts } from './to-event.ts';

/**
 * Carries out what the decision asks of the request: edits of the prompts are written into the parsed body.
 * What cannot be carried out makes the decision a block; it never makes it weaker.
 */
export function enforceInput(
  req: { body?: unknown },
  decision: Decision,
  prompts: RequestPrompts,
  onUnparsed: GovernanceOptions['onUnparsed'],
): Decision {
  if (decision.outcome !== 'ALLOW') return decision;
  if (prompts.unparsed && onUnparsed !== 'pass') return { ...decision, outcome: 'BLOCK', reason: 'FAILED_CLOSED' };
  if (decision.edits.length === 0) return decision;
  const edited = prompts.body && applyPromptEdits(req.body, prompts.body, decision.edits);
  if (!edited?.ok) return { ...decision, outcome: 'BLOCK', reason: 'EDIT_NOT_APPLICABLE' };
  req.body = edited.value;
  return decision;
}
