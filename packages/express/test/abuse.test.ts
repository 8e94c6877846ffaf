import { Readable } from 'node:stream';

import express, { type Express, type Response } from 'express';
import { describe, expect, it } from 'vitest';

import { governance, type GovernanceOptions, type GovernanceWarning } from '../src/index.ts';
import { governorWith, listen, type Recorded } from './harness.ts';
import { raw } from './raw-client.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const MB = 1024 * 1024;

async function build(
  options: Partial<GovernanceOptions> = {},
  policy: Parameters<typeof governorWith>[0] = {},
): Promise<Recorded & { readonly app: Express; readonly warnings: GovernanceWarning[] }> {
  const recorded = await governorWith(policy);
  const warnings: GovernanceWarning[] = [];
  const app = express();
  app.use(express.json());
  app.use(
    governance({
      governor: recorded.governor,
      subject: () => ({ tenant: 't', user: 'u' }),
      onWarning: (warning) => void warnings.push(warning),
      ...options,
    }),
  );
  return { ...recorded, app, warnings };
}

/** Writes as fast as the response takes it. */
async function flood(res: Response, chunks: Iterable<string>, state: { written: number }): Promise<void> {
  const closed = new Promise((resolve) => res.once('close', resolve));
  for (const chunk of chunks) {
    if (res.destroyed || res.writableEnded) return;
    state.written += chunk.length;
    if (!res.write(chunk)) await Promise.race([new Promise((resolve) => res.once('drain', resolve)), closed]);
  }
  res.end();
}

function* repeated(chunk: string, times: number): Generator<string> {
  for (let i = 0; i < times; i++) yield chunk;
}

