import { expect, test } from 'vitest';
import { requireGovernor } from '../adapter/require-governor.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import type { AdapterGovernor } from './api.ts';
import { createMemorySink } from '../audit/memory-sink.ts';

const policy = {
  policy: 'p',
  version: 1,
  rules: [{ id: 'r', on: 'input', when: 'subject.tenant == "nobody"', then: 'block', reason: 'P_RULE' }],
} as const;

const governorFor = async (options: GovernorOptions): Promise<AdapterGovernor> =>
  requireGovernor(await createGovernor(options), 'the test');

test('E2: what an adapter cannot carry out is a block, and the record says so', async () => {
  const audit = createMemorySink();
  const governor = await governorFor({ policy, audit });
  const event = governor.interaction({ tenant: 'a' }).event({ stage: 'input', content: 'hello' });
  const decision = await governor.refuse(event, 'EDIT_NOT_APPLICABLE');
  expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'EDIT_NOT_APPLICABLE', eventId: event.id, edits: [] });
  expect(JSON.stringify(audit.records())).toContain(decision.auditId);
  await governor.close();
});

test('E4: in shadow and off a refusal stops nothing', async () => {
  for (const [mode, reason] of [
    ['shadow', 'SHADOWED'],
    ['off', 'GOVERNANCE_OFF'],
  ] as const) {
    const governor = await governorFor({ policy: { ...policy, mode } });
    const event = governor.interaction({ tenant: 'a' }).event({ stage: 'input', content: 'hello' });
    expect(await governor.refuse(event, 'PROVIDER_TOOLS')).toMatchObject({ outcome: 'NO_OP', reason });
    await governor.close();
  }
});

test('E4: a refusal instead of a decision in mode off stops nothing, though a default would block by now', async () => {
  const governor = await governorFor({ policy: { ...policy, mode: 'off', default: { input: 'block' } } });
  const event = () => governor.interaction({ tenant: 'a' }).event({ stage: 'input', content: 'hello' });
  const off = await governor.decide(event());
  await governor.control.setMode({}, 'enforce', { who: 'test', why: 'test' });
  expect(await governor.decide(event())).toMatchObject({ outcome: 'BLOCK', reason: 'DEFAULT_BLOCK' });
  expect(await governor.refuse(event(), 'FAILED_CLOSED', off)).toMatchObject({
    outcome: 'NO_OP',
    reason: 'GOVERNANCE_OFF',
    verdict: { outcome: 'NO_OP', reason: 'GOVERNANCE_OFF' },
    mode: 'off',
  });
  await governor.close();
});

test('a refusal instead of a decision counts no strike that the decision has counted', async () => {
  const governor = await governorFor({
    policy: {
      policy: 'p',
      version: 1,
      cooldowns: [{ id: 'abuse', after: { strikes: 3, within: '1h' }, for: '1h' }],
      rules: [{ id: 'r', on: 'input', when: 'true', strike: { abuse: 1 } }],
    },
  });
  const interaction = governor.interaction({ tenant: 'a', user: 'u' });
  const event = () => interaction.event({ stage: 'input', content: 'hello' });
  const decision = await governor.decide(event());
  expect(decision.strikes).toHaveLength(1);
  // Adapters of streams refuse with an event of its own.
  expect((await governor.refuse(event(), 'EDIT_NOT_APPLICABLE', decision)).strikes).toEqual([]);
  await governor.decide(event());
  // With a strike of the refusal the third would have been counted by now.
  expect((await governor.decide(event())).outcome).not.toBe('COOLDOWN');
  expect((await governor.decide(event())).outcome).toBe('COOLDOWN');
  await governor.close();
});

test('D6: a halt keeps its own reason', async () => {
  const governor = await governorFor({ policy });
  await governor.control.halt({ tenant: 'a' }, { who: 'test', why: 'test' });
  const event = governor.interaction({ tenant: 'a' }).event({ stage: 'input', content: 'hello' });
  expect(await governor.refuse(event, 'PROVIDER_TOOLS')).toMatchObject({ outcome: 'BLOCK', reason: 'HALTED' });
  await governor.close();
});

