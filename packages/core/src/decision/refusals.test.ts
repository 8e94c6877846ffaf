// Rulings that no rule makes: what an adapter refuses, what could not be recorded, and what names a policy that is not
// there. Each is a stop on top of what the state had to say.
import { describe, expect, test } from 'vitest';
import type { Mode } from '../contract/effect.ts';
import type { Ruling } from '../contract/ruling.ts';
import { refusalRuling, type Refusal } from './refusal.ts';
import { withoutRecord } from './stops.ts';
import { unknownPolicyRuling } from './unknown-policy.ts';

const EDIT = { segment: 'text', start: 0, end: 1, mask: '' };
const STRIKE = { ladder: 'abuse', points: 1 };
const rulingIn = (mode: Mode, rest: object = {}): Ruling =>
  ({
    outcome: 'COOLDOWN',
    reason: 'P_EDIT',
    ruleId: 'mask',
    retryAfterMs: 500,
    mode,
    verdict: { outcome: 'COOLDOWN', reason: 'P_EDIT', ruleId: 'mask' },
    edits: [EDIT],
    strikes: [STRIKE],
    labels: ['seen'],
    ...rest,
  }) as unknown as Ruling;

const STOPPED = { outcome: 'BLOCK', reason: 'EDIT_NOT_APPLICABLE' };

describe('E2: what an adapter cannot carry out', () => {
  test.each<readonly [now: Mode, decided: Mode | undefined, outcome: string, reason: string, verdict: object]>([
    ['enforce', undefined, 'BLOCK', 'EDIT_NOT_APPLICABLE', STOPPED],
    ['shadow', undefined, 'NO_OP', 'SHADOWED', STOPPED],
    ['off', undefined, 'NO_OP', 'GOVERNANCE_OFF', { outcome: 'NO_OP', reason: 'GOVERNANCE_OFF' }],
    // The mode in which the decision was made counts, whatever an operator has set meanwhile.
    ['shadow', 'enforce', 'BLOCK', 'EDIT_NOT_APPLICABLE', STOPPED],
    ['off', 'enforce', 'BLOCK', 'EDIT_NOT_APPLICABLE', STOPPED],
    ['enforce', 'shadow', 'NO_OP', 'SHADOWED', STOPPED],
    ['enforce', 'off', 'NO_OP', 'GOVERNANCE_OFF', { outcome: 'NO_OP', reason: 'GOVERNANCE_OFF' }],
  ])('in %s, of a decision made in %s, is %s/%s', (now, decided, outcome, reason, verdict) => {
    const refusal: Refusal = { reason: 'EDIT_NOT_APPLICABLE', ...(decided !== undefined && { mode: decided }) };
    const ruling = refusalRuling(rulingIn(now), refusal);
    expect(ruling).toStrictEqual({
      outcome,
      reason,
      verdict,
      mode: decided ?? now,
      edits: [],
      // A decision that it stands in for has counted them.
      strikes: decided === undefined ? [STRIKE] : [],
      labels: ['seen'],
    });
    expect(Object.isFrozen(ruling)).toBe(true);
  });

  test('D6: under a halt keeps the reason of the halt', () => {
    const halted = rulingIn('off', { outcome: 'BLOCK', reason: 'HALTED' });
    expect(refusalRuling(halted, { reason: 'EDIT_NOT_APPLICABLE' })).toBe(halted);
  });
});

test('A1: a stream whose first record was refused is stopped, edits nothing, and keeps its other facts', () => {
  const ruling = withoutRecord(rulingIn('enforce', { ruleId: undefined, retryAfterMs: undefined }));
  expect(ruling).toEqual({
    outcome: 'BLOCK',
    reason: 'AUDIT_UNAVAILABLE',
    verdict: { outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' },
    mode: 'enforce',
    edits: [],
    strikes: [STRIKE],
    labels: ['seen'],
  });
  expect(Object.isFrozen(ruling)).toBe(true);
});

test('an event that names a policy nobody loaded is stopped, and says that nothing was looked at', () => {
  const segments = [{ path: 'text', length: 5, scanned: 0 }];
  const ruling = unknownPolicyRuling('gone', segments);
  expect(ruling).toStrictEqual({
    outcome: 'BLOCK',
    reason: 'POLICY_UNKNOWN',
    verdict: { outcome: 'BLOCK', reason: 'POLICY_UNKNOWN' },
    mode: 'enforce',
    onError: 'block',
    policyId: 'gone',
    policyVersion: '',
    behaviorVersion: '',
    coverage: { covered: false, detectors: [], segments, unjudged: [] },
    rules: [],
    edits: [],
    signals: [],
    labels: [],
    strikes: [],
    errors: [],
  });
  expect(Object.isFrozen(ruling)).toBe(true);
});
