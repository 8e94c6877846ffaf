import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { GovernanceModule } from '../src/index.ts';
import { Handlers } from './handlers.ts';
import { governorWith, IS_NEST_11, KEY, KEY_HALVES, listen, PLATFORMS, type Listening } from './harness.ts';

/** Streams of the web and generators are answers since Nest 12; before, Express sends them as JSON objects. */
const STREAMS_WEB = !IS_NEST_11;

/** The answer is refused before anything of it has left. */
const REFUSED = [
  'object',
  'string',
  'promise',
  'observable',
  'passthrough',
  'res-send',
  'serialized',
  'exception',
  'redirect',
];

/** Of a type that says nothing. */
const UNREAD = ['file-bytes', 'file-binary'];

/** The answer has begun when the key turns up: its first half is held, and nothing of it leaves. */
const CUT = [
  'res-raw',
  'file',
  'sse',
  'sse-late',
  'sse-promise',
  'sse-error',
  ...(STREAMS_WEB ? ['generator', 'generator-rows', 'web-stream', 'web-response'] : []),
];

describe.each(PLATFORMS)('a key in an answer, on %s', (platform) => {
  let server: Listening;

  beforeAll(async () => {
    const { governor } = await governorWith();
    @Module({ imports: [GovernanceModule.forRoot({ governor, onWarning: () => {} })], controllers: [Handlers] })
    class AppModule {}
    server = await listen(AppModule, platform);
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  const get = async (path: string) => {
    const response = await fetch(`${server.origin}/${path}`, { redirect: 'manual' });
    const body = await response.text().catch((error: unknown) => `cut: ${String(error)}`);
    return { response, body, all: JSON.stringify([...response.headers]) + body };
  };

  it.each([...REFUSED, ...CUT, ...UNREAD])('G1: does not leave: %s', async (path) => {
    const { all } = await get(path);
    expect(all).not.toContain(KEY);
    expect(all).not.toContain(KEY_HALVES[1]);
  });

  it.each(REFUSED)('E1: is refused with problem details: %s', async (path) => {
    const { response, body } = await get(path);
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(body)).toMatchObject({ reason: 'P_SECRET', status: 403 });
  });

  it.each(CUT)('G4: ends after what may leave: %s', async (path) => {
    const { response, body } = await get(path);
    expect(response.status).toBe(200);
    expect(body).not.toMatch(/^cut/);
    if (path !== 'generator-rows') expect(body).toContain('Hello');
    if (path.startsWith('sse')) expect(body).toContain('event: governance');
    if (path === 'generator-rows') expect(body).toMatch(/^\{"n":1\}\n\{"governance":/);
  });

  it('what is read by nobody is refused as such, and pictures pass', async () => {
    for (const path of UNREAD) {
      const { response, body } = await get(path);
      expect([response.status, JSON.parse(body)]).toMatchObject([403, { reason: 'UNREADABLE' }]);
    }
    const image = await get('image');
    expect([image.response.status, image.response.headers.get('content-type')]).toEqual([200, 'image/png']);
  });

  it('serializers run before the answer is judged', async () => {
    const { response, body } = await get('serialized-clean');
    expect([response.status, JSON.parse(body)]).toEqual([200, { name: 'ada', note: 'hello' }]);
  });

  it('what is `@Ungoverned()` is left alone', async () => {
    expect((await get('ungoverned')).body).toContain(KEY);
  });

  it('status and headers of the handler stay, and masks stand in the answer', async () => {
    const response = await fetch(`${server.origin}/accepted`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'card 4111 please' }),
    });
    expect([response.status, response.headers.get('x-own'), await response.json()]).toEqual([
      202,
      'yes',
      { got: { prompt: 'card [x] please' } },
    ]);
    expect(JSON.parse((await get('masked')).body)).toEqual({ card: 'card [x] ok' });
  });

  it('E1: a handler does not run for what was stopped', async () => {
    const response = await fetch(`${server.origin}/accepted`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'the secret plan' }] }),
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ reason: 'P_SECRET', status: 403 });
  });
});
