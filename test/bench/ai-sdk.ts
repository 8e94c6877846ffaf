// What governance costs a stream of the AI SDK, against the same stream ungoverned, in turns and in the same run.
import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { governModel } from '@flyball/ai-sdk';
import { createGovernor } from '@flyball/core';
import { streamText } from 'ai';
import type { Figures } from './run.ts';

const DELTAS = 4000;
const ROUNDS = 15;
const FIRST_TOKENS = 300;

const POLICY = `
policy: bench
version: 1
detectors:
  - use: pii
  - use: secrets
rules:
  - { id: no-secrets, on: [input, output], detect: secret, then: block, reason: P_SECRET }
  - { id: mask-pii, on: output, detect: pii, then: redact, reason: P_PII }
`;

/** Deltas as providers cut them: mostly one word with the blank before it. */
const WORDS = 'The order left on Monday, and the parcel should be with you by the end of the week .'.split(' ');

const FINISH: LanguageModelV4StreamPart = {
  type: 'finish',
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: DELTAS, text: DELTAS, reasoning: 0 },
  },
};

function modelOf(deltas: number): LanguageModelV4 {
  const parts: LanguageModelV4StreamPart[] = [
    { type: 'stream-start', warnings: [] },
    { type: 'text-start', id: '1' },
  ];
  for (let at = 0; at < deltas; at++)
    parts.push({ type: 'text-delta', id: '1', delta: ` ${WORDS[at % WORDS.length]}` });
  parts.push({ type: 'text-end', id: '1' }, FINISH);
  return {
    specificationVersion: 'v4',
    provider: 'bench',
    modelId: 'bench',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('only streams are measured')),
    doStream: () => {
      let at = 0;
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        pull(controller) {
          const part = parts[at++];
          if (part === undefined) controller.close();
          else controller.enqueue(part);
        },
      });
      return Promise.resolve({ stream });
    },
  };
}

const PROMPT = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Where is my order?' }] }];

/** Milliseconds to read the model's whole stream. */
async function drainModel(model: LanguageModelV4): Promise<number> {
  const start = performance.now();
  const { stream } = await model.doStream({ prompt: PROMPT });
  const reader = stream.getReader();
  while (!(await reader.read()).done);
  return performance.now() - start;
}

/** The same through `streamText`: what an application does with it. */
async function drainText(model: LanguageModelV4): Promise<number> {
  const start = performance.now();
  for await (const _ of streamText({ model, prompt: 'Where is my order?' }).textStream);
  return performance.now() - start;
}

/** Milliseconds from the call to the first text. */
async function firstToken(model: LanguageModelV4): Promise<number> {
  const start = performance.now();
  const { stream } = await model.doStream({ prompt: PROMPT });
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value.type === 'text-delta') break;
  }
  const took = performance.now() - start;
  await reader.cancel();
  return took;
}

export async function bench(): Promise<Figures> {
  const governor = await createGovernor({ policy: { yaml: POLICY } });
  const subject = { tenant: 'bench' };
  const plain = modelOf(DELTAS);
  const governed = governModel({ model: plain, governor, subject });

  const model = await compare(drainModel, plain, governed, { warm: 20, rounds: ROUNDS });
  const text = await compare(drainText, plain, governed, { warm: 3, rounds: ROUNDS });
  const first = await compare(firstToken, plain, governed, { warm: 50, rounds: FIRST_TOKENS });
  await governor.close();
  return {
    usPerDelta: ((model.governed - model.plain) * 1000) / DELTAS,
    baselineUsPerDelta: (model.plain * 1000) / DELTAS,
    firstTokenAddedMs: first.governed - first.plain,
    baselineFirstTokenMs: first.plain,
    throughputRatio: text.plain / text.governed,
    deltas: DELTAS,
    rounds: ROUNDS,
  };
}

type Measure = (model: LanguageModelV4) => Promise<number>;

/** Medians of the measure with and without governance, taken in turns; the first rounds only warm the compiler. */
async function compare(
  measure: Measure,
  plain: LanguageModelV4,
  governed: LanguageModelV4,
  { warm, rounds }: { readonly warm: number; readonly rounds: number },
): Promise<{ readonly plain: number; readonly governed: number }> {
  const times: { readonly plain: number; readonly governed: number }[] = [];
  for (let round = -warm; round < rounds; round++) {
    const pair = { plain: await measure(plain), governed: await measure(governed) };
    if (round >= 0) times.push(pair);
  }
  return { plain: median(times.map(({ plain }) => plain)), governed: median(times.map(({ governed }) => governed)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
