// What governance costs a stream of the AI SDK, against the same stream ungoverned, in turns and in the same run.
import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { governModel } from '@flyball/ai-sdk';
import { createGovernor } from '@flyball/core';
import { streamText } from 'ai';
import { medians } from './medians.ts';
import type { Figures } from './run.ts';
import { STREAM_POLICY, STREAM_WORDS } from './stream-answer.ts';

const DELTAS = 4000;
const ROUNDS = 15;
const FIRST_TOKENS = 300;

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
    parts.push({ type: 'text-delta', id: '1', delta: ` ${STREAM_WORDS[at % STREAM_WORDS.length]}` });
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
  const governor = await createGovernor({ policy: { yaml: STREAM_POLICY } });
  const subject = { tenant: 'bench' };
  const plain = modelOf(DELTAS);
  const governed = governModel({ model: plain, governor, subject });

  const both = (measure: (model: LanguageModelV4) => Promise<number>): readonly (() => Promise<number>)[] =>
    [plain, governed].map((model) => () => measure(model));
  const model = await medians(both(drainModel), { warm: 20, rounds: ROUNDS });
  const text = await medians(both(drainText), { warm: 3, rounds: ROUNDS });
  const first = await medians(both(firstToken), { warm: 50, rounds: FIRST_TOKENS });
  await governor.close();
  return {
    usPerDelta: ((model[1]! - model[0]!) * 1000) / DELTAS,
    baselineUsPerDelta: (model[0]! * 1000) / DELTAS,
    firstTokenAddedMs: first[1]! - first[0]!,
    baselineFirstTokenMs: first[0]!,
    throughputRatio: text[0]! / text[1]!,
    deltas: DELTAS,
    rounds: ROUNDS,
  };
}
