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

test('of several detectors each is named with its own cause', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const causes = { tone: new Error('status 401'), topic: new Error('no such model') };
  const failing = (id: keyof typeof causes) => ({
    id,
    version: '1',
    types: [id],
    detect: () => Promise.reject(causes[id]),
  });
  const { governor } = await open(
    {
      detectors: [{ use: 'tone' }, { use: 'topic' }],
      rules: ['tone', 'topic'].map((id) => ({ id, on: 'input', detect: id, then: 'block', reason: 'P_NO' }) as const),
    },
    { detectors: [failing('tone'), failing('topic')] },
  );
  checkAgentOptions('one', { governor });
  await governor.decide(governor.interaction({ tenant: 'acme' }).event({ stage: 'input', content: 'hello' }));
  const told = new Map(
    warn.mock.calls.map(([line, cause]) => [/detector `(\w+)`/.exec(String(line))?.[1], cause as unknown]),
  );
  expect(told).toEqual(new Map(Object.entries(causes)));
});
