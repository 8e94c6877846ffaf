import { createGovernor, type Detector } from '@flyball/core';
import { streamText } from 'ai';
import { expect, test } from 'vitest';
import { governModel } from '../src/index.ts';
import { subject } from './harness.ts';
import { scriptedModel, text } from './models.ts';

// An answer under a slow judge: what earlier verdicts freed leaves while the last one is awaited.

test('text leaves between the end of the model and the last verdict', async () => {
  const UNITS = 300;
  let answer = (): void => undefined;
  const seen = new Promise<void>((resolve) => (answer = resolve));
  let lastAsked = false;
  const judge: Detector = {
    id: 'judge',
    version: '1',
    types: ['harm'],
    window: { first: 40, step: 240, overlap: 200, margin: 20 },
    deadlineMs: 25_000,
    async detect({ text: window }) {
      // The last window answers when the reader has had most of the text before it.
      if (window.endsWith('END')) {
        lastAsked = true;
        await seen;
      }
      return [];
    },
  };
  const governor = await createGovernor({
    detectors: [judge],
    policy: {
      policy: 'p',
      version: 1,
      rules: [{ id: 'harm', on: 'output', detect: 'harm', then: 'block', reason: 'P_HARM' }],
    },
  });
  const said = `${'x'.repeat(UNITS - 3)}END`;
  const model = governModel({ model: scriptedModel(text('1', said)), governor, subject });
  let out = '';
  for await (const delta of streamText({ model, prompt: 'hello' }).textStream) {
    out += delta;
    if (lastAsked && out.length >= 200) answer();
  }
  expect(out).toBe(said);
  await governor.close();
});
