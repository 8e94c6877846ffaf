// Section 3 of the contract by examples, continued from `decide-rules.test.ts`: labels, strikes and cooldowns of
// matched rules, rules in shadow, and what the store's answer changes afterwards.
import { describe, expect, test } from 'vitest';
import type { DecisionCase } from '../../test/decision-case.ts';
import type { StrikeAnswer } from '../contract/snapshot.ts';
import type { LadderDocument, RuleDocument } from '../policy/document/document.ts';
import { describeCases, expectRuling, MAIL } from '../../test/decision-case.ts';
import { settle } from './settle.ts';

const cool: RuleDocument = {
  id: 'cool',
  on: 'input',
  detect: 'pii.email',
  then: 'cooldown',
  reason: 'P_COOL',
  ladder: 'abuse',
};
const strike = (id: string, points: { readonly [ladder: string]: number }): RuleDocument => ({
  id,
  on: 'input',
  detect: 'pii.email',
  strike: points,
});
const ladder = (id: string, strikes: number, wait: LadderDocument['for']): LadderDocument => ({
  id,
  after: { strikes, within: '10m' },
  for: wait,
});
const cooldowns = [ladder('abuse', 3, '30s'), ladder('spam', 5, '1m')];
const labelling = (id: string, ...labels: readonly string[]): RuleDocument => ({
  id,
  on: 'input',
  detect: 'pii.email',
  label: labels,
});

const UNION: readonly DecisionCase[] = [
  {
    name: 'the labels of all matching rules are united and sorted',
    policy: { rules: [labelling('b', 'private', 'seen'), labelling('a', 'seen', 'untrusted')] },
    signals: [MAIL],
    expected: { is: 'NO_OP/NOT_GOVERNED', rules: ['a', 'b'], labels: ['private', 'seen', 'untrusted'], covered: false },
  },
  {
    name: 'per ladder the largest strike counts, not the sum, and every rule is named',
    policy: {
      rules: [strike('b', { abuse: 2 }), strike('a', { abuse: 1 }), strike('c', { abuse: 1 })],
      cooldowns: [ladder('abuse', 3, '30s')],
    },
    signals: [MAIL],
    expected: {
      is: 'NO_OP/NOT_GOVERNED',
      rules: ['a', 'b', 'c'],
      strikes: [{ ladder: 'abuse', points: 2, rules: ['a', 'b', 'c'] }],
      covered: false,
    },
  },
  {
    name: 'strikes of different ladders are counted apart, sorted by ladder',
    policy: { rules: [strike('a', { spam: 1 }), strike('b', { abuse: 4 })], cooldowns },
    signals: [MAIL],
    expected: {
      is: 'NO_OP/NOT_GOVERNED',
      rules: ['a', 'b'],
      strikes: [
        { ladder: 'abuse', points: 4, rules: ['b'] },
        { ladder: 'spam', points: 1, rules: ['a'] },
      ],
      covered: false,
    },
  },
  {
    name: 'a cooldown rule strikes as many points as start the cooldown, and waits for its first rung',
    policy: { rules: [cool], cooldowns: [ladder('abuse', 3, '30s')] },
    signals: [MAIL],
    expected: {
      is: 'COOLDOWN/P_COOL by cool',
      rules: ['cool'],
      strikes: [{ ladder: 'abuse', points: 3, rules: ['cool'] }],
      retryAfterMs: 30_000,
    },
  },
  {
    name: 'a rule that strikes the ladder it puts the subject on counts with the larger of the two, and is named once',
    policy: { rules: [{ ...cool, strike: { abuse: 7 } }], cooldowns: [ladder('abuse', 3, '30s')] },
    signals: [MAIL],
    expected: {
      is: 'COOLDOWN/P_COOL by cool',
      rules: ['cool'],
      strikes: [{ ladder: 'abuse', points: 7, rules: ['cool'] }],
      retryAfterMs: 30_000,
    },
  },
  {
    name: 'of two cooldown rules the longer first rung is waited for',
    policy: { rules: [cool, { ...cool, id: 'slow', ladder: 'spam' }, { ...cool, id: 'third' }], cooldowns },
    signals: [MAIL],
    expected: {
      is: 'COOLDOWN/P_COOL by cool',
      rules: ['cool', 'slow', 'third'],
      strikes: [
        { ladder: 'abuse', points: 3, rules: ['cool', 'third'] },
        { ladder: 'spam', points: 5, rules: ['slow'] },
      ],
      retryAfterMs: 60_000,
    },
  },
  {
    name: 'a block besides a cooldown rule still strikes, and names no time to wait',
    policy: {
      rules: [cool, { id: 'stop', on: 'input', detect: 'pii', then: 'block', reason: 'P_STOP' }],
      cooldowns: [ladder('abuse', 3, '30s')],
    },
    signals: [MAIL],
    expected: {
      is: 'BLOCK/P_STOP by stop',
      rules: ['cool', 'stop'],
      strikes: [{ ladder: 'abuse', points: 3, rules: ['cool'] }],
    },
  },
  {
    name: 'a cooldown rule at a stage that no cooldown stops counts all the same',
    policy: { rules: [{ ...cool, on: 'output' }], cooldowns: [ladder('abuse', 3, '30s')] },
    event: { stage: 'output' },
    signals: [MAIL],
    expected: {
      is: 'COOLDOWN/P_COOL by cool',
      rules: ['cool'],
      strikes: [{ ladder: 'abuse', points: 3, rules: ['cool'] }],
      retryAfterMs: 30_000,
    },
  },
];

