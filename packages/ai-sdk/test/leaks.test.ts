import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import {
  generateText,
  jsonSchema,
  Output,
  streamText,
  tool,
  wrapLanguageModel,
  type ToolCallRepairFunction,
  type ToolSet,
} from 'ai';
import { expect, test, vi } from 'vitest';
import { governanceMiddleware, governModel } from '../src/index.ts';
import { generate, governorWith, PAYLOADS, rule, stream, subject, type Seen } from './harness.ts';
import { cut, generated, reasoning, scriptedModel, text, toolCall, type ScriptedModel } from './models.ts';

// Ways round a guard that stands in one place. Each is shown to leak through governance that is off, then not through
// it.

const word = PAYLOADS.word;
const schema = jsonSchema<{ body: string }>({ type: 'object', properties: { body: { type: 'string' } } });
const rules = [rule(['output', 'tool_call', 'tool_result'], 'block')];

type Options = Parameters<typeof stream>[2];

/** Runs the same with governance off and on. */
async function both(model: () => ScriptedModel, options: () => Options, run: typeof stream = stream): Promise<Seen> {
  const off = await run(await governorWith(rules, { mode: 'off' }), model(), options());
  expect(off.all).toContain(word);
  const on = await run(await governorWith(rules), model(), options());
  expect(on.all).not.toContain(word);
  return on;
}

test('G2: a match split over deltas', async () => {
  await both(
    () => scriptedModel(text('1', ...cut(word, 1))),
    () => ({}),
  );
});

test('G2: a match split over consecutive blocks', async () => {
  await both(
    () => scriptedModel([...text('1', 'TOPS'), ...text('2', 'ECRET')]),
    () => ({}),
  );
});

test('G2: a match in one of two interleaved blocks', async () => {
  const parts: Part[] = [
    { type: 'text-start', id: 'a' },
    { type: 'text-start', id: 'b' },
    { type: 'text-delta', id: 'a', delta: 'TOP' },
    { type: 'text-delta', id: 'b', delta: 'beside' },
    { type: 'text-delta', id: 'a', delta: 'SECRET' },
    { type: 'text-end', id: 'a' },
    { type: 'text-end', id: 'b' },
  ];
  await both(
    () => scriptedModel(parts),
    () => ({}),
  );
});

test('G2: reasoning', async () => {
  await both(
    () => scriptedModel([...reasoning('r', 'TOP', 'SECRET'), ...text('1', 'Done.')]),
    () => ({}),
  );
});

test('T1: deltas of tool input', async () => {
  const onInputDelta = vi.fn();
  const tools = { send: tool({ inputSchema: schema, execute: () => 'sent', onInputDelta }) };
  await both(
    () => scriptedModel(toolCall('c', 'send', { body: word }), text('2', 'Done.')),
    () => ({ tools }),
  );
  onInputDelta.mockClear();
  await stream(await governorWith(rules), scriptedModel(toolCall('c', 'send', { body: word }), text('2', 'Done.')), {
    tools,
  });
  expect(onInputDelta).not.toHaveBeenCalled();
});

test('G2: raw chunks', async () => {
  const parts: Part[] = [{ type: 'raw', rawValue: { delta: word } }, ...text('1', word)];
  await both(
    () => scriptedModel(parts),
    () => ({ call: { include: { rawChunks: true }, includeRawChunks: true } }),
  );
});

test('G2: the text that structured output is parsed from', async () => {
  const model = (): ScriptedModel => {
    const scripted = scriptedModel();
    scripted.doGenerate = () =>
      Promise.resolve({
        ...generated([...text('1', '{"a":"draft"}'), finish]),
        structuredOutputText: JSON.stringify({ a: word }),
      });
    return scripted;
  };
  const call = { output: Output.object({ schema: jsonSchema<{ a: string }>({ type: 'object' }) }) };
  const off = governModel({ model: model(), governor: await governorWith(rules, { mode: 'off' }), subject });
  expect((await off.doGenerate({ prompt: [] })).structuredOutputText).toContain(word);
  await expect(generate(await governorWith(rules), model(), { call })).rejects.toMatchObject({
    code: 'FLYBALL_BLOCKED',
  });
});

const finish: Part = {
  type: 'finish',
  usage: {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  },
  finishReason: { unified: 'stop', raw: 'stop' },
};

test('T2: JSON escapes', async () => {
  const execute = vi.fn(() => 'sent');
  const tools = { send: tool({ inputSchema: schema, execute }) };
  await both(
    () => scriptedModel(toolCall('c', 'send', {}, '{"body":"\\u0054OPSECRET"}'), text('2', 'Done.')),
    () => ({ tools }),
  );
  expect(execute).toHaveBeenCalledTimes(1);
});