const OPERATOR = { who: 'test', why: 'test' };

test('E2: a refusal stands in the mode of the decision that it is instead of, whatever was set meanwhile', async () => {
  const governor = await governorFor({ policy });
  const event = () => governor.interaction({ tenant: 'a' }).event({ stage: 'input', content: 'hello' });
  const enforced = await governor.decide(event());
  await governor.control.setMode({ tenant: 'a' }, 'shadow', OPERATOR);
  const shadowed = await governor.decide(event());
  expect(await governor.refuse(event(), 'EDIT_NOT_APPLICABLE', enforced)).toMatchObject({
    outcome: 'BLOCK',
    reason: 'EDIT_NOT_APPLICABLE',
    mode: 'enforce',
  });
  await governor.control.setMode({ tenant: 'a' }, 'off', OPERATOR);
  expect(await governor.refuse(event(), 'EDIT_NOT_APPLICABLE', shadowed)).toMatchObject({
    outcome: 'NO_OP',
    reason: 'SHADOWED',
    mode: 'shadow',
    verdict: { outcome: 'BLOCK', reason: 'EDIT_NOT_APPLICABLE' },
  });
  await governor.close();
});

test('E4: instead of a decision in mode off a refusal stops nothing, though the mode is enforce by now', async () => {
  const governor = await governorFor({ policy: { ...policy, mode: 'off' } });
  const event = () => governor.interaction({ tenant: 'a' }).event({ stage: 'input', content: 'hello' });
  const off = await governor.decide(event());
  await governor.control.setMode({ tenant: 'a' }, 'enforce', OPERATOR);
  expect((await governor.refuse(event(), 'PROVIDER_TOOLS', off)).reason).not.toBe('PROVIDER_TOOLS');
  expect((await governor.refuse(event(), 'PROVIDER_TOOLS')).reason).toBe('PROVIDER_TOOLS');
  await governor.close();
});

test('a refusal is told as one, names no rule and no time to wait, and is frozen', async () => {
  const kinds: string[] = [];
  const governor = await governorFor({
    policy: {
      ...policy,
      cooldowns: [{ id: 'abuse', after: { strikes: 1, within: '10m' }, for: '1m' }],
      rules: [{ id: 'rude', on: 'input', when: 'has(attributes.rude)', strike: { abuse: 1 } }],
    },
    onEvent: ({ kind }) => void kinds.push(kind),
  });
  const event = (attributes = {}) =>
    governor.interaction({ tenant: 'a', user: 'u' }).event({ stage: 'input', content: 'hello', attributes });
  await governor.decide(event({ rude: true }));
  expect(kinds.at(-1)).toBe('decision');
  expect(await governor.decide(event())).toMatchObject({ reason: 'COOLDOWN_ACTIVE' });
  const refused = await governor.refuse(event(), 'PROVIDER_TOOLS');
  expect(kinds.at(-1)).toBe('refusal');
  expect(refused).toMatchObject({ outcome: 'BLOCK', reason: 'PROVIDER_TOOLS' });
  for (const name of ['ruleId', 'retryAfterMs']) expect(refused).not.toHaveProperty(name);
  for (const part of [refused, refused.verdict, refused.edits]) expect(Object.isFrozen(part)).toBe(true);
  await governor.close();
});

test('a refusal of an event whose policy nobody loaded says that', async () => {
  const kinds: string[] = [];
  const governor = await governorFor({ policy, onEvent: ({ kind }) => void kinds.push(kind) });
  const event = governor.interaction({ tenant: 'a' }, { policy: 'other' }).event({ stage: 'input', content: 'hello' });
  expect(await governor.refuse(event, 'PROVIDER_TOOLS')).toMatchObject({ outcome: 'BLOCK', reason: 'POLICY_UNKNOWN' });
  expect(kinds.at(-1)).toBe('refusal');
  await governor.close();
});
