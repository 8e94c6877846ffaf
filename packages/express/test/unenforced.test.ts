import { createGovernor, createMemoryStore, type GovernorOptions, type Store } from '@flyball/core';
import { describe, expect, it, vi } from 'vitest';

import { governance, type GovernanceOptions } from '../src/index.ts';
import { governorWith, listen, VERSIONS } from './harness.ts';
import { raw, type RawRequest } from './raw-client.ts';
import { PROTOCOLS } from './streams.ts';

const MODES = ['off', 'shadow'] as const;
const subject = () => ({ tenant: 'acme', user: 'u' });
const hang = (): Promise<never> => new Promise(() => undefined);
const boom = (): never => {
  throw new Error('boom');
};

/** Everything is stopped where something is enforced. */
const BLOCKING = {
  policy: 'all',
  version: 1,
  default: 'block',
  detectors: [{ id: 'secret', phrases: ['secret plan'] }],
  rules: [
    { id: 'in', on: ['input', 'output'], then: 'block', reason: 'P_ALL' },
    {
      id: 'secret',
      on: ['input', 'output'],
      detect: 'secret',
      then: 'block',
      reason: 'P_SECRET',
      strike: { abuse: 1 },
    },
  ],
  cooldowns: [{ id: 'abuse', after: { strikes: 1, within: '1m' }, for: '1m' }],
  limits: [{ id: 'once', allow: 1, per: '1h' }],
} as const;

function storeThat(fault: () => never | Promise<never>): Store {
  const store = createMemoryStore();
  return { ...store, shared: true, charge: fault, strike: fault, labels: fault, release: fault };
}

type Fault = {
  readonly options?: Partial<GovernanceOptions>;
  readonly governor?: Partial<GovernorOptions>;
  readonly closed?: true;
};

const option = (name: string, fn: () => unknown): Fault => ({ options: { [name]: fn } });
const FAULTS: { readonly [what: string]: Fault } = {
  'nothing fails': {},
  ...Object.fromEntries(
    ['subject', 'extract', 'resource', 'attributes'].flatMap((name) =>
      Object.entries({
        throws: boom,
        hangs: hang,
        rejects: async () => boom(),
        'answers nonsense': (): unknown => 42,
      }).map(([how, fn]) => [`\`${name}\` ${how}`, option(name, fn)]),
    ),
  ),
  'the sink throws': { governor: { audit: { name: 'sink', accept: boom } } },
  'the sink hangs': { governor: { audit: { name: 'sink', accept: hang } } },
  'the store throws': { governor: { store: storeThat(boom) } },
  'the store hangs': { governor: { store: storeThat(hang) } },
  'a detector hangs': {
    governor: { detectors: [{ id: 'own', version: '1', types: ['own'], detect: hang }] },
  },
  'a listener throws': { governor: { onDecision: boom } },
  'the governor is closed': { closed: true },
};

const REQUESTS: { readonly [what: string]: readonly [path: string, request?: RawRequest] } = {
  'a prompt': ['/json', { method: 'POST', body: '{"prompt":"the secret plan"}' }],
  'a path of 600 characters': [`/${'a'.repeat(600)}`],
  'a query': ['/json?prompt=secret%20plan&a[b]=1'],
  'an asterisk': ['*', { method: 'OPTIONS' }],
  'a body of no known type': ['/json', { method: 'POST', body: 'x', headers: { 'Content-Type': 'x/y' } }],
  'a stream': ['/sse'],
  'an answer that fails': ['/error'],
};

describe.each(VERSIONS)(
  'E4: while nothing is enforced an application behaves as without governance, under %s',
  (_, express) => {
    async function serve(layer: (app: ReturnType<typeof express>) => void) {
      const app = express();
      app.use(express.json());
      // An empty URL reaches applications by way of rewriting middleware.
      app.use((req, _res, next) => {
        if (req.headers['x-rewrite'] !== undefined) req.url = '';
        next();
      });
      layer(app);
      app.get('/sse', (_req, res) => {
        res.type('text/event-stream');
        for (const part of PROTOCOLS[1]!.write(['the ', 'secret plan'])) res.write(part);
        res.end();
      });
      app.get('/error', (_req, _res, next) => next(new Error('own')));
      app.use('/json', (req, res) => void res.json({ body: req.body as unknown, secret: 'the secret plan' }));
      app.use((req, res) => void res.status(404).send(`no ${req.url}`));
      app.use(((error: Error, _req: unknown, res: { statusCode: number; end(text: string): void }, _next: unknown) => {
        res.statusCode = 500;
        res.end(`handled ${error.message}`);
      }) as never);
      return listen(app);
    }

    const cases = MODES.flatMap((mode) => Object.keys(FAULTS).map((fault) => [mode, fault] as const));

    it.each(cases)('in mode %s, when %s', async (mode, fault) => {
      const { options, governor: more, closed } = FAULTS[fault]!;
      const governor = await createGovernor({
        policy: {
          ...BLOCKING,
          mode,
          ...(fault === 'a detector hangs' && {
            detectors: [...BLOCKING.detectors, { use: 'own' }],
            rules: [...BLOCKING.rules, { id: 'own', on: 'input', detect: 'own', then: 'block', reason: 'P_OWN' }],
          }),
        },
        ...more,
      });
      if (closed) await governor.close();
      await using bare = await serve(() => undefined);
      let sameTurn = true;
      await using governed = await serve((app) => {
        let went = false;
        app.use((_req, _res, next) => {
          went = false;
          next();
          sameTurn &&= went;
        });
        app.use(governance({ governor, subject, onWarning: () => undefined, ...options }));
        app.use((_req, _res, next) => {
          went = true;
          next();
        });
      });
      for (const [what, [path, request = {}]] of Object.entries(REQUESTS)) {
        for (const rewrite of [{}, { 'X-Rewrite': '1' }]) {
          const asked = { ...request, headers: { ...request.headers, ...rewrite } };
          const [with_, without] = [await raw(governed.port, path, asked), await raw(bare.port, path, asked)];
          const head = (text: string): string => text.replace(/^date:.*$/im, '');
          expect([what, with_.body, head(with_.head)]).toEqual([what, without.body, head(without.head)]);
          expect([with_.complete, with_.timedOut]).toEqual([without.complete, false]);
        }
      }
      expect(sameTurn).toBe(true);
      if (!closed) await governor.close();
    });
  },
);

