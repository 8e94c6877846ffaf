import { describe, expect, it } from 'vitest';
import { createGovernor, createMemorySink, createMemoryStore, type Governor, type Store } from '@flyball/core';

const OPERATOR = { who: 'ops', why: 'drill' };
const POLICY = {
  policy: 'test',
  version: 1,
  rules: [{ id: 'no-codename', on: ['input', 'output'], detect: 'codename', then: 'block', reason: 'P_CODENAME' }],
  detectors: [{ id: 'codename', phrases: ['Nightjar'] }],
  limits: [{ id: 'answers', on: ['input', 'output'], unit: 'events', allow: 2, per: '1m' }],
} as const;

/** A store whose charges answer when told to. */
function slowStore(): { store: Store; answer: () => void } {
  const memory = createMemoryStore();
  let answer: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (answer = resolve));
  return { store: { ...memory, charge: async (charges) => told.then(() => memory.charge(charges)) }, answer };
}

async function withGovernor(
  options: Parameters<typeof createGovernor>[0],
  body: (governor: Governor) => Promise<void>,
): Promise<void> {
  const governor = await createGovernor(options);
  try {
    await body(governor);
  } finally {
    await governor.close();
  }
}

describe('a governor and its store', () => {
  it('S5: a halt given while a stream waits for its limits ends it before its first character', async () => {
    const { store, answer } = slowStore();
    await withGovernor({ policy: POLICY, store }, async (governor) => {
      const event = governor.interaction({ tenant: 'acme', user: 'bob' }).event({ stage: 'output' });
      const opening = governor.openGate(event);
      await governor.control.halt({ tenant: 'acme' }, OPERATOR);
      answer();
      const gate = await opening;
      expect(gate.write('text', 'b', 'hello')).toEqual([]);
      expect(await gate.end()).toMatchObject({ pieces: [], decision: { outcome: 'BLOCK', reason: 'HALTED' } });
    });
  });

  for (const [onError, outcome, reason] of [
    ['block', 'BLOCK', 'FAILED_CLOSED'],
    ['no_op', 'NO_OP', 'FAILED_OPEN'],
  ] as const) {
    it(`S6: with the store gone and \`onError: ${onError}\`, an event is ${outcome} for ${reason}, and says which limit could not be read`, async () => {
      const store: Store = { ...createMemoryStore(), charge: () => Promise.reject(new Error('gone')) };
      await withGovernor({ policy: { ...POLICY, onError }, store }, async (governor) => {
        const event = governor.interaction({ tenant: 'acme', user: 'bob' }).event({ stage: 'input', content: 'hello' });
        expect(await governor.decide(event)).toMatchObject({
          outcome,
          reason,
          errors: [{ part: 'store', id: 'answers', code: 'THREW' }],
        });
      });
    });
  }

  it('S6: with the store gone and `onError: no_op`, a process still enforces what it alone has admitted', async () => {
    const store: Store = { ...createMemoryStore(), charge: () => Promise.reject(new Error('gone')) };
    await withGovernor({ policy: { ...POLICY, onError: 'no_op' }, store }, async (governor) => {
      const outcomes = [];
      for (let i = 0; i < 3; i++) {
        const event = governor.interaction({ tenant: 'acme', user: 'bob' }).event({ stage: 'input', content: 'hello' });
        outcomes.push((await governor.decide(event)).outcome);
      }
      expect(outcomes).toEqual(['NO_OP', 'NO_OP', 'COOLDOWN']);
    });
  });

  it('S5: a governor whose store never answered decides as `onError` says', async () => {
    const store: Store = { ...createMemoryStore(), shared: true, sync: () => Promise.reject(new Error('gone')) };
    await withGovernor({ policy: POLICY, store }, async (governor) => {
      const event = governor.interaction({ tenant: 'acme', user: 'bob' }).event({ stage: 'input', content: 'hello' });
      expect(await governor.decide(event)).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' });
      expect(governor.status().store).toMatchObject({ connected: false });
    });
  });
});

describe('the record of a control', () => {
  it('says who set it and who lifted it, in every process', async () => {
    const store = createMemoryStore();
    const sinks = [createMemorySink(), createMemorySink()] as const;
    await withGovernor({ policy: POLICY, store, audit: sinks[0] }, async (one) => {
      await withGovernor({ policy: POLICY, store, audit: sinks[1] }, async () => {
        await one.control.halt({ tool: 'refund' }, { who: 'olga', why: 'wrong sums' });
        await one.control.resume({ tool: 'refund' }, { who: 'pavel', why: 'fixed' });
        for (const sink of sinks) {
          const controls = sink.records().filter((record) => record.kind === 'control');
          expect(controls.map(({ change, by }) => [change, by?.who, by?.why])).toEqual([
            ['set', 'olga', 'wrong sums'],
            ['lifted', 'pavel', 'fixed'],
          ]);
        }
      });
    });
  });
});
