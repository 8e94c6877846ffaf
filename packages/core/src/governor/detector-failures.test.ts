// Why a detector failed: a decision has its code, the stream of events says it in words.
import { afterEach, describe, expect, it } from 'vitest';
import type { Detector } from '../contract/detector.ts';
import { createGovernor } from '../governor.ts';
import type { Governor } from './api.ts';
import type { GovernorEvent } from './lifecycle/events.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

interface Set {
  readonly governor: Governor;
  readonly messages: () => readonly string[];
}

async function set(detect: Detector['detect'], deadline: `${number}ms` = '5000ms'): Promise<Set> {
  const heard: GovernorEvent[] = [];
  const governor = await createGovernor({
    detectors: [{ id: 'tone', version: '1', types: ['tone'], detect: detect! }],
    policy: {
      policy: 'p',
      version: 1,
      deadline,
      rules: [{ id: 'tone', on: ['input', 'output'], detect: 'tone', then: 'block', reason: 'P_TONE' }],
    },
    onEvent: (event) => void heard.push(event),
  });
  open.push(governor);
  return { governor, messages: () => heard.flatMap((event) => (event.kind === 'failure' ? [event.message] : [])) };
}

async function decided(governor: Governor, where: string): Promise<unknown> {
  const interaction = governor.interaction({ tenant: 't' });
  if (where !== 'stream') {
    const stage = where === 'input' ? 'input' : 'output';
    return governor.decide(interaction.event({ stage, content: 'hello' }));
  }
  const gate = await governor.openGate(interaction.event({ stage: 'output' }));
  gate.write('text', '', 'hello');
  return (await gate.end()).decision;
}

describe.each(['input', 'output', 'stream'])('a detector that fails, at %s', (where) => {
  it.each<[what: string, detect: Detector['detect'], message: string]>([
    [
      'throws',
      () => {
        throw new Error('no key: set TONE_KEY');
      },
      'detector `tone` failed (THREW): no key: set TONE_KEY',
    ],
    [
      'rejects with what it is',
      () => Promise.reject(Object.assign(new Error('status 401'), { failure: 'UNAVAILABLE' })),
      'detector `tone` failed (UNAVAILABLE): status 401',
    ],
    [
      'answers what it did not declare',
      () => [{ type: 'other', score: 1, start: 0, end: 1 }],
      'detector `tone` failed (INVALID_ANSWER): its findings must be of a declared type, with a score from 0 to 1, a place in the text, and no more than 10,000',
    ],
  ])('and %s says why', async (_what, detect, message) => {
    const { governor, messages } = await set(detect);
    expect(await decided(governor, where)).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' });
    expect(messages()).toEqual([message]);
  });

  it('and hangs says for how long it was waited for', async () => {
    const { governor, messages } = await set(() => new Promise(() => undefined), '20ms');
    await decided(governor, where);
    expect(messages()).toEqual([
      'detector `tone` failed (TIMEOUT): detector `tone` did not answer within 20 milliseconds',
    ]);
  });
});

it('who leaves while a detector works is no failure of it', async () => {
  const { governor, messages } = await set(() => new Promise(() => undefined));
  const interaction = governor.interaction({ tenant: 't', user: 'u' });
  const gate = await governor.openGate(interaction.event({ stage: 'output' }));
  gate.write('text', '', 'hello'.repeat(200));
  await gate.abort();
  expect(messages()).toEqual([]);
});
