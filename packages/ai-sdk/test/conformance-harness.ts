import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { Governor, Json, Subject } from '@flyball/core';
import type { AdapterHarness, Answer, AppSetup, Ask, Step, ToldDenial, Turn } from '@flyball/testing';
import {
  generateText,
  isStepCount,
  jsonSchema,
  Output,
  streamText,
  tool,
  ToolLoopAgent,
  toUIMessageStream,
  type ModelMessage,
  type ToolSet,
} from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { govern, GovernanceBlockedError } from '../src/index.ts';
import { generated, USAGE } from './models.ts';

/**
 * The real SDK with a model that speaks the suite's scripts; its reader is a browser that reads the UI message stream.
 */
export const harness: AdapterHarness = {
  open: (governor, setup) => {
    const app: App = { governor, ...setup, ...(setup.madeOnce === true && { agent: sharedAgent(governor) }) };
    return {
      ask: async (request) => {
        const backstage = backstageOf();
        return request.stream ? streamed(app, request, backstage) : whole(app, request, backstage);
      },
      close: () => {},
    };
  },
};

/** The application: a governor, and its own words for a refusal where it has some. */
interface App extends AppSetup {
  readonly governor: Governor;
  /** Serves all requests. */
  readonly agent?: ReturnType<typeof sharedAgent>;
}

/** What a call of an agent is about. */
interface Running {
  readonly request: Ask;
  readonly backstage: Backstage;
}

/** As a module has it: made before anybody asks. Its model learns of each call which script to speak. */
function sharedAgent(governor: Governor) {
  const running: Running[] = [];
  const model = modelFor(({ providerOptions }) => running[Number(providerOptions?.['script']?.['number'])]!);
  return new ToolLoopAgent<Running, ToolSet>({
    ...govern(governor, {
      subject: ({ options }) => (options as Running).request.subject,
      model,
      tools: {},
      prepareCall: ({ options, ...settings }: { readonly options: Running }) => {
        const number = running.push(options) - 1;
        return { ...settings, options, providerOptions: { script: { number } } };
      },
    }),
    stopWhen: isStepCount(MAX_STEPS),
    maxRetries: 0,
  });
}

const MAX_STEPS = 6;

/** What happened behind the adapter. */
interface Backstage {
  readonly asked: string[];
  readonly ran: { readonly tool: string; readonly args: Json }[];
  /** Whether the provider's request was aborted, and whether its stream was. A stop does both. */
  aborted: boolean;
  left: boolean;
}

const backstageOf = (): Backstage => ({ asked: [], ran: [], aborted: false, left: false });

function behind({ asked, ran, aborted, left }: Backstage): Pick<Answer, 'asked' | 'ran' | 'cancelled'> {
  return { asked, ran, cancelled: aborted && left };
}

/** The prompt, with what was said before it. */
const conversation = ({ earlier = [], prompt }: Ask): { readonly messages: ModelMessage[] } => ({
  messages: [
    ...earlier.map(({ role, text }): ModelMessage => ({ role, content: text })),
    { role: 'user', content: prompt },
  ],
});

/** The call an application would write: what `govern` returns, and the prompt. */
function call({ governor, wording }: App, request: Ask, backstage: Backstage) {
  const subject = (): Subject | undefined => request.subject;
  return {
    ...govern(governor, {
      subject,
      model: modelFor(() => ({ request, backstage })),
      tools: toolsFor(request, backstage),
      ...(wording !== undefined && { refusal: wording }),
    }),
    ...conversation(request),
    ...(request.json === true && { output: Output.json() }),
    stopWhen: isStepCount(MAX_STEPS),
    maxRetries: 0,
    // The SDK goes on when its reader leaves; applications hand it the request's signal.
    ...(request.leave !== undefined && { abortSignal: request.leave }),
  };
}