test('T2: arguments changed by refinement', async () => {
  const execute = vi.fn(() => 'sent');
  const tools = { send: tool({ inputSchema: schema, execute }) } satisfies ToolSet;
  await both(
    () => scriptedModel(toolCall('c', 'send', { body: 'safe' }), text('2', 'Done.')),
    () => ({ tools, experimental_refineToolInput: { send: () => ({ body: word }) } }),
  );
  expect(execute).toHaveBeenCalledTimes(1);
});

test('T2: arguments changed by repair', async () => {
  const execute = vi.fn(() => 'sent');
  const strict = jsonSchema<{ body: string }>(
    { type: 'object' },
    {
      validate: (value) =>
        'body' in (value as object)
          ? { success: true, value: value as { body: string } }
          : { success: false, error: new Error('no body') },
    },
  );
  const tools = { send: tool({ inputSchema: strict, execute }) } satisfies ToolSet;
  const repair: ToolCallRepairFunction<ToolSet> = ({ toolCall }) =>
    Promise.resolve({ ...toolCall, input: JSON.stringify({ body: word }) });
  await both(
    () => scriptedModel(toolCall('c', 'send', { text: 'safe' }), text('2', 'Done.')),
    () => ({ tools, experimental_repairToolCall: repair }),
  );
  expect(execute).toHaveBeenCalledTimes(1);
});

test('T1: arguments changed by a repair that governance was not given still do not run', async () => {
  const execute = vi.fn(() => 'sent');
  const tools = { send: tool({ inputSchema: schema, execute }) } satisfies ToolSet;
  const call = { experimental_refineToolInput: { send: () => ({ body: word }) } };
  await stream(await governorWith(rules), scriptedModel(toolCall('c', 'send', { body: 'safe' }), text('2', 'Done.')), {
    tools,
    call,
  });
  expect(execute).not.toHaveBeenCalled();
});

test('T1: the name of a tool that nobody offered', async () => {
  const tools = { send: tool({ inputSchema: schema, execute: () => 'sent' }) };
  for (const run of [stream, generate] as const) {
    await both(
      () => scriptedModel(toolCall('c', word, { body: 'safe' }), text('2', 'Done.')),
      () => ({ tools }),
      run,
    );
  }
});

test('T3: preliminary results of a tool that yields', async () => {
  const tools = {
    send: tool({
      inputSchema: schema,
      async *execute() {
        yield 'working';
        yield `half way: ${word}`;
        yield 'finished';
      },
    }),
  };
  const on = await both(
    () => scriptedModel(toolCall('c', 'send', { body: 'safe' }), text('2', 'Done.')),
    () => ({ tools }),
  );
  expect(on.all).toContain('working');
  expect(on.all).not.toContain('finished');
});

test('T3: what `toModelOutput` makes of a result', async () => {
  const tools = {
    send: tool({
      inputSchema: schema,
      execute: () => 'safe',
      toModelOutput: () => ({ type: 'text', value: `for the model: ${word}` }),
    }),
  };
  await both(
    () => scriptedModel(toolCall('c', 'send', { body: 'safe' }), text('2', 'Done.')),
    () => ({ tools }),
  );
});

test('E5: an error part would make the SDK run the stopped call again', async () => {
  const error: Part = { type: 'error', error: new Error('stopped') };
  const failing = scriptedModel([...text('1', 'part').slice(0, 2), error]);
  await streamText({ model: failing, prompt: 'hello', streamRetries: 2, onError: () => undefined }).consumeStream();
  const model = scriptedModel(text('1', word));
  await stream(await governorWith(rules), model, { call: { streamRetries: 2 } });
  expect(model.doStreamCalls).toHaveLength(1);
});

test('a step prepared with another model is governed like the first', async () => {
  const leaky = scriptedModel(text('1', word));
  const on = await stream(await governorWith(rules), scriptedModel(text('1', 'unused')), {
    prepareStep: () => ({ model: leaky }),
  });
  expect(leaky.prompts).toHaveLength(1);
  expect(on.all).not.toContain(word);
});

test('a middleware outside of governance is outside of governance', async () => {
  // What `governModel` is for, and the plain middleware is not: the order is the application's.
  const governor = await governorWith(rules);
  const reveal = { wrapGenerate: () => Promise.resolve(generated([...text('1', word), finish])) };
  const model = wrapLanguageModel({
    model: scriptedModel(text('1', 'fine')),
    middleware: [reveal, governanceMiddleware({ governor, subject })],
  });
  expect((await generateText({ model, prompt: 'hello' })).text).toBe(word);
});