describe('a request that nothing is enforced on', () => {
  const app = async (mode: 'off' | 'shadow', options: Partial<GovernanceOptions>) => {
    const recorded = await governorWith({ mode });
    const { default: express } = await import('express');
    const made = express();
    made.use(express.json(), governance({ governor: recorded.governor, subject, ...options }));
    return { ...recorded, app: made };
  };
  const later = (ms: number) => () =>
    new Promise<{ tenant: string }>((resolve) => setTimeout(() => resolve({ tenant: 'late' }), ms));

  it('D7: in shadow is judged for whom it is, and by the body it came with, however late that is known', async () => {
    const { app: made, decisions, events } = await app('shadow', { subject: later(80) });
    made.post('/', (req, res) => {
      (req.body as { prompt: string }).prompt = 'changed';
      res.type('text/event-stream').write('data: the secret plan\n\n');
      res.end();
    });
    await using server = await listen(made);
    const begun = performance.now();
    const answer = await raw(server.port, '/', { method: 'POST', body: '{"prompt":"the secret plan"}' });
    expect(performance.now() - begun).toBeLessThan(75);
    expect(answer.body).toBe('data: the secret plan\n\n');
    await vi.waitFor(() => expect(decisions).toHaveLength(2));
    expect(events.map((event) => [event.stage, event.subject.tenant])).toEqual(
      expect.arrayContaining([
        ['input', 'late'],
        ['output', 'late'],
      ]),
    );
    expect(decisions.map(({ decision }) => [decision.reason, decision.verdict.reason])).toEqual([
      ['SHADOWED', 'P_SECRET'],
      ['SHADOWED', 'P_SECRET'],
    ]);
    expect(new Set(events.map((event) => event.interactionId)).size).toBe(1);
  });

  it('in mode off asks nothing of the application where nobody records or listens, and counts what passed', async () => {
    const asked: string[] = [];
    const { default: express } = await import('express');
    const governor = await createGovernor({ policy: { ...BLOCKING, mode: 'off' } });
    const made = express();
    const spy = (name: string) => () => void asked.push(name);
    made.use(
      governance({
        governor,
        subject: spy('subject') as never,
        resource: spy('resource'),
        attributes: spy('attributes'),
      }),
    );
    made.get('/', (_req, res) => void res.json({ a: 'secret plan' }));
    await using server = await listen(made);
    expect((await raw(server.port, '/')).body).toBe('{"a":"secret plan"}');
    expect(asked).toEqual([]);
    expect(governor.status().decisions).toMatchObject({ NO_OP: 2 });
  });

  it('in mode off tells whose it is to what runs inside, and D6: a halt of a late subject reaches its signal', async () => {
    const governor = await createGovernor({ policy: { ...BLOCKING, mode: 'off' } });
    const { default: express } = await import('express');
    const made = express();
    made.use(governance({ governor, subject: later(10) }));
    made.get('/', (req, res) => {
      const { signal, interaction } = req.governance!;
      const early = interaction.subject.tenant;
      interaction.addLabels('seen');
      setTimeout(() => {
        void governor.control
          .halt({ tenant: 'late' }, { who: 'test', why: 'test' })
          .then(() =>
            res.json({ early, late: interaction.subject.tenant, labels: interaction.labels, aborted: signal.aborted }),
          );
      }, 40);
    });
    await using server = await listen(made);
    expect(JSON.parse((await raw(server.port, '/')).body)).toEqual({
      early: 'unknown',
      late: 'late',
      labels: ['seen'],
      aborted: true,
    });
  });

  it('is enforced again as soon as an operator says so for anybody it may be', async () => {
    const { app: made, governor } = await app('shadow', {});
    made.use((_req, res) => void res.send('ran'));
    await using server = await listen(made);
    const ask = async () => (await raw(server.port, '/', { method: 'POST', body: '{"prompt":"secret plan"}' })).status;
    const by = { who: 'test', why: 'test' };
    expect(await ask()).toBe(200);
    await governor.control.setMode({ tenant: 'acme' }, 'enforce', by);
    expect(await ask()).toBe(403);
    await governor.control.setMode({ tenant: 'acme' }, 'off', by);
    expect(await ask()).toBe(200);
    await governor.control.halt({ user: 'u' }, by);
    expect(await ask()).toBe(403);
  });
});
