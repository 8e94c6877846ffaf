import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { proxyApp } from '../src/provider-proxy.ts';
import { LEAK, listen, openGovernor, PASSED } from './harness.ts';

/** Speaks as much of both protocols as the clients read, and leaks. */
function provider(asked: string[]): Server {
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    asked.push(await text(req));
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of req.url === '/v1/messages' ? anthropicEvents() : openaiEvents()) {
      await new Promise((resolve) => setImmediate(resolve));
      res.write(event);
    }
    res.end();
  };
  return createServer((req, res) => void answer(req, res));
}

function* openaiEvents(): Generator<string> {
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  for (const content of LEAK) yield chunk({ role: 'assistant', content }, null);
  yield chunk({}, 'stop');
  yield 'data: [DONE]\n\n';
}

function* anthropicEvents(): Generator<string> {
  const event = (type: string, rest: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  const usage = { input_tokens: 1, output_tokens: 1 };
  yield event('message_start', {
    message: { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage },
  });
  yield event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  for (const text of LEAK) yield event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
  yield event('content_block_stop', { index: 0 });
  yield event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage });
  yield event('message_stop', {});
}

async function open() {
  const governor = await openGovernor();
  const asked: string[] = [];
  const upstream = await listen(provider(asked));
  const origin = await listen(createServer(proxyApp(governor, upstream, 'the-real-key')));
  const openai = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'none', maxRetries: 0 });
  const anthropic = new Anthropic({ baseURL: origin, apiKey: 'none', maxRetries: 0 });
  return { governor, asked, openai, anthropic };
}

async function ask(
  client: OpenAI,
  content: string,
): Promise<{ readonly text: string; readonly finish: string | undefined }> {
  let text = '';
  let finish: string | undefined;
  const stream = await client.chat.completions.create({
    model: 'm',
    messages: [{ role: 'user', content }],
    stream: true,
  });
  for await (const { choices } of stream) {
    text += choices[0]?.delta.content ?? '';
    finish = choices[0]?.finish_reason ?? finish;
  }
  return { text, finish };
}

describe('a proxy route in front of a provider', () => {
  it('ends an answer that leaks as OpenAI ends one that it filtered', async () => {
    const { openai } = await open();
    expect(await ask(openai, 'Hello')).toEqual({ text: PASSED, finish: 'content_filter' });
  });

  it('ends an answer that leaks as Anthropic ends one that was refused', async () => {
    const { anthropic } = await open();
    const messages = [{ role: 'user', content: 'Hello' }] as const;
    const message = await anthropic.messages
      .stream({ model: 'm', max_tokens: 100, messages: [...messages] })
      .finalMessage();
    expect(message.content).toMatchObject([{ type: 'text', text: PASSED }]);
    expect(message.stop_reason).toBe('refusal');
  });

  it('refuses a forbidden prompt in the client’s own error, and the provider is not asked', async () => {
    const { openai, anthropic, asked } = await open();
    await expect(ask(openai, 'Is Project Nightjar real?')).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
    const messages = [{ role: 'user' as const, content: 'Is Project Nightjar real?' }];
    await expect(anthropic.messages.create({ model: 'm', max_tokens: 100, messages })).rejects.toBeInstanceOf(
      Anthropic.PermissionDeniedError,
    );
    expect(asked).toEqual([]);
  });

  it('lets everything through while governance is off: the control', async () => {
    const { governor, openai } = await open();
    await governor.control.setMode({}, 'off', { who: 'test', why: 'control' });
    expect(await ask(openai, 'Hello')).toEqual({ text: LEAK.join(''), finish: 'stop' });
  });
});
