import { expect, it } from 'vitest';
import { createGovernor } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';

const limits = [
  { id: 'tokens', unit: 'tokens', allow: 10, per: '1h', then: 'block' },
  { id: 'cost', unit: 'cost', allow: 10, per: '1h', then: 'block' },
] as const;

it('a report with one mistake counts nothing of it', async () => {
  const governor = await createGovernor({ policy: { policy: 'p', version: 1, limits } });
  const interaction = governor.interaction({ tenant: 't', user: 'u' });
  const event = interaction.event({ stage: 'input', content: 'x' });
  for (const amount of [Number.NaN, -1, Infinity, '5' as never]) {
    await expect(interaction.report(event, { tokens: 20, cost: amount })).rejects.toMatchObject({
      code: 'REPORT_INVALID',
    });
  }
  await expect(interaction.report(event, undefined as never)).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
  expect((await governor.decide(interaction.event({ stage: 'input', content: 'x' }))).outcome).toBe('ALLOW');
  await interaction.report(event, { tokens: 20, cost: 1 });
  expect((await governor.decide(interaction.event({ stage: 'input', content: 'x' }))).ruleId).toBe('tokens');
  await governor.close();
});

it('a subject whose wait is known is refused without asking the store again', async () => {
  let asked = 0;
  const memory = createMemoryStore();
  const store: Store = { ...memory, shared: true, charge: (charges) => (asked++, memory.charge(charges)) };
  const governor = await createGovernor({
    policy: { policy: 'p', version: 1, limits: [{ id: 'l', allow: 1, per: '1h' }] },
    store,
  });
  const ask = async (): Promise<string> =>
    (await governor.decide(governor.interaction({ tenant: 't', user: 'u' }).event({ stage: 'input' }))).reason;
  expect(await ask()).toBe('NO_RULE_OBJECTED');
  for (let i = 0; i < 20; i++) expect(await ask()).toBe('LIMIT_EXCEEDED');
  expect(asked).toBe(2);
  await governor.close();
});
