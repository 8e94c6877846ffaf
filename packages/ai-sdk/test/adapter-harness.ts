import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { Governor, Json } from '@flyball/core';
import type { AdapterHarness, Answer, Ask, Step, ToldDenial, Turn } from '@flyball/testing';
import { generateText, isStepCount, jsonSchema, streamText, tool, toUIMessageStream, type ToolSet } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { govern, GovernanceBlockedError, type DecisionSummary } from '../src/index.ts';
import { generated, USAGE } from './models.ts';

/** The AI SDK, governed as the guide says, with a model that says what a case wants it to. */
export const aiSdkHarness: AdapterHarness = {
  open: (governor) => ({
    ask: (request) => (request.stream ? askStream(governor, request) : askWhole(governor, request)),
    close: () => undefined,
  }),
};

interface Scripted {
  readonly model: MockLanguageModelV4;
  readonly asked: string[];
  cancelled: boolean;
}

/** A model that says one turn each time it is asked; the last one repeats. */
function modelOf(turns: readonly Turn[]): Scripted {
  let asked = 0;
  const turn = ({ prompt }: LanguageModelV4CallOptions): AsyncGenerator<Part> => {
    scripted.asked.push(JSON.stringify(prompt));
    return partsOf(turns[Math.min(asked++, turns.length - 1)] ?? [], asked);
  };
  const scripted: Scripted = {
    asked: [],
    cancelled: false,
    model: new MockLanguageModelV4({
      doStream: (options) => {
        const parts = turn(options);
        let over = false;
        const cancel = (): void => {
          if (!over) scripted.cancelled = true;
        };
        options.abortSignal?.addEventListener('abort', cancel);
        const stream = new ReadableStream<Part>(
          {
            async pull(controller) {
              const { done, value } = await parts.next();
              if (value?.type === 'finish' || done === true) over = true;
              if (done === true) controller.close();
              else controller.enqueue(value);
            },
            cancel,
          },
          { highWaterMark: 0 },
        );
        return Promise.resolve({ stream });
      },
      doGenerate: async (options) => {
        const parts: Part[] = [];
        for await (const part of turn(options)) parts.push(part);
        return generated(parts);
      },
    }),
  };
  return scripted;
}

async function* partsOf(turn: Turn, nth: number): AsyncGenerator<Part> {
  const open = new Map<string, Part>();
  for (const [at, step] of turn.entries()) {
    switch (step.kind) {
      case 'meanwhile':
        await step.run();
        break;
      case 'fail':
        throw new Error(step.message);
      case 'call':
        yield* callOf(step, `call-${nth}-${at}`);
        break;
      case 'text':
      case 'reasoning': {
        const id = `${step.kind}-${step.block ?? 'a'}`;
        if (!open.has(id)) {
          open.set(id, { type: `${step.kind}-end`, id });
          yield { type: `${step.kind}-start`, id };
        }
        yield { type: `${step.kind}-delta`, id, delta: step.text };
        break;
      }
      default:
        step satisfies never;
    }
  }
  yield* open.values();
  const calls = turn.some(({ kind }) => kind === 'call');
  yield { type: 'finish', usage: USAGE, finishReason: { unified: calls ? 'tool-calls' : 'stop', raw: 'end' } };
}

function* callOf({ tool, args, written }: Extract<Step, { kind: 'call' }>, id: string): Generator<Part> {
  const input = written ?? JSON.stringify(args);
  yield { type: 'tool-input-start', id, toolName: tool };
  for (const delta of input.match(/[\s\S]{1,5}/g) ?? []) yield { type: 'tool-input-delta', id, delta };
  yield { type: 'tool-input-end', id };
  yield { type: 'tool-call', toolCallId: id, toolName: tool, input };
}

/** What of an answer is the same in both ways of asking. */
function prepare(
  governor: Governor,
  { subject, turns, tools, prompt, leave }: Ask,
): {
  readonly scripted: Scripted;
  readonly ran: { tool: string; args: Json }[];
  readonly call: Parameters<typeof streamText>[0];
} {
  const scripted = modelOf(turns);
  const ran: { tool: string; args: Json }[] = [];
  const set: ToolSet = Object.fromEntries(
    Object.entries(tools ?? {}).map(([name, run]) => [
      name,
      tool({
        inputSchema: jsonSchema<Json>({}),
        execute: (args) => {
          ran.push({ tool: name, args });
          return run(args);
        },
      }),
    ]),
  );
  const call = {
    ...govern(governor, { subject: () => subject, model: scripted.model, tools: set }),
    prompt,
    stopWhen: isStepCount(8),
    maxRetries: 0,
    ...(leave !== undefined && { abortSignal: leave }),
  };
  return { scripted, ran, call };
}

