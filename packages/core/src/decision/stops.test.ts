import { expect, it } from 'vitest';
import type { Ruling } from '../contract/ruling.ts';
import { strengthened } from './stops.ts';

const RULING = {
  outcome: 'ALLOW',
  reason: 'P_EDIT',
  ruleId: 'mask',
  verdict: { outcome: 'ALLOW', reason: 'P_EDIT', ruleId: 'mask' },
  edits: [{ segment: 'text', start: 0, end: 1, mask: '' }],
  labels: ['seen'],
} as unknown as Ruling;

it('E2: a stream that was cut is recorded as a stop that edits nothing, and keeps its other facts', () => {
  const cut = strengthened(RULING);
  expect(cut).toStrictEqual({
    outcome: 'BLOCK',
    reason: 'FAILED_CLOSED',
    verdict: { outcome: 'BLOCK', reason: 'FAILED_CLOSED' },
    edits: [],
    labels: ['seen'],
  });
  expect([cut, cut.verdict, cut.edits].map((part) => Object.isFrozen(part))).toEqual([true, true, true]);
});

it.each(['BLOCK', 'COOLDOWN'] as const)('a %s stays what it is', (outcome) => {
  const ruling = { ...RULING, outcome };
  expect(strengthened(ruling)).toBe(ruling);
});
