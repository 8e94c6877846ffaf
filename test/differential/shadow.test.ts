import { createGovernor, createMemoryStore, type Decision, type Governor } from '@flyball/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** Rules of every kind, a ladder, a limit and labels: whatever could remember something. */
const POLICY = {
  policy: 'traffic',
  version: 1,
  detectors: [{ id: 'codename', phrases: ['nightjar'] }, { id: 'rude', phrases: ['darn'] }, { use: 'pii.email' }],
  rules: [
    { id: 'probing', on: 'input', detect: 'codename', then: 'block', reason: 'P_PROBING', strike: { abuse: 1 } },
    { id: 'rude', on: 'input', detect: 'rude', strike: { abuse: 2 }, label: 'rude' },
    { id: 'no-codename', on: 'output', detect: 'codename', then: 'cooldown', reason: 'P_CODENAME', ladder: 'leaks' },
    { id: 'mask', on: 'output', detect: 'pii.email', then: 'redact', reason: 'P_PII' },
    { id: 'polite-tools', on: 'tool_call', when: 'label("rude")', then: 'block', reason: 'P_RUDE' },
  ],
  cooldowns: [
    { id: 'abuse', after: { strikes: 3, within: '10m' }, for: '1m', escalate: { factor: 2, max: '1h', forget: '2h' } },
    { id: 'leaks', key: 'tenant', after: { strikes: 1, within: '1m' }, for: '5s' },
  ],
  limits: [{ id: 'turns', on: 'input', unit: 'events', allow: 4, per: '1m' }],
} as const;

interface Step {
  readonly user: number;
  readonly stage: 'input' | 'output' | 'tool_call';
  readonly words: readonly string[];
  readonly streamed: boolean;
  readonly waitMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  user: fc.integer({ min: 1, max: 2 }),
  stage: fc.constantFrom('input', 'output', 'tool_call'),
  words: fc.array(fc.constantFrom('hello', 'nightjar', 'darn', 'a@b.example', 'well'), { minLength: 1, maxLength: 3 }),
  streamed: fc.boolean(),
  waitMs: fc.constantFrom(0, 500, 20_000, 90_000),
});

interface Run {
  readonly verdicts: readonly unknown[];
  /** Whether everything that was streamed came out as it went in, at once. */
  readonly untouched: boolean;
}

async function run(mode: 'shadow' | 'enforce', steps: readonly Step[]): Promise<Run> {
  let now = 1_000_000;
  const governor = await createGovernor({
    policy: { ...POLICY, mode },
    store: createMemoryStore({ now: () => now }),
    clock: { now: () => now, monotonic: () => now },
  });
  const interactions = [1, 2].map((user) =>
    governor.interaction({ tenant: 't', user: `u${user}`, session: `s${user}` }),
  );
  const verdicts: unknown[] = [];
  let untouched = true;
  for (const { user, stage, words, streamed, waitMs } of steps) {
    now += waitMs;
    const interaction = interactions[user - 1]!;
    const text = words.join(' ');
    let decision: Decision;
    if (stage === 'output' && streamed) {
      const passed = await stream(governor, interaction.event({ stage }), text);
      decision = passed.decision;
      untouched &&= passed.text === text;
    } else if (stage === 'tool_call') {
      decision = await governor.decide(interaction.event({ stage, resource: { tool: 'mail' }, args: { text } }));
    } else {
      decision = await governor.decide(interaction.event({ stage, content: text }));
    }
    const { verdict, rules, signals, strikes, labels } = decision;
    verdicts.push({ verdict, rules, signals, strikes, labels });
  }
  await governor.close();
  return { verdicts, untouched };
}

async function stream(
  governor: Governor,
  event: Parameters<Governor['openGate']>[0],
  text: string,
): Promise<{ text: string; decision: Decision }> {
  const gate = await governor.openGate(event);
  let out = '';
  for (const unit of text)
    for (const piece of gate.write('text', '1', unit)) if (piece.kind === 'text') out += piece.text;
  const { pieces, decision } = await gate.end();
  for (const piece of pieces) if (piece.kind === 'text') out += piece.text;
  return { text: out, decision };
}

describe('shadow', () => {
  test('D7: the same traffic yields the same verdicts in shadow and in enforce, cooldowns and limits included; shadow changes no byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const enforced = await run('enforce', steps);
        const shadowed = await run('shadow', steps);
        expect(shadowed.verdicts).toEqual(enforced.verdicts);
        expect(shadowed.untouched).toBe(true);
      }),
      { numRuns: 60 },
    );
  }, 180_000);

  test('the traffic does reach cooldowns and limits', async () => {
    const probe: Step = { user: 1, stage: 'input', words: ['nightjar'], streamed: false, waitMs: 0 };
    const { verdicts } = await run('shadow', [
      probe,
      { ...probe, words: ['darn', 'nightjar'] },
      { ...probe, words: ['hello'] },
    ]);
    expect(verdicts.map((entry) => (entry as { verdict: { reason: string } }).verdict.reason)).toEqual([
      'P_PROBING',
      'P_PROBING',
      'COOLDOWN_ACTIVE',
    ]);
  });
});