type Told = Pick<Answer, 'text' | 'reasoning' | 'received' | 'ending'> & { readonly denial?: ToldDenial };

async function askStream(governor: Governor, request: Ask): Promise<Answer> {
  const { scripted, ran, call } = prepare(governor, request);
  let failure: unknown;
  const result = streamText({ ...call, onError: ({ error }) => void (failure = error) });
  const [forServer, forBrowser] = result.stream.tee();
  const parts: SeenPart[] = [];
  const read = async (): Promise<void> => {
    for await (const part of forServer as unknown as AsyncIterable<SeenPart>) {
      parts.push(part);
      if (part.type === 'text-delta' && !isRefusal(part)) request.onText?.(part.text!);
    }
  };
  const chunks: SeenPart[] = [];
  const show = async (): Promise<void> => {
    for await (const chunk of toUIMessageStream({ stream: forBrowser }) as unknown as AsyncIterable<SeenPart>)
      chunks.push(chunk);
  };
  for (const settled of await Promise.allSettled([read(), show()])) {
    if (settled.status === 'rejected') failure ??= settled.reason;
  }
  const told = tell(parts, chunks, failure);
  return { ...told, asked: scripted.asked, ran, cancelled: scripted.cancelled };
}

async function askWhole(governor: Governor, request: Ask): Promise<Answer> {
  const { scripted, ran, call } = prepare(governor, request);
  let told: Told;
  try {
    const { steps, finishReason } = await generateText(call);
    const { flyball } = (steps.at(-1)?.providerMetadata ?? {}) as { flyball?: DecisionSummary };
    const answered = steps.filter(({ providerMetadata }) => providerMetadata?.['flyball'] === undefined);
    told = {
      text: answered.map(({ text }) => text).join(''),
      reasoning: answered.map(({ reasoningText }) => reasoningText ?? '').join(''),
      received: JSON.stringify(
        steps.map(({ content, response, providerMetadata }) => [content, response, providerMetadata]),
      ),
      ending: finishReason === 'content-filter' ? 'stopped' : 'complete',
      ...(flyball !== undefined && { denial: denialOf(flyball) }),
    };
  } catch (error) {
    told = tell([], [], error);
  }
  return { ...told, asked: scripted.asked, ran, cancelled: scripted.cancelled };
}

interface SeenPart {
  readonly type: string;
  readonly id?: string;
  readonly text?: string;
  readonly delta?: string;
  readonly inputTextDelta?: string;
  readonly finishReason?: string;
  readonly providerMetadata?: { readonly flyball?: DecisionSummary };
}

const isRefusal = ({ id }: SeenPart): boolean => id?.startsWith('flyball-') === true;

function tell(parts: readonly SeenPart[], chunks: readonly SeenPart[], failure: unknown): Told {
  const said = (type: string): string =>
    parts.map((part) => (part.type === type && !isRefusal(part) ? part.text! : '')).join('');
  const joined = new Map<string, string>();
  for (const part of [...parts, ...chunks]) {
    const delta = part.text ?? part.delta ?? part.inputTextDelta;
    if (delta === undefined) continue;
    for (const key of [part.type, `${part.type} ${part.id}`]) joined.set(key, (joined.get(key) ?? '') + delta);
  }
  const blocked = GovernanceBlockedError.find(failure);
  const denied =
    blocked?.denial ??
    parts.findLast((part) => part.providerMetadata?.flyball !== undefined)?.providerMetadata?.flyball;
  const finished = parts.findLast(({ type }) => type === 'finish')?.finishReason;
  return {
    text: said('text-delta'),
    reasoning: said('reasoning-delta'),
    received: [
      JSON.stringify([parts, chunks, failure instanceof Error ? `${failure.name}: ${failure.message}` : null]),
      ...joined.values(),
    ].join('\n'),
    ending:
      finished === 'content-filter'
        ? 'stopped'
        : finished === undefined || finished === 'error'
          ? 'failed'
          : 'complete',
    ...(denied !== undefined && { denial: denialOf(denied) }),
  };
}

function denialOf({ outcome, reason, auditId, retryAfterMs }: DecisionSummary): ToldDenial {
  const closed = ['FAILED_CLOSED', 'SUBJECT_MISSING', 'POLICY_UNKNOWN', 'STATE_UNAVAILABLE', 'AUDIT_UNAVAILABLE'];
  const kind = outcome === 'COOLDOWN' ? 'cooldown' : closed.includes(reason) ? 'not_evaluated' : 'blocked';
  return { kind, reason, auditId, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
