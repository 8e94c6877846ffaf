import { expect, test } from 'vitest';
import type { BuiltInReason } from '../contract/reasons.ts';
import { createGovernor } from '../governor.ts';
import { denialKind, isDenied } from './denial.ts';
import { endInteraction } from './end-interaction.ts';

const NOT_EVALUATED: readonly BuiltInReason[] = [
  'FAILED_CLOSED',
  'SUBJECT_MISSING',
  'POLICY_UNKNOWN',
  'STATE_UNAVAILABLE',
  'AUDIT_UNAVAILABLE',
];

test.each(NOT_EVALUATED)(
  'E5: a block by %s says that nothing could be evaluated, and is told apart from a denial',
  (reason) => {
    expect(denialKind({ outcome: 'BLOCK', reason })).toBe('not_evaluated');
  },
);

test.each([
  ['BLOCK', 'P_RULE', 'blocked'],
  ['BLOCK', 'HALTED', 'blocked'],
  ['BLOCK', 'EDIT_NOT_APPLICABLE', 'blocked'],
  ['COOLDOWN', 'COOLDOWN_ACTIVE', 'cooldown'],
  ['ALLOW', 'NO_RULE_OBJECTED', 'not_evaluated'],
] as const)('E5: a stop by %s, %s is told as %s', (outcome, reason, kind) => {
  expect(denialKind({ outcome, reason })).toBe(kind);
});

test('only a block and a cooldown deny', () => {
  const outcomes = (['ALLOW', 'NO_OP', 'BLOCK', 'COOLDOWN'] as const).filter((outcome) => isDenied({ outcome }));
  expect(outcomes).toEqual(['BLOCK', 'COOLDOWN']);
});

test('an interaction is ended at once where it holds nothing, and one that is not the governor’s own in its own way', async () => {
  const governor = await createGovernor({ policy: { policy: 'p', version: 1 } });
  const own = governor.interaction({ tenant: 't' });
  expect(endInteraction(own)).toBeUndefined();
  const ended = Promise.resolve();
  expect(endInteraction({ ...own, end: () => ended })).toBe(ended);
  await governor.close();
});
