import compression from 'compression';
import express from 'express';
import { DefaultChatTransport, readUIMessageStream, type UIMessage, type UIMessageChunk } from 'ai';
import { describe, expect, it, vi } from 'vitest';

import { governance, type GovernanceOptions, type GovernanceWarning } from '../src/index.ts';
import { governorWith, listen } from './harness.ts';
import { raw } from './raw-client.ts';
import { PROTOCOLS } from './streams.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const subject = () => ({ tenant: 't', user: 'u' });
const halting = { who: 'test', why: 'test' };
const [UI, OPENAI] = PROTOCOLS;

async function build(options: Partial<GovernanceOptions> = {}, policy: Parameters<typeof governorWith>[0] = {}) {
  const recorded = await governorWith(policy);
  const app = express();
  app.use(express.json());
  app.use(governance({ governor: recorded.governor, subject, ...options }));
  return { ...recorded, app };
}

describe('modes', () => {
  it.each([
    ['shadow', 'SHADOWED', 'BLOCK'],
    ['off', 'GOVERNANCE_OFF', 'NO_OP'],
  ] as const)(
    'D7, E4: mode %s leaves every byte and every chunk alone, and records what it would have done',
    async (mode, reason, verdict) => {
      const { app, decisions } = await build({}, { mode });
      const parts = OPENAI!.write(['the ', 'secret plan', ' 4111']);
      app.get('/sse', (_req, res) => {
        res.type('text/event-stream');
        for (const part of parts) res.write(part);
        res.end();
      });
      app.get('/json', (_req, res) => void res.json({ a: 'secret plan' }));
      await using server = await listen(app);
      const answer = await raw(server.port, '/sse');
      expect([answer.status, answer.body]).toEqual([200, parts.join('')]);
      expect(JSON.parse((await raw(server.port, '/json')).body)).toEqual({ a: 'secret plan' });
      await wait(10);
      const outputs = decisions.filter(({ stage }) => stage === 'output').map(({ decision }) => decision);
      expect(outputs.map((decision) => [decision.reason, decision.verdict.outcome])).toEqual([
        [reason, verdict],
        [reason, verdict],
      ]);
    },
  );

  it.each([
    ['shadow', ['body.{a}', 'body.a']],
    ['off', []],
  ] as const)('in mode %s a complete answer is recorded, and read only if somebody judges it', async (mode, paths) => {
    const { app, decisions, events } = await build({}, { mode });
    app.get('/', (_req, res) => void res.json({ a: 'secret plan' }));
    await using server = await listen(app);
    expect((await raw(server.port, '/')).body).toBe('{"a":"secret plan"}');
    await vi.waitFor(() => expect(decisions.map(({ stage }) => stage)).toEqual(['input', 'output']));
    expect(events[1]!.content.map(({ path }) => path)).toEqual(paths);
  });

  it.each(['shadow', 'off'] as const)(
    'E4: in mode %s an answer is not broken by a governor that was closed meanwhile',
    async (mode) => {
      const { app, governor } = await build({}, { mode });
      app.get('/', (_req, res, next) => void governor.close().then(() => res.json({ a: 1 }), next));
      await using server = await listen(app);
      const answer = await raw(server.port, '/');
      expect([answer.status, answer.body]).toEqual([200, '{"a":1}']);
    },
  );

  it.each(['enforce', 'shadow', 'off'] as const)(
    'D6: a halt ends a running stream in mode %s, as its protocol ends',
    async (mode) => {
      const { app, governor } = await build({}, { mode });
      let aborted = false;
      let written = 0;
      app.get('/', (req, res, next) => {
        void (async () => {
          req.governance!.signal.addEventListener('abort', () => (aborted = true));
          res.type('text/event-stream');
          for (const part of UI!.write(Array.from({ length: 20_000 }, () => 'word '))) {
            if (aborted) break;
            res.write(part);
            written++;
            await wait(1);
          }
          res.end();
        })().catch(next);
      });
      await using server = await listen(app);
      const answering = raw(server.port, '/', { timeoutMs: 20_000 });
      await expect.poll(() => written, { timeout: 180_000 }).toBeGreaterThan(20);
      await governor.control.halt({ tenant: 't' }, halting);
      const answer = await answering;
      expect(answer.complete).toBe(true);
      for (const part of UI!.ending) expect(answer.body).toContain(part);
      expect(answer.body).toContain('"reason":"HALTED"');
      expect(aborted).toBe(true);
      expect((await raw(server.port, '/')).status).toBe(403);
    },
  );

  it('a policy that does not cover answers lets opaque ones pass', async () => {
    const { app } = await build(
      {},
      { rules: [{ id: 'r', on: 'input', detect: 'secret', then: 'block', reason: 'P_INPUT' }] },
    );
    app.get('/', (_req, res) => void res.type('png').end(Buffer.from([1, 2, 3])));
    await using server = await listen(app);
    expect((await raw(server.port, '/')).status).toBe(200);
  });
});

