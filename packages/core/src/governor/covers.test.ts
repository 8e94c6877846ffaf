import { afterEach, describe, expect, it } from 'vitest';
import { requireGovernor } from '../adapter/require-governor.ts';
import type { Subject } from '../contract/event.ts';
import { createGovernor } from '../governor.ts';
import type { AdapterGovernor } from './api.ts';

const BARE = { policy: 'p', version: 1 } as const;
const OPERATOR = { who: 'ops', why: 'drill' };
const LIMIT = { id: 'many', on: 'input', unit: 'events', allow: 5, per: '1m' } as const;
const RULE = { id: 'r', on: 'tool_call', tool: 'pay', when: 'true', then: 'block', reason: 'P_PAY' } as const;

const open: AdapterGovernor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function governed(policy: object): Promise<AdapterGovernor> {
  const governor = requireGovernor(await createGovernor({ policy: { ...BARE, ...policy } }), 'the test');
  open.push(governor);
  return governor;
}

const SUBJECT: Subject = { tenant: 'acme', user: 'ada' };
const event = (stage: 'input' | 'output' | 'tool_call', tool?: string) => ({
  stage,
  subject: SUBJECT,
  resource: tool === undefined ? {} : { tool },
});

describe('whether a decision could depend on an event', () => {
  it('no: nothing in the policy concerns its stage', async () => {
    const governor = await governed({ limits: [LIMIT], rules: [RULE] });
    expect(governor.covers(event('output'))).toBe(false);
  });

  it('yes: a rule fits its stage and tool, and no: the rule is for another tool', async () => {
    const governor = await governed({ rules: [RULE] });
    expect(governor.covers(event('tool_call', 'pay'))).toBe(true);
    expect(governor.covers(event('tool_call', 'search'))).toBe(false);
    expect(governor.covers(event('input'))).toBe(false);
  });

  it('yes: one of several rules fits', async () => {
    const governor = await governed({
      rules: [RULE, { ...RULE, id: 's', tool: 'send' }, { ...RULE, id: 't', tool: 'p*' }],
    });
    expect(governor.covers(event('tool_call', 'send'))).toBe(true);
    expect(governor.covers(event('tool_call', 'pay'))).toBe(true);
  });

  it('yes: a limit counts it', async () => {
    expect((await governed({ limits: [LIMIT] })).covers(event('input'))).toBe(true);
  });

  it('yes: a cooldown that a rule of another stage starts would stop it', async () => {
    const governor = await governed({
      cooldowns: [{ id: 'abuse', after: { strikes: 1, within: '10m' }, for: '1m' }],
      rules: [{ id: 'r', on: 'output', when: 'true', strike: { abuse: 1 } }],
    });
    expect(governor.covers(event('input'))).toBe(true);
  });

  it('yes: its stage blocks by default', async () => {
    const governor = await governed({ default: { input: 'block' }, rules: [RULE] });
    expect(governor.covers(event('input'))).toBe(true);
    expect(governor.covers(event('output'))).toBe(false);
  });

  it('yes: nobody loaded the policy that it names, which stops it', async () => {
    expect((await governed({})).covers({ ...event('output'), policy: 'other' })).toBe(true);
  });

  it('yes: its subject is missing, which is a failure', async () => {
    expect((await governed({})).covers({ ...event('output'), subjectMissing: true })).toBe(true);
  });

  it('no: the mode is off for it, whatever the rules; another mode of an operator is no reason by itself', async () => {
    const governor = await governed({ rules: [RULE] });
    await governor.control.setMode({ tenant: 'acme' }, 'shadow', OPERATOR);
    expect(governor.covers(event('output'))).toBe(false);
    expect(governor.covers(event('tool_call', 'pay'))).toBe(true);
    await governor.control.setMode({ tenant: 'acme' }, 'off', OPERATOR);
    expect(governor.covers(event('tool_call', 'pay'))).toBe(false);
  });

  it('D6: yes: a halt stands, also where the mode is off and another control stands beside it', async () => {
    const governor = await governed({});
    await governor.control.setMode({ tenant: 'acme' }, 'off', OPERATOR);
    await governor.control.halt({ user: 'ada' }, OPERATOR);
    expect(governor.covers(event('output'))).toBe(true);
  });
});
