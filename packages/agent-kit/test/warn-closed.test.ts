import { afterEach, expect, test, vi } from 'vitest';
import { checkAgentOptions, resolveInteractionNow } from '../src/index.ts';
import { open } from './harness.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const POLICY = {
  detectors: [{ id: 'word', phrases: ['TOPSECRET'] }],
  rules: [{ id: 'no', on: 'input', detect: 'word', then: 'block', reason: 'P_WORD' }],
} as const;

test('a developer is told once for each kind of failure why calls are stopped, with its code and cause', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { governor } = await open(POLICY);
  const cause = new Error('no session');
  const subject = (): never => {
    throw cause;
  };
  for (const caller of ['one', 'two']) {
    const options = checkAgentOptions(caller, { governor, subject });
    const interaction = resolveInteractionNow(governor, options, undefined);
    const decision = await governor.decide(interaction.event({ stage: 'input', content: 'hello' }));
    expect(decision.reason).toBe('FAILED_CLOSED');
  }
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]).toEqual([
    expect.stringMatching(
      /^flyball: calls are stopped because the subject `\w+` failed \(\w+\) and `onError` of the policy `test` is `block`; first seen in audit record `aud_\w+`$/,
    ),
    cause,
  ]);
});

test('nothing is said of what a rule stops, or of failures that stop nothing', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { governor } = await open({ ...POLICY, onError: 'no_op' });
  checkAgentOptions('one', { governor });
  const said = (content: string) => governor.interaction({ tenant: 'acme' }).event({ stage: 'input', content });
  expect((await governor.decide(said('TOPSECRET'))).outcome).toBe('BLOCK');
  await governor.decide(governor.interaction(undefined).event({ stage: 'input', content: 'hello' }));
  expect(warn).not.toHaveBeenCalled();
});
