import { afterEach, describe, expect, it } from 'vitest';
import { createMemorySink } from '../../audit/memory-sink.ts';
import { createGovernor } from '../../governor.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import type { Governor } from '../api.ts';

const policy = {
  policy: 'p',
  version: 1,
  detectors: [{ id: 'codename', phrases: ['Nightjar'] }],
  rules: [
    { id: 'probing', on: 'input', detect: 'codename', then: 'block', reason: 'P_PROBING', strike: { abuse: 1 } },
    {
      id: 'session',
      on: 'input',
      when: 'attributes.bad == true',
      then: 'cooldown',
      reason: 'P_BAD',
      ladder: 'by-session',
    },
  ],
  cooldowns: [
    {
      id: 'abuse',
      after: { strikes: 2, within: '10m' },
      for: '1m',
      escalate: { factor: 2, max: '1h', forget: '1h' },
    },
    { id: 'by-session', key: ['user', 'session'], after: { strikes: 1, within: '10m' }, for: '5m' },
  ],
  limits: [
    { id: 'questions', on: 'input', unit: 'events', allow: 3, per: '1h' },
    { id: 'cost', on: 'input', unit: 'cost', allow: 2, per: '1h' },
    { id: 'echo', on: 'input', unit: 'repeats', allow: 100, per: '1h' },
  ],
} as const;
const OLGA = { who: 'olga', why: 'a mistake of ours' };
const BOB = { tenant: 'acme', user: 'bob' };
const open: Governor[] = [];

async function replicas() {
  const store = createMemoryStore();
  const sink = createMemorySink();
  const [here, there] = [
    await createGovernor({ policy, store, audit: sink }),
    await createGovernor({ policy, store }),
  ] as const;
  open.push(here, there);
  return { here, there, sink };
}
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function say(governor: Governor, content: string, more: { session?: string; bad?: boolean } = {}) {
  const { session, bad = false } = more;
  const interaction = governor.interaction({ ...BOB, ...(session !== undefined && { session }) });
  return governor.decide(interaction.event({ stage: 'input', content, attributes: { bad } }));
}
const reason = async (...args: Parameters<typeof say>): Promise<string> => (await say(...args)).reason;

async function offend(governor: Governor): Promise<string> {
  await say(governor, 'Nightjar one');
  return (await say(governor, 'Nightjar two')).auditId;
}

