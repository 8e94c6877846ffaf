import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createGovernor, createMemoryStore, defineDetector, type Decision, type Governor } from '@flyball/core';
import express from 'express';
import { describe, expect, it, vi } from 'vitest';

import { governance, type GovernanceOptions } from '../src/index.ts';
import { governorWith, listen } from './harness.ts';
import { raw } from './raw-client.ts';

const subject = () => ({ tenant: 'acme' });
const operator = { who: 'test', why: 'test' };
const post = (value: unknown) => ({ method: 'POST', body: JSON.stringify(value) });

interface Slowly {
  readonly governor: Governor;
  readonly decisions: readonly Decision[];
  /** Waits until the detector has been asked, does something, and lets it answer. */
  readonly whileJudged: (work: () => Promise<unknown>) => Promise<void>;
}

/** A detector that answers when it is told to, and a governor that masks what it finds. */
async function slowly(on: 'input' | 'output'): Promise<Slowly> {
  const decisions: Decision[] = [];
  const begun = Promise.withResolvers<void>();
  const mayAnswer = Promise.withResolvers<void>();
  const slow = defineDetector({
    id: 'slow',
    version: '1',
    types: ['slow'],
    async detect({ text }) {
      begun.resolve();
      await mayAnswer.promise;
      const start = text.indexOf('ann@');
      return start < 0 ? [] : [{ type: 'slow', score: 1, start, end: text.length }];
    },
  });
  const governor = await createGovernor({
    detectors: [slow],
    policy: {
      policy: 'p',
      version: 1,
      deadline: '30s',
      rules: [{ id: 'mail', on, detect: 'slow', then: 'redact', reason: 'P_MAIL' }],
    },
    onDecision: (decision) => void decisions.push(decision),
  });
  const whileJudged: Slowly['whileJudged'] = async (work) => {
    await begun.promise;
    await work();
    mayAnswer.resolve();
  };
  return { governor, decisions, whileJudged };
}

describe('carrying a decision out', () => {
  it('E2: a prompt that cannot be edited stops, though an operator relaxes the mode while it is judged', async () => {
    const { governor, decisions, whileJudged } = await slowly('input');
    const ran = vi.fn();
    const app = express();
    const extract = (req: { body?: unknown }) => (req.body as { q: string }).q;
    app.use(express.json(), governance({ governor, subject, extract, response: false }));
    app.post('/', (_req, res) => (ran(), void res.send('ran')));
    await using server = await listen(app);
    const asked = raw(server.port, '/', post({ q: 'mail ann@example.org' }));
    await whileJudged(() => governor.control.setMode({}, 'shadow', operator));
    const answer = await asked;
    expect([answer.status, JSON.parse(answer.body).reason]).toEqual([403, 'EDIT_NOT_APPLICABLE']);
    expect(ran).not.toHaveBeenCalled();
    expect(decisions.map(({ outcome, reason, mode }) => [outcome, reason, mode])).toEqual([
      ['ALLOW', 'P_MAIL', 'enforce'],
      ['BLOCK', 'EDIT_NOT_APPLICABLE', 'enforce'],
    ]);
    // The next one is another matter.
    expect((await raw(server.port, '/', post({ q: 'mail ann@example.org' }))).body).toBe('ran');
    await governor.close();
  });

  it('E2: an answer that cannot be edited stops, though an operator relaxes the mode while it is judged', async () => {
    const { governor, decisions, whileJudged } = await slowly('output');
    const app = express();
    app.use(governance({ governor, subject }));
    app.get('/', (_req, res) => void res.json({ 'ann@example.org': 1 }));
    await using server = await listen(app);
    const asked = raw(server.port, '/');
    await whileJudged(() => governor.control.setMode({}, 'shadow', operator));
    const answer = await asked;
    expect([answer.status, JSON.parse(answer.body).reason]).toEqual([403, 'EDIT_NOT_APPLICABLE']);
    expect(decisions.at(-1)).toMatchObject({ outcome: 'BLOCK', reason: 'EDIT_NOT_APPLICABLE', mode: 'enforce' });
    await governor.close();
  });

  it('E2: a stream that cannot be edited stops in the mode it was opened with', async () => {
    const { governor, decisions } = await governorWith();
    const app = express();
    app.use(governance({ governor, subject }));
    app.get('/', (_req, res, next) => {
      void (async () => {
        res.type('text/event-stream').write('data: {"text":"hello "}\n\n');
        await vi.waitFor(() => expect(governor.status().openGates).toBe(1));
        await governor.control.setMode({}, 'shadow', operator);
        res.end('data: {"count":4111}\n\n');
      })().catch(next);
    });
    await using server = await listen(app);
    const { body } = await raw(server.port, '/');
    expect(body).toContain('"reason":"EDIT_NOT_APPLICABLE"');
    expect(body).not.toContain('4111');
    expect(decisions.at(-1)!.decision).toMatchObject({
      outcome: 'BLOCK',
      reason: 'EDIT_NOT_APPLICABLE',
      mode: 'enforce',
    });
  });

  it('E1: a governor that was wrapped, and answers with a promise of another kind, governs', async () => {
    const { governor } = await governorWith();
    const thenable = <T>(promise: Promise<T>) => ({
      then: (resolve: (value: T) => unknown, reject: (error: unknown) => unknown) => void promise.then(resolve, reject),
    });
    const wrapped = {
      ...governor,
      decide: (event: never) => thenable(governor.decide(event)),
      decideNow: (event: never) => thenable(governor.decide(event)),
      openGate: (event: never) => thenable(governor.openGate(event)),
    } as unknown as Governor;
    const ran = vi.fn();
    const app = express();
    app.use(express.json(), governance({ governor: wrapped, subject }));
    app.post('/', (_req, res) => (ran(), void res.json({ a: 'card 4111' })));
    app.post('/blocked', (_req, res) => void res.json({ a: 'a secret plan' }));
    app.post('/streamed', (_req, res) => {
      res.type('text/plain');
      res.write('a secret ');
      res.end('plan');
    });
    await using server = await listen(app);
    expect((await raw(server.port, '/', post({ prompt: 'a secret plan' }))).status).toBe(403);
    expect(ran).not.toHaveBeenCalled();
    expect((await raw(server.port, '/', post({ prompt: 'hi' }))).body).toBe('{"a":"card [x]"}');
    expect((await raw(server.port, '/blocked', post({ prompt: 'hi' }))).status).toBe(403);
    expect((await raw(server.port, '/streamed', post({ prompt: 'hi' }))).body).toBe('a ');
  });

  it('no source asks whether a value is a promise of this realm', () => {
    const sources = ['express', 'http'].flatMap((name) => {
      const root = join(import.meta.dirname, '../../', name, 'src');
      return readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);
    });
    const realm = /instanceof\s+Promise\b|\.constructor\s*===\s*Promise\b/;
    expect(realm.test('governed instanceof Promise')).toBe(true);
    expect(sources.length).toBeGreaterThan(30);
    expect(sources.filter(([, text]) => realm.test(text)).map(([file]) => file)).toEqual([]);
  });
});

