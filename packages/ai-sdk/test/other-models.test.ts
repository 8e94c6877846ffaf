import type {
  EmbeddingModelV4,
  ImageModelV4,
  RerankingModelV4,
  SpeechModelV4,
  TranscriptionModelV4,
} from '@ai-sdk/provider';
import {
  embedMany,
  experimental_generateSpeech as generateSpeech,
  experimental_transcribe as transcribe,
  generateImage,
  rerank,
} from 'ai';
import {
  MockEmbeddingModelV4,
  MockImageModelV4,
  MockRerankingModelV4,
  MockSpeechModelV4,
  MockTranscriptionModelV4,
} from 'ai/test';
import type { Governor } from '@flyball/core';
import { describe, expect, test, vi } from 'vitest';
import {
  governEmbeddingModel,
  governImageModel,
  governRerankingModel,
  governSpeechModel,
  governTranscriptionModel,
  GovernanceBlockedError,
} from '../src/index.ts';
import { governorWith, PAYLOADS, rule, subject } from './harness.ts';

const { email, word } = PAYLOADS;
const response = { timestamp: new Date(0), modelId: 'm', headers: {} };

/** Each kind of model: how it is asked with a text, and what its provider was given. */
const KINDS: {
  readonly [kind: string]: (
    governor: Governor,
    text: string,
  ) => { readonly ask: () => Promise<unknown>; readonly given: () => string };
} = {
  embedding: (governor, text) => {
    const doEmbed = vi.fn<EmbeddingModelV4['doEmbed']>(({ values }) =>
      Promise.resolve({ embeddings: values.map(() => [0]), warnings: [] }),
    );
    const model = governEmbeddingModel({
      model: new MockEmbeddingModelV4({ doEmbed, maxEmbeddingsPerCall: 10 }),
      governor,
      subject,
    });
    return { ask: () => embedMany({ model, values: ['fine', text] }), given: () => JSON.stringify(doEmbed.mock.calls) };
  },
  image: (governor, text) => {
    const doGenerate = vi.fn<ImageModelV4['doGenerate']>(() =>
      Promise.resolve({ images: ['iVBORw0KGgo='], warnings: [], response: { ...response } }),
    );
    const model = governImageModel({ model: new MockImageModelV4({ doGenerate }) as ImageModelV4, governor, subject });
    return {
      ask: () => generateImage({ model, prompt: `draw ${text}` }),
      given: () => JSON.stringify(doGenerate.mock.calls),
    };
  },
  speech: (governor, text) => {
    const doGenerate = vi.fn<SpeechModelV4['doGenerate']>(() =>
      Promise.resolve({ audio: new Uint8Array([1]), warnings: [], response }),
    );
    const model = governSpeechModel({ model: new MockSpeechModelV4({ doGenerate }), governor, subject });
    return {
      ask: () => generateSpeech({ model, text, instructions: text }),
      given: () => JSON.stringify(doGenerate.mock.calls),
    };
  },
  reranking: (governor, text) => {
    const doRerank = vi.fn<RerankingModelV4['doRerank']>(() =>
      Promise.resolve({ ranking: [{ index: 0, relevanceScore: 1 }] }),
    );
    const model = governRerankingModel({ model: new MockRerankingModelV4({ doRerank }), governor, subject });
    return {
      ask: () => rerank({ model, query: 'who', documents: ['fine', text] }),
      given: () => JSON.stringify(doRerank.mock.calls),
    };
  },
};

describe.each(Object.entries(KINDS))('a model for %s', (_kind, kind) => {
  test('E1: is not asked when what it is given is stopped', async () => {
    const { ask, given } = kind(await governorWith([rule('input', 'block')]), word);
    await expect(ask()).rejects.toSatisfy(GovernanceBlockedError.isInstance);
    expect(given()).toBe('[]');
  });

  test('gets what it is given with masks in place', async () => {
    const { ask, given } = kind(await governorWith([rule('input', 'redact')]), email);
    await ask();
    expect(given()).toContain('[EMAIL]');
    expect(given()).not.toContain(email);
  });

  test('E4: gets it untouched in shadow', async () => {
    const { ask, given } = kind(await governorWith([rule('input', 'block')], { mode: 'shadow' }), word);
    await ask();
    expect(given()).toContain(word);
  });
});

describe('a model for transcription', () => {
  const result = (text: string): Awaited<ReturnType<TranscriptionModelV4['doGenerate']>> => ({
    text,
    segments: text.split(' ').map((part, at) => ({ text: part, startSecond: at, endSecond: at + 1 })),
    language: 'en',
    durationInSeconds: 2,
    warnings: [],
    response: { ...response, body: { text } },
  });
  const ask = async (governor: Governor, text: string): Promise<unknown> => {
    const model = new MockTranscriptionModelV4({
      doGenerate: () => Promise.resolve(result(text)),
    }) as TranscriptionModelV4;
    return transcribe({ model: governTranscriptionModel({ model, governor, subject }), audio: new Uint8Array([1]) });
  };

  test('does not give away what is stopped, and masks what is masked', async () => {
    await expect(ask(await governorWith([rule('output', 'block')]), `it is ${word}`)).rejects.toSatisfy(
      GovernanceBlockedError.isInstance,
    );
    const masked = await ask(await governorWith([rule('output', 'redact')]), `write to ${email}`);
    expect(masked).toMatchObject({ text: 'write to [EMAIL]', segments: [] });
    expect(JSON.stringify(masked)).not.toContain(email);
  });

  test('E4: passes on what nothing is said against', async () => {
    expect(await ask(await governorWith([rule('output', 'block')]), 'hello there')).toMatchObject({
      text: 'hello there',
      segments: [{ text: 'hello' }, { text: 'there' }],
    });
  });
});

test('a way to the provider that is not governed is closed', async () => {
  const inner = Object.assign(new MockTranscriptionModelV4({}), {
    doStream: () => Promise.resolve({ stream: new ReadableStream() }),
  });
  const model = governTranscriptionModel({
    model: inner as TranscriptionModelV4,
    governor: await governorWith([]),
    subject,
  });
  expect(model.doStream).toBeUndefined();
  expect(model.modelId).toBe('mock-model-id');
});
