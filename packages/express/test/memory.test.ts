import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { createGovernor, createMemorySink, type Mode } from '@flyball/core';
import express from 'express';
import { expect, test } from 'vitest';

import { governance } from '../src/index.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;

const REQUESTS = 400;

/** A socket that takes everything and keeps nothing. */
class Nowhere extends Socket {
  override write(_chunk: unknown, second?: unknown, third?: unknown): boolean {
    const done = (typeof second === 'function' ? second : third) as (() => void) | undefined;
    done?.();
    return true;
  }
}

/** Kilobytes of each request that a young collection leaves behind, and a full one does not: what lived too long. */
async function keptPerRequest(app: (req: IncomingMessage, res: ServerResponse) => void): Promise<number> {
  const socket = new Nowhere().setMaxListeners(0);
  gc();
  for (let at = 0; at < REQUESTS; at++) {
    const req = new IncomingMessage(socket);
    Object.assign(req, { method: 'POST', url: '/', headers: { 'content-type': 'application/json' } });
    (req as { body?: unknown }).body = { messages: [{ role: 'user', content: 'Where is my order?' }] };
    const res = new ServerResponse(req);
    res.assignSocket(socket);
    app(req, res);
    expect(res.writableEnded).toBe(true);
    res.detachSocket(socket);
    res.emit('close');
    // As requests come: what one turn leaves behind is gone in the next.
    if (at % 20 === 0) await new Promise((resolve) => void setImmediate(resolve));
  }
  for (let times = 0; times < 3; times++) gc({ type: 'minor' });
  const young = process.memoryUsage().heapUsed;
  gc();
  return (young - process.memoryUsage().heapUsed) / REQUESTS / 1024;
}

const MODES: readonly Mode[] = ['enforce', 'shadow', 'off'];
const CASES = MODES.flatMap((mode) => [false, true].map((recorded) => ({ mode, recorded })));

test.for(CASES)('a request in $mode is gone with the next young collection, recorded: $recorded', async (one) => {
  const governor = await createGovernor({
    ...(one.recorded && { audit: createMemorySink(10) }),
    policy: {
      policy: 'memory',
      version: 1,
      mode: one.mode,
      detectors: [{ id: 'secret', phrases: ['secret plan'] }],
      rules: [{ id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' }],
    },
  });
  const app = express();
  app.use(governance({ governor, subject: () => ({ tenant: 't' }) }));
  app.post('/', (_req, res) => void res.json({ answer: 'It is on its way.' }));

  const kept: number[] = [];
  // The least of some runs: what the test runner does besides is in the same heap.
  for (let run = 0; run < 3; run++) kept.push(await keptPerRequest(app));
  expect(Math.min(...kept)).toBeLessThan(2);
  await governor.close();
});
