import { describe, expect, test } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { Clock } from '../clock.ts';
import type { DecisionRecord } from '../contract/record.ts';
import { ruleAgain, rulingIn } from '../decision/rule-again.ts';
import { defineDetector } from '../detectors/detector.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import { compileMaterial } from '../evidence.ts';
import type { Governor } from './api.ts';
import type { PolicyDocument } from '../policy/document/document.ts';

const DAY = 86_400_000;
const LAST_DAY = Date.parse('2027-03-31T00:00:00Z');

const POLICY: PolicyDocument = {
  policy: 'p',
  version: 1,
  detectors: [{ use: 'pii' }, { id: 'codename', phrases: ['project nightjar'] }],
  rules: [
    { id: 'no-mail', on: ['input', 'output'], detect: 'pii.email', then: 'block', reason: 'P_MAIL', label: 'private' },
    { id: 'no-code', on: ['input', 'output'], detect: 'codename', then: 'redact', reason: 'P_CODE' },
  ],
  exempt: [
    {
      id: 'qa-replays',
      on: ['input', 'output'],
      detect: 'pii',
      tenant: 'acme',
      user: ['qa', 'qb'],
      until: '2027-03-31',
      why: 'recorded chats are replayed',
      owner: 'security@acme.example',
    },
  ],
};

/** A governor whose clock stands where the test puts it. */
async function governed(over: Partial<GovernorOptions> = {}, at = LAST_DAY) {
  let now = at;
  const clock: Clock = { now: () => now, monotonic: () => performance.now() };
  const sink = createMemorySink();
  const governor = await createGovernor({ policy: POLICY, clock, audit: sink, ...over });
  return { governor, sink, setTime: (time: number) => void (now = time) };
}

const MAIL = 'write to ann@acme.example please';

const said = (governor: Governor, text: string, user = 'qa', tenant = 'acme') =>
  governor.decide(governor.interaction({ tenant, user }).event({ stage: 'input', content: text }));

