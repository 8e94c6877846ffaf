// Bodies that are not what they say they are: what leaves where something is enforced, and that nothing shows where
// nothing is.
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';

import { createGovernor, type Decision, type GovernorEvent } from '@flyball/core';
import type { Mode } from '@flyball/core/adapter';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { gateResponse, type ResponseWarning } from '../index.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Answered {
  readonly status: number | undefined;
  readonly body: string;
  readonly complete: boolean;
  /** What the handler was thrown. */
  readonly thrown: unknown;
  readonly decisions: readonly Decision[];
  readonly warnings: readonly ResponseWarning[];
  readonly events: readonly GovernorEvent[];
}

type Handler = (res: ServerResponse) => unknown;

/** What a client receives of a handler, behind a gate in this mode or `bare`. */
async function ask(
  mode: Mode | 'bare',
  handle: Handler,
  settled = 1,
  before: Handler = () => undefined,
): Promise<Answered> {
  const decisions: Decision[] = [];
  const warnings: ResponseWarning[] = [];
  const events: GovernorEvent[] = [];
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      ...(mode !== 'bare' && { mode }),
      detectors: [
        { id: 'key', patterns: ['\\bAKIA[A-Z0-9]{16}\\b'] },
        { id: 'mail', patterns: ['\\b[a-z]{1,20}@[a-z]{1,20}\\.example\\b'] },
      ],
      rules: [
        { id: 'key', on: 'output', detect: 'key', then: 'block', reason: 'P_KEY' },
        { id: 'mail', on: 'output', detect: 'mail', then: 'redact', reason: 'P_MAIL', mask: '[mail]' },
      ],
    },
    onDecision: (decision) => decisions.push(decision),
    onEvent: (event) => events.push(event),
  });
  let thrown: unknown;
  const server = createServer((req, res) => {
    const interaction = governor.interaction({ tenant: 't' });
    before(res);
    if (mode !== 'bare')
      gateResponse(req, res, { governor, interaction, mode, onWarning: (code) => void warnings.push(code) });
    void (async () => handle(res))().catch((error: unknown) => (thrown = error));
  }).listen(0, '127.0.0.1');
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
    () => governor.close(),
  );
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const seen = await new Promise<Pick<Answered, 'status' | 'body' | 'complete'>>((resolve, reject) => {
    const asking = request({ port, host: '127.0.0.1', agent: false }, (response) => {
      let body = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('error', () => undefined);
      response.on('close', () => resolve({ status: response.statusCode, body, complete: response.complete }));
    });
    asking.on('error', reject);
    asking.end();
  });
  if (mode === 'enforce' || mode === 'shadow')
    await vi.waitFor(() => expect(decisions.length).toBeGreaterThanOrEqual(settled));
  return { ...seen, thrown, decisions, warnings, events };
}

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const BYTES = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]);
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

const typed = (type: string | undefined, ...chunks: readonly (string | Uint8Array)[]): Handler =>
  async function write(res) {
    if (type !== undefined) res.setHeader('Content-Type', type);
    for (const chunk of chunks) {
      res.write(chunk);
      await pause();
    }
    res.end();
  };
