import { expect, test } from 'vitest';
import { assemble } from '../assemble.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ruling } from '../contract/ruling.ts';
import type { State } from '../state/state.ts';
import { strike } from './strike.ts';

// What the state is told of a ruling that strikes: rules and places, each by the hash of its text.

const POLICY = {
  policy: 'p',
  version: 1,
  detectors: [
    { id: 'insult', phrases: ['scoundrel'] },
    { id: 'word', phrases: ['nightjar'] },
  ],
  cooldowns: [{ id: 'abuse', after: { strikes: 2, within: '10m' }, for: '10m' }],
  rules: [
    { id: 'insult', on: 'input', detect: 'insult', then: 'block', reason: 'P_INSULT', strike: { abuse: 1 } },
    { id: 'again', on: 'input', detect: 'insult', then: 'cooldown', ladder: 'abuse', reason: 'P_AGAIN' },
    { id: 'word', on: 'input', detect: 'word', label: 'seen' },
  ],
} as const;

const CONTENT = [
  { path: 'a', text: 'you scoundrel', history: true },
  { path: 'b', text: 'hello' },
  { path: 'c', text: 'that scoundrel' },
] as const;

async function told(
  ruling: { rules?: readonly object[]; strikes?: readonly object[]; mode?: string; found?: readonly string[] },
  isLate = false,
) {
  const { policy } = await assemble(POLICY, []);
  const asked: Parameters<State['strike']>[0][] = [];
  const answers = [{ ladder: 'abuse' }];
  const hashed: string[] = [];
  const state = {
    strike: (init: Parameters<State['strike']>[0]) => {
      asked.push(init);
      return isLate ? Promise.resolve({ answers }) : { answers };
    },
  } as unknown as State;
  const { rules = [{ id: 'insult' }], strikes = [{ ladder: 'abuse', points: 1 }], mode = 'enforce' } = ruling;
  const { found = ['a', 'c'] } = ruling;
  const signals = found.map((segment) => ({
    type: 'insult',
    score: 1,
    segment,
    start: 4,
    end: 13,
    detector: 'insult',
  }));
  const event = { stage: 'input', content: CONTENT } as unknown as GovernedEvent;
  const answer = strike(
    { state, keyedHash: (text) => (hashed.push(text), `#${text}`) },
    { policy, event, ruling: { rules, strikes, mode, signals } as unknown as Ruling },
  );
  return { asked, answer: await answer, isLate: answer instanceof Promise, hashed, answers };
}

test('of each place what it is in, and whether it was said before', async () => {
  const { asked, answer, answers, hashed } = await told({});
  expect(asked[0]!.offences).toStrictEqual([
    { rule: 'insult', strike: { abuse: 1 }, segment: '#you scoundrel', history: true },
    { rule: 'insult', strike: { abuse: 1 }, segment: '#that scoundrel' },
  ]);
  expect([asked[0]!.shadow, answer, hashed]).toEqual([false, answers, ['you scoundrel', 'that scoundrel']]);
});

test('of a rule that asks for a cooldown its ladder, and each text is hashed once', async () => {
  const { asked, hashed } = await told({ rules: [{ id: 'insult' }, { id: 'again' }, { id: 'word' }], found: ['c'] });
  expect(asked[0]!.offences).toStrictEqual([
    { rule: 'again', strike: {}, ladder: 'abuse', segment: '#that scoundrel' },
    { rule: 'insult', strike: { abuse: 1 }, segment: '#that scoundrel' },
  ]);
  expect(hashed).toEqual(['that scoundrel']);
});

test('of a rule that lies in no text its strike alone, and of one in shadow nothing', async () => {
  const { asked } = await told({ rules: [{ id: 'insult' }, { id: 'again', shadow: true }], found: [] });
  expect(asked[0]!.offences).toStrictEqual([{ rule: 'insult', strike: { abuse: 1 } }]);
});

test('in shadow the state is told so, and late answers are waited for', async () => {
  const { asked, answer, answers, isLate } = await told({ mode: 'shadow' }, true);
  expect([asked[0]!.shadow, answer, isLate]).toEqual([true, answers, true]);
});

test('without a strike the state is not asked', async () => {
  const { asked, answer, isLate } = await told({ strikes: [] });
  expect([asked, answer, isLate]).toEqual([[], [], false]);
});