describe('whom cooldowns stop', () => {
  it('is listed with the rules of the latest offence, longest first', async () => {
    const { here, there } = await replicas();
    await offend(here);
    const [abuse, ...others] = await there.control.cooling();
    expect(others).toEqual([]);
    expect(abuse).toMatchObject({ ladder: 'abuse', scope: BOB, points: 0, level: 1 });
    expect(abuse?.cause).toMatchObject({ by: 'rules', rules: ['probing'] });
    expect(abuse!.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('can be narrowed by scope and ladder, and bounded', async () => {
    const { here } = await replicas();
    await say(here, 'x', { session: 's1', bad: true });
    await say(here, 'x', { session: 's2', bad: true });
    const sessions = async (filter: Parameters<Governor['control']['cooling']>[0]) =>
      (await here.control.cooling(filter)).map(({ scope }) => String(scope.session)).toSorted();
    expect(await sessions({})).toEqual(['s1', 's2']);
    expect(await sessions({ scope: { tenant: 'acme', session: 's2' } })).toEqual(['s2']);
    expect(await sessions({ ladder: 'abuse' })).toEqual([]);
    expect(await sessions({ limit: 1 })).toHaveLength(1);
    expect(await sessions({ shadow: true })).toEqual([]);
    await expect(here.control.cooling({ limit: 0 })).rejects.toMatchObject({ code: 'CONTROL_INVALID' });
  });
});

describe('one subject', () => {
  it('is shown with what remains of its limits and where it stands on its ladders', async () => {
    const { here, there } = await replicas();
    await say(here, 'Nightjar one');
    const interaction = here.interaction(BOB);
    await interaction.report(interaction.event({ stage: 'input', content: 'x' }), { cost: 0.75 });
    const { ladders, limits } = await there.control.subject(BOB);
    expect(ladders).toEqual([
      {
        ...{ ladder: 'abuse', scope: BOB, points: 1, strikes: 2, level: 0, retryAfterMs: 0 },
        cause: { by: 'rules', rules: ['probing'], event: expect.any(String) as string },
      },
    ]);
    expect(limits.map(({ limit, allow, remaining }) => [limit, allow, remaining])).toEqual([
      ['cost', 2, 1.25],
      ['questions', 3, 2],
    ]);
  });

  it('is lifted everywhere at once, and its next cooldown is as long as it would have been', async () => {
    const { here, there } = await replicas();
    await offend(here);
    expect(await reason(there, 'hello')).toBe('COOLDOWN_ACTIVE');
    const { ladders } = await here.control.lift(BOB, OLGA);
    expect(ladders).toMatchObject([
      { ladder: 'abuse', level: 1, retryAfterMs: 0, cause: { by: 'operator', op: 'lift' } },
    ]);
    expect(await reason(there, 'hello')).toBe('NO_RULE_OBJECTED');
    expect(await here.control.cooling()).toEqual([]);
    await here.control.reset(BOB, OLGA);
    await say(there, 'Nightjar three');
    await say(there, 'Nightjar four');
    const [next] = await here.control.cooling();
    expect(next!.retryAfterMs).toBeGreaterThan(60_000);
  });

  it('is forgiven: strikes and level are gone, in the sessions of the user too', async () => {
    const { here, there } = await replicas();
    await say(here, 'x', { session: 's1', bad: true });
    await offend(here);
    await there.control.forgive(BOB, OLGA);
    expect(await here.control.cooling()).toEqual([]);
    expect((await here.control.subject(BOB)).ladders).toMatchObject([{ ladder: 'abuse', points: 0, level: 0 }]);
  });

  it('has the room of its limits again when they are reset, also where it was known to have none', async () => {
    const { here, there } = await replicas();
    for (let i = 0; i < 3; i++) await say(here, 'hello');
    expect(await reason(there, 'hello')).toBe('LIMIT_EXCEEDED');
    const { limits } = await here.control.reset(BOB, { ...OLGA, only: 'questions' });
    expect(limits.find(({ limit }) => limit === 'questions')).toMatchObject({ remaining: 3, resetMs: 0 });
    expect(await reason(there, 'hello')).toBe('NO_RULE_OBJECTED');
  });

  it('is put on a cooldown that no offence started', async () => {
    const { here, there } = await replicas();
    await here.control.putOn(BOB, { ...OLGA, ladder: 'abuse', forMs: 120_000 });
    const decision = await say(there, 'hello');
    expect(decision.reason).toBe('COOLDOWN_ACTIVE');
    expect(decision.retryAfterMs).toBeGreaterThan(60_000);
    expect(await there.control.cooling()).toMatchObject([
      { ladder: 'abuse', level: 0, cause: { by: 'operator', op: 'put_on', ...OLGA } },
    ]);
  });

  it('is changed in shadow without touching what is real', async () => {
    const { here } = await replicas();
    await here.control.putOn(BOB, { ...OLGA, ladder: 'abuse', shadow: true });
    expect(await here.control.cooling()).toEqual([]);
    expect(await here.control.cooling({ shadow: true })).toHaveLength(1);
    expect(await reason(here, 'hello')).toBe('NO_RULE_OBJECTED');
  });

  it('leaves a record of each change, with who and why, where it was made', async () => {
    const { here, there, sink } = await replicas();
    await here.control.putOn(BOB, { ...OLGA, ladder: 'abuse', forMs: 1000 });
    await here.control.lift(BOB, OLGA);
    await here.control.reset(BOB, { ...OLGA, only: 'cost', shadow: true });
    await there.control.forgive(BOB, OLGA);
    const records = sink.records().filter((record) => record.kind === 'subject');
    expect(records).toMatchObject([
      { change: 'put_on', of: 'abuse', scope: BOB, forMs: 1000, by: OLGA },
      { change: 'lift', of: 'abuse', scope: BOB, by: OLGA },
      { change: 'reset', of: 'cost', scope: BOB, by: OLGA, shadow: true },
    ]);
    expect(records.map((record) => 'shadow' in record)).toEqual([false, false, true]);
  });

  it('is not guessed: what names no place is refused, and nothing is changed', async () => {
    const { here, sink } = await replicas();
    const refused = async (call: Promise<unknown>, words: string): Promise<void> => {
      await expect(call).rejects.toMatchObject({ code: 'CONTROL_INVALID' });
      await expect(call).rejects.toThrow(words);
    };
    await refused(here.control.lift({ user: 'bob' } as never, OLGA), 'tenant');
    await refused(here.control.lift({ ...BOB, sesion: 's' } as never, OLGA), 'sesion');
    await refused(here.control.lift(BOB, { who: 'olga' } as never), 'why');
    await refused(here.control.lift(BOB, { ...OLGA, only: 'abus' }), '`abus`');
    await refused(here.control.putOn(BOB, { ...OLGA, ladder: 'by-session' }), 'counted by session');
    await refused(here.control.putOn(BOB, { ...OLGA, ladder: 'abuse', forMs: -1 }), 'forMs');
    await refused(here.control.reset({ tenant: 'acme' }, { ...OLGA, only: 'questions' }), 'counted by user');
    await refused(here.control.reset(BOB, { ...OLGA, only: 'echo' }), '`echo`');
    expect(sink.records().filter(({ kind }) => kind === 'subject')).toEqual([]);
  });
});
