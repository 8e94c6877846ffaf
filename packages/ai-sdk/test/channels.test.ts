import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { jsonSchema, Output, tool } from 'ai';
import type { Governor } from '@flyball/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { generate, governorWith, openGovernor, PAYLOADS, rule, stream } from './harness.ts';
import { cut, reasoning, scriptedModel, text, toolCall } from './models.ts';

// Every way in which an answer can carry text out, with every payload in it, streamed and not, blocked and redacted.

const base64 = (value: string): string => Buffer.from(value).toString('base64');
const halves = (value: string): [string, string] => [value.slice(0, value.length / 2), value.slice(value.length / 2)];

interface Way {
  /** Answers of the model; the payload is in the first. */
  readonly answer: (payload: string, size: number) => readonly Part[];
  /** Where masks cannot be put, a redact rule blocks (E2). */
  readonly redacts?: false;
  readonly streamOnly?: true;
  readonly json?: true;
  readonly tools?: true;
}

const escaped = (payload: string): string =>
  [...payload].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

const WAYS: { readonly [name: string]: Way } = {
  text: { answer: (payload, size) => text('1', ...cut(`It is ${payload}, yes.`, size)) },
  'two text blocks': {
    answer: (payload) => {
      const [one, two] = halves(payload);
      return [...text('1', 'It is ', one), ...text('2', two, ', yes.')];
    },
  },
  'interleaved text blocks': {
    answer: (payload, size) => {
      const deltas = cut(payload, size);
      const starts: Part[] = ['a', 'b'].map((id) => ({ type: 'text-start', id }));
      const ends: Part[] = ['a', 'b'].map((id) => ({ type: 'text-end', id }));
      const between = deltas.flatMap((delta): Part[] => [
        { type: 'text-delta', id: 'a', delta },
        { type: 'text-delta', id: 'b', delta: '~' },
      ]);
      return [...starts, ...between, ...ends];
    },
    streamOnly: true,
  },
  reasoning: {
    answer: (payload, size) => [...reasoning('r', ...cut(`It is ${payload}, yes.`, size)), ...text('1', 'Done.')],
  },
  'tool call': { answer: (payload) => toolCall('c', 'send', { to: 'ada', body: `it is ${payload}` }), tools: true },
  'tool call with escapes': {
    answer: (payload) =>
      toolCall(
        'c',
        'send',
        {},
        `{"to":"ada","body":"it is ${[...payload].every((unit) => unit < '\u007f') ? escaped(payload) : payload}"}`,
      ),
    tools: true,
  },
  'key of a tool call': {
    answer: (payload) => toolCall('c', 'send', { to: 'ada', [payload]: 'x' }),
    tools: true,
    redacts: false,
  },
  'call of an unknown tool': { answer: (payload) => toolCall('c', 'unheard', { body: payload }), tools: true },
  'result of a provider’s tool': {
    answer: (payload) => [
      { type: 'tool-call', toolCallId: 'p', toolName: 'search', input: '{}', providerExecuted: true, dynamic: true },
      {
        type: 'tool-result',
        toolCallId: 'p',
        toolName: 'search',
        result: { hits: [`it is ${payload}`] },
        dynamic: true,
      },
      ...text('1', 'Done.'),
    ],
  },
  'title of a source': {
    answer: (payload) => [
      { type: 'source', sourceType: 'url', id: 's', url: 'https://example.org', title: `it is ${payload}` },
      ...text('1', 'Done.'),
    ],
  },
  'file of text': {
    answer: (payload) => [
      { type: 'file', mediaType: 'text/plain', data: { type: 'data', data: base64(`it is ${payload}`) } },
      ...text('1', 'Done.'),
    ],
  },
  'custom part': {
    answer: (payload) => [
      { type: 'custom', kind: 'acme.note', providerMetadata: { acme: { note: `it is ${payload}` } } },
      ...text('1', 'Done.'),
    ],
  },
  'structured output': {
    answer: (payload, size) => text('1', ...cut(JSON.stringify({ note: `it is ${payload}` }), size)),
    json: true,
  },
  'raw chunk': {
    answer: (payload) => [
      { type: 'raw', rawValue: { choices: [{ delta: `it is ${payload}` }] } },
      ...text('1', 'Done.'),
    ],
    streamOnly: true,
  },
};

const schema = jsonSchema<Record<string, string>>({ type: 'object' });

interface Watched {
  readonly all: string;
  readonly executed: readonly unknown[];
}

/** Runs one way with governance as given, and says what was seen and what ran. */
async function watch(governor: Governor, name: string, how: How, payload: string, size: number): Promise<Watched> {
  const way = WAYS[name]!;
  const execute = vi.fn((_input: Record<string, string>) => 'sent');
  const model = scriptedModel(way.answer(payload, size), text('9', 'The end.'));
  const options = {
    ...(way.tools === true && { tools: { send: tool({ inputSchema: schema, execute }) } }),
    call: {
      ...(way.json === true && { output: Output.object({ schema }) }),
      ...(name === 'raw chunk' && { include: { rawChunks: true }, includeRawChunks: true }),
    },
  };
  const run = how === 'streamed' ? stream : generate;
  const { all } = await run(governor, model, options).catch((error: unknown) => ({ all: String(error) }));
  return { all, executed: execute.mock.calls.map(([input]) => input) };
}

type How = 'streamed' | 'not streamed';

const ways = Object.entries(WAYS).flatMap(([name, way]): [string, How][] =>
  way.streamOnly === true
    ? [[name, 'streamed']]
    : [
        [name, 'streamed'],
        [name, 'not streamed'],
      ],
);

const governors: { [effect: string]: Governor } = {};

beforeAll(async () => {
  for (const effect of ['block', 'redact'] as const) {
    governors[effect] = await openGovernor([
      rule(['output', 'tool_result'], effect),
      rule('tool_call', effect, effect === 'redact' ? { editArgs: true } : {}),
    ]);
  }
});

afterAll(() => Promise.all(Object.values(governors).map((governor) => governor.close())));

describe.each(ways)('%s, %s', (name, how) => {
  test('lets a payload out where nothing is governed: these tests would see it', async () => {
    const governor = await governorWith([rule('input', 'block')], { mode: 'off' });
    const { all, executed } = await watch(governor, name, how, PAYLOADS.word, 3);
    expect(all + JSON.stringify(executed)).toMatch(new RegExp(`${PAYLOADS.word}|${base64(`it is ${PAYLOADS.word}`)}`));
  });

  describe.each(['block', 'redact'] as const)('%s', (effect) => {
    test.each(Object.keys(PAYLOADS) as (keyof typeof PAYLOADS)[])('G2, T1: no unit of %s gets out', async (key) => {
      const payload = PAYLOADS[key];
      for (const size of how === 'streamed' ? [1, 3, 1000] : [1000]) {
        const { all, executed } = await watch(governors[effect]!, name, how, payload, size);
        for (const form of [payload, escaped(payload), base64(`it is ${payload}`)]) expect(all).not.toContain(form);
        expect(JSON.stringify(executed)).not.toContain(payload);
        if (effect === 'block' || WAYS[name]!.redacts === false) expect(executed).toEqual([]);
      }
    });
  });
});
