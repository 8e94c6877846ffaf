import { describe, expect, it } from 'vitest';

import { createGovernor } from '../governor.ts';
import type { AdapterGovernor, Interaction } from '../governor/api.ts';
import { endInteraction, whenHolding } from './end-interaction.ts';

const governed = async (): Promise<AdapterGovernor> =>
  (await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      limits: [{ id: 'busy', unit: 'in_flight', allow: 1, per: '10m' }],
    },
  })) as AdapterGovernor;

describe('what ends an interaction', () => {
  it('is told when it begins to hold something, and again after its end; what it holds becomes free', async () => {
    const governor = await governed();
    const begin = (): { readonly interaction: Interaction; readonly told: Interaction[] } => {
      const interaction = governor.interaction({ tenant: 't', user: 'u' });
      const told: Interaction[] = [];
      whenHolding(interaction, { holding: (one) => void told.push(one) });
      return { interaction, told };
    };
    const decide = ({ interaction }: ReturnType<typeof begin>) =>
      governor.decide(interaction.event({ stage: 'input', content: 'hello' }));

    const [first, second] = [begin(), begin()];
    expect(first.told).toEqual([]);
    expect((await decide(first)).outcome).toBe('ALLOW');
    expect(first.told[0]).toBe(first.interaction);
    expect((await decide(second)).reason).toBe('LIMIT_EXCEEDED');
    expect(second.told).toEqual([]);
    await endInteraction(first.interaction);
    expect((await decide(second)).outcome).toBe('ALLOW');
    await endInteraction(second.interaction);
    expect((await decide(first)).outcome).toBe('ALLOW');
    expect([first.told.length, second.told.length]).toEqual([2, 1]);
    await governor.close();
  });

  it('is told at once where something is held already, or nobody can tell', async () => {
    const governor = await governed();
    const interaction = governor.interaction({ tenant: 't' });
    await governor.decide(interaction.event({ stage: 'input', content: 'hello' }));
    const told: Interaction[] = [];
    const ends = { holding: (one: Interaction) => void told.push(one) };
    whenHolding(interaction, ends);
    const other = Object.create(interaction) as Interaction;
    whenHolding(other, ends);
    expect(told.map((one) => one === interaction || one === other)).toEqual([true, true]);
    await governor.close();
  });
});