describe('compression', () => {
  it('registered behind governance is named, undone, and nothing leaves unjudged', async () => {
    const { governor } = await governorWith();
    const warnings: GovernanceWarning[] = [];
    const app = express();
    app.use(governance({ governor, subject, onWarning: (warning) => void warnings.push(warning) }));
    app.use(compression({ threshold: 0 }));
    app.get('/json', (_req, res) => void res.json({ a: 'secret plan' }));
    app.get('/sse', (_req, res) => {
      res.type('text/event-stream').write('data: secret plan\n\n');
      res.end();
    });
    await using server = await listen(app);
    for (const path of ['/json', '/sse']) {
      const answer = await raw(server.port, path, { headers: { 'Accept-Encoding': 'gzip' } });
      expect([answer.status, JSON.parse(answer.body).reason]).toEqual([403, 'P_SECRET']);
      expect(answer.headers['content-encoding']).toBeUndefined();
    }
    // Once per route, however often it is asked.
    await raw(server.port, '/json', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(warnings.map((warning) => warning.code)).toEqual([
      'FLYBALL_BEFORE_COMPRESSION',
      'FLYBALL_BEFORE_COMPRESSION',
    ]);
    expect(warnings.map((warning) => warning.message)).toEqual([
      expect.stringContaining('`/json`'),
      expect.stringContaining('`/sse`'),
    ]);
  });

  it('released events reach the client when they are released', async () => {
    const { governor } = await governorWith();
    const app = express();
    app.use(compression({ threshold: 0 }), governance({ governor, subject }));
    let second: () => void = () => {};
    const received = new Promise<void>((resolve) => (second = resolve));
    app.get('/', (_req, res, next) => {
      void (async () => {
        res.type('text/event-stream').write('data: first\n\n');
        await received;
        res.end('data: second\n\n');
      })().catch(next);
    });
    await using server = await listen(app);
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes('first')) second();
    }
    expect(text).toBe('data: first\n\ndata: second\n\n');
  });

  it('a producer that waits for `drain` is told to go on', async () => {
    const { governor } = await governorWith();
    const app = express();
    app.use(compression({ threshold: 0 }), governance({ governor, subject }));
    const state = { waited: 0, drained: 0 };
    app.get('/', (_req, res, next) => {
      void (async () => {
        res.type('text/plain');
        for (let i = 0; i < 60; i++) {
          if (res.write(`${Math.random()} `.repeat(800))) continue;
          state.waited++;
          await new Promise((resolve) => res.once('drain', resolve));
          state.drained++;
        }
        res.end('the end');
      })().catch(next);
    });
    await using server = await listen(app);
    const answer = await raw(server.port, '/', { headers: { 'Accept-Encoding': 'gzip' }, slowMs: 5 });
    expect(answer.body.endsWith('the end')).toBe(true);
    expect(state.waited).toBeGreaterThan(0);
    expect(state.drained).toBe(state.waited);
  });
});

