import { expect, it } from 'vitest';
import { createGovernor } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';

it('S3: a limit per day starts over when the day does in its time zone, for counts, reports and reservations', async () => {
  let time = Date.parse('2026-10-24T21:59:59Z'); // a second before midnight in Berlin, and the next day has 25 hours
  const zone = { per: 'day', timeZone: 'Europe/Berlin' } as const;
  const limits = [
    { id: 'questions', unit: 'events', allow: 1, ...zone },
    { id: 'cost', unit: 'cost', allow: 1, ...zone },
  ] as const;
  const governor = await createGovernor({
    policy: { policy: 'p', version: 1, limits },
    store: createMemoryStore({ now: () => time }),
  });
  const interaction = governor.interaction({ tenant: 't', user: 'u' });
  const ask = async () => governor.decide(interaction.event({ stage: 'input', content: 'x' }));
  expect((await ask()).outcome).toBe('ALLOW');
  expect(await ask()).toMatchObject({ outcome: 'COOLDOWN', ruleId: 'questions', retryAfterMs: 1000 });
  time += 1000;
  expect((await ask()).outcome).toBe('ALLOW');
  expect(await ask()).toMatchObject({ ruleId: 'questions', retryAfterMs: 25 * 3_600_000 });
  await interaction.report(interaction.event({ stage: 'input' }), { cost: 0.4 });
  expect((await interaction.reserve('cost', 0.7)).retryAfterMs).toBe(25 * 3_600_000);
  expect((await interaction.reserve('cost', 0.6)).granted).toBe(true);
  time += 25 * 3_600_000;
  expect((await interaction.reserve('cost', 1)).granted).toBe(true);
  await governor.close();
});
