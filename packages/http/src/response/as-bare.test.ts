import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import zlib from 'node:zlib';

import { createGovernor, type Decision, type GovernorEvent } from '@flyball/core';
import type { Mode } from '@flyball/core/adapter';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { gateResponse, type GateResponseOptions, type ResponseWarning } from '../index.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The response ended as it should. */
  readonly complete: boolean;
}

interface Governed {
  readonly warnings: ResponseWarning[];
  readonly decisions: Decision[];
  readonly events: GovernorEvent[];
  options(more?: Partial<GateResponseOptions>): GateResponseOptions;
}

async function governed(mode: Mode = 'enforce', maxInput?: number): Promise<Governed> {
  const warnings: ResponseWarning[] = [];
  const decisions: Decision[] = [];
  const events: GovernorEvent[] = [];
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      mode,
      ...(maxInput !== undefined && { maxInput }),
      detectors: [
        { id: 'secret', phrases: ['secret plan'] },
        { id: 'card', patterns: ['\\b4111\\b'] },
      ],
      rules: [
        { id: 'secret', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' },
        { id: 'card', on: 'output', detect: 'card', then: 'redact', reason: 'P_CARD', mask: '[x]' },
      ],
    },
    onDecision: (decision) => decisions.push(decision),
    onEvent: (event) => events.push(event),
  });
  closing.push(() => governor.close());
  const interaction = governor.interaction({ tenant: 't' });
  return {
    warnings,
    decisions,
    events,
    options: (more) => ({ governor, interaction, mode, onWarning: (code) => void warnings.push(code), ...more }),
  };
}

async function listen(server: Server | http2.Http2Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** What a client receives of a handler, with a gate in front of it or without. */
async function ask(
  options: GateResponseOptions | undefined,
  handle: (res: ServerResponse) => unknown,
): Promise<Answer> {
  const server = createServer((req, res) => {
    if (options !== undefined) gateResponse(req, res, options);
    void handle(res);
  });
  const port = await listen(server);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent: false }, resolve).on('error', reject);
  });
  const body = await buffer(response).catch(() => Buffer.alloc(0));
  return { status: response.statusCode, headers: response.headers, body, complete: response.complete };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const EVENTS = ['data: {"token":"the secret"}\n\n', 'data: {"token":" plan"}\n\n'];

describe('headers that only `writeHead` was given', () => {
  const stream = (headers: unknown) => (res: ServerResponse) => {
    res.writeHead(200, headers as never);
    for (const event of EVENTS) res.write(event);
    res.end();
  };

  it.each([
    ['an object', { 'Content-Type': 'text/event-stream' }],
    ['a list', ['Content-Type', 'text/event-stream']],
  ])('D7: shadow reads the stream as enforcing does: %s', async (_, headers) => {
    const shadow = await governed('shadow');
    const watched = await ask(shadow.options(), stream(headers));
    expect(watched.body.toString()).toBe(EVENTS.join(''));
    await vi.waitFor(() => expect(shadow.decisions).toHaveLength(1));
    expect(shadow.decisions[0]).toMatchObject({
      reason: 'SHADOWED',
      verdict: { outcome: 'BLOCK', reason: 'P_SECRET' },
    });
    const enforced = await ask((await governed()).options(), stream(headers));
    expect(enforced.body.toString()).toContain('"reason":"P_SECRET"');
  });

  it('D6: a halt in mode off ends such a stream as its protocol ends', async () => {
    const off = await governed('off');
    const options = off.options();
    const answer = ask(options, async (res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' });
      res.write('data: one\n\n');
      await wait(50);
      await options.governor.control.halt({ tenant: 't' }, { who: 'test', why: 'test' });
    });
    expect((await answer).body.toString()).toMatch(/^data: one\n\nretry: 2147483647\nevent: governance\n/);
  });
});

