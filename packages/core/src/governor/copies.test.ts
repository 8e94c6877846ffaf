import { afterEach, describe, expect, it } from 'vitest';
import { requireGovernor } from '../adapter/require-governor.ts';
import type { Decision } from '../contract/ruling.ts';
import { createGovernor } from '../governor.ts';
import type { AdapterGovernor } from './api.ts';

/** Ways in which an application hands on what it was given. */
const COPIES: readonly (readonly [how: string, copy: <T>(value: T) => T])[] = [
  ['itself', (value) => value],
  ['spread', (value) => ({ ...value })],
  ['structuredClone', (value) => structuredClone(value)],
  ['a trip through JSON', (value) => JSON.parse(JSON.stringify(value)) as typeof value],
];

const open: AdapterGovernor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function governed(): Promise<AdapterGovernor> {
  const governor = requireGovernor(
    await createGovernor({
      policy: [
        { policy: 'p', version: 1 },
        {
          policy: 'strict',
          version: 1,
          detectors: [{ id: 'word', phrases: ['forbidden'] }],
          rules: [
            { id: 'word', on: ['input', 'output'], detect: 'word', then: 'block', reason: 'P_WORD' },
            { id: 'cap', on: 'tool_call', when: 'tool.args.amount > 500', then: 'block', reason: 'P_CAP' },
            { id: 'tenant', on: 'retrieval', tenant: 'vip', then: 'block', reason: 'P_VIP' },
            { id: 'flag', on: 'tool_result', when: 'attributes.risk == "high"', then: 'block', reason: 'P_RISK' },
            { id: 'mark', on: 'input', label: 'seen' },
          ],
        },
      ],
    }),
    'the test',
  );
  open.push(governor);
  return governor;
}

/** The ruling without its envelope: the promises of equality are about the ruling. */
function rulingOf(decision: Decision): object {
  return { ...decision, auditId: '', at: 0, durationUs: 0 };
}

const SUBJECT = { tenant: 'vip', user: 'ada', session: 's1' };

describe.each(COPIES)('D5: %s is decided like the original', (_how, copy) => {
  it.each([
    ['input', { stage: 'input', content: 'a forbidden word' }, 'P_WORD'],
    ['tool_call', { stage: 'tool_call', resource: { tool: 'pay' }, args: { amount: 900, to: ['x'] } }, 'P_CAP'],
    ['retrieval', { stage: 'retrieval', content: [{ text: 'page', path: 'pages[0]', role: 'tool' }] }, 'P_VIP'],
    ['tool_result', { stage: 'tool_result', content: 'ok', attributes: { risk: 'high' } }, 'P_RISK'],
  ] as const)('at %s, by the policy of its interaction', async (_stage, init, reason) => {
    const governor = await governed();
    const event = governor.interaction(SUBJECT, { policy: 'strict' }).event(init);
    const original = await governor.decide(event);
    expect(original).toMatchObject({ outcome: 'BLOCK', reason, policyId: 'strict' });
    expect(rulingOf(await governor.decide(copy(event)))).toEqual(rulingOf(original));
    expect(rulingOf(await governor.decideNow(copy(event)))).toEqual(rulingOf(original));
    expect(governor.covers(copy(event))).toBe(true);
  });

  it('and its missing subject is still missing', async () => {
    const governor = await governed();
    const event = governor.interaction(undefined, { policy: 'strict' }).event({ stage: 'input', content: 'hello' });
    const missing = { outcome: 'BLOCK', reason: 'FAILED_CLOSED', errors: [{ part: 'subject', code: 'MISSING' }] };
    expect(await governor.decide(copy(event))).toMatchObject(missing);
  });

  it('and what could not be read of it is still unread', async () => {
    const governor = await governed();
    const event = governor
      .interaction(SUBJECT, { policy: 'strict' })
      .event({ stage: 'tool_call', resource: { tool: 'pay' }, content: [], unreadable: ['args'] });
    const unread = { outcome: 'BLOCK', reason: 'FAILED_CLOSED' };
    const decision = await governor.decide(copy(event));
    expect(decision).toMatchObject(unread);
    expect(decision.errors).toContainEqual({ part: 'content', id: 'args', code: 'UNREADABLE' });
  });

  it('and refused, and opened as a stream, by the same policy', async () => {
    const governor = await governed();
    const interaction = governor.interaction(SUBJECT, { policy: 'strict' });
    const refused = await governor.refuse(copy(interaction.event({ stage: 'input' })), 'EDIT_NOT_APPLICABLE');
    expect(refused).toMatchObject({ policyId: 'strict', reason: 'EDIT_NOT_APPLICABLE' });
    const gate = await governor.openGate(copy(interaction.event({ stage: 'output' })));
    gate.write('text', '', 'a forbidden word');
    expect(gate.terminal).toMatchObject({ policyId: 'strict', reason: 'P_WORD' });
  });

  it('an exported interaction goes on as it was', async () => {
    const governor = await governed();
    const interaction = governor.interaction(SUBJECT, { policy: 'strict' });
    interaction.addLabels('private');
    const resumed = governor.resume(copy(interaction.toJSON()));
    expect(resumed.toJSON()).toEqual(interaction.toJSON());
    const nobody = governor.resume(copy(governor.interaction(undefined).toJSON()));
    expect(await governor.decide(nobody.event({ stage: 'input', content: 'x' }))).toMatchObject({
      reason: 'FAILED_CLOSED',
      errors: [{ part: 'subject', code: 'MISSING' }],
    });
  });

  it('and what it came to is counted, reserved and given back, as of the original', async () => {
    const limits = [
      { id: 'payouts', on: 'tool_call', tool: 'pay', unit: 'tool.args.amount', allow: 10, per: '1h', then: 'block' },
      { id: 'tokens', unit: 'tokens', allow: 10, per: '1h', then: 'block' },
    ] as const;
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, limits } });
    open.push(governor as AdapterGovernor);
    const interaction = governor.interaction(SUBJECT);
    const pay = () => interaction.event({ stage: 'tool_call', resource: { tool: 'pay' }, args: { amount: 8 } });
    const event = pay();
    expect((await governor.decide(event)).outcome).toBe('ALLOW');
    expect((await governor.decide(pay())).ruleId).toBe('payouts');
    // The call came to nothing.
    await interaction.report(copy(event), { 'tool.args.amount': 0 });
    expect((await governor.decide(pay())).outcome).toBe('ALLOW');
    const room = await interaction.reserve('tokens', 6, copy(event));
    expect(room.granted).toBe(true);
    expect((await interaction.reserve('tokens', 6, copy(event))).granted).toBe(false);
    await room.settle(1);
    await interaction.report(copy(event), { tokens: 9 });
    expect((await interaction.reserve('tokens', 1, copy(event))).granted).toBe(false);
  });

  it('a decision is explained alike', async () => {
    const governor = await governed();
    const decision = await governor.decide(governor.interaction(SUBJECT).event({ stage: 'input', content: 'x' }));
    expect(governor.explain(copy(decision))).toBe(governor.explain(decision));
  });
});

