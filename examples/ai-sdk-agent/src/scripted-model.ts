import type { LanguageModelV4, LanguageModelV4Prompt, LanguageModelV4StreamPart } from '@ai-sdk/provider';

/** One thing a scripted model does: it says something, or calls a tool. */
export type Line = { readonly say: string } | { readonly tool: string; readonly args: object };

/** What the model answers to a message of the user: one list of lines for each time it is asked. */
export type Script = readonly (readonly Line[])[];

/**
 * A language model without a network: says what its script says, in pieces of a few characters, whatever comes of it.
 */
export function scriptedModel(scripts: { readonly [message: string]: Script }): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'flyball-example',
    modelId: 'scripted-support',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('this model only streams: use `streamText`')),
    doStream: ({ prompt }) => {
      const { message, step } = positionIn(prompt);
      const lines = scripts[message]?.[step] ?? [{ say: 'I have nothing to add.' }];
      return Promise.resolve({ stream: streamOf(partsOf(lines, `${prompt.length}`)) });
    },
  };
}

/** The user's last message, and how often the model has answered since. */
function positionIn(prompt: LanguageModelV4Prompt): { readonly message: string; readonly step: number } {
  const last = prompt.findLastIndex(({ role }) => role === 'user');
  const content = prompt[last]?.content ?? [];
  const message =
    typeof content === 'string' ? content : content.map((part) => ('text' in part ? part.text : '')).join('');
  return { message, step: prompt.slice(last).filter(({ role }) => role === 'assistant').length };
}

function* partsOf(lines: readonly Line[], prefix: string): Generator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: [] };
  for (const [index, line] of lines.entries()) {
    const id = `${prefix}-${index}`;
    if ('say' in line) {
      yield { type: 'text-start', id };
      for (const delta of pieces(line.say)) yield { type: 'text-delta', id, delta };
      yield { type: 'text-end', id };
      continue;
    }
    const input = JSON.stringify(line.args);
    yield { type: 'tool-input-start', id, toolName: line.tool };
    for (const delta of pieces(input)) yield { type: 'tool-input-delta', id, delta };
    yield { type: 'tool-input-end', id };
    yield { type: 'tool-call', toolCallId: id, toolName: line.tool, input };
  }
  const calls = lines.some((line) => 'tool' in line);
  yield {
    type: 'finish',
    finishReason: { unified: calls ? 'tool-calls' : 'stop', raw: undefined },
    usage: {
      inputTokens: { total: 20, noCache: 20, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 10, text: 10, reasoning: 0 },
    },
  };
}

const pieces = (text: string): readonly string[] => text.match(/[\s\S]{1,4}/g) ?? [];

function streamOf<T>(source: Iterator<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      pull(controller) {
        const { done, value } = source.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}