describe('an exemption', () => {
  test('leaves signals uncounted, lists them, and is named in the ruling', async () => {
    const { governor } = await governed();
    const decision = await said(governor, MAIL);
    expect(decision).toMatchObject({ outcome: 'ALLOW', reason: 'NO_RULE_OBJECTED', rules: [], labels: [] });
    expect(decision.signals).toMatchObject([{ type: 'pii.email' }]);
    expect(decision.exempted).toEqual([{ id: 'qa-replays', types: ['pii.email'] }]);
    expect(governor.explain(decision)).toContain('not counted, by the exemption `qa-replays`: pii.email');
    await governor.close();
  });

  test('is for its subjects, its stages and its types alone', async () => {
    const { governor } = await governed();
    expect(await said(governor, MAIL, 'eve')).toMatchObject({ outcome: 'BLOCK', ruleId: 'no-mail' });
    expect(await said(governor, MAIL, 'qa', 'globex')).toMatchObject({ outcome: 'BLOCK' });
    expect((await said(governor, MAIL, 'eve')).exempted).toBeUndefined();
    const other = await said(governor, `${MAIL} for project nightjar`, 'qb');
    expect(other).toMatchObject({ outcome: 'ALLOW', ruleId: 'no-code', edits: [{ mask: '[CODENAME]' }] });
    expect((await said(governor, 'nothing here')).exempted).toBeUndefined();
    await governor.close();
  });

  test('is for nobody whose subject could not be established', async () => {
    const { governor } = await governed({
      policy: { ...POLICY, onError: 'no_op', exempt: [{ ...POLICY.exempt![0]!, tenant: 'default', user: 'qa' }] },
    });
    const event = governor.interaction(undefined).event({ stage: 'input', content: MAIL });
    expect(await governor.decide(event)).toMatchObject({ outcome: 'BLOCK', ruleId: 'no-mail' });
    await governor.close();
  });

  test('ends with its last day, which the status says from then on', async () => {
    const { governor, setTime } = await governed({}, LAST_DAY + DAY - 1);
    expect(await said(governor, MAIL)).toMatchObject({ outcome: 'ALLOW' });
    expect(governor.status().policies[0]!.warnings).toEqual([]);
    setTime(LAST_DAY + DAY);
    expect(await said(governor, MAIL)).toMatchObject({ outcome: 'BLOCK', ruleId: 'no-mail' });
    expect(governor.status().policies[0]!.warnings).toMatchObject([
      { code: 'EXEMPTION_EXPIRED', path: 'exempt[0]', message: expect.stringContaining('ended with 2027-03-31') },
    ]);
    await governor.close();
  });

  test('A4: is part of the record, so that the ruling is made again at any later time', async () => {
    const { governor, sink } = await governed();
    await said(governor, MAIL);
    await said(governor, MAIL, 'eve');
    await governor.close();
    const policy = await compileMaterial(
      sink.records().flatMap((record) => (record.kind === 'policy' ? (record.material ?? []) : []))[0]!,
    );
    const decided = sink.records().filter((record): record is DecisionRecord => record.kind === 'decision');
    expect(decided).toHaveLength(2);
    for (const record of decided) expect(ruleAgain(policy, record)).toEqual(rulingIn(record.decision));
    expect(decided[0]!.snapshot.at).toBe(LAST_DAY);
  });

  test('a detector of exempt types alone that fails, fails nothing', async () => {
    const broken = defineDetector({
      id: 'names',
      version: '1',
      types: ['pii.name'],
      detect: () => {
        throw new Error('x');
      },
    });
    const policy: PolicyDocument = {
      ...POLICY,
      rules: [{ id: 'no-names', on: ['input', 'output'], detect: 'pii', then: 'block', reason: 'P_NAMES' }],
    };
    const { governor } = await governed({ policy: { ...policy, detectors: [] }, detectors: [broken] });
    expect(await said(governor, 'hello')).toMatchObject({ outcome: 'ALLOW', errors: [{ id: 'names' }] });
    expect(await said(governor, 'hello', 'eve')).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' });
    const streamed = async (user: string) => {
      const gate = await governor.openGate(
        governor.interaction({ tenant: 'acme', user }).event({ stage: 'output', content: [] }),
      );
      gate.write('text', '', 'hello');
      return (await gate.end()).decision;
    };
    expect(await streamed('qa')).toMatchObject({ outcome: 'ALLOW' });
    expect(await streamed('eve')).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' });
    await governor.close();
  });
});

/** What leaves of a stream whose text comes in pieces of this length, and how it was decided. */
async function streamed(governor: Governor, text: string, size: number, user = 'qa') {
  const interaction = governor.interaction({ tenant: 'acme', user });
  const gate = await governor.openGate(interaction.event({ stage: 'output', content: [] }));
  let left = '';
  const take = (pieces: ReturnType<typeof gate.take>): void => {
    for (const piece of pieces) if (piece.kind === 'text') left += piece.text;
  };
  for (let at = 0; at < text.length; at += size) take(gate.write('text', '', text.slice(at, at + size)));
  const { pieces, decision } = await gate.end();
  take(pieces);
  return { left, decision };
}

describe('G1: in a stream', () => {
  test('what is exempt leaves, however it is cut, and the rest is governed', async () => {
    const { governor } = await governed();
    const text = `${MAIL}, about project nightjar`;
    for (const size of [1, 3, 1000]) {
      const { left, decision } = await streamed(governor, text, size);
      expect(left).toBe(`${MAIL}, about [CODENAME]`);
      expect(decision).toMatchObject({ outcome: 'ALLOW', exempted: [{ id: 'qa-replays', types: ['pii.email'] }] });
      expect(await streamed(governor, text, size, 'eve')).toMatchObject({
        left: 'write to ',
        decision: { outcome: 'BLOCK', ruleId: 'no-mail' },
      });
    }
    await governor.close();
  });

  test('an exemption that ends while it runs holds to its end', async () => {
    const { governor, setTime } = await governed({}, LAST_DAY + DAY - 1);
    const interaction = governor.interaction({ tenant: 'acme', user: 'qa' });
    const gate = await governor.openGate(interaction.event({ stage: 'output', content: [] }));
    setTime(LAST_DAY + DAY);
    gate.write('text', '', MAIL);
    expect((await gate.end()).decision).toMatchObject({ outcome: 'ALLOW' });
    await governor.close();
  });
});