function modelFor(find: (options: LanguageModelV4CallOptions) => Running): MockLanguageModelV4 {
  const next = ({ prompt }: LanguageModelV4CallOptions, { request: { turns }, backstage }: Running): Turn => {
    backstage.asked.push(JSON.stringify(prompt));
    return turns[Math.min(backstage.asked.length, turns.length) - 1] ?? [];
  };
  return new MockLanguageModelV4({
    doStream: async (options) => {
      const current = find(options);
      const { backstage } = current;
      const parts = speak(next(options, current));
      options.abortSignal?.addEventListener('abort', () => (backstage.aborted = true));
      const stream = new ReadableStream<Part>(
        {
          async pull(controller) {
            try {
              const { done, value } = await parts.next();
              if (done === true) controller.close();
              else controller.enqueue(value);
            } catch (error) {
              controller.error(error);
            }
          },
          cancel: () => void (backstage.left = true),
        },
        { highWaterMark: 0 },
      );
      return { stream };
    },
    doGenerate: async (options) => {
      const parts: Part[] = [];
      for await (const part of speak(next(options, find(options)))) parts.push(part);
      return generated(parts);
    },
  });
}

/** A turn as a provider streams it: blocks begin with their first delta and end with the message. */
async function* speak(turn: Turn): AsyncGenerator<Part> {
  const open = new Map<string, 'text' | 'reasoning'>();
  let calls = 0;
  for (const step of turn) {
    if (step.kind === 'meanwhile') await step.run();
    else if (step.kind === 'fail') throw new Error(step.message);
    else if (step.kind === 'call') yield* callParts(`call-${++calls}-${Math.random()}`, step);
    else if (step.kind === 'beside') {
      // Citations come with the end of the block that they are about.
      const metadata = { providerMetadata: { provider: { citations: [{ cited_text: step.text }] } } };
      for (const [id, kind] of open) yield { type: `${kind}-end`, id, ...metadata };
      open.clear();
    } else {
      const id = `${step.kind}-${step.block ?? 'a'}`;
      if (!open.has(id)) yield { type: `${step.kind}-start`, id };
      open.set(id, step.kind);
      yield { type: `${step.kind}-delta`, id, delta: step.text };
    }
  }
  for (const [id, kind] of open) yield { type: `${kind}-end`, id };
  yield { type: 'finish', usage: USAGE, finishReason: { unified: calls > 0 ? 'tool-calls' : 'stop', raw: 'end' } };
}

function* callParts(
  id: string,
  { tool: toolName, args, written }: Extract<Step, { readonly kind: 'call' }>,
): Generator<Part> {
  const input = written ?? JSON.stringify(args);
  yield { type: 'tool-input-start', id, toolName };
  for (const delta of input.match(/[\s\S]{1,4}/g) ?? []) yield { type: 'tool-input-delta', id, delta };
  yield { type: 'tool-input-end', id };
  yield { type: 'tool-call', toolCallId: id, toolName, input };
}

function toolsFor({ tools = {} }: Ask, { ran }: Backstage): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, run]) => {
      const execute = async (args: Json): Promise<Json> => {
        ran.push({ tool: name, args });
        return run(args);
      };
      return [name, tool({ inputSchema: jsonSchema<Json>({ type: 'object' }), execute })];
    }),
  );
}

interface Chunk {
  readonly type: string;
  readonly id?: string;
  readonly delta?: string;
  readonly inputTextDelta?: string;
  readonly toolCallId?: string;
  readonly finishReason?: string;
  readonly providerMetadata?: { readonly flyball?: ToldSummary };
}

/** The stream of one request: of the one agent where there is one. */
async function streamOf(app: App, request: Ask, backstage: Backstage) {
  const { agent } = app;
  if (agent === undefined) return streamText({ ...call(app, request, backstage), onError: () => {} }).stream;
  const options: Running = { request, backstage };
  return (await agent.stream({ prompt: request.prompt, options })).stream;
}

