import { afterEach, describe, expect, it } from 'vitest';
import { createGovernor } from '../governor.ts';
import type { Governor } from './api.ts';

let governor: Governor;
afterEach(() => governor.close());

const BAD = 'Nightjar';

async function counting(count: 'once' | 'each' | undefined): Promise<void> {
  governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ id: 'codename', phrases: [BAD] }],
      rules: [{ id: 'r', on: 'input', detect: 'codename', then: 'block', reason: 'P_BAD', strike: { abuse: 1 } }],
      cooldowns: [
        { id: 'abuse', after: { strikes: 3, within: '1h' }, for: '1m', ...(count !== undefined && { count }) },
      ],
    },
  });
}

/** A turn of one session: earlier messages, and the new one. Answers its reason. */
async function turn(message: string, history: readonly string[] = [], id?: string): Promise<string> {
  const earlier = history.map((text, i) => ({ path: `messages[${i}]`, text, history: true as const }));
  const content = [...earlier, { path: `messages[${history.length}]`, text: message }];
  const interaction = governor.interaction({ tenant: 't', user: 'eve', session: 's1' });
  return (await governor.decide(interaction.event({ stage: 'input', content, ...(id !== undefined && { id }) })))
    .reason;
}

describe('the same forbidden prompt, sent again in one session', () => {
  it.each([undefined, 'once'] as const)('is one offence (`count: %s`)', async (count) => {
    await counting(count);
    for (let i = 0; i < 5; i++) expect(await turn(BAD)).toBe('P_BAD');
  });

  it('is an offence each time where the ladder says `count: each`', async () => {
    await counting('each');
    for (let i = 0; i < 3; i++) expect(await turn(BAD)).toBe('P_BAD');
    expect(await turn('hello')).toBe('COOLDOWN_ACTIVE');
  });

  it('S2: `count: each` does not count what is sent again as history, nor an event that is tried again', async () => {
    await counting('each');
    expect(await turn(BAD, [], 'one')).toBe('P_BAD');
    for (let i = 0; i < 3; i++) expect(await turn(BAD, [], 'one')).toBe('P_BAD');
    for (let i = 0; i < 3; i++) expect(await turn('hello', [BAD])).toBe('NO_RULE_OBJECTED');
    expect((await governor.control.subject({ tenant: 't', user: 'eve' })).ladders).toMatchObject([{ points: 1 }]);
    expect(await turn(BAD, [BAD])).toBe('P_BAD');
    expect((await governor.control.subject({ tenant: 't', user: 'eve' })).ladders).toMatchObject([{ points: 2 }]);
  });
});