describe('D8: an exemption that has no effect does not load', () => {
  const [qa] = POLICY.exempt!;
  test.each([
    ['of a type that no rule on the stage reads', { detect: 'pii.phone' }, 'NO_EFFECT', 'exempt[0].detect'],
    ['at a stage without such a rule', { on: 'tool_call' }, 'NO_EFFECT', 'exempt[0].detect'],
    ['of a type that nobody reports', { detect: 'pii.emial' }, 'TYPE_UNKNOWN', 'exempt[0].detect'],
    ['until no day', { until: '2027-02-30' }, 'VALUE_FORMAT', 'exempt[0].until'],
    ['until something else', { until: 'tomorrow' }, 'VALUE_FORMAT', 'exempt[0].until'],
    ['for a tool where there is none', { tool: 'x' }, 'NO_EFFECT', 'exempt[0].tool'],
    ['without an owner', { owner: undefined }, 'FIELD_MISSING', 'exempt[0].owner'],
    ['under the id of a rule', { id: 'no-mail' }, 'ID_DUPLICATE', 'exempt[0].id'],
  ])('%s', async (_, change, code, path) => {
    const policy = { ...POLICY, exempt: [{ ...qa!, ...change }] } as PolicyDocument;
    const thrown = await createGovernor({ policy }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ issues: [{ code, path }] });
  });
});

