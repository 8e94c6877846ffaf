// Examples of the API reference: each runs from its mark to the next. The types of all of them are checked.
import { createGovernor } from '@flyball/core';
import {
  defineJudge,
  gptOssSafeguard,
  graniteGuardian,
  JudgeError,
  llamaGuard,
  llmJudge,
  onnx,
  openaiModeration,
  presidio,
  qwenGuard,
  shieldGemma,
  type ModerationClient,
} from '@flyball/judges';
import type { LanguageModel } from 'ai';

declare const openai: ModerationClient; // new OpenAI()
declare const model: LanguageModel;
declare const transformers: () => Promise<unknown>; // () => import('@huggingface/transformers')
const baseURL = 'http://127.0.0.1:8000/v1';

// example: openaiModeration
const moderated = await createGovernor({
  policy: { file: 'policy.yaml' },
  detectors: [openaiModeration({ client: openai })],
});

// example: llamaGuard
const llama = llamaGuard({ baseURL, generation: 4 });

// example: qwenGuard
const qwen = qwenGuard({ baseURL });

// example: shieldGemma
const gemma = shieldGemma({ baseURL });

// example: graniteGuardian
const granite = graniteGuardian({ baseURL, criteria: { 'harm.any': 'harm' } });

// example: gptOssSafeguard
const safeguard = gptOssSafeguard({
  baseURL,
  policy: 'Flag advice that poisons whoever follows it.',
  type: 'harm.poison',
});

// example: presidio
const names = presidio({ url: 'http://127.0.0.1:5002', entities: ['PERSON'] });

// example: onnx
const local = onnx({ model: './models/injection', transformers, labels: { INJECTION: 'injection' }, version: '1' });

// example: llmJudge
const rubric = llmJudge({
  model,
  rubric: 'Is this advice dangerous?',
  schema: { 'harm.advice': 'advice that may hurt somebody' },
});

// example: defineJudge
const own = defineJudge({
  id: 'acme.tone',
  version: '1',
  types: ['tone.insult'],
  ask: async (passages) => ({
    opinions: passages.map(({ text }) => ({
      scores: [{ type: 'tone.insult', score: text.includes('idiot') ? 0.9 : 0 }],
    })),
  }),
});

// example: JudgeError
defineJudge({
  id: 'acme.other',
  version: '1',
  types: ['other'],
  ask: async () => {
    throw new JudgeError('JUDGE_TIMEOUT', 'the judge answered 429', {
      failure: 'UNAVAILABLE',
      again: true,
      retryAfterMs: 1000,
    });
  },
});

// end
console.log(moderated, llama, qwen, gemma, granite, safeguard, names, local, rubric, own);