describe('a body of no declared type', () => {
  it.each([
    ['server-sent events', EVENTS],
    ['events that begin with a comment', [': hi\n\n', ...EVENTS]],
    ['rows', ['{"t":"the s\\u0065cret plan"}\n', '{"t":"more"}\n']],
    ['one value of JSON', ['{"t":"the s\\u0065cret', ' plan"}']],
    ['text', ['the secret', ' plan']],
  ])('G2: is judged as what it is: %s', async (_, parts) => {
    const { options, decisions } = await governed();
    const answer = await ask(options(), (res) => {
      for (const part of parts) res.write(part);
      res.end();
    });
    expect(answer.body.toString()).not.toContain('cret plan');
    expect(decisions.at(-1)?.reason).toBe('P_SECRET');
  });

  it('G6: and leaves as it came', async () => {
    for (const parts of [
      ['data: a\n\n', 'data: b\n\n'],
      ['{"a":1}\n', '{"a":2}\n'],
      ['{', '"a":1}'],
      ['[1,\n', '2]'],
      ['plain'],
      ['da', 'ta'],
    ]) {
      const answer = await ask((await governed()).options(), (res) => {
        for (const part of parts) res.write(part);
        res.end();
      });
      expect(answer.body.toString()).toBe(parts.join(''));
    }
  });
});

describe('JSON that streams', () => {
  const json =
    (parts: readonly string[], seen: number[] = []) =>
    async (res: ServerResponse) => {
      res.setHeader('Content-Type', 'application/json');
      for (const part of parts) {
        res.write(part);
        await wait(5);
        seen.push(res.socket?.bytesWritten ?? 0);
      }
      res.end();
    };

  it('lines are judged as they come', async () => {
    const { options } = await governed();
    const seen: number[] = [];
    const answer = await ask(options(), json(['{"a":"4111"}\n', '{"a":" then"}\n', '{"a":" on"}\n'], seen));
    expect(answer.body.toString()).toBe('{"a":"[x]"}\n{"a":" then"}\n{"a":" on"}\n');
    expect(seen[1]).toBeGreaterThan(0);
    const stopped = await ask(options(), json(['{"a":" one."}\n', '{"a":" two."}\n', '{"a":"secret plan"}\n']));
    expect(stopped.body.toString()).toMatch(/^\{"a":" one."\}\n\{"a":" two."\}\n\{"governance":\{.*P_SECRET.*\}\}\n$/);
  });

  it('so is one array over time, and what is left is an array', async () => {
    const { options } = await governed();
    const seen: number[] = [];
    const parts = ['[{"a":" one."},\n', ' {"a":"4111"}, {"a":', '" ]}, \\" "}', ' ]\n'];
    const answer = await ask(options(), json(parts, seen));
    expect(answer.body.toString()).toBe(parts.join('').replace('4111', '[x]'));
    expect(seen[1]).toBeGreaterThan(0);
    const stopped = await ask(options(), json(['[{"a":" one."}', ',{"a":" two."}', ',{"a":"secret plan"}]']));
    expect(JSON.parse(stopped.body.toString())).toMatchObject([
      { a: ' one.' },
      { a: ' two.' },
      { governance: { reason: 'P_SECRET' } },
    ]);
    const whole = await ask(options(), json(['[{"a":"secret plan"}', ',{"a":2}]']));
    expect(whole.status).toBe(403);
  });

  it('one value in pieces stays one value', async () => {
    const answer = await ask((await governed()).options(), json(['{"a":\n "one",', ' "b": "4111" }']));
    expect(answer.body.toString()).toBe('{"a":\n "one", "b": "[x]" }');
  });
});

describe('the AI SDK’s data stream', () => {
  const stream =
    (...lines: readonly string[]) =>
    (res: ServerResponse) => {
      res.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Vercel-AI-Data-Stream': 'v1' });
      for (const line of lines) res.write(`${line}\n`);
      res.end();
    };

  it('is read line by line, escapes decoded, and ends as its client reads a stop', async () => {
    const { options } = await governed();
    const fine = ['f:{"messageId":"m"}', '0:"no 4"', '0:"11"', '0:"1 \\u00e4"', 'd:{"finishReason":"stop"}'];
    const masked = await ask(options(), stream(...fine));
    expect(masked.body.toString()).toBe('f:{"messageId":"m"}\n0:"no [x]"\n0:""\n0:" ä"\nd:{"finishReason":"stop"}\n');
    const bad = await ask(options(), stream('0:"so, the s\\u0065cret"', '0:" plan"'));
    expect(bad.body.toString()).toMatch(
      /^0:"so, the "\n2:\[\{"governance":\{.*P_SECRET.*\}\}\]\ne:\{.*content-filter.*\}\nd:\{.*\}\n$/,
    );
    const call = await ask(
      options(),
      stream('0:"hi"', '9:{"toolCallId":"c","toolName":"q","args":{"a":"secret plan"}}'),
    );
    expect(call.body.toString()).not.toContain('secret');
  });
});

