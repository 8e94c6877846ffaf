// One line each keeps these true, and nothing else in the code would notice if it went.
import { expect, test } from 'vitest';
import type { Sink } from '../audit/sink.ts';
import type { Detector } from '../contract/detector.ts';
import { createGovernor } from '../governor.ts';

test('E7: a detector that failed on a text has not found nothing: the same text is asked about again', async () => {
  let calls = 0;
  const flaky: Detector = {
    id: 'flaky',
    version: '1',
    types: ['flaky'],
    detect: () => {
      calls++;
      if (calls < 3) throw new Error('not now');
      return [];
    },
  };
  const governor = await createGovernor({
    detectors: [flaky],
    policy: {
      policy: 'p',
      version: 1,
      rules: [{ id: 'a', on: 'input', detect: 'flaky', then: 'block', reason: 'P_FLAKY' }],
    },
  });
  // Long enough for its findings to be remembered.
  const content = 'the same text, said once more. '.repeat(40);
  const interaction = governor.interaction({ tenant: 't' });
  const ask = async (): Promise<string> =>
    (await governor.decide(interaction.event({ stage: 'input', content }))).reason;
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
    'FAILED_CLOSED',
    'FAILED_CLOSED',
    'NO_RULE_OBJECTED',
    'NO_RULE_OBJECTED',
  ]);
  expect(calls).toBe(3);
  await governor.close();
});

const full: Sink = {
  name: 'full',
  accept({ kind }) {
    if (kind === 'decision') throw new Error('disk full');
  },
};

test.each([
  ['enforce', 'BLOCK', 'AUDIT_UNAVAILABLE'],
  ['shadow', 'NO_OP', 'SHADOWED'],
  ['off', 'NO_OP', 'GOVERNANCE_OFF'],
] as const)(
  'A1: a record that is refused blocks under enforce and changes nothing else: %s',
  async (mode, outcome, reason) => {
    const governor = await createGovernor({
      audit: full,
      policy: {
        policy: 'p',
        version: 1,
        mode,
        rules: [{ id: 'a', on: 'input', when: 'label("never")', then: 'block', reason: 'P_NEVER' }],
      },
    });
    const event = governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' });
    expect(await governor.decide(event)).toMatchObject({ outcome, reason, mode });
    await governor.close();
  },
);