describe('what is excepted from a detector', () => {
  const except = (...items: readonly unknown[]): PolicyDocument =>
    ({
      policy: 'p',
      version: 1,
      detectors: [{ use: 'pii.email', except: items }],
      rules: [{ id: 'mask', on: ['input', 'output'], detect: 'pii.email', then: 'redact', reason: 'P_MAIL' }],
    }) as PolicyDocument;

  const TEXTS: readonly string[] = [
    'ann@acme.example',
    'ann@acme.example.',
    'ann@acme.example, bob@globex.example',
    'ann@acme.example.org',
    'ann@mail.acme.example',
    'ann@mail.acme.example.org and ann@acme.example-x.org',
    'ann@xacme.example',
    'ann@acme.example or ann@acme.example2 or ANN@ACME.EXAMPLE!',
    'ops-17@globex.example ops-x@globex.example ops-17@globex.example.net',
    'ann@àcme.example ann@\u0430cme.example ann@\uff41cme.example \u0430nn@acme.example ann@acme.ex\u200bample',
    `ann@${'a'.repeat(60)}.acme.example ${'x'.repeat(300)}`,
  ];

  test.each([
    ['a domain', [{ domain: 'acme.example' }]],
    ['a domain and what is below it', [{ domain: ['acme.example', '*.acme.example'] }]],
    ['a domain whose beginning is one', [{ domain: 'acme.example.org' }]],
    ['what an expression matches', [{ pattern: 'ops-\\d+@globex\\.example' }]],
    ['a text and a domain', ['bob@globex.example', { domain: 'acme.example' }]],
    ['an expression and a domain', [{ pattern: 'ops-\\d+@globex\\.example' }, { domain: 'acme.example' }]],
  ])('G1: %s, cut anyhow', async (_, items) => {
    const governor = await createGovernor({ policy: except(...items) });
    for (const text of TEXTS) {
      const event = governor.interaction({ tenant: 't' }).event({ stage: 'input', content: text });
      const { edits } = await governor.decide(event);
      let expected = text;
      for (const { start, end, mask } of edits.toReversed())
        expected = expected.slice(0, start) + mask + expected.slice(end);
      for (const size of [1, 2, 7, 1000]) expect((await streamed(governor, text, size)).left).toBe(expected);
    }
    await governor.close();
  });

  test.each([
    [[{ domain: 'acme.example' }], 'a ann@acme.example b', 'a ann@acme.example b'],
    [[{ domain: 'acme.example' }], 'a ann@acme.example.org b', 'a [EMAIL] b'],
    [[{ domain: 'acme.example' }], 'a ann@mail.acme.example b', 'a [EMAIL] b'],
    [[{ domain: 'acme.example' }], 'ann@\u0430cme.example ann@àcme.example', '[EMAIL] [EMAIL]'],
    [[{ domain: '*.acme.example' }], 'ann@x.\u0430cme.example ann@x.àcme.example', '[EMAIL] [EMAIL]'],
    // With an expression, every match is asked about again with what follows.
    [[{ domain: 'acme.example' }, { pattern: 'x@y\\.example' }], 'ann@\u0430cme.example b', '[EMAIL] b'],
    [[{ domain: 'acme.example' }], '\u0430nn@ACME.example', '\u0430nn@ACME.example'],
    [[{ domain: '*.acme.example' }], 'a ann@mail.acme.example b ann@acme.example', 'a ann@mail.acme.example b [EMAIL]'],
    [[{ domain: 'acme.example.org' }], 'ann@acme.example. ann@acme.example.org', '[EMAIL]. ann@acme.example.org'],
    [[{ pattern: 'ops-\\d+@globex\\.example' }], 'ops-17@globex.example', 'ops-17@globex.example'],
    [[{ pattern: 'ops-\\d+@globex\\.example' }], 'ops-17@globex.example.net', '[EMAIL]'],
    [[{ pattern: 'OPS.*', flags: 'i' }], 'x-ops-1@a.example ops-1@a.example', '[EMAIL] ops-1@a.example'],
  ])('%j of %j leaves %j', async (items, text, expected) => {
    const governor = await createGovernor({ policy: except(...items) });
    expect((await streamed(governor, text, 1)).left).toBe(expected);
    await governor.close();
  });

  test.each([
    ['secrets', { pattern: 'x' }, 'EXCEPT_UNUSED', 'needs `type`'],
    ['secret.jwt', { pattern: 'x.*' }, 'EXCEPT_UNUSED', 'no fixed end'],
    ['secret.jwt', { domain: 'acme.example' }, 'EXCEPT_UNUSED', 'no type of it'],
    ['pii', { pattern: 'x', type: 'pii.emial' }, 'EXCEPT_UNUSED', 'must be a whole match'],
    ['pii.email', { pattern: '(\\w)\\1' }, 'PATTERN_BACKREFERENCE', ''],
    ['pii.email', { pattern: '(' }, 'PATTERN_SYNTAX', ''],
    ['pii.email', { domain: 'acme' }, 'VALUE_FORMAT', 'a domain such as'],
  ])('of %s, %j is refused with the reason', async (use, item, code, words) => {
    const policy = {
      policy: 'p',
      version: 1,
      detectors: [{ use, except: item }],
      rules: [{ id: 'a', on: 'input', detect: use.replace('secrets', 'secret'), then: 'block', reason: 'P_AA' }],
    } as PolicyDocument;
    const thrown = await createGovernor({ policy }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ issues: [{ code, message: expect.stringContaining(words) }] });
  });

  test('enters the behaviour version', async () => {
    const versions = await Promise.all(
      [[], [{ domain: 'acme.example' }], [{ domain: '*.acme.example' }], [{ pattern: 'x@.*' }], ['x@a.example']].map(
        async (items) => {
          const governor = await createGovernor({
            policy: items.length === 0 ? { ...except('y@a.example') } : except(...items),
          });
          await governor.close();
          return governor.status().policies[0]!.behaviorVersion;
        },
      ),
    );
    expect(new Set(versions).size).toBe(5);
  });
});
