import { createGovernor, type Detector } from '@flyball/core';
import express from 'express';
import { expect, it } from 'vitest';
import { governance } from '../src/index.ts';
import { listen } from './harness.ts';

// A response under a slow judge: what earlier verdicts freed leaves while the last one is awaited.

it('text leaves between the end of the handler and the last verdict', async () => {
  let answer = (): void => undefined;
  const seen = new Promise<void>((resolve) => (answer = resolve));
  let lastAsked = false;
  const judge: Detector = {
    id: 'judge',
    version: '1',
    types: ['harm'],
    window: { first: 40, step: 240, overlap: 200, margin: 20 },
    deadlineMs: 25_000,
    async detect({ text }) {
      // The last window answers when the reader has had most of the text before it.
      if (text.endsWith('END')) {
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
  const said = `${'x'.repeat(297)}END`;
  const app = express();
  app.use(governance({ governor, subject: () => ({ tenant: 'acme' }) }));
  app.get('/', (_req, res) => {
    res.type('text/plain');
    for (let at = 0; at < said.length; at += 20) res.write(said.slice(at, at + 20));
    res.end();
  });
  await using server = await listen(app);
  const response = await fetch(`http://127.0.0.1:${server.port}/`);
  let out = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    out += chunk;
    if (lastAsked && out.length >= 200) answer();
  }
  expect(out).toBe(said);
  await governor.close();
});

it('a heartbeat that goes on until the response closes ends no process while the last verdict is awaited', async () => {
  let answer = (): void => undefined;
  const seen = new Promise<void>((resolve) => (answer = resolve));
  const judge: Detector = {
    id: 'judge',
    version: '1',
    types: ['harm'],
    deadlineMs: 25_000,
    async detect() {
      await seen;
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
  const unheard: unknown[] = [];
  const told: unknown[] = [];
  const app = express();
  app.use(governance({ governor, subject: () => ({ tenant: 'acme' }) }));
  app.get('/', (_req, res) => {
    const emit = res.emit.bind(res);
    res.emit = (name: string, ...args: unknown[]) => {
      if (name !== 'error') return emit(name, ...args);
      unheard.push(args[0]);
      return true;
    };
    res.type('text/event-stream');
    res.write('data: hello\n\n');
    res.end();
    res.write(': still here\n\n', (error) => {
      told.push((error as { code?: unknown } | undefined)?.code);
      // What would be thrown is told in the same turn.
      setImmediate(answer);
    });
  });
  await using server = await listen(app);
  const response = await fetch(`http://127.0.0.1:${server.port}/`);
  expect([await response.text(), told, unheard]).toEqual(['data: hello\n\n', ['ERR_STREAM_WRITE_AFTER_END'], []]);
  await governor.close();
});
