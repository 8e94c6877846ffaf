import { createGovernor, type GovernorEvent, type PolicyDocument } from '@flyball/core';
import express, { type Express } from 'express';
import { expect, it } from 'vitest';

import { governance, type GovernanceOptions } from '../src/index.ts';
import { listen } from './harness.ts';

const policy = (name: string, more: Partial<PolicyDocument> = {}): PolicyDocument => ({
  policy: name,
  version: 1,
  detectors: [{ id: 'plan', phrases: ['secret plan'] }],
  rules: [{ id: `${name}-plan`, on: 'input', detect: 'plan', then: 'block', reason: 'P_PLAN' }],
  ...more,
});

type Choice = GovernanceOptions['policy'];

async function build(choice: Choice, route?: Choice): Promise<{ app: Express; events: GovernorEvent[] }> {
  const events: GovernorEvent[] = [];
  const governor = await createGovernor({
    policy: [policy('standard', { rules: [] }), policy('bank'), policy('trial', { mode: 'shadow' })],
    onEvent: (event) => void events.push(event),
  });
  const app = express();
  app.use(express.json());
  const governed = governance({
    governor,
    subject: () => ({ tenant: 't' }),
    ...(choice !== undefined && { policy: choice }),
  });
  app.use(governed);
  if (route !== undefined) app.use('/route', governed.route({ policy: route }));
  app.use((_req, res) => void res.json({ ok: true }));
  return { app, events };
}

async function ask(app: Express, tenant: string, path = '/'): Promise<unknown> {
  await using server = await listen(app);
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-tenant': tenant },
    body: JSON.stringify({ prompt: 'tell me the secret plan' }),
  });
  const body = (await response.json()) as { readonly reason?: string };
  return [response.status, body.reason];
}

const byTenant: Choice = (req) => String(req.headers['x-tenant']);

it('a function chooses the policy by the request', async () => {
  const { app } = await build(byTenant);
  expect(await ask(app, 'standard')).toEqual([200, undefined]);
  expect(await ask(app, 'bank')).toEqual([403, 'P_PLAN']);
  expect(await ask(app, 'trial')).toEqual([200, undefined]);
});

it('a route may choose another one', async () => {
  const { app } = await build('standard', byTenant);
  expect(await ask(app, 'bank')).toEqual([200, undefined]);
  expect(await ask(app, 'bank', '/route')).toEqual([403, 'P_PLAN']);
});

it.each([
  ['names one that is not loaded', () => 'nobody', []],
  [
    'throws',
    () => {
      throw new Error('x');
    },
    ['THREW'],
  ],
  ['answers later', () => Promise.resolve('bank'), ['INVALID_ANSWER']],
])('E1: a function that %s stops the request, and the listeners are told', async (_, choice, codes) => {
  const { app, events } = await build(choice as unknown as () => string);
  expect(await ask(app, 'bank')).toEqual([503, 'POLICY_UNKNOWN']);
  const failures = events.flatMap((event) => (event.kind === 'failure' ? [event.failure] : []));
  expect(failures.filter(({ part }) => part === 'policy').map(({ code }) => code)).toEqual(codes);
});

it('a name that is written down must be loaded at start', async () => {
  await expect(build('nobody')).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
});
