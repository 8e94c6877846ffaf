import {
  createGovernor,
  createMemorySink,
  type AuditRecord,
  type Decision,
  type EventInit,
  type PolicyDocument,
} from '@flyball/core';
import { describe, expect, it } from 'vitest';
import { backtest, type Backtest } from '../src/index.ts';

const BASE = {
  policy: 'p',
  version: 1,
  detectors: [{ use: 'pii' }, { id: 'codename', phrases: ['Nightjar'] }],
  rules: [
    { id: 'mail-out', on: 'output', detect: 'pii.email', then: 'redact', reason: 'P_MAIL' },
    { id: 'probe', on: 'input', detect: 'codename', then: 'block', reason: 'P_PROBE' },
    { id: 'cap', on: 'tool_call', when: 'tool.args.amount > 500', then: 'block', reason: 'P_CAP' },
    {
      id: 'why',
      on: 'tool_call',
      when: 'has(tool.args.why) && tool.args.why == "fraud"',
      then: 'block',
      reason: 'P_WHY',
    },
  ],
  facts: ['tool.args.amount'],
};
const [mailOut, probe, cap, why] = BASE.rules;

/** What might be written next, and what it is about. */
const NEXT: readonly (readonly [what: string, change: object])[] = [
  ['nothing but its version', {}],
  [
    'a lower cap, which a declared argument answers',
    { rules: [mailOut, probe, { ...cap, when: 'tool.args.amount > 200' }, why] },
  ],
  ['a rule less', { rules: [mailOut, cap, why] }],
  ['another reason', { rules: [mailOut, { ...probe, reason: 'P_OTHER' }, cap, why] }],
  ['a block where there was a mask', { rules: [{ ...mailOut, then: 'block' }, probe, cap, why] }],
  [
    'a type that nobody looked for',
    {
      rules: [
        mailOut,
        probe,
        cap,
        why,
        { id: 'card', on: 'output', detect: 'pii.card', then: 'block', reason: 'P_CARD' },
      ],
    },
  ],
  [
    'a type at a stage where nobody looked',
    {
      rules: [mailOut, probe, cap, why, { id: 'in', on: 'input', detect: 'pii.email', then: 'block', reason: 'P_IN' }],
    },
  ],
  ['other phrases', { detectors: [{ use: 'pii' }, { id: 'codename', phrases: ['hello'] }] }],
  [
    'an argument that was not recorded',
    { rules: [mailOut, probe, cap, { ...why, when: 'has(tool.args.to) && tool.args.to == "eve"' }] },
  ],
  ['the same condition under another name', { rules: [mailOut, probe, cap, { ...why, id: 'fraud' }] }],
  [
    'everything blocked but what is allowed',
    {
      default: 'block',
      rules: [mailOut, probe, cap, why, { id: 'ok', on: 'input', detect: 'pii.email', then: 'allow' }],
    },
  ],
  ['a limit', { limits: [{ id: 'rate', allow: 3, per: '1m' }] }],
  [
    'attributes',
    {
      rules: [
        mailOut,
        probe,
        cap,
        why,
        {
          id: 'risk',
          on: 'input',
          when: 'has(attributes.risk) && attributes.risk > 0.5',
          then: 'block',
          reason: 'P_RISK',
        },
      ],
    },
  ],
];

const EVENTS: readonly EventInit[] = [
  { stage: 'input', content: 'hello' },
  { stage: 'input', content: 'what is Nightjar?' },
  { stage: 'input', content: 'I am ada@acme.example', attributes: { risk: 0.9 } },
  { stage: 'output', content: 'write to bob@acme.example' },
  { stage: 'output', content: 'card 4111 1111 1111 1111' },
  { stage: 'output', content: 'fine' },
  { stage: 'tool_call', resource: { tool: 'pay' }, args: { amount: 900 } },
  { stage: 'tool_call', resource: { tool: 'pay' }, args: { amount: 300, to: 'eve' } },
  { stage: 'tool_call', resource: { tool: 'pay' }, args: { amount: 10, why: 'fraud' } },
  { stage: 'tool_call', resource: { tool: 'pay' }, args: {} },
  { stage: 'tool_result', content: 'done' },
];