describe('options', () => {
  it.each([
    [{ subjct: subject }, '`governance` has no option `subjct`; did you mean `subject`?'],
    [{ subject: { tenant: 'acme' } }, '`governance`: `subject` must be a function'],
    [{ onUnparsed: 'allow' }, '`governance`: `onUnparsed` must be `block` or `pass`'],
    [{ response: { maxBdy: 1 } }, '`governance({ response })` has no option `maxBdy`; did you mean `maxBody`?'],
    [{ response: { maxBody: '4MB' } }, '`governance({ response })`: `maxBody` must be a number of bytes above 0'],
    [{ response: true }, '`governance({ response })` takes an object'],
    [{ policy: 'nope' }, '`governance({ governor })`: no policy `nope` is loaded; the governor has `test`'],
  ])('%j is refused when the middleware is made', async (options, message) => {
    const { governor } = await governorWith();
    const all = { governor, ...options } as unknown as GovernanceOptions;
    expect(() => governance(all)).toThrow(
      expect.objectContaining({ code: 'OPTIONS_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [{ governor: {} }, '`governance(…).route` has no option `governor`'],
    [{ policy: 'nope' }, '`governance(…).route({ policy })`: no policy `nope` is loaded'],
    [
      { response: { opaque: 'let' } },
      '`governance(…).route({ response })`: `opaque` must be `block`, `pass`, or an object',
    ],
    [
      { response: { opaque: { zip: 'pass' } } },
      '`governance(…).route({ response })`: `opaque` must be `block`, `pass`, or',
    ],
  ])('%j is refused when a route is made', async (options, message) => {
    const { governor } = await governorWith();
    const govern = governance({ governor, subject });
    expect(() => govern.route(options as never)).toThrow(
      expect.objectContaining({ code: 'OPTIONS_INVALID', message: expect.stringContaining(message) }),
    );
  });
});

it('a client that leaves while the store is asked for its place takes none with it', async () => {
  const store = createMemoryStore();
  const asked: string[] = [];
  const left = Promise.withResolvers<void>();
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      deadline: '2s',
      limits: [{ id: 'busy', unit: 'in_flight', allow: 1, per: '10m' }],
    },
    store: {
      ...store,
      deadlineMs: 2000,
      async charge(charges) {
        asked.push('charge');
        await left.promise;
        return store.charge(charges);
      },
    },
  });
  const app = express();
  app.use((_req, res, next) => (res.once('close', () => left.resolve()), next()));
  app.use(express.json(), governance({ governor, subject, extract: () => 'hello', response: false }));
  app.post('/', (_req, res) => void res.send('ran'));
  await using server = await listen(app);
  const leaving = new AbortController();
  const asking = fetch(`http://127.0.0.1:${server.port}/`, { method: 'POST', signal: leaving.signal }).catch(
    () => 'left',
  );
  await vi.waitUntil(() => asked.length === 1);
  leaving.abort();
  expect(await asking).toBe('left');
  await left.promise;
  await expect.poll(async () => (await raw(server.port, '/', post({}))).status).toBe(200);
  await governor.close();
});
