import { afterEach, describe, expect, it } from 'vitest';
import type { AcceptOptions, Sink } from '../audit/sink.ts';
import type { AuditRecord } from '../contract/record.ts';
import { createGovernor, type Governor, type GovernorOptions } from '../index.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

const RULES = [
  { id: 'no', on: 'input', detect: 'word', then: 'block', reason: 'P_NO' },
  { id: 'out', on: 'output', detect: 'word', then: 'redact', reason: 'P_NO' },
];

interface Kept {
  readonly record: AuditRecord;
  readonly options: AcceptOptions | undefined;
}

function sinkOf(kept: Kept[], more: Partial<Sink> = { offersDurable: true }): Sink {
  return { name: 'test', accept: (record, options) => void kept.push({ record, options }), ...more };
}

async function governorOf(audit: object | undefined, more: Partial<GovernorOptions> = {}): Promise<Governor> {
  const policy = {
    ...{ policy: 'p', version: 1, rules: RULES, detectors: [{ id: 'word', phrases: 'Nightjar' }] },
    ...(audit !== undefined && { audit }),
  };
  const governor = await createGovernor({ policy: policy as never, ...more });
  open.push(governor);
  return governor;
}

async function decided(governor: Governor, stage: string, content: string): Promise<void> {
  await governor.decide(governor.interaction({ tenant: 't' }).event({ stage, content } as never));
}

const durableOf = (kept: readonly Kept[]): readonly (readonly [string, boolean])[] =>
  kept.flatMap(({ record, options }) =>
    record.kind === 'decision' ? [[record.decision.outcome, options?.durable === true] as const] : [],
  );

describe('A1: what a policy asks of its records', () => {
  it('records of the outcomes it names are asked for on disk, and of no others', async () => {
    const kept: Kept[] = [];
    const governor = await governorOf({ durable: ['BLOCK'] }, { audit: sinkOf(kept) });
    await decided(governor, 'input', 'Nightjar');
    await decided(governor, 'input', 'hello');
    expect(durableOf(kept)).toEqual([
      ['BLOCK', true],
      ['ALLOW', false],
    ]);
  });

  it('`all` means each outcome, and the opening of a stream with them', async () => {
    const kept: Kept[] = [];
    const governor = await governorOf({ durable: 'all' }, { audit: sinkOf(kept) });
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    gate.write('text', 'answer', 'hello');
    await gate.end();
    await decided(governor, 'retrieval', 'x');
    expect(kept.filter(({ record }) => record.kind === 'opened').map(({ options }) => options?.durable)).toEqual([
      true,
    ]);
    expect(durableOf(kept)).toEqual([
      ['ALLOW', true],
      ['NO_OP', true],
    ]);
  });

  it('without a word about it nothing is asked for', async () => {
    const kept: Kept[] = [];
    const governor = await governorOf(undefined, { audit: sinkOf(kept) });
    await decided(governor, 'input', 'Nightjar');
    expect(durableOf(kept)).toEqual([['BLOCK', false]]);
  });

  it.each([
    ['without a sink', undefined, 'there is no sink'],
    ['with one that keeps nothing', sinkOf([], {}), 'the sink `test` keeps none'],
  ])('%s the policy does not load, and says where it asks', async (_what, audit, why) => {
    const given = governorOf({ durable: 'BLOCK' }, audit === undefined ? {} : { audit });
    await expect(given).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      issues: [{ path: 'audit.durable', message: expect.stringContaining(why) }],
    });
  });

  it('NO_OP of what is off or not covered may be counted instead, and of nothing else', async () => {
    const kept: Kept[] = [];
    const governor = await governorOf({ noOp: 'count' }, { audit: sinkOf(kept) });
    await decided(governor, 'retrieval', 'x');
    await governor.control.setMode({}, 'shadow', { who: 'ops', why: 'drill' });
    await decided(governor, 'input', 'Nightjar');
    await governor.control.setMode({}, 'off', { who: 'ops', why: 'drill' });
    await decided(governor, 'input', 'Nightjar');
    const reasons = kept.flatMap(({ record }) => (record.kind === 'decision' ? [record.decision.reason] : []));
    expect(reasons).toEqual(['SHADOWED']);
    expect(governor.status().decisions).toEqual({ ALLOW: 0, BLOCK: 0, COOLDOWN: 0, NO_OP: 3 });
  });

  it('and are recorded where it says nothing', async () => {
    const kept: Kept[] = [];
    const governor = await governorOf({ noOp: 'record' }, { audit: sinkOf(kept) });
    await decided(governor, 'retrieval', 'x');
    expect(durableOf(kept)).toEqual([['NO_OP', false]]);
  });

  it('a policy that names only defaults has the behaviour version of one that names nothing', async () => {
    const versions: string[] = [];
    for (const audit of [undefined, {}, { noOp: 'record' }, { noOp: 'count' }])
      versions.push((await governorOf(audit)).status().policies[0]!.behaviorVersion);
    expect(versions[1]).toBe(versions[0]);
    expect(versions[2]).toBe(versions[0]);
    expect(versions[3]).not.toBe(versions[0]);
  });
});
