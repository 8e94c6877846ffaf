import { createGovernor, createMemorySink, type EventInit, type Governor, type PolicyDocument } from '@flyball/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { DecisionRecord, PolicyRecord } from '@flyball/core/evidence';
import { whatWouldDiffer, type Difference } from '../src/index.ts';

const POLICY = {
  policy: 'p',
  version: 1,
  detectors: [{ use: 'pii' }, { id: 'codename', phrases: 'Nightjar' }],
  rules: [
    {
      id: 'cap',
      on: 'tool_call',
      when: 'tool.args.amount > 500 && attributes.risk >= 0.5',
      then: 'block',
      reason: 'P_CAP',
    },
    { id: 'name', on: ['input', 'output'], detect: 'codename', then: 'block', reason: 'P_NAME' },
    { id: 'mail', on: 'input', detect: 'pii.email', then: 'block', reason: 'P_MAIL' },
  ],
  limits: [{ id: 'rate', on: 'retrieval', allow: 1, per: '1m' }],
  facts: ['tool.args.amount'],
} as const satisfies PolicyDocument;

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function differences(
  init: EventInit,
  before: (governor: Governor) => Promise<unknown> = async () => {},
): Promise<readonly Difference[]> {
  const sink = createMemorySink();
  const governor = await createGovernor({ policy: POLICY, audit: sink });
  open.push(governor);
  await before(governor);
  await governor.decide(governor.interaction({ tenant: 't' }).event(init));
  const records = JSON.parse(JSON.stringify(sink.records())) as (PolicyRecord | DecisionRecord)[];
  const policy = records.find((record) => record.kind === 'policy')!;
  return whatWouldDiffer(records.at(-1) as DecisionRecord, policy.material!);
}

const ALLOWED = { outcome: 'ALLOW', reason: 'NO_RULE_OBJECTED' };

describe('what would have to differ', () => {
  it('a number of the condition, at the nearest value that turns it; or no such rule', async () => {
    const call = {
      stage: 'tool_call',
      resource: { tool: 'pay' },
      args: { amount: 900 },
      attributes: { risk: 0.9 },
    } as const;
    expect(await differences(call)).toEqual([
      { change: 'with `tool.args.amount` at 500', then: ALLOWED },
      { change: 'with `attributes.risk` at 0.4', then: ALLOWED },
      { change: 'without the rule `cap`', then: { outcome: 'NO_OP', reason: 'NOT_GOVERNED' } },
    ]);
  });

  it('a finding; and what would stop it all the same is said', async () => {
    expect(await differences({ stage: 'input', content: 'Nightjar, says ada@acme.example' })).toEqual([
      { change: 'without `pii.email` in the text', then: { outcome: 'BLOCK', reason: 'P_NAME', ruleId: 'name' } },
      { change: 'without the rule `mail`', then: { outcome: 'BLOCK', reason: 'P_NAME', ruleId: 'name' } },
    ]);
  });

  it('an operator: in shadow it is known what would have been, under a halt it is not', async () => {
    const by = { who: 'ops', why: 'drill' };
    const event = { stage: 'output', content: 'Nightjar' } as const;
    expect(await differences(event, (governor) => governor.control.setMode({}, 'shadow', by))).toContainEqual({
      change: 'without the mode `shadow` by ops',
      then: { outcome: 'BLOCK', reason: 'P_NAME', ruleId: 'name' },
    });
    expect(await differences(event, (governor) => governor.control.halt({}, by))).toEqual([
      { change: 'without the halt by ops' },
    ]);
  });

  it('time, where a limit or cooldown stands in the way', async () => {
    const event = { stage: 'retrieval', content: 'x' } as const;
    const [only] = await differences(event, (governor) =>
      governor.decide(governor.interaction({ tenant: 't' }).event(event)),
    );
    expect(only?.change).toMatch(/^\d+ s later, when `rate` admits again$/);
    expect(only?.then).toBeUndefined();
  });

  it('nothing, where nothing objected', async () => {
    expect(await differences({ stage: 'output', content: 'hello' })).toEqual([]);
  });
});
