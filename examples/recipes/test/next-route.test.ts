import { simulateReadableStream } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { NextRequest } from 'next/server.js';
import { describe, expect, it } from 'vitest';
import { chatRoute } from '../src/next-route.ts';
import { subjectOf as subjectOfHeaders } from '../src/ask.ts';
import { KEY, LEAK, openGovernor, PASSED } from './harness.ts';

const leaky = (): MockLanguageModelV4 =>
  new MockLanguageModelV4({
    doStream: async () => ({
      stream: simulateReadableStream({
        chunks: [
          { type: 'text-start', id: '1' },
          ...LEAK.map((delta) => ({ type: 'text-delta', id: '1', delta }) as const),
          { type: 'text-end', id: '1' },
        ],
      }),
    }),
  });

const subjectOf = (headers: Headers) => subjectOfHeaders(Object.fromEntries(headers));

/** As Next calls a route handler: with its own request, and the answer is a web response. */
const post = (route: (request: Request) => Promise<Response>, text: string): Promise<Response> =>
  route(
    new NextRequest('http://127.0.0.1/api/chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user': 'ada' },
      body: JSON.stringify({ id: 'c', messages: [{ id: 'm', role: 'user', parts: [{ type: 'text', text }] }] }),
    }),
  );

const deltasOf = (stream: string): string =>
  [...stream.matchAll(/^data: (\{"type":"text-delta".*\})$/gm)]
    .map(([, json = '']) => (JSON.parse(json) as { readonly delta: string }).delta)
    .join('');

describe('a Next.js route handler', () => {
  it('masks the address and ends before the key', async () => {
    const stream = await (await post(chatRoute(await openGovernor(), leaky(), subjectOf), 'Hello')).text();
    expect(deltasOf(stream)).toBe(`${PASSED}\n\nThis was stopped by policy.`);
    expect(stream).toContain('"finishReason":"content-filter"');
    expect(stream).not.toContain(KEY.slice(0, 8));
  });

  it('leaks both while governance is off: the control', async () => {
    const governor = await openGovernor();
    await governor.control.setMode({}, 'off', { who: 'test', why: 'control' });
    expect(deltasOf(await (await post(chatRoute(governor, leaky(), subjectOf), 'Hello')).text())).toBe(LEAK.join(''));
  });

  it('answers a forbidden prompt with 403, and does not ask the model', async () => {
    const model = leaky();
    const response = await post(chatRoute(await openGovernor(), model, subjectOf), 'Is Project Nightjar real?');
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ reason: 'P_CODENAME' });
    expect(model.doStreamCalls).toEqual([]);
  });
});
