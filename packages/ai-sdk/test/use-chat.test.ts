import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyOf } from 'node:stream/consumers';
import {
  AbstractChat,
  convertToModelMessages,
  DefaultChatTransport,
  jsonSchema,
  Output,
  pipeUIMessageStreamToResponse,
  streamText,
  tool,
  toUIMessageStream,
  validateUIMessages,
  type ChatInit,
  type UIMessage,
} from 'ai';
import type { Governor } from '@flyball/core';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { govern, GovernanceBlockedError } from '../src/index.ts';
import { governorWith, PAYLOADS, rule } from './harness.ts';
import { scriptedModel, text, toolCall, type ScriptedModel } from './models.ts';

// What `useChat` has of an answer: its own state, over a connection of HTTP to a route as applications write it.

const SAID = 'This was stopped by policy.';

class Chat extends AbstractChat<UIMessage> {
  constructor(init: ChatInit<UIMessage>) {
    const state = {
      status: 'ready' as const,
      error: undefined,
      messages: [] as UIMessage[],
      pushMessage: (message: UIMessage) => void (state.messages = [...state.messages, message]),
      popMessage: () => void (state.messages = state.messages.slice(0, -1)),
      replaceMessage: (index: number, message: UIMessage) =>
        void (state.messages = state.messages.with(index, message)),
      snapshot: <T>(thing: T): T => structuredClone(thing),
    };
    super({ ...init, state });
  }
}

/** A page with `useChat`; `ended`: how the answers that it was sent ended. */
interface Page {
  readonly chat: Chat;
  readonly ended: { readonly isError: boolean; readonly isDisconnect: boolean }[];
  say(words: string): Promise<UIMessage['parts']>;
}

async function open(governor: Governor, model: ScriptedModel, call: object = {}): Promise<Page> {
  const route = createServer((request, response) => {
    const answering = async (): Promise<void> => {
      const { messages } = JSON.parse(await bodyOf(request)) as { readonly messages: UIMessage[] };
      await validateUIMessages({ messages, tools: TOOLS });
      const result = streamText({
        ...govern(governor, { subject: { tenant: 'acme', user: 'ada' }, model, tools: TOOLS }),
        messages: await convertToModelMessages(messages),
        onError: () => undefined,
        ...call,
      });
      const onError = (error: unknown): string => GovernanceBlockedError.find(error)?.message ?? String(error);
      await pipeUIMessageStreamToResponse({ response, stream: toUIMessageStream({ stream: result.stream, onError }) });
    };
    answering().catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(route, 'listening');
  onTestFinished(() => {
    route.closeAllConnections();
    route.close();
  });
  const ended: Page['ended'] = [];
  const chat = new Chat({
    transport: new DefaultChatTransport({ api: `http://127.0.0.1:${(route.address() as AddressInfo).port}/` }),
    onFinish: ({ isError, isDisconnect }) => void ended.push({ isError, isDisconnect }),
  });
  const say = async (words: string): Promise<UIMessage['parts']> => {
    await chat.sendMessage({ text: words });
    return chat.messages.at(-1)!.parts;
  };
  return { chat, ended, say };
}

const TOOLS = {
  refund: tool({ inputSchema: z.strictObject({ amount: z.number() }), execute: ({ amount }) => `refunded ${amount}` }),
};
const output = Output.object({ schema: jsonSchema<{ note: string }>({ type: 'object' }) });
const textOf = (parts: UIMessage['parts']): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('');

test.each([
  ['declared JSON', rule('output', 'block'), text('1', `{"note":"${PAYLOADS.word}"}`), { output }],
  [
    'a tool that must be called',
    rule('output', 'block'),
    [...text('1', PAYLOADS.word), ...toolCall('c', 'refund', { amount: 1 })],
    { toolChoice: 'required' },
  ],
] as const)(
  'E5: a stop of %s is an error in the words of the refusal, at the end of a whole response',
  async (...row) => {
    const [, block, answer, call] = row;
    const { chat, ended, say } = await open(await governorWith([block]), scriptedModel(answer), call);
    await say('hello');
    expect([chat.status, chat.error?.message]).toEqual(['error', SAID]);
    expect(ended).toEqual([{ isError: true, isDisconnect: false }]);
    expect(JSON.stringify(chat.messages)).not.toContain(PAYLOADS.word);
  },
);

test('a stopped answer is text of its own that tells of the decision, and the conversation goes on', async () => {
  const governor = await governorWith([rule(['input', 'output'], 'block')]);
  const model = scriptedModel(text('1', `It is ${PAYLOADS.word}.`), text('2', 'fine'));
  const { chat, ended, say } = await open(governor, model);
  const stopped = (await say('what is it?')).filter(({ type }) => type === 'text');
  expect(stopped).toMatchObject([
    { text: 'It is ' },
    { text: `\n\n${SAID}`, providerMetadata: { flyball: { outcome: 'BLOCK', reason: 'P_TEST' } } },
  ]);
  expect(textOf(await say('thanks'))).toBe('fine');
  expect([chat.status, chat.error]).toEqual(['ready', undefined]);
  expect(ended).toEqual([
    { isError: false, isDisconnect: false },
    { isError: false, isDisconnect: false },
  ]);
});

test('a stopped prompt, which comes again with every turn, stops its own turn alone', async () => {
  const model = scriptedModel(text('1', 'fine'));
  const { say } = await open(await governorWith([rule('input', 'block')]), model);
  expect(textOf(await say(`say ${PAYLOADS.word}`))).toBe(SAID);
  for (const words of ['hello', 'thanks']) expect(textOf(await say(words))).toBe('fine');
  expect(JSON.stringify(model.prompts)).not.toContain(PAYLOADS.word);
});

test('a withheld call leaves a history that the tool’s own schema accepts', async () => {
  const when = 'tool.args.amount > 500';
  const governor = await governorWith([{ id: 'cap', on: 'tool_call', when, then: 'block', reason: 'P_CAP' }]);
  const model = scriptedModel(toolCall('c1', 'refund', { amount: 900 }), text('2', 'fine'));
  const { chat, say } = await open(governor, model);
  expect(JSON.stringify(await say('refund 900'))).not.toMatch(/:900|GovernanceBlockedError|Do not repeat/);
  expect(textOf(await say('thanks'))).toBe('fine');
  expect([chat.status, chat.error]).toEqual(['ready', undefined]);
});

test('a cooldown says how long to wait', async () => {
  const governor = await governorWith([], { limits: [{ id: 'few', allow: 1, per: '10s' }] });
  const { chat, say } = await open(governor, scriptedModel(text('1', 'fine')));
  await say('hello');
  const [refusal] = (await say('again')).filter((part) => part.type === 'text');
  expect(refusal!.text).toMatch(/^This was stopped for now\. Please try again in \d+ seconds?\.$/);
  const { outcome, retryAfterMs } = refusal!.providerMetadata!['flyball'] as { outcome: string; retryAfterMs: number };
  expect([outcome, retryAfterMs > 0 && retryAfterMs <= 10_000, chat.status]).toEqual(['COOLDOWN', true, 'ready']);
});