describe('what handlers and middleware do', () => {
  const events = (res: ServerResponse) => {
    res.setHeader('Content-Type', 'text/event-stream');
    res.write('data: a\n\n');
    res.end('data: b\n\n');
  };
  const HANDLERS: readonly (readonly [name: string, handle: (res: ServerResponse) => unknown])[] = [
    [
      'a `flush` put on behind the gate',
      (res) => {
        Object.assign(res, { flush: () => undefined });
        events(res);
      },
    ],
    [
      '`Content-Encoding: none`',
      (res) => {
        res.setHeader('Content-Encoding', 'none');
        events(res);
      },
    ],
    [
      '`end` with nulls, twice',
      (res) => {
        res.setHeader('Content-Type', 'text/plain');
        res.write('hello', null as never, null as never);
        (res.end as (...args: unknown[]) => void)(null, null, null);
        (res.end as (...args: unknown[]) => void)(null, null, null);
      },
    ],
    ...['font/woff2', 'audio/mpeg', 'video/mp4', 'application/wasm', 'application/font-woff'].map(
      (type) =>
        [
          type,
          (res: ServerResponse) => void res.setHeader('Content-Type', type).end(Buffer.from([0, 97, 255])),
        ] as const,
    ),
    ['a picture', (res) => void res.setHeader('Content-Type', 'image/png').end(Buffer.from([137, 80, 0, 255]))],
    [
      'a range of a video',
      (res) => {
        res.writeHead(206, { 'Content-Type': 'video/mp4', 'Content-Range': 'bytes 0-2/9', 'Content-Length': 3 });
        res.end(Buffer.from([1, 2, 3]));
      },
    ],
  ];

  it.each(HANDLERS)('E4: %s: as bare', async (_, handle) => {
    const bare = await ask(undefined, handle);
    for (const mode of ['enforce', 'shadow', 'off'] as const) {
      const { options, warnings } = await governed(mode);
      const answer = await ask(options(), handle);
      expect([mode, answer.status, answer.body.toString('latin1'), answer.complete, warnings]).toEqual([
        mode,
        bare.status,
        bare.body.toString('latin1'),
        true,
        [],
      ]);
    }
  });

  it('A6: what nobody reads is counted: it has a record, which says that nothing of it was scanned', async () => {
    for (const type of ['image/png', 'font/woff2', 'audio/mpeg', 'video/mp4', 'application/wasm']) {
      const { options, decisions } = await governed();
      await ask(options(), (res) => void res.setHeader('Content-Type', type).end('secret plan'));
      expect([type, decisions.map(({ outcome, coverage }) => [outcome, coverage.segments])]).toEqual([
        type,
        [['ALLOW', []]],
      ]);
    }
  });

  it('E5: where governance itself breaks, the answer ends as its protocol does, on record, and a warning says so', async () => {
    const { options, warnings, decisions, events } = await governed();
    const whole = options();
    const broken = new Proxy(whole.governor, {
      get(governor, name) {
        const value: unknown = Reflect.get(governor, name, governor);
        if (typeof value !== 'function') return value;
        if (name !== 'openGate') return (value as (...args: unknown[]) => unknown).bind(governor);
        return async (...args: Parameters<typeof governor.openGate>) => {
          const gate = await governor.openGate(...args);
          return new Proxy(gate, {
            get(real, member) {
              const method: unknown = Reflect.get(real, member, real);
              if (typeof method !== 'function') return method;
              return (...given: unknown[]): unknown => {
                if (given.includes('boom')) throw new Error('a defect');
                return Reflect.apply(method as (...all: unknown[]) => unknown, real, given);
              };
            },
          });
        };
      },
    });
    const chunk = (content: string): string =>
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })}\n\n`;
    const answer = await ask({ ...whole, governor: broken }, async (res) => {
      res.setHeader('Content-Type', 'text/event-stream');
      res.write(chunk('fine. '));
      await wait(30);
      res.write(chunk('boom'));
      res.end();
    });
    expect([answer.complete, warnings]).toEqual([true, ['FAILED']]);
    expect(answer.body.toString()).toMatch(/"finish_reason":"content_filter".*FAILED_CLOSED.*\n\ndata: \[DONE\]\n\n$/);
    expect(answer.body.toString()).not.toContain('boom');
    expect(decisions.at(-1)).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' });
    expect(JSON.stringify(events)).toContain('answer');
  });

  it('`end(null, null, null)` after a stop ends nothing but the answer', async () => {
    const answer = await ask((await governed()).options(), async (res) => {
      res.setHeader('Content-Type', 'text/plain');
      res.write('hello, the secret plan');
      await wait(5);
      (res.end as (...args: unknown[]) => void)(null, null, null);
    });
    expect(answer.complete).toBe(true);
  });

  it('a `write` in front that answers nothing holds nobody up', async () => {
    const { options } = await governed();
    const server = createServer((req, res) => {
      const write = res.write.bind(res) as (...args: unknown[]) => boolean;
      Object.assign(res, { write: (...args: unknown[]) => void write(...args) });
      gateResponse(req, res, options());
      res.setHeader('Content-Type', 'text/plain');
      const source = Readable.from(Array.from({ length: 50 }, (_, at) => `line ${at}\n`.repeat(100)));
      source.pipe(res);
    });
    const port = await listen(server);
    const response = await new Promise<IncomingMessage>((resolve) => get({ port, agent: false }, resolve));
    expect((await text(response)).length).toBe(50 * 100 * 7 + 40 * 100);
  });

  it.each([
    ['a status that is none', (res: ServerResponse) => void (res.statusCode = 99), 'ERR_HTTP_INVALID_STATUS_CODE'],
    ['a reason phrase of two lines', (res: ServerResponse) => void (res.statusMessage = 'a\nb'), 'ERR_INVALID_CHAR'],
  ])('%s is Node’s error, to the one who made it', async (_, spoil, code) => {
    const codes: unknown[] = [];
    const handle = (res: ServerResponse) => {
      spoil(res);
      try {
        res.end('x');
      } catch (error) {
        codes.push((error as { code: unknown }).code);
        res.statusCode = 500;
        res.statusMessage = 'ok';
        res.end('sorry');
      }
    };
    const bare = await ask(undefined, handle);
    const answer = await ask((await governed()).options(), handle);
    expect([answer.status, answer.body.toString(), codes]).toEqual([bare.status, 'sorry', [code, code]]);
  });

  it('HTTP/2 has no reason phrase, and nobody is warned of one', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { options } = await governed();
    const server = http2.createServer((req, res) => {
      gateResponse(req as never, res as never, options());
      res.setHeader('Content-Type', 'text/event-stream');
      res.write('data: fine\n\n');
      res.end(req.url === '/bad' ? 'data: secret plan\n\n' : 'data: too\n\n');
    });
    const client = http2.connect(`http://127.0.0.1:${await listen(server)}`);
    closing.push(() => client.close());
    const read = (path: string) => text(client.request({ ':path': path }));
    expect(await read('/')).toBe('data: fine\n\ndata: too\n\n');
    expect(await read('/bad')).toMatch(/^data: fine\n\nretry: \d+\nevent: governance\n/);
    expect(warned.mock.calls.flat().filter((said) => /status message/i.test(JSON.stringify(said)))).toEqual([]);
    warned.mockRestore();
    client.close();
  });

  it('a text that a bound of the policy ends is broken off: nobody takes it for whole', async () => {
    const answer = await ask((await governed('enforce', 1000)).options(), async (res) => {
      res.setHeader('Content-Type', 'text/plain');
      for (let at = 0; at < 20; at++) {
        res.write('word '.repeat(20));
        await wait(1);
      }
      res.end();
    }).catch((error: Error) => error);
    expect(answer instanceof Error ? false : answer.complete).toBe(false);
  });
});