describe('abuse', () => {
  it('a reader that takes a little at a time slows the producer down instead of filling memory', async () => {
    const { app } = await build();
    const state = { written: 0 };
    app.get('/', (_req, res, next) => {
      flood(res.type('text/event-stream'), repeated(`data: ${'word '.repeat(200)}\n\n`, 50_000), state).catch(next);
    });
    await using server = await listen(app);
    await raw(server.port, '/', { slowMs: 20, abortAfterMs: 600, timeoutMs: 2000 });
    const afterAbort = state.written;
    expect(state.written).toBeLessThan(16 * MB);
    await wait(50);
    expect(state.written).toBe(afterAbort);
  });

  it('a response of 100 MB streams through in bounded memory', async () => {
    const { app } = await build({}, { maxInput: 200 * MB });
    const state = { written: 0 };
    app.get('/', (_req, res, next) => {
      flood(res.type('text/plain'), repeated('some words of text '.repeat(3449), 1601), state).catch(next);
    });
    await using server = await listen(app);
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
    const received = await drain(server.port);
    clearInterval(watch);
    expect(received).toBeGreaterThan(100 * MB);
    expect((most - before) / MB).toBeLessThan(150);
  }, 120_000);

  it('JSON that is larger than may be kept is not sent unjudged, unless the application says so', async () => {
    for (const [opaque, status] of [
      ['block', 403],
      ['pass', 200],
    ] as const) {
      const { app, warnings } = await build({ response: { maxBody: 1000, opaque } });
      app.get('/', (_req, res) => void res.json({ text: 'x'.repeat(5000) }));
      await using server = await listen(app);
      const answer = await raw(server.port, '/');
      expect(answer.status).toBe(status);
      expect(answer.complete).toBe(true);
      if (opaque === 'pass') expect(JSON.parse(answer.body)).toEqual({ text: 'x'.repeat(5000) });
      else expect(warnings.map((warning) => warning.code)).toEqual(['FLYBALL_OPAQUE_BODY']);
    }
  });

  it('a bound on texts is none on their number: a table of many rows leaves, and its last row is judged', async () => {
    const { app } = await build({}, { maxInput: 1000 });
    const rows = Array.from({ length: 30_000 }, (_, id) => ({ id: id % 1000, name: 'some row of the table' }));
    app.get('/fine', (_req, res) => void res.json(rows));
    app.get('/last', (_req, res) => void res.json([...rows, { id: 0, name: 'the secret plan' }]));
    app.post('/', (_req, res) => void res.json({ fine: true }));
    await using server = await listen(app);
    const fine = await raw(server.port, '/fine', { timeoutMs: 20_000 });
    expect([fine.status, fine.body === JSON.stringify(rows)]).toEqual([200, true]);
    const last = await raw(server.port, '/last', { timeoutMs: 20_000 });
    expect([last.status, JSON.parse(last.body).reason]).toEqual([403, 'P_SECRET']);
    // So it is with requests, up to what the parser takes.
    const names = JSON.stringify(Array.from({ length: 25_000 }, () => 'n'));
    const asked = await raw(server.port, '/', { method: 'POST', body: names, timeoutMs: 20_000 });
    expect(asked.status).toBe(200);
  });

  it('one event without an end, and a line without an end, are cut at the bound', async () => {
    for (const type of ['text/event-stream', 'application/x-ndjson']) {
      const { app } = await build({ response: { maxBody: 10_000 } });
      const state = { written: 0 };
      app.get('/', (_req, res, next) => {
        flood(
          res.type(type),
          (function* () {
            yield 'data: ';
            yield* repeated('x'.repeat(1000), 10_000);
          })(),
          state,
        ).catch(next);
      });
      await using server = await listen(app);
      const answer = await raw(server.port, '/');
      expect([answer.status, JSON.parse(answer.body).reason]).toEqual([403, 'MAX_HOLD']);
    }
  });

  it('events piled up behind held text are bounded too', async () => {
    const { app } = await build({ response: { maxBody: 20_000 } });
    const state = { written: 0 };
    app.get('/', (_req, res, next) => {
      const events = (function* () {
        yield 'data: {"type":"start"}\n\ndata: {"type":"text-start","id":"1"}\n\n';
        yield 'data: {"type":"text-delta","id":"1","delta":"ok, the secret"}\n\n';
        for (let i = 0; i < 5000; i++) yield `data: {"type":"tool-input-start","toolCallId":"${i}","toolName":"t"}\n\n`;
      })();
      flood(res.type('text/event-stream'), events, state).catch(next);
    });
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    expect(answer.complete).toBe(true);
    expect(answer.body).toContain('"delta":"ok, the "');
    expect(answer.body).not.toContain('secret');
    expect(answer.body).toContain('"reason":"MAX_HOLD"');
    expect(answer.bytes).toBeLessThan(20_000);
  });

  it('malformed events pass through governance unharmed and unread nowhere', async () => {
    const pieces = [
      'data: {"delta": broken\n\n',
      'data\n\n',
      ':\n\n',
      'nonsense\r\r',
      '\n\n\n',
      'data: {"a":1}\rdata: x\r\n\r\n',
      'event\n',
      'data:no space\n\n',
      'retry: x\n\n',
      'data: "half',
    ];
    const { app } = await build();
    app.get('/ok', (_req, res) => void Readable.from(pieces).pipe(res.type('text/event-stream')));
    app.get('/bad', (_req, res) => void Readable.from([...pieces, ' secret plan']).pipe(res.type('text/event-stream')));
    await using server = await listen(app);
    expect((await raw(server.port, '/ok')).body).toBe(pieces.join(''));
    expect((await raw(server.port, '/bad')).body).not.toContain('secret');
  });

  it('text cut inside a character, and bytes that are no characters, neither leak nor break', async () => {
    const { app } = await build();
    const bytes = Buffer.concat([
      Buffer.from('🌍 ok '),
      Buffer.from([0xff, 0xc3]),
      Buffer.from(' the sec'),
      Buffer.from('ret plan 🌍'),
    ]);
    app.get('/', (_req, res) => {
      res.type('text/plain');
      for (const byte of bytes) res.write(Buffer.from([byte]));
      res.end();
    });
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    expect([answer.complete, answer.body]).toEqual([true, '🌍 ok \uFFFD\uFFFD the ']);
  });

  it('a reason written by an author cannot become a header or markup', async () => {
    const { app } = await build();
    app.get('/', (_req, res) => void res.type('html').send('<p>the secret plan</p>'));
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(Object.keys(answer.headers).toSorted()).toEqual([
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'date',
      'x-powered-by',
    ]);
    expect(Object.values(JSON.parse(answer.body)).every((value) => /^[\w\s.,:/#-]*$/.test(String(value)))).toBe(true);
  });

  it('a client that leaves at any point leaves nothing behind', async () => {
    const { app, governor } = await build();
    const errors: unknown[] = [];
    const note = (error: unknown): void => void errors.push(error);
    process.on('uncaughtException', note).on('unhandledRejection', note);
    app.get('/', (_req, res, next) => {
      void (async () => {
        res.type('text/event-stream');
        for (let i = 0; i < 30 && !res.destroyed; i++) {
          res.write(`data: {"type":"text-delta","id":"1","delta":"the sec ${i}"}\n\n`);
          await wait(1);
        }
        res.end();
      })().catch(next);
    });
    app.get('/json', (_req, res) => void setTimeout(() => res.json({ a: 1 }), 5));
    await using server = await listen(app);
    const leaving = Array.from({ length: 24 }, (_, i) =>
      raw(server.port, i % 4 === 0 ? '/json' : '/', { abortAfterMs: i * 2 }),
    );
    const byBytes = [1, 100, 250, 400, 900].map((abortAfterBytes) => raw(server.port, '/', { abortAfterBytes }));
    await Promise.all([...leaving, ...byBytes]);
    await wait(60);
    process.off('uncaughtException', note).off('unhandledRejection', note);
    expect(errors).toEqual([]);
    expect(governor.status().openGates).toBe(0);
  });

  it('an answer that is written after its end is whole, and who wrote is told as Node tells it', async () => {
    const { app } = await build();
    let late: unknown;
    const told: unknown[] = [];
    app.get('/', (_req, res) => {
      // Without a listener Node ends the process, governed or not.
      res.on('error', (error: NodeJS.ErrnoException) => told.push(error.code));
      res.type('text/event-stream').end('data: one\n\n');
      res.write('data: the secret plan\n\n', (error) => (late = error));
      res.end('data: the secret plan\n\n');
    });
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    expect([answer.complete, answer.body]).toEqual([true, 'data: one\n\n']);
    expect(late).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
    expect(told).toEqual(['ERR_STREAM_WRITE_AFTER_END', 'ERR_STREAM_WRITE_AFTER_END']);
  });

  it('pipelined requests on one connection are answered in their order', async () => {
    const { app } = await build();
    app.get('/slow', (_req, res) => void setTimeout(() => res.json({ n: 1 }), 20));
    app.get('/bad', (_req, res) => void res.json({ n: 'secret plan' }));
    app.get('/fast', (_req, res) => void res.json({ n: 3 }));
    await using server = await listen(app);
    const answers = await pipelined(server.port, ['/slow', '/bad', '/fast']);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403', 'HTTP/1.1 200']);
    expect(answers.indexOf('{"n":1}')).toBeLessThan(answers.indexOf('{"n":3}'));
  });
});

async function drain(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/`);
  let bytes = 0;
  for await (const chunk of response.body!) bytes += (chunk as Uint8Array).length;
  return bytes;
}

async function pipelined(port: number, paths: readonly string[]): Promise<string> {
  const net = await import('node:net');
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('close', () => resolve(text));
    for (const [at, path] of paths.entries()) {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${at === paths.length - 1 ? 'Connection: close\r\n' : ''}\r\n`);
    }
  });
}
