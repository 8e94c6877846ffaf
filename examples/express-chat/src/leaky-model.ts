import { setTimeout as sleep } from 'node:timers/promises';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { answer, type Line } from './script.ts';
import { cut } from './cut.ts';

export interface LeakyModelOptions {
  /** Same seed, same prompt: same deltas. Default 1. */
  readonly seed?: number;
  /** Milliseconds before each delta, asked anew each time. Default 0, which still lets others run in between. */
  readonly delayMs?: () => number;
}

/** A language model without a network: plays a support assistant that gives away whatever it is asked for. */
export function leakyModel({ seed = 1, delayMs = () => 0 }: LeakyModelOptions = {}): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'flyball-example',
    modelId: 'leaky-support',
    supportedUrls: {},

    async doGenerate(options) {
      const lines = answer(options.prompt);
      return {
        content: lines.map((line, n) => contentOf(line, callId(options, n))),
        finishReason: finishOf(lines),
        usage: usageOf(options, lines),
        warnings: [],
      };
    },

    async doStream(options) {
      return { stream: pulled(parts(options, seed, delayMs)) };
    },
  };
}

async function* parts(
  options: LanguageModelV4CallOptions,
  seed: number,
  delayMs: () => number,
): AsyncGenerator<LanguageModelV4StreamPart> {
  const lines = answer(options.prompt);
  yield { type: 'stream-start', warnings: [] };
  for (const [n, line] of lines.entries()) {
    const id = line.kind === 'call' ? callId(options, n) : `${line.kind}-${n}`;
    yield start(line, id);
    for (const delta of cut(line.kind === 'call' ? line.input : line.text, seed)) {
      // A cancelled stream stops here: nobody pulls the next part. An abort ends the wait.
      await sleep(delayMs(), undefined, options.abortSignal ? { signal: options.abortSignal } : undefined);
      yield { type: BLOCK[line.kind].delta, id, delta };
    }
    yield { type: BLOCK[line.kind].end, id };
    if (line.kind === 'call') yield { type: 'tool-call', toolCallId: id, toolName: line.tool, input: line.input };
  }
  yield { type: 'finish', finishReason: finishOf(lines), usage: usageOf(options, lines) };
}

/** Nothing is made before it is asked for, and cancelling ends the generator. */
function pulled<T>(source: AsyncGenerator<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const { done, value } = await source.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await source.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

const BLOCK = {
  say: { start: 'text-start', delta: 'text-delta', end: 'text-end' },
  think: { start: 'reasoning-start', delta: 'reasoning-delta', end: 'reasoning-end' },
  call: { start: 'tool-input-start', delta: 'tool-input-delta', end: 'tool-input-end' },
} as const;

function start(line: Line, id: string): LanguageModelV4StreamPart {
  return line.kind === 'call'
    ? { type: BLOCK.call.start, id, toolName: line.tool }
    : { type: BLOCK[line.kind].start, id };
}

function contentOf(line: Line, id: string): LanguageModelV4Content {
  switch (line.kind) {
    case 'say':
      return { type: 'text', text: line.text };
    case 'think':
      return { type: 'reasoning', text: line.text };
    case 'call':
      return { type: 'tool-call', toolCallId: id, toolName: line.tool, input: line.input };
  }
}

/** Unique within the conversation: the prompt grows with every step. */
function callId(options: LanguageModelV4CallOptions, n: number): string {
  return `call-${options.prompt.length}-${n}`;
}

function finishOf(lines: readonly Line[]): { unified: 'tool-calls' | 'stop'; raw: string } {
  const unified = lines.some((line) => line.kind === 'call') ? 'tool-calls' : 'stop';
  return { unified, raw: unified };
}

/** Four characters count as one token. */
function usageOf(options: LanguageModelV4CallOptions, lines: readonly Line[]): LanguageModelV4Usage {
  const tokens = (text: string): number => Math.ceil(text.length / 4);
  const input = tokens(JSON.stringify(options.prompt));
  const reasoning = tokens(lines.map((line) => (line.kind === 'think' ? line.text : '')).join(''));
  const text = tokens(lines.map((line) => (line.kind === 'say' ? line.text : '')).join(''));
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: text + reasoning, text, reasoning },
  };
}