describe('a body that was encoded before', () => {
  const CODINGS: readonly (readonly [name: string, encode: (text: string) => Buffer])[] = [
    ['gzip', (body) => zlib.gzipSync(body)],
    ['br', (body) => zlib.brotliCompressSync(body)],
    ['deflate', (body) => zlib.deflateSync(body)],
    ['zstd', (body) => zlib.zstdCompressSync(body)],
  ];

  it.each(CODINGS)('%s is decoded, judged and sent plain', async (coding, encode) => {
    const { options, warnings, decisions } = await governed();
    const send = (type: string, body: string) => (res: ServerResponse) => {
      const bytes = encode(body);
      res.writeHead(200, {
        'Content-Type': type,
        'Content-Encoding': coding,
        'Content-Length': bytes.length,
        ETag: '"1"',
      });
      res.end(bytes);
    };
    const json = await ask(options(), send('application/json', '{"a":"no 4111"}'));
    expect([json.status, json.body.toString(), json.headers['content-encoding']]).toEqual([
      200,
      '{"a":"no [x]"}',
      undefined,
    ]);
    expect([json.headers.etag, warnings[0]]).toEqual([undefined, 'ENCODED_BODY']);
    const stopped = await ask(options(), send('text/event-stream', EVENTS.join('')));
    expect(stopped.body.toString()).toContain('"reason":"P_SECRET"');
    const shadow = await governed('shadow');
    const watched = await ask(shadow.options(), send('text/event-stream', EVENTS.join('')));
    expect(watched.headers['content-encoding']).toBe(coding);
    await vi.waitFor(() => expect(shadow.decisions[0]?.verdict.reason).toBe('P_SECRET'));
    expect(decisions.length).toBeGreaterThan(0);
  });

  it('what is damaged, or of an unknown coding, does not leave', async () => {
    const { options, warnings } = await governed();
    const send = (coding: string) => (res: ServerResponse) =>
      void res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Encoding': coding }).end(Buffer.from('no gzip'));
    for (const coding of ['gzip', 'my-own']) {
      const { status, body } = await ask(options(), send(coding));
      expect([status, JSON.parse(body.toString())]).toMatchObject([403, { reason: 'UNREADABLE' }]);
    }
    expect(new Set(warnings)).toEqual(new Set(['ENCODED_BODY']));
  });
});

