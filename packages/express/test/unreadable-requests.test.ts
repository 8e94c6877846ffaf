import { createGovernor, type Failure, type GovernorEvent } from '@flyball/core';
import express from 'express';
import { expect, it, onTestFinished } from 'vitest';

import { governance, type GovernanceOptions } from '../src/index.ts';
import { listen } from './harness.ts';
import { raw } from './raw-client.ts';

// A request that cannot be read: what its client is answered, and what the listeners of the governor are told.

async function ask(
  options: Partial<GovernanceOptions>,
  body?: unknown,
): Promise<readonly [string, readonly Failure[]]> {
  const failures: Failure[] = [];
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ id: 'secret', phrases: ['secret plan'] }],
      rules: [{ id: 'secret', on: 'input', detect: 'secret', then: 'block', reason: 'P_SECRET' }],
    },
    onEvent: (event: GovernorEvent) => {
      if (event.kind === 'failure') failures.push(event.failure);
    },
  });
  onTestFinished(() => governor.close());
  const app = express();
  app.use(express.json(), (req, _res, next) => {
    if (body !== undefined) req.body = body;
    next();
  });
  app.use(governance({ governor, subject: () => ({ tenant: 'acme' }), onWarning: () => undefined, ...options }));
  app.use((_req, res) => void res.json({ reason: 'ran' }));
  await using server = await listen(app);
  const answer = await raw(server.port, '/', { method: 'POST', body: '{"prompt":"hello"}' });
  return [JSON.parse(answer.body).reason, failures];
}

it('a request that can be read is told of by nobody', async () => {
  expect(await ask({})).toEqual(['ran', []]);
});

it('E1: a body that throws when it is read is stopped, and named', async () => {
  const body = {
    get prompt(): never {
      throw new Error('no');
    },
  };
  expect(await ask({}, body)).toEqual(['FAILED_CLOSED', [{ part: 'content', id: 'body', code: 'UNREADABLE' }]]);
});

it.each<readonly [how: string, extract: () => unknown, code: string]>([
  ['answers no texts', () => 42, 'INVALID_ANSWER'],
  [
    'names two texts alike',
    () => [
      { text: 'x', path: 'a' },
      { text: 'y', path: 'a' },
    ],
    'INVALID_ANSWER',
  ],
  [
    'throws',
    () => {
      throw new Error('no');
    },
    'THREW',
  ],
])('E1: `extract` that %s stops the request, and is named', async (_how, extract, code) => {
  const options = { extract } as unknown as Partial<GovernanceOptions>;
  expect(await ask(options)).toEqual(['FAILED_CLOSED', [{ part: 'content', id: 'extract', code }]]);
});

it('E1: `attributes` that no event can hold stop the request, and are named', async () => {
  const options = { attributes: () => ({ at: 1n }) } as unknown as Partial<GovernanceOptions>;
  const [reason, failures] = await ask(options);
  expect([reason, failures[0]]).toEqual([
    'FAILED_CLOSED',
    { part: 'content', id: 'attributes', code: 'INVALID_ANSWER' },
  ]);
});
