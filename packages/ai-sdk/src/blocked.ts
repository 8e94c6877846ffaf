import type { Decision } from '@flyball/core/adapter';

/** What an adapter cannot carry out becomes a block (E2): the decision as it is then enforced. */
export function notApplicable(decision: Decision): Decision {
  return { ...decision, outcome: 'BLOCK', reason: 'EDIT_NOT_APPLICABLE', edits: [] };
}