const document = (change: object): PolicyDocument => ({ ...BASE, version: 2, ...change }) as unknown as PolicyDocument;

/** What a governor of this policy really says, event by event, each in a governor of its own: no state is shared. */
async function decided(
  policy: PolicyDocument,
): Promise<{ readonly decisions: Decision[]; readonly records: AuditRecord[][] }> {
  const decisions: Decision[] = [];
  const records: AuditRecord[][] = [];
  for (const init of EVENTS) {
    const audit = createMemorySink();
    const governor = await createGovernor({ policy, audit });
    decisions.push(await governor.decide(governor.interaction({ tenant: 'acme', user: 'ada' }).event(init)));
    await governor.close();
    records.push(JSON.parse(JSON.stringify(audit.records())) as AuditRecord[]);
  }
  return { decisions, records };
}

const numbered = (records: readonly AuditRecord[]) => records.map((record, seq) => ({ seq, record }));
const isStop = ({ verdict }: Decision): boolean => verdict.outcome === 'BLOCK' || verdict.outcome === 'COOLDOWN';

function changeOf({ newlyStopped, newlyAllowed, otherReason, unknown, same }: Backtest): string {
  const counts = { newlyStopped, newlyAllowed, otherReason, unknown, same };
  return Object.entries(counts).find(([, count]) => count === 1)![0];
}

function truth(before: Decision, after: Decision): string {
  if (isStop(before) !== isStop(after)) return isStop(after) ? 'newlyStopped' : 'newlyAllowed';
  const [a, b] = [before.verdict, after.verdict];
  return isStop(after) && (a.reason !== b.reason || a.ruleId !== b.ruleId) ? 'otherReason' : 'same';
}

