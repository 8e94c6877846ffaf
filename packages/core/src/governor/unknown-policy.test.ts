import { expect, test } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ruling } from '../contract/ruling.ts';
import { refusedRuling, unknownPolicy } from './unknown-policy.ts';

const rulingOf = (outcome: string, reason: string): Ruling => ({ outcome, reason }) as unknown as Ruling;

test.each(['HALTED', 'COOLDOWN_ACTIVE', 'LIMIT_EXCEEDED', 'FAILED_CLOSED'])(
  '%s refuses a stream before its first unit, where it stops',
  (reason) => {
    for (const outcome of ['BLOCK', 'COOLDOWN']) {
      const ruling = rulingOf(outcome, reason);
      expect(refusedRuling(ruling)).toBe(ruling);
    }
    for (const outcome of ['ALLOW', 'NO_OP']) expect(refusedRuling(rulingOf(outcome, reason))).toBeUndefined();
  },
);

test('what depends on the text refuses no stream that has none yet', () => {
  for (const reason of ['P_RULE', 'DEFAULT_BLOCK', 'TEXT_TOO_LONG', ''])
    expect(refusedRuling(rulingOf('BLOCK', reason))).toBeUndefined();
});

test('of an event of a policy that nobody loaded every text is told to be unread', () => {
  const content = [
    { path: 'a', text: 'hello' },
    { path: 'b', text: '' },
  ];
  const event = { content } as unknown as GovernedEvent;
  const { policy, ruling, source, startedAt } = unknownPolicy('gone', event, 7);
  expect([policy, source.by, startedAt]).toEqual([undefined, 'unknown_policy', 7]);
  expect(ruling).toMatchObject({ outcome: 'BLOCK', reason: 'POLICY_UNKNOWN', policyId: 'gone' });
  expect(ruling.coverage.segments).toEqual([
    { path: 'a', length: 5, scanned: 0 },
    { path: 'b', length: 0, scanned: 0 },
  ]);
});
