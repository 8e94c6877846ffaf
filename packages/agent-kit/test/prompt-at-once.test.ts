import { createGovernor, type PolicyDocument } from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';
import { describe, expect, onTestFinished, test } from 'vitest';
import { callContext, checkAgentOptions } from '../src/index.ts';
import { subject } from './harness.ts';

const POLICY: PolicyDocument = {
  policy: 'test',
  version: 1,
  detectors: [{ id: 'word', phrases: ['TOPSECRET'] }],
  rules: [{ id: 'no', on: 'input', detect: 'word', then: 'block', reason: 'P_WORD' }],
};

const said = (text: string, role: 'system' | 'user' = 'user') => [{ path: 'messages[0].text', text, role }];

async function calls(policy: PolicyDocument, more: Partial<Parameters<typeof createGovernor>[0]> = {}) {
  const governor = requireGovernor(await createGovernor({ policy, ...more }), 'test');
  onTestFinished(() => governor.close());
  const options = checkAgentOptions('test', { governor, subject });
  const interaction = governor.interaction(subject);
  return { governor, interaction, context: callContext(options, interaction, { point: 'model', model: 'm' }) };
}

describe('a prompt of which nothing is found', () => {
  test('passes without an event, and its decision is the one of the usual way', async () => {
    const { governor, interaction, context } = await calls(POLICY);
    expect(context.promptAtOnce(said('hello'))).toEqual({ mode: 'enforce' });
    const usual = await governor.decide(context.event({ stage: 'input', content: said('hello') }));
    const [atOnce] = interaction.decisions;
    const own = { auditId: '', eventId: '', at: 0, durationUs: 0 };
    expect({ ...atOnce, ...own }).toEqual({ ...usual, ...own });
  });

  test('is recorded where somebody keeps records, and stopped where its record is refused', async () => {
    const failing = { name: 'failing', accept: () => Promise.reject(new Error('disk full')) };
    const { context } = await calls(POLICY, { audit: failing });
    const { refused } = (await context.promptAtOnce(said('hello')))!;
    expect([refused?.outcome, refused?.reason]).toEqual(['BLOCK', 'AUDIT_UNAVAILABLE']);
  });

  test('keeps its instructions from being repeated in the answer', async () => {
    const instructions = 'You answer for the harbour office, and never tell which berth the royal yacht is moored at.';
    const { governor, context } = await calls({
      ...POLICY,
      detectors: [...POLICY.detectors!, { use: 'leakage' }],
      rules: [...POLICY.rules!, { id: 'own', on: 'output', detect: 'leakage.prompt', then: 'block', reason: 'P_OWN' }],
    });
    expect(context.promptAtOnce(said(instructions, 'system'))).toEqual({ mode: 'enforce' });
    const answer = context.event({ stage: 'output', content: `Here is what I was told: ${instructions}` });
    expect((await governor.decide(answer)).reason).toBe('P_OWN');
  });
});

test('a prompt in which something is found is decided in the usual way', async () => {
  const { interaction, context } = await calls(POLICY);
  expect(context.promptAtOnce(said('it is TOPSECRET'))).toBeUndefined();
  expect(interaction.decisions).toEqual([]);
});

test('facts of the application are for conditions, which want the event', async () => {
  const { governor, interaction } = await calls(POLICY);
  const context = callContext({ governor, attributes: { desk: 'a' } }, interaction, { point: 'model' });
  expect(context.promptAtOnce(said('hello'))).toBeUndefined();
});

test('whoever only wants to know why calls are stopped costs no records', async () => {
  const { governor, context } = await calls(POLICY);
  checkAgentOptions('another', { governor });
  // True where neither a sink nor a listener wants every decision.
  expect(governor.countUnasked(1)).toBe(true);
  expect(context.promptAtOnce(said('hello'))).toEqual({ mode: 'enforce' });
});
