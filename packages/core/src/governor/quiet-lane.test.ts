import { describe, expect, test } from 'vitest';

import { createGovernor } from '../governor.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import type { AdapterGovernor, QuietEvent, QuietLane, SegmentInit } from './api.ts';

// What a lane is for one policy, and which texts it lets pass.

const SUBJECT = { tenant: 't', user: 'u' };
const POLICY: PolicyDocument = {
  policy: 'p',
  version: 1,
  detectors: [{ id: 'secret', phrases: ['secret plan'] }],
  rules: [{ id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' }],
};

const governorOf = async (more: Partial<PolicyDocument> = {}): Promise<AdapterGovernor> =>
  (await createGovernor({ policy: { ...POLICY, ...more } })) as AdapterGovernor;

const laneOf = (governor: AdapterGovernor, stage: 'input' | 'output' | 'retrieval' = 'input'): QuietLane | undefined =>
  governor.quiet({ stage, subject: SUBJECT, resource: {}, policy: 'p' });

function decide(governor: AdapterGovernor, texts: QuietEvent['texts'], stage: 'input' | 'output' = 'input'): unknown {
  return laneOf(governor, stage)!.decide(governor.interaction(SUBJECT), {
    texts,
    init: () => ({ resource: {}, point: 'http', content: texts }),
  });
}

test.each(['enforce', 'shadow'] as const)(
  'a lane has the mode of its policy, and counts as it does: %s',
  async (mode) => {
    const governor = await governorOf({ mode });
    expect(laneOf(governor)!.mode).toBe(mode);
    expect(decide(governor, [{ text: 'hello' }])).toBe('passed');
    expect(governor.status().decisions).toMatchObject(mode === 'shadow' ? { NO_OP: 1 } : { ALLOW: 1 });
  },
);

test('there are lanes for the stages of whole events, one for all events of a stage', async () => {
  const governor = await governorOf({ rules: [{ ...POLICY.rules![0]!, on: ['input', 'output', 'retrieval'] }] });
  expect((['input', 'output', 'retrieval'] as const).map((stage) => laneOf(governor, stage) !== undefined)).toEqual([
    true,
    true,
    false,
  ]);
  expect(laneOf(governor)).toBe(laneOf(governor));
  expect(laneOf(governor)).not.toBe(laneOf(governor, 'output'));
  expect(laneOf(await governorOf())).not.toBe(laneOf(governor));
});

test('there is none for a policy that nobody knows', async () => {
  const governor = await governorOf();
  expect(governor.quiet({ stage: 'input', subject: SUBJECT, resource: {}, policy: 'other' })).toBeUndefined();
});

describe('an event without a text', () => {
  test('passes as input, and is decided on in the usual way as output', async () => {
    const governor = await governorOf();
    expect([decide(governor, []), decide(governor, [], 'output')]).toEqual(['passed', undefined]);
  });

  test('has the ruling of such an event, before and after others', async () => {
    const governor = await governorOf();
    const interaction = governor.interaction(SUBJECT);
    for (const texts of [[], [{ text: 'hello' }], []])
      void laneOf(governor)!.decide(interaction, {
        texts,
        init: () => ({ resource: {}, point: 'http', content: texts }),
      });
    expect(interaction.decisions.map(({ coverage }) => coverage.segments.map(({ scanned }) => scanned))).toEqual([
      [],
      [5],
      [],
    ]);
  });
});

describe('texts pass', () => {
  test.each<readonly [name: string, lengths: readonly number[], passes: boolean]>([
    ['up to a number of units', [16_384], true],
    ['not above it', [16_385], false],
    ['not where all of them are above it', [10_000, 6_385], false],
    ['where all of them are not', [10_000, 6_384], true],
    ['up to a number of texts', Array<number>(256).fill(1), true],
    ['not above it, however short they are', Array<number>(257).fill(1), false],
  ])('%s', async (_, lengths, passes) => {
    const governor = await governorOf();
    const texts = lengths.map((length) => ({ text: ' '.repeat(length) }));
    expect(decide(governor, texts)).toBe(passes ? 'passed' : undefined);
  });

  test('not where one of them holds what is looked for, and the next ones are read anew', async () => {
    const governor = await governorOf();
    const texts = (...all: readonly string[]) => all.map((text) => ({ text }));
    expect(decide(governor, texts('hello', 'a secret plan', 'well'))).toBeUndefined();
    expect(decide(governor, texts('a secret', ' plan'))).toBe('passed');
    expect(decide(governor, texts(' plan', 'hello'))).toBe('passed');
    expect(decide(governor, texts('hello', 'well', 'my secret plan'))).toBeUndefined();
  });

  test('not because a name was clean that is not one of theirs', async () => {
    const governor = await governorOf();
    expect(decide(governor, [{ text: 'answer', isName: true }])).toBe('passed');
    expect(decide(governor, [{ text: 'secret plan', isName: true }])).toBeUndefined();
    expect(decide(governor, [{ text: 'answer', isName: true }, { text: 'secret plan' }])).toBeUndefined();
  });
});

const TEXT: readonly SegmentInit[] = [{ path: 'a', text: 'hello' }];

test('A1: a sink that refuses the record at once stops what the lane would have let pass', async () => {
  let isFull = false;
  const accept = (): void => {
    if (isFull) throw new Error('full');
  };
  const governor = (await createGovernor({ policy: POLICY, audit: { name: 'full', accept } })) as AdapterGovernor;
  expect(decide(governor, TEXT)).toBe('passed');
  isFull = true;
  const decided = await decide(governor, TEXT);
  expect(decided).toMatchObject({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
});

test('a decision that passed has ids of its kinds, each its own', async () => {
  const governor = await governorOf();
  const interaction = governor.interaction(SUBJECT);
  for (const text of ['one', 'two'])
    void laneOf(governor)!.decide(interaction, { texts: [{ text }], init: () => ({ point: 'http', content: text }) });
  const ids = interaction.decisions.flatMap(({ auditId, eventId }) => [auditId, eventId]);
  expect(ids.map((id) => id.slice(0, 4))).toEqual(['aud_', 'evt_', 'aud_', 'evt_']);
  expect(new Set(ids).size).toBe(4);
});

test('how long a decision took is told in microseconds, to a tenth', async () => {
  let now = 0;
  const clock = { now: () => 1_000, monotonic: () => (now += 0.123_456) };
  const governor = (await createGovernor({ policy: POLICY, clock })) as AdapterGovernor;
  const interaction = governor.interaction(SUBJECT);
  void laneOf(governor)!.decide(interaction, {
    texts: [{ text: 'a' }],
    init: () => ({ resource: {}, point: 'http', content: 'a' }),
  });
  const [decision] = interaction.decisions;
  expect(decision!.durationUs).toBe(123.5);
  expect(interaction.decisions[0]).toBe(decision);
});