const base = { on: 'input', detect: 'pii.email' } as const;
const shadow = (rule: Partial<RuleDocument>): RuleDocument => ({ ...base, id: 'trial', mode: 'shadow', ...rule });

const SHADOW: readonly DecisionCase[] = [
  {
    name: 'D7: a policy in shadow comes to the verdict, the labels and the strikes of an enforcing one, and edits nothing',
    policy: {
      mode: 'shadow',
      rules: [{ ...base, id: 'mask', then: 'redact', reason: 'P_MASK', label: 'private', strike: { abuse: 1 } }],
      cooldowns: [ladder('abuse', 3, '30s')],
    },
    signals: [MAIL],
    expected: {
      is: 'NO_OP/SHADOWED',
      verdict: 'ALLOW/P_MASK by mask',
      mode: 'shadow',
      rules: ['mask'],
      labels: ['private'],
      strikes: [{ ladder: 'abuse', points: 1, rules: ['mask'] }],
    },
  },
  {
    name: 'D7: a cooldown in shadow asks nobody to wait',
    policy: { mode: 'shadow', rules: [cool], cooldowns: [ladder('abuse', 3, '30s')] },
    signals: [MAIL],
    expected: {
      is: 'NO_OP/SHADOWED',
      verdict: 'COOLDOWN/P_COOL by cool',
      mode: 'shadow',
      rules: ['cool'],
      strikes: [{ ladder: 'abuse', points: 3, rules: ['cool'] }],
    },
  },
  {
    name: 'a rule in shadow that would block is listed, and neither votes nor covers',
    policy: { rules: [shadow({ then: 'block', reason: 'P_TRIAL' })] },
    signals: [MAIL],
    expected: { is: 'NO_OP/NOT_GOVERNED', rules: ['trial?'], covered: false },
  },
  {
    name: 'a rule in shadow that would redact edits nothing',
    policy: { rules: [shadow({ then: 'redact', reason: 'P_TRIAL' })] },
    signals: [MAIL],
    expected: { is: 'NO_OP/NOT_GOVERNED', rules: ['trial?'], covered: false },
  },
  {
    name: 'a rule in shadow labels and strikes nobody',
    policy: {
      rules: [shadow({ label: 'seen', strike: { abuse: 2 } }), strike('real', { abuse: 1 })],
      cooldowns: [ladder('abuse', 3, '30s')],
    },
    signals: [MAIL],
    expected: {
      is: 'NO_OP/NOT_GOVERNED',
      rules: ['real', 'trial?'],
      strikes: [{ ladder: 'abuse', points: 1, rules: ['real'] }],
      covered: false,
    },
  },
  {
    name: 'a cooldown rule in shadow lengthens no wait and strikes no ladder',
    policy: { rules: [cool, shadow({ then: 'cooldown', reason: 'P_TRIAL', ladder: 'spam' })], cooldowns },
    signals: [MAIL],
    expected: {
      is: 'COOLDOWN/P_COOL by cool',
      rules: ['cool', 'trial?'],
      strikes: [{ ladder: 'abuse', points: 3, rules: ['cool'] }],
      retryAfterMs: 30_000,
    },
  },
  {
    name: 'D3: an allow rule in shadow permits nothing under `default: block`',
    policy: { default: 'block', rules: [shadow({ then: 'allow' })] },
    signals: [MAIL],
    expected: { is: 'BLOCK/DEFAULT_BLOCK', rules: ['trial?'] },
  },
  {
    name: 'a rule in shadow whose condition fails is listed among the errors and decides nothing',
    policy: { rules: [shadow({ when: 'attributes.risk > 1', then: 'block', reason: 'P_TRIAL' })] },
    signals: [MAIL],
    expected: {
      is: 'NO_OP/NOT_GOVERNED',
      errors: [{ part: 'condition', id: 'trial', code: 'MISSING' }],
      covered: false,
    },
  },
];