describe('what a copy carries', () => {
  it('a spread event is still of its interaction: decisions and labels arrive there', async () => {
    const governor = await governed();
    const interaction = governor.interaction(SUBJECT, { policy: 'strict' });
    await governor.decide({ ...interaction.event({ stage: 'input', content: 'hello' }) });
    expect(interaction.decisions).toHaveLength(1);
    expect(interaction.labels).toEqual(['seen']);
  });

  it('a changed copy is looked at again', async () => {
    const governor = await governed();
    const event = governor.interaction(SUBJECT).event({ stage: 'input', content: 'hello' });
    await expect(governor.decide({ ...event, stage: 'nonsense' as never })).rejects.toMatchObject({
      code: 'EVENT_INVALID',
    });
  });

  it('what arguments and attributes are changed to after the event was made changes nothing', async () => {
    const governor = await governed();
    const args = { amount: 20, items: ['a'] };
    const attributes = { risk: 'low' };
    const event = governor
      .interaction(SUBJECT, { policy: 'strict' })
      .event({ stage: 'tool_call', resource: { tool: 'pay' }, args, attributes });
    const before = JSON.stringify(event);
    args.amount = 9999;
    args.items.push('b');
    attributes.risk = 'high';
    expect(JSON.stringify(event)).toBe(before);
    expect((await governor.decide(event)).outcome).toBe('ALLOW');
    expect(() => (event.args as { amount: number }).amount++).toThrow(TypeError);
  });

  it.each([undefined, null, 'event', {}, { stage: 'input' }])(
    '%j is no event to report or reserve for',
    async (given) => {
      const governor = await governed();
      const interaction = governor.interaction(SUBJECT);
      const misuse = { code: 'EVENT_INVALID' };
      await expect(interaction.report(given as never, { tokens: 1 })).rejects.toMatchObject(misuse);
      if (given !== undefined && given !== null)
        await expect(interaction.reserve('tokens', 1, given as never)).rejects.toMatchObject(misuse);
    },
  );

  it('shows no inner state to whoever prints it', async () => {
    const { inspect } = await import('node:util');
    const governor = await governed();
    const printed = inspect(governor.interaction(SUBJECT).event({ stage: 'input', content: 'hello' }), { depth: 9 });
    expect(printed).not.toContain('RunningInteraction');
  });
});

describe('resume takes nothing else than what was exported', () => {
  const whole = { id: 'int_1', subject: { tenant: 'a' }, policy: 'p', labels: [] };
  it.each([
    ['nothing', undefined, 'OPTIONS_INVALID'],
    ['an empty object', {}, 'OPTIONS_INVALID'],
    ['no labels', { ...whole, labels: undefined }, 'OPTIONS_INVALID'],
    ['an id that is no name', { ...whole, id: 1 }, 'OPTIONS_INVALID'],
    ['labels that are no names', { ...whole, labels: [3] }, 'OPTIONS_INVALID'],
    ['more labels than fit', { ...whole, labels: Array.from({ length: 257 }, (_, i) => `l${i}`) }, 'OPTIONS_INVALID'],
    ['a subject that is none', { ...whole, subject: { user: 'x' } }, 'SUBJECT_INVALID'],
    ['a subject that is said to be missing and is not', { ...whole, subjectMissing: false }, 'OPTIONS_INVALID'],
    ['an unknown field', { ...whole, tenant: 'b' }, 'OPTIONS_INVALID'],
  ] as const)('%s', async (_what, json, code) => {
    const governor = await governed();
    expect(() => governor.resume(json as never)).toThrow(expect.objectContaining({ code }));
  });

  it('but a policy that is not loaded here: that is a decision', async () => {
    const governor = await governed();
    const event = governor.resume({ ...whole, policy: 'gone' }).event({ stage: 'input' });
    expect(await governor.decide(event)).toMatchObject({ outcome: 'BLOCK', reason: 'POLICY_UNKNOWN' });
  });
});
