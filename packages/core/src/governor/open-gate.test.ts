import { expect, test } from 'vitest';
import type { Sink } from '../audit/sink.ts';
import type { Detector } from '../contract/detector.ts';
import { createGovernor } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { GovernorEvent } from './lifecycle/events.ts';

const policy = {
  policy: 'p',
  version: 1,
  detectors: [{ id: 'word', phrases: ['nightjar'] }],
  rules: [{ id: 'name', on: 'output', detect: 'word', then: 'redact', reason: 'P_NAME' }],
} as const;

test('the time of a stream is that of opening and of concluding it, not that of the model', async () => {
  let monotonic = 1000;
  const governor = await createGovernor({ policy, clock: { now: () => 0, monotonic: () => (monotonic += 0.25) } });
  monotonic = 1000;
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  const opened = monotonic;
  gate.write('text', '', 'hello');
  monotonic += 60_000;
  const before = monotonic;
  const { decision } = await gate.end();
  expect(decision.durationUs).toBeGreaterThan(250);
  expect(decision.durationUs).toBeLessThanOrEqual(1000 * (opened - 1000 + (monotonic - before)));
  await governor.close();
});

test('where nobody keeps records, listeners are told of the opening; without listeners nobody is', async () => {
  const governor = await createGovernor({ policy });
  const open = () => governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  expect((await open()).state).toBe('open');
  const told: GovernorEvent[] = [];
  governor.events.subscribe((event) => told.push(event));
  expect((await open()).state).toBe('open');
  expect(told).toMatchObject([
    { kind: 'opened', record: { mode: 'enforce', auditId: expect.stringMatching(/^aud_./) } },
  ]);
  await governor.close();
});

const LIMITED = {
  ...policy,
  limits: [{ id: 'many', on: 'output', unit: 'events', allow: 9, per: '1m' }],
} as const;

test('a stream charges its limits once, and not at all where a halt already refuses it', async () => {
  const memory = createMemoryStore();
  let calls = 0;
  const store: Store = { ...memory, charge: (charges) => (calls++, memory.charge(charges)) };
  const governor = await createGovernor({ policy: LIMITED, store });
  const open = () => governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  const gate = await open();
  gate.write('text', '', 'hello');
  await gate.end();
  expect(calls).toBe(1);
  await governor.control.halt({}, { who: 'op', why: 'test' });
  expect((await open()).terminal?.reason).toBe('HALTED');
  expect(calls).toBe(1);
  await governor.close();
});

test('a missing subject is said by its name', async () => {
  const governor = await createGovernor({ policy });
  const gate = await governor.openGate(governor.interaction(undefined).event({ stage: 'output' }));
  expect(gate.terminal?.errors).toEqual([{ part: 'subject', id: 'subject', code: 'MISSING' }]);
  await governor.close();
});

test('A1: what the last judgement frees stays inside until the record of the end is accepted', async () => {
  let answer = (): void => {};
  const detector: Detector = {
    id: 'slow',
    version: '1',
    types: ['slow'],
    detect: () => new Promise((resolve) => (answer = () => resolve([]))),
  };
  const audit: Sink = {
    name: 'full',
    accept({ kind }) {
      if (kind === 'decision') throw new Error('disk full');
    },
  };
  const governor = await createGovernor({
    audit,
    detectors: [detector],
    policy: {
      policy: 'p',
      version: 1,
      deadline: '5s',
      detectors: [{ id: 'word', phrases: ['nightjar'] }],
      rules: [
        { id: 'a', on: 'output', channel: 'text', detect: 'word', then: 'block', reason: 'P_WORD' },
        { id: 'b', on: 'output', channel: 'reasoning', detect: 'slow', then: 'block', reason: 'P_SLOW' },
      ],
    },
  });
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  gate.write('text', '', 'a night');
  gate.write('reasoning', '', 'thought');
  const ended = gate.end();
  // Whoever waits, wakes: each of them.
  const waiting = [gate.waiting, gate.waiting];
  answer();
  for (const wakes of waiting) await wakes;
  expect(await ended).toMatchObject({ pieces: [], decision: { outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' } });
  expect(gate.take()).toEqual([]);
  expect(Object.isFrozen(gate.take())).toBe(true);
  await governor.close();
});

test('a stream that is refused at its opening is not kept among those that run', async () => {
  const governor = await createGovernor({ policy: LIMITED });
  const event = () => governor.interaction({ tenant: 't' }).event({ stage: 'output' });
  await governor.openGate(event());
  expect(governor.status().openGates).toBe(1);
  await governor.control.halt({ tenant: 't' }, { who: 'op', why: 'test' });
  expect((await governor.openGate(event())).terminal?.reason).toBe('HALTED');
  expect(governor.status().openGates).toBe(0);
  await governor.close();
});

test('labels of the session that the store does not tell fail the stream, as `onError` says', async () => {
  const memory = createMemoryStore();
  const store: Store = {
    ...memory,
    labels: () => {
      throw new Error('gone');
    },
  };
  const rules = [
    { id: 'seen', on: 'output', when: 'label("seen")', then: 'block', reason: 'P_SEEN' },
    { id: 'see', on: 'input', when: 'true', label: 'seen' },
  ];
  const governor = await createGovernor({
    store,
    policy: { ...policy, labels: { seen: 'session' }, rules: rules as never },
  });
  const event = governor.interaction({ tenant: 't', session: 's' }).event({ stage: 'output' });
  const gate = await governor.openGate(event);
  gate.write('text', '', 'hello');
  expect((await gate.end()).decision).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' });
  await governor.close();
});
