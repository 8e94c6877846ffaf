import { isDenied, type AdapterGovernor, type Decision, type GovernedEvent } from '@flyball/core/adapter';

/** The block that a decision becomes where its edits cannot be applied (E2), recorded as what was enforced. */
export async function notApplicable(
  governor: AdapterGovernor,
  event: GovernedEvent,
  decision: Decision,
): Promise<Decision> {
  const refused = await governor.refuse(event, 'EDIT_NOT_APPLICABLE', decision);
  // An operator may have relaxed the mode in between; what was ordered while it was enforced still cannot be carried out.
  return isDenied(refused) ? refused : { ...decision, outcome: 'BLOCK', reason: 'EDIT_NOT_APPLICABLE', edits: [] };
}
