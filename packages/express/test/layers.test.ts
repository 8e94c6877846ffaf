import {
  createGovernor,
  type Decision,
  type Governor,
  type GovernorEvent,
  type GovernorOptions,
  type PolicyDocument,
  type Sink,
} from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';
import express, { type RequestHandler } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';

import { governance, type GovernanceOptions, type GovernanceWarning } from '../src/index.ts';
import { listen } from './harness.ts';
import { raw } from './raw-client.ts';

// Layers of governance on one request, and what each of them takes from those before it.

const SECRET = [{ id: 'secret', phrases: ['secret plan'] }];
const policy = (name: string, more: Partial<PolicyDocument> = {}): PolicyDocument => ({
  ...{ policy: name, version: 1, detectors: SECRET },
  rules: [{ id: `${name}-in`, on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' }],
  ...more,
});

interface Recorded {
  readonly governor: Governor;
  readonly decisions: Decision[];
  readonly stages: string[];
  readonly warnings: GovernanceWarning[];
  readonly options: GovernanceOptions;
}

async function recorded(policies: readonly PolicyDocument[] = [policy('main')]): Promise<Recorded> {
  const decisions: Decision[] = [];
  const stages: string[] = [];
  const warnings: GovernanceWarning[] = [];
  const governor = await createGovernor({
    policy: [...policies],
    onEvent: (event: GovernorEvent) => {
      if (event.kind !== 'decision') return;
      decisions.push(event.decision);
      stages.push(`${event.event.stage} ${event.decision.policyId}`);
    },
  });
  onTestFinished(() => governor.close());
  const subject = () => ({ tenant: 'acme' });
  const onWarning = (warning: GovernanceWarning) => void warnings.push(warning);
  return { governor, decisions, stages, warnings, options: { governor, subject, onWarning } };
}

/** What a client gets behind these layers, of a handler that repeats what it was asked. */
async function ask(layers: readonly RequestHandler[], prompt: string, said = 'fine'): Promise<string> {
  const app = express();
  app.use(express.json());
  for (const layer of layers) app.use(layer);
  app.use((req, res) => void res.json({ said, asked: req.body as unknown }));
  await using server = await listen(app);
  const answer = await raw(server.port, '/', { method: 'POST', body: JSON.stringify({ prompt }) });
  return answer.status === 200 ? JSON.stringify(JSON.parse(answer.body).said) : JSON.parse(answer.body).reason;
}

describe('stages', () => {
  it('that a layer produces are declared: of answers only where it governs them', async () => {
    for (const [response, missing] of [
      [false, ['output']],
      [undefined, []],
    ] as const) {
      const { governor, options } = await recorded();
      requireGovernor(governor, 'test').declareStages(['tool_call']);
      expect(governor.status().policies[0]!.stageNotWired).toEqual(['input', 'output']);
      governance({ ...options, ...(response === false && { response }) });
      expect(governor.status().policies[0]!.stageNotWired).toEqual(missing);
    }
  });
});

describe('a layer that ran before', () => {
  it('runs once, whatever stands between', async () => {
    const { options, stages, warnings } = await recorded();
    const govern = governance(options);
    expect(await ask([govern, govern.route({ unknown: 'judge' }), govern], 'hello')).toBe('"fine"');
    expect(stages.filter((stage) => stage.startsWith('input'))).toHaveLength(2);
    expect(warnings.map(({ code }) => code)).toEqual(['FLYBALL_REGISTERED_TWICE']);
  });

  it('and governs no answers leaves them to a route that does', async () => {
    const { options, stages } = await recorded();
    const govern = governance({ ...options, response: false });
    const route = govern.route({ response: { maxBody: 1000 } });
    expect(await ask([govern], 'hello', 'the secret plan')).toBe('"the secret plan"');
    expect(await ask([govern, route], 'hello', 'the secret plan')).toBe('P_SECRET');
    expect(await ask([govern, route], 'hello')).toBe('"fine"');
    expect(stages.filter((stage) => stage.startsWith('input'))).toHaveLength(3);
  });

  it('is not asked again where a route changes nothing about it, and its answers stay governed', async () => {
    const { options, stages } = await recorded();
    const govern = governance(options);
    const route = govern.route({ response: { maxBody: 1000 } });
    expect(await ask([govern, route], 'hello', 'the secret plan')).toBe('P_SECRET');
    expect(stages).toEqual(['input main', 'output main']);
  });

  it('leaves the choice of a policy to a route, for the request and for its answer', async () => {
    const { options, stages } = await recorded([policy('main'), policy('other', { rules: [] })]);
    const govern = governance(options);
    expect(await ask([govern, govern.route({ policy: 'other' })], 'hello', 'the secret plan')).toBe(
      '"the secret plan"',
    );
    expect(stages).toEqual(['input main', 'input other', 'output other']);
    expect(await ask([govern, govern.route({ policy: 'other' })], 'the secret plan')).toBe('P_SECRET');
  });

  it('E4: enforces, and one further in that only watches takes part in that', async () => {
    const { options, decisions } = await recorded([policy('main'), policy('trial', { mode: 'shadow' })]);
    const govern = governance(options);
    const layers = [govern, govern.route({ policy: 'trial' })];
    expect(await ask(layers, 'the secret plan')).toBe('P_SECRET');
    expect(await ask(layers, 'hello', 'the secret plan')).toBe('"the secret plan"');
    expect(decisions.slice(1).map(({ policyId, mode }) => [policyId, mode])).toEqual([
      ['main', 'enforce'],
      ['trial', 'shadow'],
      ['trial', 'shadow'],
    ]);
  });

  it('watches, and one further in enforces', async () => {
    const { options } = await recorded([policy('main', { mode: 'shadow' }), policy('strict')]);
    const govern = governance(options);
    expect(await ask([govern], 'the secret plan')).toBe('"fine"');
    expect(await ask([govern, govern.route({ policy: 'strict' })], 'the secret plan')).toBe('P_SECRET');
    expect(await ask([govern, govern.route({ policy: 'strict' })], 'hello', 'the secret plan')).toBe('P_SECRET');
  });
});

it('a decision that is made in shadow for whom it is leaves request and answer alone, where others are enforced', async () => {
  const { governor, options, decisions } = await recorded();
  await governor.control.setMode({ tenant: 'acme' }, 'shadow', { who: 'op', why: 'test' });
  expect(await ask([governance(options)], 'the secret plan', 'the secret plan')).toBe('"the secret plan"');
  expect(decisions.map(({ verdict }) => verdict.reason)).toEqual(['P_SECRET', 'P_SECRET']);
});

describe('a request in which nothing is found', () => {
  async function serve(
    more: Partial<GovernorOptions>,
    said = 'fine',
  ): Promise<{ readonly ask: Ask; ran: () => number }> {
    const governor = await createGovernor({ policy: policy('main'), ...more });
    onTestFinished(() => governor.close());
    let ran = 0;
    const layers: RequestHandler[] = [governance({ governor, subject: () => ({ tenant: 'acme' }) })];
    layers.push((_req, _res, next) => (ran++, next()));
    return { ask: (prompt) => ask(layers, prompt, said), ran: () => ran };
  }
  type Ask = (prompt: string) => Promise<string>;

  it('is governed, and its answer, where nobody records or listens', async () => {
    const { ask: fine, ran } = await serve({});
    expect([await fine('hello'), await fine('the secret plan'), ran()]).toEqual(['"fine"', 'P_SECRET', 1]);
    const { ask: secret } = await serve({}, 'the secret plan');
    expect(await secret('hello')).toBe('P_SECRET');
  });

  it.each<readonly [how: string, accept: Sink['accept']]>([
    [
      'at once',
      () => {
        throw new Error('disk full');
      },
    ],
    ['later', () => Promise.reject(new Error('disk full'))],
  ])('E1: does not reach its handler where its record is refused %s', async (_how, accept) => {
    const { ask: refused, ran } = await serve({ audit: { name: 'full', accept } });
    expect([await refused('hello'), ran()]).toEqual(['AUDIT_UNAVAILABLE', 0]);
  });
});
