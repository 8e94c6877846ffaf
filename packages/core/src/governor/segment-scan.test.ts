import { expect, it } from 'vitest';
import { createGovernor } from '../governor.ts';

const policyOf = (pattern: string): object => ({
  policy: 'p',
  version: 1,
  detectors: [{ id: 'word', patterns: pattern }],
  rules: [{ id: 'r', on: 'input', detect: 'word', then: 'block', reason: 'P_WORD' }],
});

/** How often other work got its turn while a text was decided on, and what was decided. */
async function turnsDuring(pattern: string, content: string): Promise<{ turns: number; reason: string }> {
  const governor = await createGovernor({ policy: policyOf(pattern) as never });
  let turns = 0;
  let running = true;
  const tick = (): void => {
    turns++;
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  const decision = await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content }));
  running = false;
  await governor.close();
  return { turns, reason: decision.reason };
}

it('G7: a short text that is dear to scan does not keep the process from its other work', async () => {
  // Each unit advances every count that has begun.
  const dear = await turnsDuring('[ab]{600,1200}x', `${'ab'.repeat(2000)}x`);
  expect(dear.reason).toBe('P_WORD');
  expect(dear.turns).toBeGreaterThan(10);
});

it('G1: what is found does not depend on where a stretch ended', async () => {
  const { reason } = await turnsDuring('[ab]{600,1200}x', 'ab'.repeat(2000));
  expect(reason).toBe('NO_RULE_OBJECTED');
});

it('a cheap text of the same length is decided without a break', async () => {
  const { turns } = await turnsDuring('needle', 'ab'.repeat(4000));
  expect(turns).toBeLessThan(4);
});
