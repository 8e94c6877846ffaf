import { createGovernor, type Detector } from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';
import { expect, it } from 'vitest';

import { ValueGate } from '../src/value-gate.ts';

async function open() {
  const asked: (() => void)[] = [];
  const judge: Detector = {
    id: 'judge',
    version: '1',
    types: ['harm'],
    deadlineMs: 25_000,
    detect: async ({ text }) => {
      await new Promise<void>((resolve) => asked.push(resolve));
      return text.includes('TOPSECRET') ? [{ type: 'harm', score: 1, start: 0, end: text.length }] : [];
    },
  };
  const made = await createGovernor({
    detectors: [judge],
    policy: {
      policy: 'p',
      version: 1,
      rules: [{ id: 'harm', on: 'output', detect: 'harm', then: 'block', reason: 'P_HARM' }],
    },
  });
  const governor = requireGovernor(made, 'test');
  const values: unknown[] = [];
  const ended = Promise.withResolvers<string>();
  const gate = new ValueGate(
    {
      value: (value) => values.push(value),
      end: () => ended.resolve('ended'),
      stop: ({ reason }) => ended.resolve(reason),
      fail: (error) => ended.reject(error),
    },
    { governor, interaction: governor.interaction({ tenant: 't' }), mode: 'enforce' },
  );
  /** Lets the judge answer whatever it is asked until the values have ended. */
  const answered = async (): Promise<string> => {
    const answering = setInterval(() => {
      for (const answer of asked.splice(0)) answer();
    });
    const reason = await ended.promise;
    clearInterval(answering);
    await made.close();
    return reason;
  };
  return { gate, values, answered };
}

it('G4: a value that is changed while it is judged leaves as it was judged', async () => {
  const { gate, values, answered } = await open();
  const bytes = Buffer.from('hello');
  const state = { said: 'hello' };
  gate.push(state);
  gate.push(bytes);
  gate.end();
  state.said = 'TOPSECRET';
  bytes.write('TOPSE');
  expect(await answered()).toBe('ended');
  expect(values).toEqual([{ said: 'hello' }, Buffer.from('hello')]);
});

it('E4: one that is not is handed on itself', async () => {
  const { gate, values, answered } = await open();
  const at = new Date(0);
  const state = { said: 'hello', at };
  gate.push(state);
  gate.end();
  expect(await answered()).toBe('ended');
  expect(values[0]).toBe(state);
});