const whole =
  (type: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Handler =>
  (res) => {
    for (const [name, value] of Object.entries({ 'Content-Type': type, ...headers })) res.setHeader(name, value);
    res.end(body);
  };
const truncated = zlib.gzipSync('{"a":"b"}').subarray(0, 12);

const BODIES: Readonly<Record<string, Handler>> = {
  'a stream of bytes without a type': typed(undefined, BYTES, BYTES),
  'text without a type that turns into bytes': typed(undefined, 'hello there, ', BYTES),
  'text without a type that ends in half a character': typed(undefined, 'hello there, ', Buffer.from([0xe2, 0x82])),
  'UTF-16 as HTML': whole('text/html', Buffer.from(`\ufeff${KEY}`, 'utf16le')),
  'a stream of UTF-16 as HTML': typed('text/html', Buffer.from(`\ufeff${KEY}`, 'utf16le')),
  'UTF-16 without a mark': typed('text/html; charset=utf-16be', Buffer.from(KEY, 'utf16le').swap16()),
  'UTF-16 that nobody declares, as clients of JSON guess it': whole(
    'application/json',
    Buffer.from(JSON.stringify({ key: KEY }), 'utf16le'),
  ),
  'the same from its other end': whole('text/html', Buffer.from(KEY, 'utf16le').swap16()),
  'the same in a string': whole(
    'application/json',
    Buffer.from(JSON.stringify({ key: KEY }), 'utf16le').toString('latin1'),
  ),
  'UTF-32': whole('application/json', Buffer.from(Array.from(Buffer.from(KEY), (unit) => [0, 0, 0, unit]).flat())),
  'a stream of UTF-16 that nobody declares, a byte at a time': (res) => {
    res.setHeader('Content-Type', 'text/event-stream');
    for (const byte of Buffer.from(`data: ${KEY}\n\n`, 'utf16le')) res.write(Uint8Array.of(byte));
    res.end();
  },
  'gzip with something behind it': whole(
    'text/plain',
    Buffer.concat([zlib.gzipSync('hello '), Buffer.from('no gzip')]),
    {
      'Content-Encoding': 'gzip',
    },
  ),
  'gzip that is none': whole('application/json', 'hello', { 'Content-Encoding': 'gzip' }),
  'gzip that ends too early': whole('application/json', truncated, { 'Content-Encoding': 'gzip' }),
};

describe('a body that is not the text it says it is', () => {
  it.each(Object.entries(BODIES))(
    'E4: passes in off and in shadow, and the handler is thrown nothing: %s',
    async (_, handle) => {
      const bare = await ask('bare', handle);
      for (const mode of ['off', 'shadow'] as const) {
        const { status, body, complete, thrown, warnings } = await ask(mode, handle);
        expect({ mode, status, body, complete, thrown }).toEqual({
          mode,
          status: bare.status,
          body: bare.body,
          complete: bare.complete,
          thrown: undefined,
        });
        expect(warnings).not.toContain('FAILED');
      }
    },
  );

  it.each(Object.entries(BODIES))(
    'E2: does not leave where output is covered, and that is a block: %s',
    async (_, handle) => {
      const { status, body, complete, thrown, decisions, warnings } = await ask('enforce', handle);
      expect([thrown, decisions.at(-1)?.reason]).toEqual([undefined, 'UNREADABLE']);
      expect(body).not.toContain('A\0K');
      // Text that had left cannot be taken back, and must not look like all of it.
      if (status === 200) expect([complete, body]).toEqual([false, 'hello there, ']);
      else expect([status, complete]).toEqual([403, true]);
      expect(warnings).not.toContain('FAILED');
    },
  );
});

describe('JSON that is sent as text', () => {
  const json = (value: unknown): Handler => whole('text/html; charset=utf-8', JSON.stringify(value));

  it('E3: is read as its clients read it: an escape in front of a key hides nothing', async () => {
    expect(await ask('enforce', json({ keys: `all:\n${KEY}` }))).toMatchObject({ status: 403 });
    expect(await ask('enforce', whole('text/plain', `[{"a":"\\u0041${KEY.slice(1)}"}]`))).toMatchObject({
      status: 403,
    });
    expect(await ask('enforce', typed('text/plain', '{"a":"x"}\n', `{"a":"\\u0041${KEY.slice(1)}"}\n`))).toMatchObject({
      decisions: [expect.objectContaining({ reason: 'P_KEY' })],
    });
  });

  it('stays JSON where something is masked in it', async () => {
    const { body } = await ask('enforce', json({ mails: 'all:\nbob@acme.example', n: 1 }));
    expect(JSON.parse(body)).toEqual({ mails: 'all:\n[mail]', n: 1 });
  });

  it('G6: text that only begins like JSON is text', async () => {
    for (const body of ['{"a":"x"', '[see below] {x}', '{"a":"x"} and more'])
      expect(await ask('enforce', whole('text/plain', body))).toMatchObject({ status: 200, body });
    expect((await ask('enforce', typed('text/plain', '{"a":"', 'x"}'))).body).toBe('{"a":"x"}');
  });
});

describe('what `end` answers', () => {
  it.each(['off', 'shadow'] as const)('E4: in %s, what stands in front answers', async (mode) => {
    const answered: unknown[] = [];
    const { body } = await ask(
      mode,
      (res) => {
        answered.push(res.end('hello') === res, res.end());
      },
      0,
      (res) => {
        const { end } = res;
        let ended = false;
        // As compression does it.
        res.end = function (this: ServerResponse, ...args: never[]) {
          if (ended) return false;
          ended = true;
          return Reflect.apply(end, this, args) as unknown;
        } as never;
      },
    );
    expect([body, answered]).toEqual(['hello', [true, false]]);
  });
});
