import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ambientInteraction } from '@flyball/core/adapter';
import type { ErrorRequestHandler } from 'express';
import { describe, expect, it, vi } from 'vitest';

import { governance, type GovernanceOptions, type GovernanceWarning } from '../src/index.ts';
import { governorWith, listen, VERSIONS } from './harness.ts';
import { raw } from './raw-client.ts';

const subject = () => ({ tenant: 'acme', user: 'u1' });
const post = (value: unknown) => ({ method: 'POST', body: JSON.stringify(value) });

describe.each(VERSIONS)('governance of requests under %s', (_, express) => {
  const build = (options: GovernanceOptions) => {
    const app = express();
    const ran = vi.fn<(body: unknown) => void>();
    app.use(express.json(), governance({ subject, ...options }));
    app.all('/chat', (req, res) => {
      ran(req.body);
      res.json({ ok: true, decisions: req.governance?.decisions.length });
    });
    return { app, ran };
  };

  it('E1: a blocked request does not reach its handler and is told in problem details', async () => {
    const { governor } = await governorWith();
    const { app, ran } = build({ governor });
    await using server = await listen(app);
    const answer = await raw(server.port, '/chat', post({ messages: [{ role: 'user', content: 'the Secret Plan?' }] }));
    expect(answer.status).toBe(403);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({
      status: 403,
      reason: 'P_SECRET',
      auditId: expect.stringMatching(/^aud_/),
    });
    expect(ran).not.toHaveBeenCalled();
  });

  it('tells a client when to come back, and leaves the entry of a limiter in place', async () => {
    const { governor } = await governorWith({ limits: [{ id: 'slow', allow: 1, per: '10s' }] });
    const app = express();
    app.use((_req, res, next) => (res.setHeader('RateLimit', '"burst";r=3;t=1'), next()));
    app.use(express.json(), governance({ governor, subject }));
    await using server = await listen(app);
    expect((await raw(server.port, '/', post({ prompt: 'hi' }))).status).toBe(404);
    const answer = await raw(server.port, '/', post({ prompt: 'hi' }));
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('10');
    expect(answer.headers['ratelimit']).toBe('"burst";r=3;t=1, "limit";r=0;t=10');
  });

  it('an allowed request goes on untouched, with its decisions at hand', async () => {
    const { app, ran } = build({ governor: (await governorWith()).governor });
    await using server = await listen(app);
    const answer = await raw(server.port, '/chat', post({ prompt: 'hi', n: 1 }));
    expect(JSON.parse(answer.body)).toEqual({ ok: true, decisions: 1 });
    expect(ran).toHaveBeenCalledWith({ prompt: 'hi', n: 1 });
  });

  it('E4: a request that waits for nothing is handled and answered in the turn in which it came', async () => {
    const { governor } = await governorWith();
    const app = express();
    const order: string[] = [];
    app.use((_req, res, next) => {
      res.once('prefinish', () => order.push('answered'));
      next();
      order.push('turn over');
    });
    app.use(governance({ governor, subject }));
    app.get('/', (_req, res) => {
      order.push('handled');
      res.json({ ok: true });
    });
    await using server = await listen(app);
    expect((await raw(server.port, '/')).body).toBe('{"ok":true}');
    expect(order).toEqual(['handled', 'answered', 'turn over']);
  });

  it('edits of the prompt are in the body that the handler reads', async () => {
    const { app, ran } = build({ governor: (await governorWith()).governor });
    await using server = await listen(app);
    await raw(
      server.port,
      '/chat',
      post({
        messages: [
          {
            role: 'user',
            parts: [
              { type: 'text', text: 'card 41' },
              { type: 'text', text: '11 ok' },
            ],
          },
        ],
      }),
    );
    expect(ran).toHaveBeenCalledWith({
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', text: 'card [x]' },
            { type: 'text', text: ' ok' },
          ],
        },
      ],
    });
  });

  it('E2: an edit that has no place to go blocks', async () => {
    const { app, ran } = build({ governor: (await governorWith()).governor, extract: () => 'card 4111' });
    await using server = await listen(app);
    const answer = await raw(server.port, '/chat', post({ anything: 1 }));
    expect([answer.status, JSON.parse(answer.body).reason]).toEqual([403, 'EDIT_NOT_APPLICABLE']);
    expect(ran).not.toHaveBeenCalled();
  });

  it('a body that nobody has parsed is stopped and named once, and passes where the application says so', async () => {
    const warnings: GovernanceWarning[] = [];
    const app = express();
    const options = {
      governor: (await governorWith()).governor,
      subject,
      onWarning: (warning: GovernanceWarning) => void warnings.push(warning),
    };
    app.post('/strict', governance(options), (_req, res) => void res.send('ran'));
    app.post('/lax', governance({ ...options, onUnparsed: 'pass' }), (_req, res) => void res.send('ran'));
    await using server = await listen(app);
    const [first, second] = [await raw(server.port, '/strict', post({})), await raw(server.port, '/strict', post({}))];
    expect([first.status, second.status]).toEqual([503, 503]);
    expect(warnings.map((warning) => warning.code)).toEqual(['FLYBALL_BODY_NOT_PARSED']);
    expect((await raw(server.port, '/lax', post({}))).body).toBe('ran');
  });

  it('everything in the query is judged', async () => {
    const { app } = build({ governor: (await governorWith({}, ['secret'])).governor });
    await using server = await listen(app);
    expect((await raw(server.port, '/chat?prompt=the%20secret')).status).toBe(403);
    expect((await raw(server.port, '/chat?page=secret')).status).toBe(403);
    expect((await raw(server.port, '/chat?page[x]=a&page[x]=secret')).status).toBe(403);
    expect((await raw(server.port, '/chat?page=2')).status).toBe(200);
  });

  it.each(['text', 'raw'] as const)('JSON in a body that `express.%s` parsed is judged decoded', async (parser) => {
    const { governor } = await governorWith({}, ['my secret']);
    const app = express();
    app.use(express[parser]({ type: '*/*' }), governance({ governor, subject }));
    app.post('/chat', (req, res) => void res.send(String(req.body)));
    await using server = await listen(app);
    const send = async (body: string) => raw(server.port, '/chat', { method: 'POST', body });
    for (const body of ['{"prompt":"my\\nsecret"}', '\uFEFF{"prompt":"my\\nsecret"}', '["my\\u0020secret"]'])
      expect((await send(body)).status).toBe(403);
    expect((await send('{"prompt":"my\\nown"}')).body).toBe('{"prompt":"my\\nown"}');
  });

  it('the query is judged where no parser of Express reads it, or not all of it', async () => {
    const { governor } = await governorWith({}, ['secret']);
    const { app } = build({ governor });
    await using server = await listen(app);
    const many = Array.from({ length: 1000 }, (_, at) => `p${at}`).join('&');
    expect((await raw(server.port, `/chat?${many}&page=secret`)).status).toBe(403);
    expect((await raw(server.port, `/chat?${many}`)).status).toBe(200);
    const bare = express().set('query parser', false);
    bare.use(governance({ governor, subject }));
    bare.get('/chat', (_req, res) => void res.send('ran'));
    await using unparsed = await listen(bare);
    expect((await raw(unparsed.port, '/chat?page=a&page=the+secret')).status).toBe(403);
    expect((await raw(unparsed.port, '/chat?page=a')).body).toBe('ran');
  });

  it('D6: a rule and a halt for a route hold for every path that reaches its handler', async () => {
    const route = { id: 'r', on: 'input', route: '/api/Chat', detect: 'secret', then: 'block', reason: 'P_ROUTE' };
    const { governor, decisions } = await governorWith({ rules: [route] as never });
    const app = express();
    const router = express.Router();
    const handler = (_req: unknown, res: { send(text: string): unknown }) => void res.send('ran');
    router.get('/Chat', handler);
    router.get('/late', governance({ governor, subject }), handler);
    app.use('/api', governance({ governor, subject }), router);
    await using server = await listen(app);
    const paths = ['/api/Chat', '/API/chat', '/api/CHAT/', '/Api/Chat/'];
    for (const path of paths) expect((await raw(server.port, `${path}?q=secret%20plan`)).status).toBe(403);
    expect((await raw(server.port, '/API/Late/?q=secret%20plan')).body).toBe('ran');
    await governor.control.halt({ route: '/api/chat' }, { who: 'op', why: 'test' });
    for (const path of paths) expect((await raw(server.port, path)).status).toBe(403);
    expect(decisions.at(-1)?.decision.reason).toBe('HALTED');
    await governor.control.halt({ route: '/api/late' }, { who: 'op', why: 'test' });
    for (const path of ['/api/late', '/API/late/']) expect((await raw(server.port, path)).status).toBe(403);
  });

  it('rules tell paths apart by their case where the application does so, and halts do not', async () => {
    const route = { id: 'r', on: 'input', route: '/chat', detect: 'secret', then: 'block', reason: 'P_ROUTE' };
    const { governor } = await governorWith({ rules: [route] as never });
    const app = express().enable('case sensitive routing');
    app.use(governance({ governor, subject }));
    app.get('/:name', (_req, res) => void res.send('ran'));
    await using server = await listen(app);
    const statuses = async (): Promise<readonly number[]> =>
      Promise.all(
        ['/chat', '/chat/', '/Chat'].map(async (path) => (await raw(server.port, `${path}?q=secret%20plan`)).status),
      );
    expect(await statuses()).toEqual([403, 403, 200]);
    // A router of the application's own may tell no cases apart, and a halt is not to be escaped.
    await governor.control.halt({ route: '/chat' }, { who: 'op', why: 'test' });
    expect(await statuses()).toEqual([403, 403, 403]);
  });

  it('the path behind a router that is mounted at a parameter is judged', async () => {
    const { governor } = await governorWith({}, ['my secret']);
    const app = express();
    const router = express.Router();
    router.get('/ask/:question', (_req, res) => void res.send('ran'));
    app.use('/:tenant', governance({ governor, subject }), router);
    await using server = await listen(app);
    expect((await raw(server.port, '/acme/ask/my%20secret')).status).toBe(403);
    expect((await raw(server.port, '/my%20secret/ask/a')).status).toBe(403);
    expect((await raw(server.port, '/acme/ask/b%201')).body).toBe('ran');
  });

  it('a subject that cannot be established is a failure, not an anonymous caller', async () => {
    for (const broken of [
      () => undefined,
      () => ({ tenant: '' }),
      async () => {
        throw new Error('no session');
      },
    ]) {
      const { app, ran } = build({ governor: (await governorWith()).governor, subject: broken });
      await using server = await listen(app);
      const answer = await raw(server.port, '/chat', post({ prompt: 'hi' }));
      expect([answer.status, JSON.parse(answer.body).reason]).toEqual([503, 'FAILED_CLOSED']);
      expect(ran).not.toHaveBeenCalled();
    }
  });

  it('an application shapes the answer with `onDenied`', async () => {
    const { app } = build({
      governor: (await governorWith({}, ['secret'])).governor,
      onDenied: async ({ status, problem }, { body }, res) =>
        void res.writeHead(status).end(`no (${problem.reason}): ${JSON.stringify(body)}`),
    });
    await using server = await listen(app);
    const answer = await raw(server.port, '/chat', post({ prompt: 'secret' }));
    expect([answer.status, answer.body]).toEqual([403, 'no (P_SECRET): {"prompt":"secret"}']);
  });

  it('a governor that was closed reaches the error handler instead of hanging the request', async () => {
    const { governor } = await governorWith();
    const { app, ran } = build({ governor });
    app.use(((error, _req, res, _next) => res.status(500).send(error.code)) as ErrorRequestHandler);
    await using server = await listen(app);
    await governor.close();
    expect(await raw(server.port, '/chat', post({ prompt: 'x' }))).toMatchObject({
      status: 500,
      body: 'GOVERNOR_CLOSED',
      timedOut: false,
    });
    expect(ran).not.toHaveBeenCalled();
  });

  it('E7: what runs inside the request finds its interaction, also after waiting', async () => {
    const { governor } = await governorWith();
    const app = express();
    app.use(express.json(), governance({ governor, subject }));
    app.post('/', (req, res, next) => {
      void (async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        res.json({ same: ambientInteraction() === req.governance?.interaction });
      })().catch(next);
    });
    await using server = await listen(app);
    const answers = await Promise.all([1, 2, 3].map(() => raw(server.port, '/', post({ prompt: 'x' }))));
    expect(answers.map((answer) => JSON.parse(answer.body).same)).toEqual([true, true, true]);
  });

  it('a route adds its own options to those of the application, and nothing is decided twice for the same question', async () => {
    const { governor, decisions } = await governorWith({}, ['secret']);
    const warnings: GovernanceWarning[] = [];
    const govern = governance({ governor, subject, onWarning: (warning) => void warnings.push(warning) });
    const app = express();
    app.use(express.json(), govern);
    app.post('/plain', (_req, res) => void res.send('plain'));
    app.post('/twice', govern, (_req, res) => void res.send('twice'));
    app.post(
      '/shaped',
      govern.route({ onDenied: (_denial, _req, res) => void res.end('shaped') }),
      (_req, res) => void res.send('ran'),
    );
    app.post('/strict', govern.route({ extract: (req) => (req.body as { own: string }).own }), (req, res) => {
      res.json({ decisions: req.governance?.decisions.length });
    });
    await using server = await listen(app);

    expect((await raw(server.port, '/plain', post({ prompt: 'hi' }))).body).toBe('plain');
    expect((await raw(server.port, '/twice', post({ prompt: 'hi' }))).body).toBe('twice');
    expect((await raw(server.port, '/shaped', post({ prompt: 'hi' }))).body).toBe('ran');
    expect(decisions.filter(({ stage }) => stage === 'input')).toHaveLength(3);
    expect(warnings.map((warning) => warning.code)).toEqual(['FLYBALL_REGISTERED_TWICE']);

    expect((await raw(server.port, '/strict', post({ prompt: 'hi', own: 'a secret' }))).status).toBe(403);
    expect(JSON.parse((await raw(server.port, '/strict', post({ prompt: 'hi', own: 'fine' }))).body)).toEqual({
      decisions: 2,
    });
  });

  it('the signal follows the client only with `cancelOnDisconnect`', async () => {
    const seen: boolean[] = [];
    for (const cancelOnDisconnect of [true, false]) {
      const app = express();
      app.use(express.json(), governance({ governor: (await governorWith()).governor, subject, cancelOnDisconnect }));
      const done = new Promise<void>((resolve) => {
        app.post('/', (req, res) => {
          const { signal } = req.governance!;
          res.once('close', () => setImmediate(() => (seen.push(signal.aborted), resolve())));
        });
      });
      await using server = await listen(app);
      await raw(server.port, '/', { ...post({ prompt: 'x' }), abortAfterMs: 50 });
      await done;
    }
    expect(seen).toEqual([true, false]);
  });
});

it('the address is judged where there is no Express to take it apart', async () => {
  const { governor } = await governorWith({}, ['my secret']);
  const govern = governance({ governor, subject });
  const server = createServer((req, res) => govern(req as never, res, () => void res.end('ran')));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = server.address() as AddressInfo;
  expect((await raw(port, '/ask/my%20secret')).status).toBe(403);
  expect((await raw(port, '/ask?page=my+secret')).status).toBe(403);
  expect((await raw(port, '/ask/b%201?page=2')).body).toBe('ran');
  await new Promise((resolve) => server.close(resolve));
});

it('a missing subject is named when the middleware is made', async () => {
  const warnings: GovernanceWarning[] = [];
  governance({ governor: (await governorWith()).governor, onWarning: (warning) => void warnings.push(warning) });
  expect(warnings.map((warning) => warning.code)).toEqual(['FLYBALL_NO_SUBJECT']);
});
