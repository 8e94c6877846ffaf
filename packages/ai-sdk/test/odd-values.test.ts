import { isDeepStrictEqual } from 'node:util';

import type { LanguageModelV4Prompt, LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { createGovernor, type Governor, type PolicyDocument } from '@flyball/core';
import { jsonSchema, tool, type ToolSet } from 'ai';
import { MockEmbeddingModelV4 } from 'ai/test';
import { afterAll, describe, expect, test } from 'vitest';
import { READABLE, UNREADABLE } from '../../agent-kit/test/odd-values.ts';
import { govern, governEmbeddingModel, GovernanceBlockedError, governModel, governTools } from '../src/index.ts';
import { subject } from './harness.ts';
import { collect, scriptedModel, text, toolCall } from './models.ts';

// Values of other people's code, at every place where one is read, under every setting that decides what becomes of it.

type Came = 'through as it was' | 'stopped' | 'changed';
const came = (value: unknown, odd: unknown): Came => (value === odd ? 'through as it was' : 'changed');

async function orStopped(run: () => Promise<Came>): Promise<Came> {
  try {
    return await run();
  } catch (error) {
    if (GovernanceBlockedError.isInstance(error)) return 'stopped';
    throw error;
  }
}

const inputSchema = jsonSchema({ type: 'object' });
const SEND = { toolCallId: 'c1', messages: [], context: {} };

/** The tool, governed, called as the SDK calls it. */
function called(governor: Governor, execute: (input: unknown) => unknown, input: unknown): unknown {
  const tools: ToolSet = { send: tool({ inputSchema, execute: execute as () => unknown }) };
  return governTools(tools, { governor, subject })['send']!.execute!(input, SEND as never);
}

const PROMPT: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }];

const PLACES: { readonly [place: string]: (governor: Governor, odd: unknown) => Promise<Came> } = {
  'the arguments of a tool': (governor, odd) =>
    orStopped(async () => {
      let got: unknown = 'not run';
      await called(governor, (input) => ((got = input), 'done'), odd);
      return came(got, odd);
    }),
  'arguments as a refinement leaves them': async (governor, odd) => {
    const { model, experimental_refineToolInput } = govern(governor, {
      subject,
      model: scriptedModel(toolCall('c1', 'send', { to: 'bob' })),
      tools: { send: tool({ inputSchema, execute: () => 'done' }) },
      experimental_refineToolInput: { send: () => odd as never },
    });
    const { stream } = await model.doStream({ prompt: PROMPT });
    const parts = await collect(stream as unknown as AsyncIterable<Part>);
    const call = parts.find((part) => part.type === 'tool-call');
    if (call?.input.includes('withheld') === true) return 'stopped';
    return came(await experimental_refineToolInput.send!({ to: 'bob' }), odd);
  },
  'the result of a tool': (governor, odd) => orStopped(async () => came(await called(governor, () => odd, {}), odd)),
  'a preliminary result': (governor, odd) =>
    orStopped(async () => {
      async function* execute(): AsyncGenerator<unknown> {
        yield odd;
        yield 'done';
      }
      const [first] = await collect(called(governor, execute, {}) as AsyncIterable<unknown>);
      // A copy: the tool may go on changing what it has yielded.
      return came(isDeepStrictEqual(first, odd) ? odd : first, odd);
    }),
  'the metadata of a part': async (governor, odd) => {
    const custom = { type: 'custom', kind: 'acme.note', providerMetadata: { acme: odd } } as unknown as Part;
    const model = governModel({ model: scriptedModel([custom, ...text('1', 'fine')]), governor, subject });
    const { stream } = await model.doStream({ prompt: PROMPT });
    const parts = await collect(stream as unknown as AsyncIterable<Part>);
    const found = parts.find((part) => part.type === 'custom');
    return found === undefined ? 'stopped' : came(found.providerMetadata!['acme'], odd);
  },
  'the prompt': async (governor, odd) => {
    const model = scriptedModel(text('1', 'fine'));
    const prompt: LanguageModelV4Prompt = [
      ...PROMPT,
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'send', input: odd }] },
    ];
    await governModel({ model, governor, subject }).doGenerate({ prompt });
    if (model.prompts.length === 0) return 'stopped';
    return came((model.prompts[0]!.prompt[1]!.content[0] as { readonly input: unknown }).input, odd);
  },
  'the parameters of another model': (governor, odd) =>
    orStopped(async () => {
      let got: unknown;
      const model = new MockEmbeddingModelV4({
        doEmbed: async ({ values }) => {
          [got] = values;
          return { embeddings: [[0]], warnings: [] };
        },
      });
      await governEmbeddingModel({ model, governor, subject }).doEmbed({ values: [odd] as never });
      return came(got, odd);
    }),
};

const STAGES = ['input', 'output', 'tool_call', 'tool_result'] as const;
const rulesOn = (on: NonNullable<PolicyDocument['rules']>[number]['on']): NonNullable<PolicyDocument['rules']> => [
  { id: 'no', on, detect: 'word', then: 'block', reason: 'P_WORD' },
];
const COVERED = rulesOn(STAGES);

const SETTINGS: { readonly [setting: string]: readonly [Partial<PolicyDocument>, Came] } = {
  'is stopped by `onError: block`': [{ rules: COVERED }, 'stopped'],
  'passes by `onError: no_op`': [{ rules: COVERED, onError: 'no_op' }, 'through as it was'],
  'E4: passes in shadow': [{ rules: COVERED, mode: 'shadow' }, 'through as it was'],
  'E4: passes in mode off': [{ rules: COVERED, mode: 'off' }, 'through as it was'],
  'passes where nothing covers its stage': [{ rules: rulesOn('retrieval') }, 'through as it was'],
};

/** One for each policy: hundreds of cases share five. */
const governors = new Map<string, Promise<Governor>>();

function open(policy: Partial<PolicyDocument>): Promise<Governor> {
  const key = JSON.stringify(policy);
  const opened = governors.get(key) ?? createGovernor({ policy: { policy: 'test', version: 1, detectors, ...policy } });
  governors.set(key, opened);
  return opened;
}

const detectors: NonNullable<PolicyDocument['detectors']> = [{ id: 'word', phrases: ['TOPSECRET'] }];

afterAll(async () => {
  for (const governor of governors.values()) await (await governor).close();
});

/** Values that pass at every place: some of these places are a level or two deep themselves. */
const PASSING = Object.entries(READABLE).filter(([what]) => what !== '512 levels' && what !== 'nothing');

describe.each(Object.entries(PLACES))('in %s', (_place, pass) => {
  describe.each(Object.entries(UNREADABLE))('%s', (_what, { make }) => {
    test.each(Object.entries(SETTINGS))('%s', async (_setting, [policy, expected]) => {
      expect(await pass(await open(policy), make())).toBe(expected);
    });
  });

  test.each(PASSING)('E4: %s passes as it is', async (_what, { make }) => {
    expect(await pass(await open({ rules: COVERED }), make())).toBe('through as it was');
  });

  test.each([
    ['a map', () => new Map([['a', 'TOPSECRET']])],
    ['a set', () => ({ a: new Set(['TOPSECRET']) })],
    ['what says itself how it reads', () => ({ toJSON: () => 'TOPSECRET' })],
    ['an error', () => ({ a: new Error('it is TOPSECRET') })],
  ])('what is looked for is found in %s', async (_what, make) => {
    expect(await pass(await open({ rules: COVERED }), make())).toBe('stopped');
  });
});