describeCases('5. labels, strikes and cooldowns', UNION);
describeCases('shadow', SHADOW);

describe('what the store answered to the strikes', () => {
  const decided = expectRulingOf(cool);
  const answer = (name: string, retryAfterMs: number): StrikeAnswer => ({ ladder: name, retryAfterMs });

  test('takes the place of the first rung, the longest where there are several', async () => {
    const ruling = await decided;
    expect(settle(ruling, [answer('abuse', 120_000)])).toEqual({ ...ruling, retryAfterMs: 120_000 });
    expect(settle(ruling, [answer('abuse', 5), answer('abuse', 9), answer('abuse', 7)]).retryAfterMs).toBe(9);
    expect(settle(ruling, [answer('abuse', 1)]).retryAfterMs).toBe(1);
    const both = { ...ruling, strikes: [...ruling.strikes, { ladder: 'spam', points: 1, rules: ['s'] }] };
    expect(settle(both, [answer('abuse', 5), answer('spam', 9)]).retryAfterMs).toBe(9);
    expect(Object.isFrozen(settle(ruling, [answer('abuse', 5)]))).toBe(true);
  });

  test('changes nothing if no cooldown is in force, or if it is about another ladder', async () => {
    const ruling = await decided;
    expect(settle(ruling, [])).toBe(ruling);
    expect(settle(ruling, [answer('abuse', 0)])).toBe(ruling);
    expect(settle(ruling, [answer('spam', 120_000)])).toBe(ruling);
  });

  test('S2: never gives a time to a decision that is no cooldown', async () => {
    const ruling = await expectRulingOf({ ...base, id: 'stop', then: 'block', reason: 'P_STOP', strike: { abuse: 3 } });
    expect(settle(ruling, [answer('abuse', 120_000)])).toBe(ruling);
  });
});

async function expectRulingOf(rule: RuleDocument): ReturnType<typeof expectRuling> {
  return expectRuling({
    name: rule.id,
    policy: { rules: [rule], cooldowns: [ladder('abuse', 3, '30s')] },
    signals: [MAIL],
    expected: {
      is: rule.then === 'block' ? 'BLOCK/P_STOP by stop' : 'COOLDOWN/P_COOL by cool',
      rules: [rule.id],
      strikes: [{ ladder: 'abuse', points: 3, rules: [rule.id] }],
      ...(rule.then === 'cooldown' && { retryAfterMs: 30_000 }),
    },
  });
}