async function streamed(app: App, request: Ask, backstage: Backstage): Promise<Answer> {
  const source = await streamOf(app, request, backstage);
  let blocked: GovernanceBlockedError | undefined;
  const seen = { text: '', reasoning: '', refusal: '' };
  const joined = new Map<string, string>();
  const chunks: Chunk[] = [];
  let ending = 'complete' as Answer['ending'];
  let summary = undefined as ToldSummary | undefined;

  const take = (chunk: Chunk): void => {
    chunks.push(chunk);
    summary ??= chunk.providerMetadata?.flyball;
    const delta = chunk.delta ?? chunk.inputTextDelta ?? '';
    const block = `${chunk.type} ${chunk.id ?? chunk.toolCallId}`;
    joined.set(block, (joined.get(block) ?? '') + delta);
    if (chunk.type === 'reasoning-delta') seen.reasoning += delta;
    else if (chunk.type === 'text-delta' && chunk.id?.startsWith('flyball-') === true) seen.refusal += delta;
    else if (chunk.type === 'text-delta') {
      seen.text += delta;
      request.onText?.(delta);
    } else if (chunk.type === 'error') ending = 'failed';
    else if (chunk.type === 'finish' && chunk.finishReason === 'content-filter') ending = 'stopped';
  };
  try {
    const onError = (error: unknown): string => {
      blocked = GovernanceBlockedError.find(error);
      return blocked?.message ?? String(error);
    };
    const stream = toUIMessageStream({ stream: source, onError }) as unknown as AsyncIterable<Chunk>;
    for await (const chunk of stream) take(chunk);
  } catch (error) {
    chunks.push({ type: 'thrown', delta: JSON.stringify(error, plain) });
    ending = 'failed';
  }
  // Where words would be misread a stop is an error, then the protocol's own ending.
  summary ??= blocked?.denial;
  const received = [JSON.stringify(chunks), ...joined.values(), seen.text, seen.reasoning].join('\n');
  return {
    text: seen.text,
    reasoning: seen.reasoning,
    received,
    ending,
    ...behind(backstage),
    ...(ending === 'stopped' && summary !== undefined && { denial: told(summary, seen.refusal) }),
  };
}

/** The same for an answer that is delivered whole. */
async function generatedBy(app: App, request: Ask, backstage: Backstage) {
  const { agent } = app;
  if (agent === undefined) return generateText(call(app, request, backstage));
  const options: Running = { request, backstage };
  return agent.generate({ prompt: request.prompt, options });
}

async function whole(app: App, request: Ask, backstage: Backstage): Promise<Answer> {
  try {
    const { steps } = await generatedBy(app, request, backstage);
    const last = steps.at(-1);
    const summary = last?.providerMetadata?.['flyball'] as ToldSummary | undefined;
    const stopped = last?.finishReason === 'content-filter';
    const answers = stopped ? steps.slice(0, -1) : steps;
    return {
      text: answers.map(({ text }) => text).join(''),
      reasoning: answers.map(({ reasoningText = '' }) => reasoningText).join(''),
      received: JSON.stringify(
        steps.map(({ content, response, providerMetadata }) => [content, response, providerMetadata]),
        plain,
      ),
      ending: stopped ? 'stopped' : 'complete',
      ...behind(backstage),
      ...(stopped && summary !== undefined && { denial: told(summary, last.text) }),
    };
  } catch (error) {
    const blocked = GovernanceBlockedError.find(error);
    const said = { text: '', reasoning: '', received: JSON.stringify(error, plain), ...behind(backstage) };
    if (blocked === undefined) return { ...said, ending: 'failed' };
    return { ...said, ending: 'stopped', denial: told(blocked.denial, blocked.message) };
  }
}

const plain = (_key: string, value: unknown): unknown =>
  value instanceof Error ? { ...(value as object), message: value.message } : value;

/** What the SDK carries to the reader's side about a stop. */
type ToldSummary = Pick<ToldDenial, 'reason' | 'auditId' | 'retryAfterMs'> & { readonly outcome: string };

/** Metadata says outcome and reason; that something could not be judged is what the words say. */
function told({ outcome, reason, auditId, retryAfterMs }: ToldSummary, words: string): ToldDenial {
  const refused = /could not be checked|was cut short/.test(words) ? 'not_evaluated' : 'blocked';
  return {
    kind: outcome === 'COOLDOWN' ? 'cooldown' : refused,
    reason,
    auditId,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