describe('what is written after the end', () => {
  const LATE: readonly (readonly [what: string, late: (res: ServerResponse, told: unknown[]) => void])[] = [
    ['`end` with a chunk', (res, told) => void res.end('more', (error?: Error) => told.push(codeOf(error)))],
    ['`end` with a chunk and nobody to tell', (res) => void res.end('more')],
    ['`end` without a chunk', (res, told) => void res.end((error?: Error) => told.push(codeOf(error)))],
    ['`write`', (res, told) => void res.write('more', (error) => told.push(codeOf(error)))],
  ];
  const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

  for (const type of ['application/json', 'text/event-stream']) {
    it.each(LATE)(`%s, behind ${type}: as bare`, async (_, late) => {
      const run = async (options: GateResponseOptions | undefined): Promise<unknown[]> => {
        const told: unknown[] = [];
        const answer = await ask(options, (res) => {
          res.on('error', (error) => told.push(`event ${String(codeOf(error))}`));
          res.setHeader('Content-Type', type);
          res.end(type === 'application/json' ? '{"a":1}' : 'data: 1\n\n');
          late(res, told);
        });
        await wait(20);
        return [answer.body.toString(), answer.complete, told];
      };
      expect(await run((await governed()).options())).toEqual(await run(undefined));
    });
  }
});

describe('something before the gate that writes the head from within `end`', () => {
  it.each<readonly [name: string, head: readonly unknown[]]>([
    ['with headers', [201, { 'x-late': 'yes' }]],
    ['with a message and headers', [201, 'Made', { 'x-late': 'yes' }]],
    ['with its status alone', [202]],
  ])('E4: is obeyed as bare: %s', async (_, head) => {
    const run = async (options?: GateResponseOptions): Promise<Answer> => {
      const server = createServer((req, res) => {
        const end = res.end.bind(res);
        res.end = ((...args: unknown[]) => {
          Reflect.apply(res.writeHead.bind(res), res, head);
          return Reflect.apply(end, res, args) as ServerResponse;
        }) as typeof res.end;
        if (options !== undefined) gateResponse(req, res, options);
        res.setHeader('content-type', 'application/json');
        res.end('{"fine":true}');
      });
      const port = await listen(server);
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        get({ port, host: '127.0.0.1', agent: false }, resolve).on('error', reject);
      });
      const { statusCode: status, headers, complete } = response;
      return { status, headers, body: await buffer(response), complete };
    };
    const bare = await run();
    const { options } = await governed();
    const { status, headers, body } = await run(options());
    expect([status, headers['x-late'], String(body)]).toEqual([bare.status, bare.headers['x-late'], String(bare.body)]);
    expect(status).toBe(head[0]);
  });
});
