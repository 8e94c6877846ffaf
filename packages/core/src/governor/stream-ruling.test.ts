import { describe, expect, test } from 'vitest';
import type { DecisionRecord, OpenedRecord } from '../contract/record.ts';
import type { Ruling } from '../contract/ruling.ts';
import { createMemorySink } from '../audit/memory-sink.ts';
import { UNREAD } from '../detection/unread.ts';
import { createGovernor } from '../governor.ts';
import { cutRuling } from './stream-ruling.ts';

const rulingOf = (outcome: string): Ruling =>
  ({
    outcome,
    reason: 'R',
    ruleId: 'r',
    verdict: { outcome, reason: 'R', ruleId: 'r' },
    edits: [{ start: 0 }],
  }) as unknown as Ruling;

describe('the ruling on a stream that was cut', () => {
  const source = { by: 'gate', findings: UNREAD } as const;

  test.each(['BLOCK', 'COOLDOWN'])('is the one that stops: %s', (outcome) => {
    const ruling = rulingOf(outcome);
    expect(cutRuling({ ruling, source })).toEqual({ ruling, source });
    expect(cutRuling({ ruling, source }).ruling).toBe(ruling);
  });

  test.each(['ALLOW', 'NO_OP'])('says that it was cut where the rules would have let it go: %s', (outcome) => {
    const { ruling, source: from } = cutRuling({ ruling: rulingOf(outcome), source });
    expect(ruling).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED', edits: [] });
    expect(ruling).not.toHaveProperty('ruleId');
    expect(from).toEqual({ ...source, strengthened: true });
  });
});

test('the record of an opening says of the event what the record of its end says, but for texts', async () => {
  const audit = createMemorySink();
  const policy = {
    policy: 'p',
    version: 1,
    rules: [{ id: 'seen', on: 'output', when: 'attributes.plan == "free"', label: 'seen' }],
  } as const;
  const governor = await createGovernor({ policy, audit });
  const event = governor
    .interaction({ tenant: 't', user: 'u' })
    .event({ stage: 'output', resource: { model: 'm' }, attributes: { plan: 'free' } });
  const gate = await governor.openGate(event);
  gate.write('text', '1', 'hello');
  await gate.end();
  const records = audit.records();
  const opened = records.find(({ kind }) => kind === 'opened') as OpenedRecord;
  const decided = records.find(({ kind }) => kind === 'decision') as DecisionRecord;
  expect(opened.event).toMatchObject({ id: event.id, stage: 'output', resource: { model: 'm' }, segments: [] });
  expect(decided.event).toEqual({ ...opened.event, segments: [expect.objectContaining({ role: 'assistant' })] });
  await governor.close();
});

test.each([
  [[''], []],
  [['hello'], ['secret']],
  [['', 'hello'], ['secret']],
  [['', ''], []],
])('a record says what was looked for where there was a text: %j', async (texts, lookedFor) => {
  const audit = createMemorySink();
  const policy = {
    policy: 'p',
    version: 1,
    detectors: [{ id: 'secret', phrases: ['secret plan'] }],
    rules: [{ id: 'no', on: 'input', detect: 'secret', then: 'block', reason: 'P_NO' }],
  } as const;
  const governor = await createGovernor({ policy, audit });
  const content = texts.map((text, at) => ({ path: `${at}`, text }));
  await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content }));
  const decided = audit.records().find(({ kind }) => kind === 'decision') as DecisionRecord;
  expect(decided.inputs.lookedFor).toEqual(lookedFor);
  await governor.close();
});
