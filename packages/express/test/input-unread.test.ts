import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

import express from 'express';
import { describe, expect, it } from 'vitest';

import { governance, type GovernanceOptions } from '../src/index.ts';
import { governorWith } from './harness.ts';

const SECRET = 'secret plan';

interface Asked {
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly trailers?: { readonly [name: string]: string };
}

/** A request in which what is looked for passes. */
interface Unread extends Asked {
  readonly options?: Partial<GovernanceOptions>;
  /** What the policy looks for, where it cannot be the secret. */
  readonly phrase?: string;
  /** The status under the default options, where it is none that lets the request pass. */
  readonly refused?: number;
}

const page = readFileSync(new URL('../../../docs/guide/adapters/express.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('### What is not read of a request'), page.indexOf('## Answers'));
const listed = [...section.matchAll(/^\| ([^|]+?) +\|/gm)]
  .map(([, what]) => what!)
  .filter((what) => !/^(?:what|-+)$/.test(what));

const json = (value: unknown): string => JSON.stringify(value);
const base64 = Buffer.from(SECRET).toString('base64');
/** Shorter ones are judged as the text that they may be. */
const picture = Buffer.from(SECRET.repeat(6)).toString('base64');

/** For each row of the table in the guide. */
const UNREAD: { readonly [row: string]: Unread } = {
  'pictures, sound and other files without text': {
    body: json({
      messages: [
        { role: 'user', content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${picture}` } }] },
      ],
    }),
    phrase: picture,
  },
  'bytes that are not text': {
    type: 'application/x-bytes',
    body: Buffer.concat([Buffer.from([255, 254]), Buffer.from(SECRET)]),
  },
  'a body that nobody parsed': { type: 'text/x-unknown', body: SECRET, options: { onUnparsed: 'pass' }, refused: 503 },
  'what is parsed elsewhere': { path: '/upload', headers: { 'x-file': SECRET } },
  'numbers, `true` and `false`': { body: json({ prompt: 'hi', seed: 4_111_000, stream: true }), phrase: '4111000' },
  'names of members, roles and types in the protocols of models': {
    body: json({ temperature: 1, messages: [{ role: 'user', content: 'hi' }] }),
    phrase: 'temperature',
  },
  'plain words of a path': { path: '/any/secretplan', phrase: 'secretplan' },
  'headers and cookies': { headers: { 'x-note': SECRET, cookie: `note=${SECRET}` } },
  trailers: { body: json({ prompt: 'hi' }), trailers: { 'x-note': SECRET } },
  sockets: { headers: { connection: 'upgrade', upgrade: 'talk', 'x-note': SECRET } },
  'what `extract` leaves out': {
    body: json({ terms: 'hi', note: SECRET }),
    options: { extract: (req) => (req.body as { terms: string }).terms },
    refused: 403,
  },
  'what `unknown` ignores': { body: json({ note: SECRET }), options: { unknown: 'ignore' }, refused: 403 },
};

/** Answers with all that a handler can see of a request. */
async function serve(options: Partial<GovernanceOptions>, phrase: string) {
  const { governor } = await governorWith({}, [phrase]);
  const app = express();
  app.use(express.json(), express.raw({ type: 'application/x-bytes' }));
  app.use(
    governance({
      governor,
      subject: () => ({ tenant: 'acme' }),
      response: false,
      onWarning: () => undefined,
      ...options,
    }),
  );
  // A parser of uploads keeps what it reads elsewhere.
  app.use('/upload', (req, _res, next) => next(void Object.assign(req, { file: { text: req.headers['x-file'] } })));
  app.use((req, res, next) => {
    void text(req)
      .then((rest) => {
        const { headers, trailers, originalUrl } = req;
        const body = Buffer.isBuffer(req.body) ? req.body.toString('latin1') : (req.body as unknown);
        res.json({ headers, trailers, originalUrl, body, rest, file: (req as { file?: unknown }).file });
      })
      .catch(next);
  });
  const server = http.createServer(app).listen(0, '127.0.0.1');
  server.on('upgrade', (req: IncomingMessage, socket: { end(text: string): void }) => {
    const told = json(req.headers);
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${told.length}\r\nConnection: close\r\n\r\n${told}`);
  });
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await governor.close();
    },
  };
}

async function ask(port: number, { path = '/', headers, type = 'application/json', body, trailers }: Asked) {
  const request = http.request({
    port,
    path,
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...headers,
      ...(body !== undefined && { 'content-type': type }),
      ...(trailers && { trailer: 'x-note' }),
    },
  });
  if (trailers !== undefined) request.write('');
  if (body !== undefined) request.write(body);
  if (trailers !== undefined) request.addTrailers(trailers);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

describe('what the guide says is not read of a request', () => {
  it('has a case for each of its rows', () => {
    expect(listed.toSorted()).toEqual(Object.keys(UNREAD).toSorted());
  });

  it.each(Object.entries(UNREAD))('%s', async (_, { options = {}, phrase = SECRET, refused, ...asked }) => {
    await using server = await serve(options, phrase);
    const answer = await ask(server.port, asked);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(phrase);
    // What stands in a prompt is found, whatever else is asked for.
    const prompted = await ask(server.port, { body: json({ prompt: phrase, terms: phrase }) });
    expect(prompted.status).toBe(403);
    if (refused === undefined) return;
    await using strict = await serve({}, phrase);
    expect((await ask(strict.port, asked)).status).toBe(refused);
  });

  it.each<readonly [string, Asked]>([
    ['the query, names and values', { path: '/?a=b&secret+plan=1' }],
    ['steps of a path that are no plain words', { path: '/any/secret%20plan' }],
    ['names of members', { body: json({ [SECRET]: 1 }) }],
    ['what lies deep', { body: json({ a: [[{ b: { c: [SECRET] } }]] }) }],
    ['files of text', { body: json({ file: `data:text/plain;base64,${base64}` }) }],
    ['bytes that are text', { type: 'application/x-bytes', body: SECRET }],
    ['the escapes of JSON', { body: json({ a: SECRET }).replace('plan', 'pl\\u0061n') }],
    ['an unknown role', { body: json({ messages: [{ role: 'critic', content: SECRET }] }) }],
  ])('and what it does not list is read: %s', async (_, asked) => {
    await using server = await serve({}, SECRET);
    expect((await ask(server.port, asked)).status).toBe(403);
  });
});
