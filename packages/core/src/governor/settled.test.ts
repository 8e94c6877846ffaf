import { afterEach, describe, expect, it } from 'vitest';
import { createGovernor } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { EventInit, Governor } from './api.ts';

// What is settled before anything is read: a mode off and a halt. No detector runs, and the store is not asked.

const OPERATOR = { who: 'ops', why: 'drill' };
const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function counting() {
  const asked: string[] = [];
  const memory = createMemoryStore();
  const store: Store = {
    ...bound(memory),
    charge: (request) => (asked.push('charge'), memory.charge(request)),
    labels: (request) => (asked.push('labels'), memory.labels(request)),
  };
  const governor = await createGovernor({
    store,
    detectors: [{ id: 'own', version: '1', types: ['own'], detect: async () => (asked.push('detect'), []) }],
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ use: 'own' }],
      labels: { seen: 'session' },
      cooldowns: [{ id: 'abuse', after: { strikes: 3, within: '10m' }, for: '10m' }],
      limits: [{ id: 'l', on: ['input', 'output'], unit: 'events', allow: 100, per: '1m' }],
      rules: [
        { id: 'r', on: ['input', 'output'], detect: 'own', then: 'block', reason: 'P_OWN' },
        { id: 'label', on: 'input', when: 'true', label: 'seen' },
        { id: 'bad', on: 'input', when: 'has(attributes.bad)', strike: { abuse: 1 } },
      ],
    },
  });
  open.push(governor);
  const interaction = governor.interaction({ tenant: 't', user: 'u', session: 's' });
  const decide = (init: EventInit) => governor.decide(interaction.event(init));
  return { governor, asked, interaction, decide };
}

function bound(store: Store): Store {
  const methods = [
    'charge',
    'report',
    'release',
    'strike',
    'labels',
    'control',
    'setAll',
    'history',
    'sync',
    'look',
    'amend',
    'processes',
    'subscribe',
    'close',
  ];
  return Object.fromEntries(
    methods.map((name) => [name, (store[name as keyof Store] as (...args: unknown[]) => unknown).bind(store)]),
  ) as unknown as Store;
}

const INPUT = { stage: 'input', content: 'hello' } as const;
const OUTPUT = { stage: 'output', content: 'hello' } as const;

describe('what is settled costs nothing', () => {
  it.each<[what: string, set: (governor: Governor) => unknown]>([
    ['nothing set', () => undefined],
    ['a mode that is enforced', (governor) => governor.control.setMode({ tenant: 't' }, 'enforce', OPERATOR)],
    ['shadow', (governor) => governor.control.setMode({ tenant: 't' }, 'shadow', OPERATOR)],
  ])('%s: everything is asked', async (_what, set) => {
    const { governor, asked, interaction } = await counting();
    await set(governor);
    // A copy has no interaction of its own.
    await governor.decide(structuredClone(interaction.event(INPUT)));
    expect(new Set(asked)).toEqual(new Set(['charge', 'labels', 'detect']));
  });

  it('an active cooldown: nothing is asked', async () => {
    const { asked, decide } = await counting();
    for (let strikes = 0; strikes < 3; strikes++) await decide({ ...INPUT, attributes: { bad: true } });
    asked.length = 0;
    expect((await decide(INPUT)).outcome).toBe('COOLDOWN');
    expect(asked).toEqual([]);
  });

  it.each([
    ['mode off', 'GOVERNANCE_OFF', (governor: Governor) => governor.control.setMode({ tenant: 't' }, 'off', OPERATOR)],
    ['a halt', 'HALTED', (governor: Governor) => governor.control.halt({ tenant: 't' }, OPERATOR)],
  ])('%s: nothing is asked', async (_what, reason, set) => {
    const { governor, asked, decide, interaction } = await counting();
    await set(governor);
    for (const init of [INPUT, OUTPUT]) expect((await decide(init)).reason).toBe(reason);
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    gate.write('text', '1', 'hello');
    await gate.end();
    expect(asked).toEqual([]);
  });
});
