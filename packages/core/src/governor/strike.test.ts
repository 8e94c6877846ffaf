import { afterEach, describe, expect, it } from 'vitest';
import { createGovernor } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Clock } from '../clock.ts';
import type { Governor } from './api.ts';

// What counts as an offence: a text in which the rule found something, once, however often it is sent.

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

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
    { id: 'word', on: 'input', detect: 'word', label: 'seen' },
  ],
} as const;

async function talking(policy: object = {}, clock?: Clock) {
  const store = createMemoryStore(clock === undefined ? {} : { now: clock.now });
  const governor = await createGovernor({ store, policy: { ...POLICY, ...policy }, ...(clock && { clock }) });
  open.push(governor);
  /** A request carries all that was said before. */
  const say = async (...texts: readonly string[]): Promise<string> => {
    const interaction = governor.interaction({ tenant: 't', user: 'u', session: 's' });
    const content = texts.map((text, at) => ({ path: `messages.${at}`, text }));
    return (await governor.decide(interaction.event({ stage: 'input', content }))).outcome;
  };
  return { say };
}

describe('an offence', () => {
  it('counts once, and a second one counts', async () => {
    const { say } = await talking();
    expect(await say('you scoundrel')).toBe('BLOCK');
    expect(await say('you scoundrel')).toBe('BLOCK');
    expect(await say('you scoundrel')).toBe('BLOCK');
    expect(await say('that scoundrel')).toBe('BLOCK');
    expect(await say('hello')).toBe('COOLDOWN');
  });

  it('is not made anew by what stands beside it, harmless or found by other rules', async () => {
    const { say } = await talking();
    expect(await say('you scoundrel')).toBe('BLOCK');
    expect(await say('you scoundrel', 'sorry')).toBe('BLOCK');
    expect(await say('you scoundrel', 'sorry', 'the nightjar')).toBe('BLOCK');
    expect(await say('you scoundrel', 'sorry', '')).toBe('BLOCK');
    expect(await say('hello')).toBe('ALLOW');
  });

  it('is one of an event, and each of its texts is known from then on', async () => {
    const { say } = await talking();
    expect(await say('you scoundrel', 'hello', 'that scoundrel')).toBe('BLOCK');
    expect(await say('that scoundrel')).toBe('BLOCK');
    expect(await say('you scoundrel')).toBe('BLOCK');
    expect(await say('hello')).toBe('ALLOW');
    expect(await say('every scoundrel')).toBe('BLOCK');
    expect(await say('hello')).toBe('COOLDOWN');
  });
});

describe('several rules that strike on one ladder', () => {
  const word = { id: 'word', on: 'input', detect: 'word', strike: { abuse: 1 } };
  const ladder = [{ id: 'abuse', after: { strikes: 2, within: '10m' }, for: '10m' }];
  const outcomes = async (policy: object, ...texts: readonly string[]): Promise<string> => {
    const { say } = await talking({ cooldowns: ladder, ...policy });
    await say(...texts);
    return say('hello');
  };

  it.each<[what: string, rules: readonly object[], next: string]>([
    ['the largest strike counts, not the sum', [POLICY.rules[0], word], 'ALLOW'],
    ['the largest strike counts', [POLICY.rules[0], { ...word, strike: { abuse: 2 } }], 'COOLDOWN'],
    [
      'one that lies in no text is among them',
      [POLICY.rules[0], { id: 'any', on: 'input', when: 'true', strike: { abuse: 2 } }],
      'COOLDOWN',
    ],
    ['one in shadow is not', [POLICY.rules[0], { ...word, mode: 'shadow', strike: { abuse: 2 } }], 'ALLOW'],
  ])('%s', async (_what, rules, next) => {
    expect(await outcomes({ rules }, 'you scoundrel', 'the nightjar')).toBe(next);
  });

  it('one that did not match does not', async () => {
    expect(await outcomes({ rules: [POLICY.rules[0], { ...word, strike: { abuse: 2 } }] }, 'you scoundrel')).toBe(
      'ALLOW',
    );
  });
});

describe('a rule that asks for a cooldown', () => {
  const { strike: _, ...rule } = POLICY.rules[0];

  it('starts it at the first offence, by its ladder', async () => {
    const { say } = await talking({ rules: [{ ...rule, then: 'cooldown', ladder: 'abuse' }] });
    expect(await say('you scoundrel')).toBe('COOLDOWN');
    expect(await say('hello')).toBe('COOLDOWN');
  });

  it('does not start it anew for a text that has started it', async () => {
    let monotonic = 0;
    const cooldowns = [{ id: 'abuse', after: { strikes: 9, within: '1h' }, for: '1s' }];
    const clock = { now: () => monotonic, monotonic: () => monotonic };
    const { say } = await talking({ cooldowns, rules: [{ ...rule, then: 'cooldown', ladder: 'abuse' }] }, clock);
    expect(await say('you scoundrel')).toBe('COOLDOWN');
    monotonic += 2000;
    expect(await say('hello')).toBe('ALLOW');
    expect(await say('you scoundrel', 'hello')).toBe('COOLDOWN');
    expect(await say('hello')).toBe('ALLOW');
    expect(await say('that scoundrel')).toBe('COOLDOWN');
    expect(await say('hello')).toBe('COOLDOWN');
  });
});
