import { expect, test } from 'vitest';
import { requireGovernor } from '../adapter/require-governor.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import type { AdapterGovernor } from './api.ts';
import { createMemorySink } from '../audit/memory-sink.ts';

const policy = {
  policy: 'p',
  version: 1,
  rules: [{ id: 'r', on: 'input', when: 'false', then: 'block', reason: 'P_RULE' }],
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

test('D6: a halt keeps its own reason', async () => {
  const governor = await governorFor({ policy });
  await governor.control.halt({ tenant: 'a' }, { who: 'test', why: 'test' });
  const event = governor.interaction({ tenant: 'a' }).event({ stage: 'input', content: 'hello' });
  expect(await governor.refuse(event, 'PROVIDER_TOOLS')).toMatchObject({ outcome: 'BLOCK', reason: 'HALTED' });
  await governor.close();
});
