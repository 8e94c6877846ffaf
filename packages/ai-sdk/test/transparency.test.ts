import type { LanguageModelV4, LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { Governor, PolicyDocument } from '@flyball/core';
import { jsonSchema, streamText, tool, isStepCount } from 'ai';
import { describe, expect, test } from 'vitest';
import { govern, governModel } from '../src/index.ts';
import { governorWith, rule, subject } from './harness.ts';
import { collect, generated, scriptedModel } from './models.ts';
import { SHAPES } from './shapes.ts';

const PROMPT = {
  prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hello' }] }],
  includeRawChunks: true,
};

/** Would stop everything, if anything were enforced. */
const EVERYTHING: NonNullable<PolicyDocument['rules']> = (['input', 'output', 'tool_call', 'tool_result'] as const).map(
  (on) => ({
    id: `all-${on.replace('_', '-')}`,
    on,
    when: 'true',
    then: 'block',
    reason: 'P_ALL',
  }),
);

async function partsOf(model: LanguageModelV4): Promise<Part[]> {
  const { stream } = await model.doStream(PROMPT);
  return collect(stream as unknown as AsyncIterable<Part>);
}

const governed = (parts: readonly Part[], governor: Governor): LanguageModelV4 =>
  governModel({ model: scriptedModel(parts), governor, subject });

interface Told {
  readonly type: string;
  readonly id?: string;
  readonly delta?: string;
  readonly text?: string;
}

/** Deltas of a block that follow each other, as one; how text is cut is not the model's to say. */
function joined(parts: readonly object[]): Told[] {
  const out: Told[] = [];
  for (const part of parts as readonly Told[]) {
    const last = out.at(-1);
    if (part.type.endsWith('-delta') && last?.type === part.type && last.id === part.id) {
      const text = (last.delta ?? last.text ?? '') + (part.delta ?? part.text ?? '');
      out[out.length - 1] = { ...last, ...part, ...(part.delta === undefined ? { text } : { delta: text }) };
    } else out.push(part);
  }
  return out;
}

describe.each(Object.entries(SHAPES))('%s', (_name, parts) => {
  test.each(['off', 'shadow'] as const)('E4: %s, every part is the provider’s own, in its place', async (mode) => {
    const seen = await partsOf(governed(parts, await governorWith(EVERYTHING, { mode })));
    expect(seen).toEqual(parts);
    for (const [at, part] of seen.entries()) expect(part).toBe(parts[at]);
  });

  test.each(['off', 'shadow'] as const)('E4: %s, no part waits for the next', async (mode) => {
    const model = scriptedModel(parts);
    const { stream } = await governModel({
      model,
      governor: await governorWith(EVERYTHING, { mode }),
      subject,
    }).doStream(PROMPT);
    const reader = stream.getReader();
    for (let at = 1; !(await reader.read()).done; at++) expect(model.pulled).toBe(at);
  });

  test.each(['off', 'shadow'] as const)(
    'E4: %s, an answer that is not streamed is the provider’s own',
    async (mode) => {
      const answer = generated(parts);
      const model = scriptedModel();
      model.doGenerate = () => Promise.resolve(answer);
      const result = await governModel({
        model,
        governor: await governorWith(EVERYTHING, { mode }),
        subject,
      }).doGenerate(PROMPT);
      expect(result).toBe(answer);
    },
  );

  test('E4, G6: enforcing without a match, all is the same but for how text is cut, and raw chunks', async () => {
    const governor = await governorWith([rule(['input', 'output', 'tool_call', 'tool_result'], 'block')], {
      providerTools: 'allow',
    });
    const seen = await partsOf(governed(parts, governor));
    const expected = parts.filter(({ type }) => type !== 'raw');
    // A ping carries nothing and waits for nothing: it has no place among the others.
    const placed = ({ type }: Part): boolean => type !== 'ping';
    expect(joined(seen.filter(placed))).toEqual(joined(expected.filter(placed)));
    expect(seen.filter(({ type }) => type === 'ping')).toEqual(expected.filter(({ type }) => type === 'ping'));

    const answer = generated(parts);
    const model = scriptedModel();
    model.doGenerate = () => Promise.resolve(answer);
    expect(await governModel({ model, governor, subject }).doGenerate(PROMPT)).toBe(answer);
  });
});

test.each(['off', 'shadow', 'enforce'] as const)(
  'E4: %s, the SDK tells the same story of a run with tools',
  async (mode) => {
    const tools = {
      lookup: tool({
        inputSchema: jsonSchema<{ order?: number }>({ type: 'object' }),
        async *execute({ order = 0 }) {
          yield { order, state: 'searching' };
          yield { order, state: 'found' };
        },
        toModelOutput: ({ output }) => ({ type: 'text', value: JSON.stringify(output) }),
      }),
    };
    const rules = mode === 'enforce' ? [rule(['input', 'output', 'tool_call', 'tool_result'], 'block')] : EVERYTHING;
    const governor = await governorWith(rules, { mode });
    // The oldest version of the SDK does not know the ping.
    const answers = ['signed reasoning, then a call', 'parallel calls without streamed input', 'plain text'].map(
      (name) => SHAPES[name]!.filter(({ type }) => type !== 'ping'),
    );
    const tell = async (call: object): Promise<unknown> => {
      const result = streamText({ prompt: 'hello', stopWhen: isStepCount(4), ...call } as Parameters<
        typeof streamText
      >[0]);
      const parts = await collect(result.stream as unknown as AsyncIterable<{ readonly type: string }>);
      const story = JSON.stringify(
        [mode === 'enforce' ? joined(parts) : parts, await result.response, await result.totalUsage],
        (key, value: unknown) => (['performance', 'timestamp', 'headers', 'request'].includes(key) ? undefined : value),
      );
      return JSON.parse(story) as unknown;
    };
    expect(await tell(govern(governor, { subject, model: scriptedModel(...answers), tools }))).toEqual(
      await tell({ model: scriptedModel(...answers), tools }),
    );
  },
);

test('E4: enforcing, a delta in which nothing is held or masked is the provider’s own', async () => {
  const delta: Part = {
    type: 'text-delta',
    id: '1',
    delta: 'All is well. ',
    providerMetadata: { acme: { itemId: 'm1' } },
  };
  const parts: Part[] = [{ type: 'text-start', id: '1' }, delta, { type: 'text-end', id: '1' }];
  const seen = await partsOf(governed(parts, await governorWith([rule('output', 'redact')])));
  expect(seen[1]).toBe(delta);
});

test('E4: enforcing, the provider gets the caller’s parameters as they are', async () => {
  const governor = await governorWith([rule('input', 'redact')]);
  const model = scriptedModel(SHAPES['plain text']!);
  const tools = {
    lookup: tool({
      description: 'looks up',
      inputSchema: jsonSchema({ type: 'object', properties: { a: {} } }),
      execute: () => 1,
    }),
  };
  const call = { prompt: 'hello', temperature: 0.3, seed: 7, providerOptions: { acme: { x: 1 } } };
  const plain = scriptedModel(SHAPES['plain text']!);
  await streamText({ ...call, model: plain, tools }).consumeStream();
  await streamText({ ...call, ...govern(governor, { subject, model, tools }) }).consumeStream();
  const [{ abortSignal: _, ...seen }] = model.prompts as [(typeof model.prompts)[0]];
  const [{ abortSignal: __, ...expected }] = plain.prompts as [(typeof plain.prompts)[0]];
  expect(seen).toEqual(expected);
});
