import type { Decision, GovernedEvent, Governor } from '@flyball/core/adapter';
import { isStop } from './summary.ts';

/** The block that a decision becomes where its edits cannot be applied (E2), recorded as what was enforced. */
export async function notApplicable(governor: Governor, event: GovernedEvent, decision: Decision): Promise<Decision> {
  const refused = await governor.refuse(event, 'EDIT_NOT_APPLICABLE');
  // An operator may have relaxed the mode in between; what was ordered while it was enforced still cannot be carried out.
  return isStop(refused) ? refused : { ...decision, outcome: 'BLOCK', reason: 'EDIT_NOT_APPLICABLE', edits: [] };
}
