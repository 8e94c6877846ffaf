import type { LanguageModelV4, LanguageModelV4Prompt, LanguageModelV4StreamPart } from '@ai-sdk/provider';

/** What a model that is too helpful would say. */
const ANSWERS: readonly (readonly [word: string, answer: string])[] = [
  ['who', 'It was bought by ada@example.org.'],
  ['key', 'Our key is AKIAIOSFODNN7EXAMPLQ, but please keep it to yourself.'],
];

/** A language model without a network: says what its table says, a few letters at a time. */
export const model: LanguageModelV4 = {
  specificationVersion: 'v4',
  provider: 'flyball-example',
  modelId: 'scripted',
  supportedUrls: {},
  doGenerate: () => Promise.reject(new Error('this model only streams: use `streamText`')),
  doStream: async ({ prompt }) => {
    const asked = lastWords(prompt).toLowerCase();
    const [, answer] = ANSWERS.find(([word]) => asked.includes(word)) ?? ['', 'Hello. What may I do for you?'];
    const source = parts(answer);
    const stream = new ReadableStream<LanguageModelV4StreamPart>({
      pull(controller) {
        const { done, value } = source.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
    });
    return { stream };
  },
};

function lastWords(prompt: LanguageModelV4Prompt): string {
  const last = prompt.findLast(({ role }) => role === 'user');
  const content = last?.content ?? '';
  return typeof content === 'string' ? content : content.map((part) => ('text' in part ? part.text : '')).join(' ');
}

function* parts(answer: string): Generator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: [] };
  yield { type: 'text-start', id: '1' };
  for (const delta of answer.match(/[\s\S]{1,4}/g) ?? []) yield { type: 'text-delta', id: '1', delta };
  yield { type: 'text-end', id: '1' };
  yield {
    type: 'finish',
    finishReason: { unified: 'stop', raw: undefined },
    usage: {
      inputTokens: { total: 20, noCache: 20, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 10, text: 10, reasoning: 0 },
    },
  };
}
