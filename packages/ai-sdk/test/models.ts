import type {
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart as Part,
} from '@ai-sdk/provider';
import { MockLanguageModelV4 } from 'ai/test';

export const USAGE = {
  inputTokens: { total: 11, noCache: 11, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 7, text: 7, reasoning: 0 },
};

/** One answer of a scripted model: stream parts without `finish`, which is added. */
export type Answer = readonly Part[] | ((options: LanguageModelV4CallOptions) => readonly Part[]);

export interface ScriptedModel extends MockLanguageModelV4 {
  /** Parts that the consumer has asked for so far, over all calls. */
  readonly pulled: number;
  /** Why the consumer left, once it did. */
  readonly cancelled: unknown;
  /** Everything the model was asked. */
  readonly prompts: readonly LanguageModelV4CallOptions[];
}

/** A model that answers from a script, call by call; the last answer repeats. */
export function scriptedModel(...answers: readonly Answer[]): ScriptedModel {
  let call = 0;
  const state = { pulled: 0, cancelled: undefined as unknown };
  const next = (options: LanguageModelV4CallOptions): readonly Part[] => {
    const answer = answers[Math.min(call++, answers.length - 1)] ?? [];
    const parts = typeof answer === 'function' ? answer(options) : answer;
    return parts.some(({ type }) => type === 'finish') ? parts : [...parts, finish(parts)];
  };
  const model = new MockLanguageModelV4({
    doStream: async (options) => {
      const parts = [...next(options)];
      let at = 0;
      const stream = new ReadableStream<Part>(
        {
          pull(controller) {
            const part = parts[at++];
            state.pulled++;
            if (part === undefined) controller.close();
            else controller.enqueue(part);
          },
          cancel(reason) {
            state.cancelled = reason;
          },
        },
        { highWaterMark: 0 },
      );
      return { stream };
    },
    doGenerate: async (options) => generated(next(options)),
  });
  return Object.defineProperties(model, {
    pulled: { get: () => state.pulled },
    cancelled: { get: () => state.cancelled },
    prompts: { get: () => [...model.doStreamCalls, ...model.doGenerateCalls] },
  }) as ScriptedModel;
}

function finish(parts: readonly Part[]): Part {
  const calls = parts.some((part) => part.type === 'tool-call' && part.providerExecuted !== true);
  return { type: 'finish', usage: USAGE, finishReason: { unified: calls ? 'tool-calls' : 'stop', raw: 'end' } };
}

/** What a provider would have answered to the same call without streaming. */
export function generated(parts: readonly Part[]): LanguageModelV4GenerateResult {
  const content: LanguageModelV4GenerateResult['content'] = [];
  const blocks = new Map<string, { text: string }>();
  let end: Extract<Part, { type: 'finish' }> | undefined;
  for (const part of parts) {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start': {
        const block = { type: part.type === 'text-start' ? ('text' as const) : ('reasoning' as const), text: '' };
        blocks.set(part.id, block);
        content.push(block);
        break;
      }
      case 'text-delta':
      case 'reasoning-delta':
        blocks.get(part.id)!.text += part.delta;
        break;
      case 'text-end':
      case 'reasoning-end':
        if (part.providerMetadata !== undefined)
          Object.assign(blocks.get(part.id)!, { providerMetadata: part.providerMetadata });
        break;
      case 'tool-call':
      case 'tool-result':
      case 'source':
      case 'file':
      case 'custom':
        content.push(part);
        break;
      case 'finish':
        end = part;
        break;
      default:
    }
  }
  return { content, usage: end!.usage, finishReason: end!.finishReason, warnings: [] };
}

/** A block of text, cut into the given deltas. */
export function text(id: string, ...deltas: readonly string[]): Part[] {
  return [
    { type: 'text-start', id },
    ...deltas.map((delta): Part => ({ type: 'text-delta', id, delta })),
    { type: 'text-end', id },
  ];
}

export function reasoning(id: string, ...deltas: readonly string[]): Part[] {
  return [
    { type: 'reasoning-start', id },
    ...deltas.map((delta): Part => ({ type: 'reasoning-delta', id, delta })),
    { type: 'reasoning-end', id },
  ];
}

/** A tool call with its streamed input, cut in pieces of four characters. */
export function toolCall(id: string, toolName: string, args: unknown, input: string = JSON.stringify(args)): Part[] {
  const deltas = input.match(/[\s\S]{1,4}/g) ?? [];
  return [
    { type: 'tool-input-start', id, toolName },
    ...deltas.map((delta): Part => ({ type: 'tool-input-delta', id, delta })),
    { type: 'tool-input-end', id },
    { type: 'tool-call', toolCallId: id, toolName, input },
  ];
}

/** Cuts a text into deltas of `size` units. */
export const cut = (value: string, size: number): string[] => value.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];

export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
}
