// Section 3 of the contract by examples, continued: what a ruling says of what it was given and did not count or
// change: limits and what is left of them, types that are exempt, and messages that were stopped before. All that it
// hands on is frozen.
import { expect, test } from 'vitest';
import type { LimitAnswer } from '../contract/snapshot.ts';
import type { RuleDocument } from '../policy/document/document.ts';
import { describeCases, expectRuling, found, MAIL, type DecisionCase } from '../../test/decision-case.ts';

const block: RuleDocument = { id: 'block', on: 'input', detect: 'pii', then: 'block', reason: 'P_BLOCK' };
const exempt = [
  { id: 'mail', on: 'input', detect: 'pii.email', user: 'ann', until: '2100-01-01', why: 'support', owner: 'ops' },
  { id: 'cards', on: 'input', detect: ['pii.card'], until: '2100-01-01', why: 'a test shop', owner: 'ops' },
] as const;
const state = { at: Date.UTC(2026, 0, 1) };
const TEXT = { path: 'text', length: 21 };
const WITHHELD = { segment: 'text', start: 0, end: 21, mask: '[withheld]' };

const rows: readonly DecisionCase[] = [
  {
    name: 'a type that is exempt stops nothing',
    policy: { rules: [block], exempt },
    signals: [MAIL],
    state,
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'what is not exempt still does',
    policy: { rules: [block], exempt: [exempt[1]] },
    signals: [MAIL, found('pii.card', 0, 3)],
    state,
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'an exemption that has run out exempts nobody',
    policy: { rules: [block], exempt },
    signals: [MAIL],
    state: { at: Date.UTC(2100, 0, 2) },
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a message that was stopped before goes on masked whole, and nothing in it counts',
    policy: { rules: [block] },
    signals: [MAIL],
    state: { withheld: [TEXT] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED', edits: [WITHHELD] },
  },
  {
    name: 'what stands beside it counts',
    policy: { rules: [block] },
    event: {
      content: [
        { path: 'text', text: 'mail ann@corp.example' },
        { path: 'new', text: '4111' },
      ],
    },
    signals: [MAIL, found('pii.card', 0, 4, { segment: 'new' })],
    state: { withheld: [TEXT] },
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'], edits: [WITHHELD] },
  },
  {
    name: 'none withheld is as if nothing had been said of it',
    policy: { rules: [block] },
    signals: [MAIL],
    state: { withheld: [] },
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'an edit alone is a decision, where no rule is meant for the event',
    policy: { rules: [{ id: 'seen', on: 'input', detect: 'pii', label: 'seen' }] },
    state: { withheld: [TEXT] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED', edits: [WITHHELD], covered: false },
  },
];
describeCases('what was given and is not counted', rows);

test('a ruling names the exemptions that left something uncounted, and their types, each once and sorted', async () => {
  const ruling = await expectRuling({
    name: 'exempted',
    policy: { rules: [block], exempt },
    signals: [MAIL, found('pii.card', 4, 8), found('pii.card', 0, 3), MAIL],
    state,
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  });
  expect(ruling.exempted).toEqual([
    { id: 'cards', types: ['pii.card'] },
    { id: 'mail', types: ['pii.email'] },
  ]);
});

test('of several types under one exemption each is named', async () => {
  const both = { ...exempt[0], detect: 'pii' };
  const ruling = await expectRuling({
    name: 'exempted',
    policy: { rules: [block], exempt: [both] },
    signals: [MAIL, found('pii.card', 0, 3)],
    state,
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  });
  expect(ruling.exempted).toEqual([{ id: 'mail', types: ['pii.card', 'pii.email'] }]);
});

test('a ruling that exempted nobody says nothing of it', async () => {
  const ruling = await expectRuling({
    name: 'none',
    policy: { rules: [block], exempt },
    state,
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  });
  expect(Object.keys(ruling)).not.toContain('exempted');
});

const limits = (['c', 'a', 'b'] as const).map((id) => ({ id, allow: 5, per: '1m' }) as const);
const standing = { allow: 5, remaining: 3, resetMs: 1000, perMs: 60_000 };
const answer = (limit: string, rest: Partial<LimitAnswer> = {}): LimitAnswer => ({
  limit,
  exceeded: false,
  retryAfterMs: 0,
  ...rest,
});

test('what is left of each limit is in the ruling, sorted by limit; one that gave no answer is not', async () => {
  const ruling = await expectRuling({
    name: 'limits',
    policy: { limits },
    state: { limits: [answer('c', { standing }), answer('a', { standing }), answer('b')] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  });
  expect(ruling.limits).toEqual([
    { limit: 'a', ...standing },
    { limit: 'c', ...standing },
  ]);
});

test('of one limit as of several', async () => {
  const ruling = await expectRuling({
    name: 'limits',
    policy: { limits },
    state: { limits: [answer('b', { standing })] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  });
  expect(ruling.limits).toEqual([{ limit: 'b', ...standing }]);
});

test('where none gave an answer the ruling has no list of them', async () => {
  const ruling = await expectRuling({
    name: 'limits',
    policy: { limits },
    state: { limits: [answer('a')] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  });
  expect(Object.keys(ruling)).not.toContain('limits');
});
