import { expect, test } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { DecisionRecord } from '../contract/record.ts';
import { createGovernor } from '../governor.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import type { Governor } from './api.ts';
import { RecordPaths } from './record-paths.ts';
import { recordedEvent } from './record.ts';

const EVENT: GovernedEvent = {
  id: 'evt_1',
  interactionId: 'int_1',
  stage: 'tool_call',
  point: 'tool',
  subject: { tenant: 't' },
  resource: { tool: 'pay' },
  attributes: { risk: 'high' },
  labels: ['seen'],
  content: [
    { path: 'args.to', text: 'ann@x.example', role: 'assistant', channel: 'text' },
    { path: 'args.why', text: 'a secret' },
  ],
  args: { amount: 5, to: 'ann@x.example', deep: { list: [1] } },
};

test('records keep addresses and the declared arguments, and no text', () => {
  const recorded = recordedEvent(
    EVENT,
    ['tool.args.amount', 'tool.args.deep.list', 'tool.args.deep.none', 'tool.args.constructor'],
    new RecordPaths(undefined),
  );
  expect(recorded).toStrictEqual({
    id: 'evt_1',
    stage: 'tool_call',
    point: 'tool',
    subject: { tenant: 't' },
    resource: { tool: 'pay' },
    attributes: { risk: 'high' },
    labels: ['seen'],
    segments: [{ path: 'args.@1', role: 'assistant', channel: 'text' }, { path: 'args.@2' }],
    facts: { 'tool.args.amount': 5, 'tool.args.deep.list': [1] },
  });
  expect(JSON.stringify(recorded)).not.toContain('ann@');
});

test('an event without arguments has no facts', () => {
  const { args: _, ...without } = EVENT;
  expect(recordedEvent(without, ['tool.args.amount'], new RecordPaths(undefined)).facts).toStrictEqual({});
});

const BEFORE: readonly (readonly [string, Partial<PolicyDocument>, (governor: Governor) => Promise<unknown>])[] = [
  ['NO_RULE_OBJECTED', {}, () => Promise.resolve()],
  ['HALTED', {}, (governor) => governor.control.halt({ tenant: 't' }, { who: 'ops', why: 'test' })],
  ['GOVERNANCE_OFF', { mode: 'off' }, () => Promise.resolve()],
  ['COOLDOWN_ACTIVE', {}, (governor) => asked(governor, { amount: 500 })],
  [
    'LIMIT_EXCEEDED',
    { limits: [{ id: 'few', unit: 'events', allow: 1, per: '1h', on: 'tool_call' }] },
    (governor) => asked(governor, { amount: 1 }),
  ],
];

async function asked(governor: Governor, args: { amount: number }): Promise<string> {
  const event = governor
    .interaction({ tenant: 't', user: 'u' })
    .event({ stage: 'tool_call', resource: { tool: 'pay' }, args });
  return (await governor.decide(event)).reason;
}

test.each(BEFORE)('conditions are recorded where rules were asked: %s', async (reason, change, prepare) => {
  const audit = createMemorySink();
  const governor = await createGovernor({
    audit,
    hashKey: 'k',
    policy: {
      policy: 'p',
      version: 1,
      cooldowns: [{ id: 'abuse', after: { strikes: 1, within: '10m' }, for: '10m' }],
      rules: [
        {
          id: 'much',
          on: 'tool_call',
          when: 'tool.args.amount > 100',
          then: 'block',
          reason: 'P_MUCH',
          strike: { abuse: 1 },
        },
      ],
      ...change,
    },
  });
  await prepare(governor);
  expect(await asked(governor, { amount: 5 })).toBe(reason);
  await governor.close();
  const last = audit.records().findLast((record): record is DecisionRecord => record.kind === 'decision');
  expect(last?.inputs.conditions).toEqual(reason === 'NO_RULE_OBJECTED' ? { much: false } : {});
});

test('records say of an event all that it says of itself, and nothing that it does not', () => {
  const content = [
    { path: 'text', text: 'a', fixed: true as const },
    { path: 'body', text: 'b', fixed: false as never },
  ];
  const more = { policy: 'q', subjectMissing: true as const, media: ['args.Nightjar'], unreadable: ['args.Other'] };
  const recorded = recordedEvent(
    { ...EVENT, ...more, content, args: null },
    ['tool.args.a'],
    new RecordPaths(undefined),
  );
  expect(recorded).toStrictEqual({
    ...{ id: 'evt_1', stage: 'tool_call', point: 'tool', subject: { tenant: 't' }, resource: { tool: 'pay' } },
    ...{ attributes: { risk: 'high' }, labels: ['seen'], facts: {}, policy: 'q', subjectMissing: true },
    segments: [{ path: 'text', fixed: true }, { path: 'body' }],
    ...{ media: ['args.@1'], unreadable: ['args.@2'] },
  });
});

test('a decision that stands before the rules are asked has no answers of conditions in its record', async () => {
  const policy: PolicyDocument = {
    policy: 'p',
    version: 1,
    rules: [{ id: 'big', on: 'tool_call', when: 'tool.args.amount > 5', then: 'block', reason: 'P_BIG' }],
    limits: [{ id: 'calls', on: 'tool_call', unit: 'events', allow: 2, per: '1h' }],
  };
  const sink = createMemorySink();
  const governor = await createGovernor({ policy, audit: sink });
  const decide = async (tenant: string): Promise<void> =>
    void (await governor.decide(governor.interaction({ tenant }).event({ stage: 'tool_call', args: { amount: 9 } })));
  const ops = { who: 'ops', why: 'drill' };
  await decide('t');
  await governor.control.halt({ tenant: 'halted' }, ops);
  await decide('halted');
  await governor.control.setMode({ tenant: 'off' }, 'off', ops);
  await decide('off');
  for (let n = 0; n < 3; n++) await decide('limited');
  await governor.close();
  const records = sink.records().filter((record): record is DecisionRecord => record.kind === 'decision');
  expect(records.map(({ decision, inputs }) => [decision.verdict.reason, inputs.conditions])).toEqual([
    ['P_BIG', { big: true }],
    ['HALTED', {}],
    ['GOVERNANCE_OFF', {}],
    ['P_BIG', { big: true }],
    ['P_BIG', { big: true }],
    ['LIMIT_EXCEEDED', {}],
  ]);
});
