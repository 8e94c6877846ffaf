import { expect, it } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import { defineDetector } from '../detectors/detector.ts';
import type { DecisionRecord, KeptContent, PolicyRecord } from '../contract/record.ts';
import { createGovernor } from '../governor.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import { ownDetectors } from './named-detectors.ts';
import { compileRescan } from './rescan.ts';

// Another policy reads texts that were captured, and says what it would have decided.

const POLICY: PolicyDocument = {
  policy: 'p',
  version: 1,
  detectors: [{ id: 'codename', phrases: ['Nightjar'] }],
  rules: [{ id: 'r', on: ['input', 'output', 'tool_call'], detect: 'codename', then: 'block', reason: 'P_ONE' }],
};
const OTHER: PolicyDocument = {
  ...POLICY,
  detectors: [{ id: 'animal', phrases: ['otter'] }],
  rules: [
    { id: 'r', on: ['input', 'output'], detect: 'animal', then: 'block', reason: 'P_TWO' },
    { id: 'a', on: 'tool_call', when: 'tool.args.amount > 5', then: 'block', reason: 'P_AMOUNT' },
  ],
};
const judge = defineDetector({ id: 'judge', version: '1', types: ['judge'], detect: () => [] });

async function recorded(policy: PolicyDocument = POLICY, args?: { readonly amount: number }) {
  const sink = createMemorySink();
  const governor = await createGovernor({ policy, audit: sink, detectors: [judge] });
  const interaction = governor.interaction({ tenant: 't' });
  await governor.decide(
    args === undefined
      ? interaction.event({ stage: 'input', content: 'an otter' })
      : interaction.event({ stage: 'tool_call', args }),
  );
  const gate = await governor.openGate(interaction.event({ stage: 'output' }));
  gate.write('text', '', 'an otter');
  await gate.end();
  await governor.close();
  const records = sink.records();
  const { material } = records.find((record): record is PolicyRecord => record.kind === 'policy')!;
  const [decided, streamed] = records.filter((record): record is DecisionRecord => record.kind === 'decision');
  return { material: material!, decided: decided!, streamed: streamed! };
}

const kept = (text: string, path = 'text'): KeptContent => ({ texts: [{ path, text }] });

it('decides by the text, under its own rules', async () => {
  const { material, decided } = await recorded();
  const rescan = await compileRescan(OTHER, material);
  expect(await rescan(decided, kept('an otter'))).toMatchObject({ outcome: 'BLOCK', reason: 'P_TWO' });
  expect(await rescan(decided, kept('a bird'))).toMatchObject({ outcome: 'ALLOW' });
});

it('reads the arguments that were captured', async () => {
  const { material, decided } = await recorded(POLICY, { amount: 9 });
  const rescan = await compileRescan(OTHER, material);
  for (const [amount, reason] of [
    [9, 'P_AMOUNT'],
    [1, 'NO_RULE_OBJECTED'],
  ] as const)
    expect(await rescan(decided, { texts: [], args: { amount } })).toMatchObject({ reason });
});

it('says nothing of a stream that had texts of its own, or was cut', async () => {
  const { material, streamed } = await recorded();
  const rescan = await compileRescan(OTHER, material);
  expect(await rescan(streamed, kept('an otter'))).toMatchObject({ reason: 'P_TWO' });
  expect(await rescan(streamed, { texts: [...kept('an').texts, ...kept('otter', 'b').texts] })).toBeUndefined();
  const { coverage } = streamed.decision;
  const cut = { ...streamed, decision: { ...streamed.decision, coverage: { ...coverage, ended: 'aborted' } } } as const;
  expect(await rescan(cut, kept('an otter'))).toBeUndefined();
});

it('says nothing where the code of a detector is needed that the application had', async () => {
  const own: PolicyDocument = {
    ...OTHER,
    detectors: [],
    rules: [{ id: 'r', on: 'input', detect: 'judge', then: 'block', reason: 'P_JUDGE' }],
  };
  const { material, decided } = await recorded(own);
  expect(material.detectors.map(({ id }) => id)).toContain('judge');
  const rescan = await compileRescan(own, material);
  expect(await rescan(decided, kept('an otter'))).toBeUndefined();
  // Another policy that does not need it can say.
  expect(await (await compileRescan(OTHER, material))(decided, kept('an otter'))).toMatchObject({ reason: 'P_TWO' });
});

it('detectors that a policy names are none of the application', async () => {
  const infoOf = (id: string) => ({ id, version: '1', types: [id], kind: 'code' as const });
  const own = await ownDetectors([infoOf('judge'), infoOf('codename'), infoOf('animal')], POLICY, {
    ...{ policy: 'q', version: 1 },
  });
  expect(own.map(({ id }) => id)).toEqual(['judge', 'animal']);
});