describe('A5: a backtest says of a record what the other policy really says, or that it cannot know', () => {
  it.each(NEXT)('with %s', async (_what, change) => {
    const before = await decided({ ...document({}), version: 1 });
    const after = await decided(document(change));
    const answers: string[] = [];
    for (const [index, records] of before.records.entries()) {
      const found = changeOf(await backtest(numbered(records), { policy: document(change) }));
      answers.push(found);
      if (found !== 'unknown')
        expect([index, found]).toEqual([index, truth(before.decisions[index]!, after.decisions[index]!)]);
    }
    // Not by giving up: most of it is known.
    expect(answers.filter((found) => found === 'unknown').length).toBeLessThan(6);
  });

  it.each([
    ['a type that nobody looked for', ['needs text for pii.card, which was not looked for']],
    ['other phrases', ['needs text for codename, whose detector has changed']],
    ['an argument that was not recorded', ['reads an argument that was not recorded']],
    ['a limit', ['asks other limits or cooldowns of the store']],
  ])('and why it cannot, with %s', async (name, reasons) => {
    const change = NEXT.find(([what]) => what === name)![1];
    const { records } = await decided({ ...document({}), version: 1 });
    const found = await backtest(numbered(records.flat()), { policy: document(change) });
    expect(Object.keys(found.why)).toEqual(reasons);
    expect(found.unknown).toBeGreaterThan(0);
  });

  it('with totals by rule and tenant, and an example of each', async () => {
    const { records, decisions } = await decided({ ...document({}), version: 1 });
    const lower = NEXT.find(([what]) => what.startsWith('a lower cap'))![1];
    const found = await backtest(numbered(records.flat()), { policy: document(lower) });
    expect(found).toMatchObject({ decisions: 11, newlyStopped: 1, newlyAllowed: 0, notCompared: 0 });
    expect(found.byStage).toEqual({ tool_call: { newlyStopped: 1, newlyAllowed: 0, otherReason: 0 } });
    expect(Object.values(found.byDay)).toEqual([{ newlyStopped: 1, newlyAllowed: 0, otherReason: 0 }]);
    expect(found.byRule).toEqual({
      cap: { newlyStopped: 1, newlyAllowed: 0, otherReason: 0, tenants: { acme: 1 }, example: decisions[7]!.auditId },
    });
  });

  it('with totals by tenants whose names every object has', async () => {
    const { records } = await decided({ ...document({}), version: 1 });
    const lower = NEXT.find(([what]) => what.startsWith('a lower cap'))![1];
    const names = ['__proto__', 'constructor', 'toString'];
    const named = records
      .flat()
      .flatMap((record): readonly AuditRecord[] =>
        record.kind === 'decision'
          ? names.map((tenant) => ({ ...record, event: { ...record.event, subject: { tenant } } }))
          : [record],
      );
    const { byRule } = await backtest(numbered(named), { policy: document(lower) });
    expect(Object.entries(byRule['cap']!.tenants)).toEqual(names.map((name) => [name, 1]));
  });

  it('and compares nothing whose policy cannot be made again', async () => {
    const { records } = await decided({ ...document({}), version: 1 });
    const without = records.flat().filter(({ kind }) => kind !== 'policy');
    expect(await backtest(numbered(without), { policy: document({}) })).toMatchObject({
      decisions: 11,
      notCompared: 11,
    });
  });

  describe('with texts that the recorded policy captured', () => {
    const KEY = '07'.repeat(32);
    const captured = async () => {
      const sink = createMemorySink();
      const policy = { ...document({ audit: { content: 'captured' } }), version: 1 };
      const governor = await createGovernor({ policy, audit: sink, contentKey: KEY });
      const begun = governor.interaction({ tenant: 'acme' });
      for (const content of ['pay with 4111 1111 1111 1111', 'hello'])
        await governor.decide(begun.event({ stage: 'output', content }));
      await governor.decide(
        begun.event({ stage: 'tool_call', resource: { tool: 'pay' }, args: { amount: 1, to: 'eve' } }),
      );
      const gate = await governor.openGate(begun.event({ stage: 'output' }));
      for (const part of ['card 4111 ', '1111 1111', ' 1111']) gate.write('text', 'a', part);
      await gate.end();
      await governor.close();
      return numbered(sink.records());
    };
    const cards = document({
      rules: [
        { id: 'card', on: 'output', detect: 'pii.card', then: 'block', reason: 'P_CARD' },
        { id: 'to', on: 'tool_call', when: 'tool.args.to == "eve"', then: 'block', reason: 'P_TO' },
      ],
    });

    it('what needs them is known: a type that nobody looked for, an argument that was not recorded, also of a stream', async () => {
      const records = await captured();
      expect(await backtest(records, { policy: cards })).toMatchObject({ unknown: 4, rescanned: 0 });
      expect(await backtest(records, { policy: cards, contentKey: KEY })).toMatchObject({
        ...{ decisions: 4, unknown: 0, rescanned: 4, newlyStopped: 3, same: 1 },
        byRule: { card: { newlyStopped: 2 }, to: { newlyStopped: 1 } },
      });
    });

    it('but not what needs a detector whose code is not here, or another store', async () => {
      const records = await captured();
      const limited = document({ limits: [{ id: 'l', on: 'output', unit: 'events', allow: 1, per: '1h' }] });
      const found = await backtest(records, { policy: limited, contentKey: KEY });
      expect(found.why).toEqual({ 'asks other limits or cooldowns of the store': 3 });
    });

    it('another key is said, and nothing is guessed', async () => {
      const records = await captured();
      const other = backtest(records, { policy: cards, contentKey: '08'.repeat(32) });
      await expect(other).rejects.toMatchObject({ code: 'CONTENT_KEY_WRONG' });
    });
  });
});
