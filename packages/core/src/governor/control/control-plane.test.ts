import { afterEach, expect, test } from 'vitest';
import { createGovernor } from '../../governor.ts';
import type { Governor } from '../api.ts';

const policy = { policy: 'p', version: 1, default: { input: 'block' } } as const;
const INIT = { who: 'op', why: 'test' };
let governor: Governor;

afterEach(() => governor.close());

async function outcome(): Promise<string> {
  const interaction = governor.interaction({ tenant: 'other' });
  return (await governor.decide(interaction.event({ stage: 'input', content: 'hi' }))).outcome;
}

test('a scope with a misspelt or empty field does not stand: it would cover everyone', async () => {
  governor = await createGovernor({ policy });
  for (const scope of [{ tennant: 't' }, { tenant: undefined }, { tenant: '' }, { tenant: 5 }, null, 'acme']) {
    await expect(governor.control.setMode(scope as never, 'off', INIT)).rejects.toMatchObject({
      code: 'CONTROL_INVALID',
    });
    await expect(governor.control.halt(scope as never, INIT)).rejects.toMatchObject({ code: 'CONTROL_INVALID' });
  }
  await expect(governor.control.halt({ tennant: 't' } as never, INIT)).rejects.toThrow(
    '`tennant` is no field of a scope; it has tenant, user, session, agent, model, tool, route',
  );
  expect(await governor.control.list()).toEqual([]);
  expect(await outcome()).toBe('BLOCK');
});

test('D6: a halt of a session or an agent stops it and nobody else, and aborts what runs in it', async () => {
  governor = await createGovernor({ policy });
  const running = (subject: { session?: string; agent?: string }) =>
    governor.interaction({ tenant: 't', user: 'u', ...subject });
  const [one, other, agent] = [running({ session: 's1' }), running({ session: 's2' }), running({ agent: 'a1' })];
  for (const { signal } of [one, other, agent]) expect(signal.aborted).toBe(false);
  await governor.control.halt({ tenant: 't', session: 's1' }, INIT);
  expect([one, other, agent].map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
  await governor.control.halt({ agent: 'a1' }, INIT);
  expect([one, other, agent].map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
  const reasons = [one, other, agent].map(
    async (each) => (await governor.decide(each.event({ stage: 'input', content: 'x' }))).reason,
  );
  expect((await Promise.all(reasons)).map((reason) => reason === 'HALTED')).toEqual([true, false, true]);
  await governor.control.resume({ tenant: 't', session: 's1' }, INIT);
  expect((await governor.decide(one.event({ stage: 'input', content: 'x' }))).reason).not.toBe('HALTED');
});

test('a mode nobody knows, and a control that nobody gave or for no reason, do not stand', async () => {
  governor = await createGovernor({ policy });
  const { control } = governor;
  await expect(control.setMode({}, 'shadw' as never, INIT)).rejects.toThrow(
    '`shadw` is no mode; it is one of enforce, shadow, off',
  );
  for (const init of [
    undefined,
    {},
    { who: 'op' },
    { who: '', why: 'x' },
    { ...INIT, forMs: 0 },
    { ...INIT, forMs: Number.NaN },
  ]) {
    await expect(control.halt({}, init as never)).rejects.toMatchObject({ code: 'CONTROL_INVALID' });
  }
  expect(await control.list()).toEqual([]);
});

test('an option with a misspelt name does not stand: without it a halt lasts, and a mode holds for everybody', async () => {
  governor = await createGovernor({ policy });
  const { control } = governor;
  const who = { tenant: 't', user: 'u' };
  const calls: readonly (readonly [name: string, call: (more: object) => Promise<unknown>, known: string])[] = [
    ['halt', (more) => control.halt(who, { ...INIT, ...more }), 'forMs'],
    ['resume', (more) => control.resume(who, { ...INIT, ...more }), 'forMs'],
    ['setMode', (more) => control.setMode(who, 'off', { ...INIT, ...more }), 'share'],
    ['setModes', (more) => control.setModes([who], 'off', { ...INIT, ...more }), 'share'],
    ['clearMode', (more) => control.clearMode(who, { ...INIT, ...more }), 'forMs'],
    ['lift', (more) => control.lift(who, { ...INIT, ...more }), 'only'],
    ['forgive', (more) => control.forgive(who, { ...INIT, ...more }), 'shadow'],
    ['reset', (more) => control.reset(who, { ...INIT, ...more }), 'only'],
    ['putOn', (more) => control.putOn(who, { ...INIT, ladder: 'l', ...more }), 'forMs'],
    ['subject', (more) => control.subject(who, more), 'shadow'],
    ['cooling', (more) => control.cooling(more), 'ladder'],
  ];
  for (const [name, call, known] of calls) {
    const misspelt = known.slice(0, -1);
    await expect(call({ [misspelt]: 1 }), name).rejects.toMatchObject({
      code: 'CONTROL_INVALID',
      message: `\`${misspelt}\` is no option here; did you mean \`${known}\`?`,
    });
  }
  for (const [name, call] of calls.slice(5)) {
    for (const wrong of [{ shadow: 'yes' }, { shadow: null }, { attributes: 5 }])
      await expect(call(wrong), name).rejects.toMatchObject({ code: 'CONTROL_INVALID' });
  }
  await expect(control.lift(who, { ...INIT, only: '' })).rejects.toMatchObject({ code: 'CONTROL_INVALID' });
  await expect(control.setMode({}, 'off', { ...INIT, share: { percent: 10, sed: 'x' } as never })).rejects.toThrow(
    '`share.sed` is no option here; did you mean `seed`?',
  );
  for (const limit of [0, -1, 0.5, Number.NaN, '5', null]) {
    await expect(control.history(limit as never)).rejects.toMatchObject({ code: 'CONTROL_INVALID' });
  }
  expect(() => control.onChange(undefined as never)).toThrow(expect.objectContaining({ code: 'CONTROL_INVALID' }));
  expect([await control.list(), await control.history()]).toEqual([[], []]);
});
