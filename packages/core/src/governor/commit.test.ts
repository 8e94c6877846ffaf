import { afterEach, describe, expect, it } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { Sink } from '../audit/sink.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import type { Governor } from './api.ts';
import type { GovernorEvent } from './lifecycle/events.ts';

const POLICY = {
  policy: 'p',
  version: 1,
  detectors: [{ id: 'word', phrases: ['nightjar'] }],
  rules: [
    { id: 'name', on: ['input', 'output'], detect: 'word', then: 'redact', reason: 'P_NAME' },
    { id: 'cap', on: 'input', when: 'has(attributes.cap)', then: 'block', reason: 'P_CAP' },
  ],
} as const;

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function governed(options: Partial<GovernorOptions>, policy: object = {}): Promise<Governor> {
  const governor = await createGovernor({ policy: { ...POLICY, ...policy }, ...options });
  open.push(governor);
  return governor;
}

const input = (governor: Governor, attributes = {}) =>
  governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'the nightjar', attributes });

/** Refuses what is decided and takes everything else. */
const full: Sink = {
  name: 'full',
  accept({ kind }) {
    if (kind === 'decision') throw new Error('disk full');
  },
};

describe('a decision', () => {
  it('is frozen, carries its event, and says its time in microseconds to the tenth', async () => {
    let monotonic = 0;
    const clock = { now: () => 1234, monotonic: () => (monotonic += 0.01234) };
    const governor = await governed({ clock });
    const event = input(governor);
    monotonic = 0;
    const decision = await governor.decide(event);
    expect(Object.isFrozen(decision)).toBe(true);
    expect(decision).toMatchObject({ at: 1234, eventId: event.id, interactionId: event.interactionId });
    expect(decision.durationUs).toBe(Math.round((monotonic - 0.01234) * 10_000) / 10);
    expect(decision.durationUs).toBeGreaterThan(0);
    expect(decision.durationUs).toBeLessThan(1000);
  });

  it('says its time to the tenth of a microsecond', async () => {
    const readings = [0, 1.23456];
    const governor = await governed({ clock: { now: () => 0, monotonic: () => readings.shift() ?? 1.23456 } });
    const event = input(governor);
    readings.splice(0, 2, 0, 1.23456);
    expect((await governor.decide(event)).durationUs).toBe(1234.6);
  });

  it('of a policy that is not loaded is recorded as well', async () => {
    const audit = createMemorySink();
    const governor = await governed({ audit });
    const interaction = governor.interaction({ tenant: 't' }, { policy: 'other' });
    await governor.decide(interaction.event({ stage: 'tool_call', args: { amount: 3 } }));
    expect(audit.records().at(-1)).toMatchObject({
      kind: 'decision',
      decision: {
        outcome: 'BLOCK',
        reason: 'POLICY_UNKNOWN',
        onError: 'block',
        policyVersion: '',
        behaviorVersion: '',
      },
      event: { facts: {} },
      answers: [],
    });
  });

  it('is told as it was made, a refusal as a refusal', async () => {
    const told: GovernorEvent[] = [];
    const governor = await governed({ onEvent: (event) => void told.push(event) });
    const decision = await governor.decide(input(governor));
    expect(told.at(-1)).toMatchObject({ kind: 'decision', decision: { auditId: decision.auditId } });
    const cap = await governor.decide(input(governor, { cap: true }));
    expect(told.at(-1)).toMatchObject({ kind: 'decision', record: { kind: 'decision', auditId: cap.auditId } });
  });
});

describe('A1: a record that the sink refuses', () => {
  it('turns an answer with edits into a block without them, which names no rule', async () => {
    const governor = await governed({ audit: full });
    const decision = await governor.decide(input(governor));
    expect(decision).toMatchObject({
      outcome: 'BLOCK',
      reason: 'AUDIT_UNAVAILABLE',
      verdict: { outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' },
      edits: [],
      onError: 'block',
    });
    expect(decision).not.toHaveProperty('ruleId');
    for (const part of [decision, decision.verdict, decision.edits]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('leaves a block what it is', async () => {
    const governor = await governed({ audit: full });
    expect(await governor.decide(input(governor, { cap: true }))).toMatchObject({ outcome: 'BLOCK', reason: 'P_CAP' });
  });

  it('changes nothing under `onError: no_op`', async () => {
    const governor = await governed({ audit: full }, { onError: 'no_op' });
    const decision = await governor.decide(input(governor));
    expect(decision).toMatchObject({ outcome: 'ALLOW', reason: 'P_NAME', ruleId: 'name' });
    expect(decision.edits).toHaveLength(1);
  });

  it('blocks what the policy has no opinion on, too', async () => {
    const governor = await governed({ audit: full });
    const call = governor.interaction({ tenant: 't' }).event({ stage: 'tool_call', args: {} });
    expect(await governor.decide(call)).toMatchObject({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
  });

  it('is counted, and told with its cause', async () => {
    const told: GovernorEvent[] = [];
    const governor = await governed({ audit: full, onEvent: (event) => void told.push(event) });
    const decision = await governor.decide(input(governor));
    expect(governor.status()).toMatchObject({ auditRefused: 1, decisions: { ALLOW: 0, BLOCK: 1 } });
    const failure = told.find(({ kind }) => kind === 'failure');
    expect(failure).toMatchObject({ failure: { part: 'audit', id: 'full' }, cause: { message: 'disk full' } });
    expect(told.at(-1)).toMatchObject({ kind: 'decision', decision: { auditId: decision.auditId, outcome: 'BLOCK' } });
  });
});

describe('A1: an `opened` record that the sink refuses', () => {
  const closed: Sink = {
    name: 'closed',
    accept({ kind }) {
      if (kind === 'opened') throw new Error('disk full');
    },
  };

  it.each([
    ['enforce', 'block', true],
    ['enforce', 'no_op', false],
    ['shadow', 'block', false],
    ['off', 'block', false],
  ] as const)('in mode %s under `onError: %s` refuses the stream: %s', async (mode, onError, refuses) => {
    const told: GovernorEvent[] = [];
    const governor = await governed({ audit: closed, onEvent: (event) => void told.push(event) }, { mode, onError });
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    expect(gate.state).toBe(refuses ? 'stopped' : 'open');
    expect(governor.status().auditRefused).toBe(1);
    expect(told.some(({ kind }) => kind === 'failure')).toBe(true);
    expect(gate.write('text', '', 'hello').length).toBe(refuses ? 0 : 1);
    const { decision } = await gate.end();
    if (refuses) {
      expect(decision).toMatchObject({
        outcome: 'BLOCK',
        reason: 'AUDIT_UNAVAILABLE',
        verdict: { outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' },
        edits: [],
      });
      expect(Object.isFrozen(decision.verdict)).toBe(true);
    } else expect(decision.reason).not.toBe('AUDIT_UNAVAILABLE');
  });
});
