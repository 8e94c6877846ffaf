import { expect, test } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { AcceptOptions } from '../audit/sink.ts';
import type { DecisionRecord } from '../contract/record.ts';
import type { Failure } from '../contract/ruling.ts';
import { createGovernor } from '../governor.ts';
import type { AdapterGovernor } from './api.ts';

// What is made once and handed to many: whoever changed it would change what the others are told.

const POLICY = { policy: 'p', version: 1 } as const;

test('the subject of whoever nobody knows, and the failure that says so', async () => {
  const governor = await createGovernor({ policy: POLICY });
  const interaction = governor.interaction(undefined);
  expect([interaction.subject, Object.isFrozen(interaction.subject)]).toEqual([{ tenant: 'unknown' }, true]);
  expect(Object.isFrozen(interaction.labels)).toBe(true);
  const { errors } = await governor.decide(interaction.event({ stage: 'input', content: 'a' }));
  expect(errors).toEqual([{ part: 'subject', id: 'subject', code: 'MISSING' }]);
  expect(errors.every((failure) => Object.isFrozen(failure))).toBe(true);
  await governor.close();
});

test('the parts of an event, given or not', async () => {
  const governor = await createGovernor({ policy: POLICY });
  const interaction = governor.interaction({ tenant: 't' });
  for (const more of [{}, { resource: { route: '/a' }, attributes: { a: { b: 1 } }, content: [{ text: 'a' }] }]) {
    const event = interaction.event({ stage: 'input', ...more });
    const parts = [event, event.subject, event.resource, event.attributes, event.labels, event.content];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
    expect(event.content.every((segment) => Object.isFrozen(segment))).toBe(true);
  }
  await governor.close();
});

test('what a sink is told of how to keep a record', async () => {
  const given: (AcceptOptions | undefined)[] = [];
  const accept = (_record: unknown, options?: AcceptOptions): void => void given.push(options);
  const rules = [{ id: 'r', on: 'input', when: 'has(attributes.x)', then: 'block', reason: 'P_NO' } as const];
  const governor = await createGovernor({
    policy: { ...POLICY, rules, audit: { durable: ['BLOCK'] } },
    audit: { name: 's', offersDurable: true, accept },
  });
  const interaction = governor.interaction({ tenant: 't' });
  given.length = 0;
  for (const attributes of [{}, { x: 1 }]) await governor.decide(interaction.event({ stage: 'input', attributes }));
  expect(given).toEqual([{ durable: false }, { durable: true }]);
  expect(given.map((options) => Object.isFrozen(options))).toEqual([true, true]);
  await governor.close();
});

test('what listeners are told of one that failed', async () => {
  const failures: Failure[] = [];
  const governor = await createGovernor({ policy: POLICY });
  governor.events.subscribe((event) => {
    if (event.kind === 'decision') throw new Error('broken');
  });
  governor.events.subscribe((event) => void (event.kind === 'failure' && failures.push(event.failure)));
  await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input' }));
  expect(failures).toEqual([{ part: 'listener', id: 'events', code: 'THREW' }]);
  expect(Object.isFrozen(failures[0])).toBe(true);
  await governor.close();
});

test('a decision, in whatever way it was made', async () => {
  const policy = {
    ...POLICY,
    detectors: [{ id: 'word', phrases: ['nightjar'] }],
    rules: [{ id: 'r', on: 'input', detect: 'word', then: 'block', reason: 'P_WORD' }],
  } as const;
  let refuses = false;
  const sink = createMemorySink();
  const accept: typeof sink.accept = (record, options) => {
    if (refuses) throw new Error('full');
    return sink.accept(record, options);
  };
  const governor = (await createGovernor({ policy, audit: { name: 's', accept } })) as AdapterGovernor;
  const interaction = governor.interaction({ tenant: 't' });
  const usual = await governor.decide(interaction.event({ stage: 'input', content: 'a' }));
  const lane = governor.quiet({ stage: 'input', subject: { tenant: 't' }, resource: {}, policy: 'p' })!;
  const texts = [{ text: 'a' }];
  expect(lane.decide(interaction, { texts, init: () => ({ content: texts, point: 'http' }) })).toBe('passed');
  expect(lane.decide(interaction, { texts, init: () => ({ content: texts, point: 'http' }) })).toBe('passed');
  refuses = true;
  const refused = await governor.decide(interaction.event({ stage: 'input', content: 'a' }));
  expect(refused.reason).toBe('AUDIT_UNAVAILABLE');
  const decisions = [usual, ...interaction.decisions.slice(1, 3), refused];
  expect(decisions.map((decision) => Object.isFrozen(decision))).toEqual([true, true, true, true]);
  // The ruling of the first that passed is that of the second, with other lengths.
  expect(Object.isFrozen(interaction.decisions[2]!.coverage)).toBe(true);
  for (const decision of decisions)
    expect([decision.verdict, decision.edits].map((part) => Object.isFrozen(part))).toEqual([true, true]);
  await governor.close();
});

test('lists of nothing, in records and of gates', async () => {
  const sink = createMemorySink();
  const governor = await createGovernor({ policy: POLICY, audit: sink });
  const interaction = governor.interaction({ tenant: 't' });
  await governor.decide(interaction.event({ stage: 'input', content: 'a' }));
  await governor.control.halt({ user: 'u' }, { who: 'op', why: 'test' });
  await governor.decide(governor.interaction({ tenant: 't', user: 'u' }).event({ stage: 'input', content: 'a' }));
  const records = sink.records().filter((record): record is DecisionRecord => record.kind === 'decision');
  expect(records.map(({ decision }) => decision.reason)).toEqual(['NOT_GOVERNED', 'HALTED']);
  for (const { answers, inputs } of records) {
    expect([answers, inputs.lookedFor]).toEqual([[], []]);
    expect([answers, inputs.lookedFor].map((list) => Object.isFrozen(list))).toEqual([true, true]);
  }
  expect([records[1]!.inputs.conditions, Object.isFrozen(records[1]!.inputs.conditions)]).toEqual([{}, true]);
  const gate = await governor.openGate(interaction.event({ stage: 'output' }));
  expect([gate.take(), Object.isFrozen(gate.take())]).toEqual([[], true]);
  await governor.close();
});
