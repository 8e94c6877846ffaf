import { expect, onTestFinished, test } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import { applyEdits } from '../content/edits.ts';
import type { Edit } from '../contract/ruling.ts';
import type { AdapterGovernor } from '../governor/api.ts';
import { createGovernor } from '../governor.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import { carryOut, decideAndCarryOut } from './carry-out.ts';
import { requireGovernor } from './require-governor.ts';

const POLICY: PolicyDocument = {
  policy: 'p',
  version: 1,
  detectors: [
    { id: 'secret', phrases: ['Nightjar'] },
    { id: 'mail', patterns: ['[a-z]+@[a-z]+\\.com'] },
  ],
  rules: [
    { id: 'no-secret', on: 'input', detect: 'secret', then: 'block', reason: 'P_SECRET' },
    { id: 'mask', on: 'input', detect: 'mail', then: 'redact', reason: 'P_MAIL' },
  ],
};

async function open(policy: Partial<PolicyDocument> = {}): Promise<{
  readonly governor: AdapterGovernor;
  readonly event: (text: string) => ReturnType<ReturnType<AdapterGovernor['interaction']>['event']>;
  readonly outcomes: () => readonly (readonly string[])[];
}> {
  const audit = createMemorySink();
  const governor = requireGovernor(await createGovernor({ policy: { ...POLICY, ...policy }, audit }), 'test');
  onTestFinished(() => governor.close());
  return {
    governor,
    event: (text) => governor.interaction({ tenant: 't' }).event({ stage: 'input', content: text }),
    outcomes: () =>
      audit
        .records()
        .flatMap((record) =>
          record.kind === 'decision' ? [[record.decision.outcome, record.decision.reason, record.decision.mode]] : [],
        ),
  };
}

const edit = (edits: readonly Edit[], text: string) => ({ ok: true, value: applyEdits(text, edits) }) as const;

test('what nothing objects to passes as it is', async () => {
  const { governor, event } = await open();
  const value = { text: 'hello' };
  const carried = await decideAndCarryOut(governor, event('hello'), value, () => ({ ok: true, value: { text: '' } }));
  expect([carried.kind, carried.kind === 'passed' && carried.value === value]).toEqual(['passed', true]);
});

test('E1: what is denied is stopped, and nothing is edited', async () => {
  const { governor, event } = await open();
  const carried = await decideAndCarryOut(governor, event('it is Nightjar for a@b.com'), '', () => {
    throw new Error('not asked');
  });
  expect([carried.kind, carried.decision.reason]).toEqual(['stopped', 'P_SECRET']);
});

test('edits are in what goes on', async () => {
  const { governor, event } = await open();
  const carried = await decideAndCarryOut(governor, event('to a@b.com'), 'to a@b.com', edit);
  expect(carried).toMatchObject({ kind: 'edited', value: 'to [MAIL]' });
});

test.each([
  ['say so', () => ({ ok: false, reason: 'EDIT_NOT_APPLICABLE', segment: 'text' }) as const],
  ['answer nothing', () => undefined],
  [
    'throw',
    () => {
      throw new Error('no place for it');
    },
  ],
])('E2: edits that do not fit (they %s) stop, and the record says what was enforced', async (_how, apply) => {
  const { governor, event, outcomes } = await open();
  const carried = await decideAndCarryOut(governor, event('to a@b.com'), 'to a@b.com', apply);
  expect([carried.kind, carried.decision.outcome, carried.decision.reason]).toEqual([
    'stopped',
    'BLOCK',
    'EDIT_NOT_APPLICABLE',
  ]);
  expect(outcomes()).toEqual([
    ['ALLOW', 'P_MAIL', 'enforce'],
    ['BLOCK', 'EDIT_NOT_APPLICABLE', 'enforce'],
  ]);
});

test.each(['shadow', 'off'] as const)('E4: %s, all passes and nothing is edited', async (mode) => {
  const { governor, event } = await open({ mode });
  for (const text of ['it is Nightjar', 'to a@b.com']) {
    expect((await decideAndCarryOut(governor, event(text), text, edit)).kind).toBe('passed');
  }
});

test('a decision is carried out in the mode it was made in: an operator who relaxes the mode meanwhile frees nothing', async () => {
  const { governor, event, outcomes } = await open();
  const asked = event('to a@b.com');
  const decision = await governor.decide(asked);
  await governor.control.setMode({}, 'off', { who: 'test', why: 'a test' });
  expect((await carryOut(governor, decision, asked, 'to a@b.com', edit)).kind).toBe('edited');
  expect((await carryOut(governor, decision, asked, 'to a@b.com', () => undefined)).kind).toBe('stopped');
  expect(outcomes().at(-1)).toEqual(['BLOCK', 'EDIT_NOT_APPLICABLE', 'enforce']);
});
