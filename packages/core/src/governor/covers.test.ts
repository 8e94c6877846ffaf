import { afterEach, describe, expect, it } from 'vitest';
import { requireGovernor } from '../adapter/require-governor.ts';
import { createGovernor } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { AdapterGovernor } from './api.ts';

const open: AdapterGovernor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function governed(policy: object): Promise<AdapterGovernor> {
  const governor = requireGovernor(
    await createGovernor({ policy: { policy: 'p', version: 1, ...policy } }),
    'the test',
  );
  open.push(governor);
  return governor;
}

const SUBJECT = { tenant: 't', user: 'u' };
const INPUT = { stage: 'input', subject: SUBJECT, resource: {} } as const;
const rule = (more: object): object => ({
  rules: [{ id: 'r', on: 'input', then: 'block', reason: 'P_RULE', ...more }],
});

describe('strictestMode: what a request can meet before anybody knows whose it is', () => {
  const by = { who: 'op', why: 'test' };

  it('is the policy’s own, and `enforce` for a policy that nobody loaded', async () => {
    for (const mode of ['off', 'shadow', 'enforce'] as const) {
      const governor = await governed({ mode });
      expect(governor.strictestMode()).toBe(mode);
      expect(governor.strictestMode('p')).toBe(mode);
      expect(governor.strictestMode('gone')).toBe('enforce');
    }
  });

  it('is the strictest that an operator has set for anybody, and `enforce` while any halt stands', async () => {
    const governor = await governed({ mode: 'off' });
    await governor.control.setMode({ tenant: 't' }, 'shadow', by);
    expect(governor.strictestMode()).toBe('shadow');
    await governor.control.setMode({ route: '/chat' }, 'enforce', by);
    expect(governor.strictestMode()).toBe('enforce');
    await governor.control.clearMode({ route: '/chat' }, by);
    await governor.control.halt({ user: 'u' }, by);
    expect(governor.strictestMode()).toBe('enforce');
  });

  it('a mode set for everybody stands in place of the policy’s own', async () => {
    const governor = await governed({ mode: 'enforce' });
    await governor.control.setMode({ tenant: 't' }, 'off', by);
    expect(governor.strictestMode()).toBe('enforce');
    await governor.control.setMode({}, 'off', by);
    expect(governor.strictestMode()).toBe('off');
    await governor.control.setMode({ tenant: 't' }, 'shadow', by);
    expect(governor.strictestMode()).toBe('shadow');
  });

  it('what passes unasked is counted, unless somebody listens', async () => {
    const governor = await governed({ mode: 'off' });
    expect(governor.countUnasked(2)).toBe(true);
    expect(governor.status().decisions).toMatchObject({ NO_OP: 2 });
    governor.events.subscribe(() => undefined);
    expect(governor.countUnasked(2)).toBe(false);
    expect(governor.status().decisions).toMatchObject({ NO_OP: 2 });
  });
});

describe('covers: false only where no decision could depend on the event', () => {
  it.each<[what: string, policy: object, covered: boolean]>([
    ['nothing', {}, false],
    ['a rule', rule({}), true],
    ['a rule of another stage', rule({ on: 'output' }), false],
    ['a rule of another tenant', rule({ tenant: 'other' }), false],
    ['a rule of this tenant', rule({ tenant: 't' }), true],
    ['a rule that only labels', { rules: [{ id: 'r', on: 'input', label: 'seen' }] }, true],
    ['a rule in shadow', rule({ mode: 'shadow' }), true],
    ['a default of block', { default: { input: 'block' } }, true],
    ['a limit', { limits: [{ id: 'l', allow: 1, per: '1m' }] }, true],
    [
      'a ladder whose cooldown stops the stage',
      {
        rules: [{ id: 'r', on: 'output', strike: { abuse: 1 } }],
        cooldowns: [{ id: 'abuse', after: { strikes: 1, within: '1m' }, for: '1m' }],
      },
      true,
    ],
    ['mode off', { ...rule({}), mode: 'off' }, false],
    ['mode shadow', { ...rule({}), mode: 'shadow' }, true],
  ])('%s', async (_what, policy, covered) => {
    expect((await governed(policy)).covers(INPUT)).toBe(covered);
  });

  it('a missing subject, a halt and a policy that nobody loaded always concern an event', async () => {
    const governor = await governed({ mode: 'enforce' });
    expect(governor.covers({ ...INPUT, subjectMissing: true })).toBe(true);
    expect(governor.covers({ ...INPUT, policy: 'gone' })).toBe(true);
    await governor.control.halt({ tenant: 't' }, { who: 'op', why: 'test' });
    expect(governor.covers(INPUT)).toBe(true);
    expect(governor.covers({ ...INPUT, subject: { tenant: 'other' } })).toBe(false);
  });

  it('knows until when a decision stands: a halt, a stricter mode', async () => {
    const governor = await governed({ mode: 'shadow' });
    const call = { subject: { tenant: 't' }, resource: { tool: 'pay' }, policy: 'p' };
    const stand = (): boolean[] =>
      (['off', 'shadow', 'enforce'] as const).map((mode) => governor.stands({ mode }, call));
    expect(stand()).toEqual([false, true, true]);
    await governor.control.setMode({ tenant: 't' }, 'off', { who: 'op', why: 'test' });
    expect(stand()).toEqual([true, true, true]);
    await governor.control.setMode({ tenant: 't' }, 'enforce', { who: 'op', why: 'test' });
    expect(stand()).toEqual([false, false, true]);
    await governor.control.halt({ tool: 'pay' }, { who: 'op', why: 'test' });
    expect(stand()).toEqual([false, false, false]);
    expect(governor.stands({ mode: 'enforce' }, { ...call, resource: { tool: 'send' } })).toBe(true);
    expect(governor.stands({ mode: 'enforce' }, { ...call, policy: 'gone' })).toBe(false);
  });

  it('follows a mode that an operator sets', async () => {
    const governor = await governed(rule({}));
    await governor.control.setMode({}, 'off', { who: 'op', why: 'test' });
    expect(governor.covers(INPUT)).toBe(false);
    await governor.control.halt({}, { who: 'op', why: 'test' });
    expect(governor.covers(INPUT)).toBe(true);
  });

  it('asks every rule for its tool', async () => {
    const pay = { id: 'r', on: 'tool_call', tool: 'pay', when: 'true', then: 'block', reason: 'P_PAY' };
    const governor = await governed({ rules: [pay, { ...pay, id: 's', tool: 'send' }] });
    const call = (tool: string): boolean =>
      governor.covers({ stage: 'tool_call', subject: SUBJECT, resource: { tool } });
    expect(['pay', 'send', 'search'].map(call)).toEqual([true, true, false]);
  });

  it('S5: while the store does not answer, its silence concerns every event', async () => {
    const silent = { ...createMemoryStore(), sync: () => new Promise<never>(() => {}), deadlineMs: 20 };
    const governor = requireGovernor(
      await createGovernor({ policy: { policy: 'p', version: 1 }, store: silent }),
      'the test',
    );
    open.push(governor);
    expect(governor.covers(INPUT)).toBe(true);
  });

  it('D6: a halt concerns an event also where the mode is off and another control stands beside it', async () => {
    const governor = await governed({});
    await governor.control.setMode({ tenant: 't' }, 'off', { who: 'op', why: 'test' });
    await governor.control.halt({ user: 'u' }, { who: 'op', why: 'test' });
    expect(governor.covers(INPUT)).toBe(true);
  });
});
