import { describe, expect, test } from 'vitest';
import { createGovernor } from '../../governor.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import { StoreError } from '../../store/store-error.ts';
import type { AdapterGovernor } from '../api.ts';

const TOKENS = { id: 'tokens', unit: 'output_tokens', allow: 10, per: '1h', then: 'block' } as const;

async function begun(policy: object = {}, store = createMemoryStore()) {
  const document = { policy: 'p', version: 1, limits: [TOKENS], ...policy } as const;
  const governor = (await createGovernor({ policy: document, store })) as AdapterGovernor;
  const interaction = governor.interaction({ tenant: 't', user: 'u' });
  return { governor, interaction, event: interaction.event({ stage: 'input', content: 'a' }) };
}

describe('a unit', () => {
  test.each(['interactions', 'events', 'in_flight', 'repeats'])(
    'that is counted here is not reported: %s',
    async (unit) => {
      const { interaction, event } = await begun();
      await expect(interaction.report(event, { [unit]: 1 })).rejects.toThrow(
        `\`${unit}\` are counted by the governor; report another unit`,
      );
      await expect(interaction.reserve(unit, 1, event)).rejects.toMatchObject({ code: 'REPORT_INVALID' });
    },
  );

  test.each([
    ['output_token', true],
    ['outputtokens', true],
    ['input_tokens', false],
    ['requests', false],
    ['event', false],
  ])('that is nearly one with a limit is a slip of the pen: %s', async (unit, isSlip) => {
    const { interaction, event } = await begun();
    const reported = interaction.report(event, { [unit]: 1 });
    if (isSlip) await expect(reported).rejects.toThrow(`no limit counts \`${unit}\`; did you mean \`output_tokens\`?`);
    else await expect(reported).resolves.toBeUndefined();
  });
});

test.each([{ id: 5 }, { ids: 'a' }])('options of a report are checked: %j', async (options) => {
  const { interaction, event } = await begun();
  await expect(interaction.report(event, { output_tokens: 1 }, options as never)).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringContaining('`interaction.report`') as string,
  });
});

test('a subject that nobody knows is nobody, whom nobody can change', async () => {
  const { governor } = await begun();
  const { subject, subjectMissing } = governor.interaction(undefined).event({ stage: 'input', content: 'a' });
  expect([subject, subjectMissing, Object.isFrozen(subject)]).toEqual([{ tenant: 'unknown' }, true, true]);
});

describe('a reservation', () => {
  test('is granted as far as there is room, says how long to wait else, and counts what was used', async () => {
    const { interaction, event } = await begun();
    const first = await interaction.reserve('output_tokens', 8, event);
    expect(first).toMatchObject({ granted: true, retryAfterMs: 0, errors: [] });
    expect(first).not.toHaveProperty('limit');
    const second = await interaction.reserve('output_tokens', 3, event);
    expect(second).toMatchObject({ granted: false, limit: 'tokens' });
    expect(second.retryAfterMs).toBeGreaterThan(0);
    await first.settle(7);
    expect(await interaction.reserve('output_tokens', 3, event)).toMatchObject({ granted: true });
  });

  test('is granted in shadow whatever the answer, and without a policy', async () => {
    const shadow = await begun({ mode: 'shadow' });
    expect(await shadow.interaction.reserve('output_tokens', 11, shadow.event)).toMatchObject({
      ...{ granted: true, limit: 'tokens', retryAfterMs: 0 },
    });
    const off = await begun({ mode: 'off' });
    expect(await off.interaction.reserve('output_tokens', 11, off.event)).toMatchObject({ granted: true });
  });

  test.each([
    ['block', false],
    ['no_op', true],
  ])('that the store does not answer is as the policy says: %s', async (onError, granted) => {
    const memory = createMemoryStore();
    const charge = () => Promise.reject(new StoreError('AWAY', 'away', { failure: 'UNAVAILABLE' }));
    const { interaction, event } = await begun({ onError }, { ...memory, charge });
    const reservation = await interaction.reserve('output_tokens', 1, event);
    expect(reservation).toMatchObject({ granted, retryAfterMs: 0 });
    expect(reservation.errors).toHaveLength(1);
  });
});
