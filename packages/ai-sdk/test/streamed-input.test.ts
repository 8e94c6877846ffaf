import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { jsonSchema, tool, type ToolSet } from 'ai';
import { expect, test } from 'vitest';
import { govern } from '../src/index.ts';
import { governorWith, PAYLOADS, rule, subject } from './harness.ts';
import { collect, scriptedModel, toolCall } from './models.ts';

// What streams before a call, and calls that share an id: some servers give all of a message one, an empty one for
// example.

const CALL = {
  prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hello' }] }],
  tools: [{ type: 'function' as const, name: 'send', inputSchema: { type: 'object' as const } }],
};

test.each([
  ['block', 'last', 'c'],
  ['block', 'first', 'c'],
  ['redact', 'last', 'c'],
  ['redact', 'first', ''],
] as const)('T2: of calls under one id each is decided on: %s, the fine one %s, id `%s`', async (then, fine, id) => {
  const governor = await governorWith([rule('tool_call', then, then === 'redact' ? { editArgs: true } : {})]);
  const bad = [
    ...toolCall(id, 'send', { body: PAYLOADS.email }),
    { type: 'tool-approval-request', approvalId: 'a1', toolCallId: id } satisfies Part,
  ];
  const good = toolCall(id, 'send', { body: 'fine' });
  const parts: readonly Part[] = fine === 'last' ? [...bad, ...good] : [...good, ...bad];
  const tools: ToolSet = { send: tool({ inputSchema: jsonSchema({ type: 'object' }) }) };
  const { model } = govern(governor, { subject, model: scriptedModel(parts), tools });
  const streamed = await collect((await model.doStream(CALL)).stream as unknown as AsyncIterable<Part>);
  const generated = (await model.doGenerate(CALL)).content as readonly Part[];
  for (const seen of [streamed, generated]) {
    const inputs = seen.flatMap((part) => (part.type === 'tool-call' ? [part.input] : []));
    const edited: unknown =
      then === 'redact' ? '{"body":"[EMAIL]"}' : (expect.stringContaining('"withheld"') as string);
    expect(inputs).toEqual(fine === 'last' ? [edited, '{"body":"fine"}'] : ['{"body":"fine"}', edited]);
    expect(JSON.stringify(seen)).not.toContain(PAYLOADS.email);
  }
  // Nobody could tell which of the calls was streamed, in pieces that say nothing by themselves, or is asked about.
  expect(streamed.filter(({ type }) => type.startsWith('tool-input'))).toEqual([]);
  expect(streamed.some(({ type }) => type === 'tool-approval-request')).toBe(then === 'redact');
});

test.each([false, true])(
  'T2: streamed arguments that are not those of their call do not leave with it (run by the provider: %s)',
  async (providerExecuted) => {
    const governor = await governorWith([rule('tool_call', 'block')]);
    const more = providerExecuted ? { providerExecuted } : {};
    const ask = async (streamed: string): Promise<readonly Part[]> => {
      const parts: readonly Part[] = [
        { type: 'tool-input-start', id: 'c', toolName: 'send', ...more },
        { type: 'tool-input-delta', id: 'c', delta: streamed },
        { type: 'tool-input-end', id: 'c' },
        { type: 'tool-call', toolCallId: 'c', toolName: 'send', input: '{"body":"fine"}', ...more },
      ];
      const tools: ToolSet = { send: tool({ inputSchema: jsonSchema({ type: 'object' }) }) };
      const { model } = govern(governor, { subject, model: scriptedModel(parts), tools });
      return collect((await model.doStream(CALL)).stream as unknown as AsyncIterable<Part>);
    };
    const types = (parts: readonly Part[]): readonly string[] => parts.map(({ type }) => type);
    const whole = ['tool-input-start', 'tool-input-delta', 'tool-input-end', 'tool-call', 'finish'];
    expect(types(await ask('{"body":"fine"}'))).toEqual(whole);
    // As providers that write the arguments anew, or have none to stream.
    expect(types(await ask('{ "body":  "fine" }'))).toEqual(whole);
    expect(types(await ask(''))).toEqual(whole);
    // White space in a string is said: `project falcon` is found, and `projectfalcon` is not.
    expect(types(await ask('{"body":"fi ne"}'))).toEqual(['tool-call', 'finish']);
    expect(types(await ask('{"body":"fine\\" "}'))).toEqual(['tool-call', 'finish']);
    const seen = await ask(`{"body":"${PAYLOADS.word}","body":"fine"}`);
    expect(types(seen)).toEqual(['tool-call', 'finish']);
    expect(JSON.stringify(seen)).not.toContain(PAYLOADS.word);
  },
);

test('what the provider streams for a call that it runs keeps its place behind a call that waits', async () => {
  const governor = await governorWith([rule('tool_call', 'block')]);
  const own = toolCall('p', 'search', { q: 'it' }).map((part): Part =>
    part.type === 'tool-input-start' || part.type === 'tool-call' ? { ...part, providerExecuted: true } : part,
  );
  const parts = [...toolCall('c', 'send', { body: 'fine' }), ...own];
  const tools: ToolSet = { send: tool({ inputSchema: jsonSchema({ type: 'object' }) }) };
  const { model } = govern(governor, { subject, model: scriptedModel(parts), tools });
  const seen = await collect((await model.doStream(CALL)).stream as unknown as AsyncIterable<Part>);
  expect(seen.slice(0, -1)).toEqual(parts);
});