describe('the AI SDK client', () => {
  it('E5: sees a stopped answer as a finished one, filtered, with nothing to retry', async () => {
    const { app } = await build();
    app.post('/chat', (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' });
      for (const part of UI!.write(['Hello, the sec', 'ret plan', ' is'])) res.write(part);
      res.end();
    });
    await using server = await listen(app);
    const transport = new DefaultChatTransport<UIMessage>({ api: `http://127.0.0.1:${server.port}/chat` });
    const stream = await transport.sendMessages({
      trigger: 'submit-message',
      chatId: 'c',
      messageId: undefined,
      messages: [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
      abortSignal: undefined,
    });
    const chunks: UIMessageChunk[] = [];
    const [forChunks, forMessage] = stream.tee();
    const errors: unknown[] = [];
    let message: UIMessage | undefined;
    for await (const partial of readUIMessageStream({ stream: forMessage, onError: (error) => errors.push(error) }))
      message = partial;
    for await (const chunk of forChunks as unknown as AsyncIterable<UIMessageChunk>) chunks.push(chunk);
    expect(errors).toEqual([]);
    expect(message!.parts).toMatchObject([
      { type: 'step-start' },
      { type: 'text', text: 'Hello, the ', state: 'done' },
      { type: 'data-governance', data: { reason: 'P_SECRET' } },
    ]);
    expect(chunks.at(-1)).toMatchObject({ type: 'finish', finishReason: 'content-filter' });
  });
});

describe('answers in the application’s own words', () => {
  it('`onDenied` answers a stopped response, and the stopped handler cannot write into it', async () => {
    const { app } = await build({
      onDenied: async ({ status, problem }, _req, res) => {
        await wait(20);
        (res as unknown as express.Response).status(status).set('X-Shaped', '1').json({ sorry: problem.reason });
      },
    });
    app.get('/', (_req, res, next) => {
      void (async () => {
        res.type('text/event-stream');
        for (const word of ['secret ', 'plan ', 'more ', 'and more']) {
          res.write(`data: ${word}\n\n`);
          await wait(4);
        }
        res.end('data: the end\n\n');
      })().catch(next);
    });
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    expect([answer.status, answer.headers['x-shaped'], answer.body]).toEqual([403, '1', '{"sorry":"P_SECRET"}']);
  });

  it('a route chooses how its answers are judged', async () => {
    const { governor } = await governorWith();
    const govern = governance({ governor, subject });
    const app = express();
    app.use(express.json(), govern);
    const handler: express.RequestHandler = (_req, res) => void res.json({ internal: 'secret plan', answer: 'fine' });
    app.get('/all', handler);
    app.get('/answer', govern.route({ response: { paths: ['answer'] } }), handler);
    await using server = await listen(app);
    expect((await raw(server.port, '/all')).status).toBe(403);
    expect((await raw(server.port, '/answer')).status).toBe(200);
  });

  it('`select` names the fields that continue a text', async () => {
    const { app } = await build({ response: { select: ['result.part'] } });
    app.get('/', (_req, res) => {
      res.type('application/x-ndjson');
      for (const part of ['the se', 'cret pl', 'an']) res.write(`${JSON.stringify({ result: { part } })}\n`);
      res.end();
    });
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    expect(answer.body.startsWith('{"result":{"part":"the "}}\n{"governance":')).toBe(true);
  });

  it('what only two rows together say stops the answer and is named, once for each route, with the option for rows', async () => {
    const warnings: GovernanceWarning[] = [];
    const { app, governor, decisions } = await build({ onWarning: (warning) => warnings.push(warning) });
    const rows = (_req: unknown, res: express.Response): void => {
      res.type('application/x-ndjson');
      for (const name of ['the secret ', 'plan']) res.write(`${JSON.stringify({ name })}\n`);
      res.end();
    };
    app.get(['/orders', '/people'], rows);
    const declared = governance({ governor, subject, onWarning: (warning) => warnings.push(warning) });
    app.get('/rows', declared.route({ response: { rows: ['name'] } }), rows);
    await using server = await listen(app);
    for (const path of ['/orders', '/orders', '/people']) expect((await raw(server.port, path)).status).toBe(403);
    expect(decisions.at(-1)!.decision.signals).toMatchObject([{ joined: true }, { joined: true }]);
    expect(warnings.map(({ code }) => code)).toEqual(['FLYBALL_JOINED_ROWS', 'FLYBALL_JOINED_ROWS']);
    expect(warnings.map(({ message }) => /rows.*route `(.*)`/.exec(message)?.[1])).toEqual(['/orders', '/people']);
    expect((await raw(server.port, '/rows')).body).toBe('{"name":"the secret "}\n{"name":"plan"}\n');
    expect(warnings).toHaveLength(2);
  });
});
