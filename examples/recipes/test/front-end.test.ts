import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Governor } from '@flyball/core';
import { DefaultChatTransport, readUIMessageStream, simulateReadableStream, type UIMessage } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { governedFetch, stopOf, StoppedError, wordsFor } from '../src/front-end.ts';
import { chatRoute } from '../src/next-route.ts';
import { LEAK, listen, openGovernor } from './harness.ts';

/** What `useChat` does under the hood: its transport, and the reader that builds messages out of the stream. */
async function ask(
  origin: string,
  text: string,
  onText: (text: string) => Promise<void> = async () => {},
): Promise<UIMessage> {
  const transport = new DefaultChatTransport({
    api: `${origin}/api/chat`,
    fetch: governedFetch,
    headers: { 'x-user': 'ada' },
  });
  const messages: UIMessage[] = [{ id: 'm', role: 'user', parts: [{ type: 'text', text }] }];
  const trigger = 'submit-message';
  const stream = await transport.sendMessages({
    chatId: 'c',
    messages,
    trigger,
    messageId: undefined,
    abortSignal: undefined,
  });
  let last: UIMessage | undefined;
  for await (const message of readUIMessageStream({ stream })) {
    last = message;
    await onText(JSON.stringify(message.parts));
  }
  return last!;
}

async function open(): Promise<{ readonly governor: Governor; readonly origin: string }> {
  const governor = await openGovernor();
  const model = new MockLanguageModelV4({
    doStream: async () => ({
      stream: simulateReadableStream({
        chunkDelayInMs: 20,
        chunks: [
          { type: 'text-start', id: '1' },
          ...LEAK.map((delta) => ({ type: 'text-delta', id: '1', delta }) as const),
          { type: 'text-end', id: '1' },
        ],
      }),
    }),
  });
  const handle = getRequestListener(chatRoute(governor, model, () => ({ tenant: 'acme', user: 'ada' })));
  return { governor, origin: await listen(createServer((req, res) => void handle(req, res))) };
}

const stopped = async (answer: Promise<unknown>): Promise<StoppedError> =>
  answer.then(
    () => Promise.reject(new Error('was not stopped')),
    (error: unknown) => (error instanceof StoppedError ? error : Promise.reject(error as Error)),
  );

describe('a page that uses the AI SDK', () => {
  it('finds the stop in the message of an answer that was cut', async () => {
    const { origin } = await open();
    const message = await ask(origin, 'Hello');
    expect(stopOf(message)).toMatchObject({
      kind: 'blocked',
      reason: 'P_SECRET',
      auditId: expect.stringMatching(/^aud_/),
    });
  });

  it('finds none in an answer that was not', async () => {
    const { governor, origin } = await open();
    await governor.control.setMode({}, 'off', { who: 'test', why: 'control' });
    expect(stopOf(await ask(origin, 'Hello'))).toBeUndefined();
  });

  it('gets an error with the reason where the prompt was blocked', async () => {
    const { origin } = await open();
    const { stop } = await stopped(ask(origin, 'Is Project Nightjar real?'));
    expect(stop).toMatchObject({ kind: 'blocked', reason: 'P_CODENAME' });
  });

  it('is told the seconds of a cooldown', async () => {
    const { governor, origin } = await open();
    for (let n = 0; n < 30; n++)
      await governor.decide(governor.interaction({ tenant: 'acme', user: 'ada' }).event({ stage: 'input' }));
    const { stop } = await stopped(ask(origin, 'Hello'));
    expect(stop).toMatchObject({ kind: 'cooldown', reason: 'LIMIT_EXCEEDED' });
    expect(stop.retryAfterS).toBeGreaterThan(0);
    expect(wordsFor(stop)).toContain(`${stop.retryAfterS} seconds`);
  });

  it('tells a halt as a halt, before an answer and in the middle of one', async () => {
    const { governor, origin } = await open();
    const halt = () => governor.control.halt({ tenant: 'acme' }, { who: 'test', why: 'drill' });
    let halting: Promise<unknown> | undefined;
    const message = await ask(origin, 'Hello', async (text) => {
      if (text.includes('Write')) await (halting ??= halt());
    });
    expect(halting).toBeDefined();
    expect(stopOf(message)).toMatchObject({ kind: 'halted', reason: 'HALTED' });
    expect((await stopped(ask(origin, 'Hello'))).stop.kind).toBe('halted');
  });

  it('passes on what is no stop', async () => {
    const origin = await listen(createServer((_req, res) => void res.writeHead(500).end('broken')));
    await expect(ask(origin, 'Hello')).rejects.toThrow('broken');
  });
});
