// Providers that break the protocol, or fail when they are aborted.
import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { jsonSchema, streamText, tool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, test } from 'vitest';
import { govern, governModel } from '../src/index.ts';
import { governorWith, PAYLOADS, rule, stream, subject } from './harness.ts';
import { collect, scriptedModel, text, USAGE } from './models.ts';

const PROMPT = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hello' }] }];
const SO_FAR: readonly Part[] = text('1', 'so far ').slice(0, 2);
const said = (parts: readonly unknown[]): string => JSON.stringify(parts);

/** A provider whose answer fails when its request is aborted, as real ones do. */
const aborting = (): MockLanguageModelV4 =>
  new MockLanguageModelV4({
    doStream: async ({ abortSignal }) => ({
      stream: new ReadableStream<Part>({
        start(controller) {
          for (const part of SO_FAR) controller.enqueue(part);
          const fail = (): void => controller.error(new DOMException('This was aborted', 'AbortError'));
          abortSignal?.addEventListener('abort', fail);
        },
      }),
    }),
  });

test.each([
  ['at once', undefined],
  ['in words that take a while', async () => new Promise<string>((resolve) => setTimeout(() => resolve('Wait.'), 20))],
])('a stop ends the answer cleanly, although the provider fails when it is aborted: %s', async (_how, refusal) => {
  const governor = await governorWith([rule('output', 'block')]);
  const governed = governModel({ model: aborting(), governor, subject, ...(refusal && { refusal }) });
  const { stream: answer } = await governed.doStream({ prompt: PROMPT });
  const reading = collect(answer as unknown as AsyncIterable<Part>);
  await new Promise((resolve) => setTimeout(resolve, 10));
  await governor.control.halt({}, { who: 'op', why: 'test' });
  const seen = await reading;
  expect(seen.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'content-filter' } });
  expect(said(seen)).toContain(refusal === undefined ? 'halted by its operator' : 'Wait.');
});

test('T1: input of a tool that nobody has named does not leave', async () => {
  const stray: Part[] = [
    { type: 'tool-input-delta', id: 'x', delta: PAYLOADS.word },
    { type: 'tool-input-end', id: 'x' },
  ];
  const seen = await stream(
    await governorWith([rule('tool_call', 'block')]),
    scriptedModel([...text('1', 'hi'), ...stray]),
  );
  expect(seen.all).not.toContain(PAYLOADS.word);
  expect([seen.text, seen.finishReason]).toEqual(['hi', 'stop']);
});

const ODD: { readonly [name: string]: object } = {
  'a number in place of text': { type: 'text-delta', id: '1', delta: 5 },
  'a call with its arguments in place of their text': {
    ...{ type: 'tool-call', toolCallId: 'c', toolName: 'send', input: { to: PAYLOADS.word } },
  },
  'a call without arguments': { type: 'tool-call', toolCallId: 'c', toolName: 'send' },
  'a call of no tool': { type: 'tool-call', toolCallId: 'c', input: '{}' },
  'a result of no tool': { type: 'tool-result', toolCallId: 'c', result: 'x' },
};

describe.each(Object.entries(ODD))('%s', (_name, odd) => {
  const finish: Part = { type: 'finish', usage: USAGE, finishReason: { unified: 'stop', raw: 'end' } };
  const parts = [...text('1', 'a').slice(0, 2), odd as Part, ...text('1', 'b').slice(1), finish];
  const send = tool({ inputSchema: jsonSchema({ type: 'object' }), execute: () => 'sent' });
  const told = async (options: object): Promise<string> => {
    const { stream: answer } = streamText({ ...options, prompt: 'hello', onError: () => undefined } as never);
    const seen = await collect(answer as unknown as AsyncIterable<{ readonly type: string; readonly error?: unknown }>);
    return said(seen.map((part) => ({ type: part.type, error: String(part.error) })));
  };
  const governed = async (mode: 'off' | 'shadow' | 'enforce'): Promise<string> => {
    const governor = await governorWith([rule(['input', 'output', 'tool_call', 'tool_result'], 'block')], { mode });
    return told(govern(governor, { subject, model: scriptedModel(parts), tools: { send } }));
  };

  test('E4: is told of as without governance, where nothing is enforced', async () => {
    const bare = await told({ model: scriptedModel(parts), tools: { send } });
    expect([await governed('off'), await governed('shadow')]).toEqual([bare, bare]);
  });

  test('E1: shows nothing of what is blocked, and does not hang', async () => {
    const seen = await governed('enforce').catch(String);
    expect(seen).not.toContain(PAYLOADS.word);
  });
});
