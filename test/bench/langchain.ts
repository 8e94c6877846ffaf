// What governance costs a stream of LangChain, against the same stream ungoverned, and an agent against the same agent
// bare and with LangChain's own redaction of addresses; in turns and in the same run.
import { governanceMiddleware, governChatModel } from '@flyball/langchain';
import { createGovernor, type Governor } from '@flyball/core';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk, HumanMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import { createAgent, piiMiddleware } from 'langchain';
import { medians } from './medians.ts';
import type { Figures } from './run.ts';
import { STREAM_POLICY, STREAM_WORDS } from './stream-answer.ts';

const CHUNKS = 2000;
const ROUNDS = 15;
const FIRST_TOKENS = 200;

/** Streams as the classes of providers do: a chunk, then its callbacks. */
class BenchModel extends BaseChatModel {
  readonly chunks: number;

  constructor(chunks: number) {
    super({});
    this.chunks = chunks;
  }
  _llmType(): string {
    return 'bench';
  }
  override bindTools(): this {
    return this;
  }
  async _generate(): Promise<ChatResult> {
    throw new Error('only streams are measured');
  }
  override async *_streamResponseChunks(
    ...[, , run]: Parameters<BaseChatModel['_streamResponseChunks']>
  ): AsyncGenerator<ChatGenerationChunk> {
    for (let at = 0; at < this.chunks; at++) {
      const text = ` ${STREAM_WORDS[at % STREAM_WORDS.length]}`;
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, id: 'answer' }) });
      yield chunk;
      await run?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

/** Milliseconds to read the model's whole stream. */
async function drain(model: BaseChatModel): Promise<number> {
  const start = performance.now();
  for await (const _ of await model.stream('Where is my order?'));
  return performance.now() - start;
}

/** Milliseconds from the call to the first text. */
async function firstToken(model: BaseChatModel): Promise<number> {
  const start = performance.now();
  const stream = await model.stream('Where is my order?');
  for await (const _ of stream) break;
  return performance.now() - start;
}

type Agent = () => Promise<number>;

/** An agent that is read by stream mode `messages`, as a chat page reads it. */
function agentWith(middleware: readonly unknown[]): Agent {
  const agent = createAgent({ model: new BenchModel(CHUNKS), tools: [], middleware: middleware as never });
  return async () => {
    const start = performance.now();
    const input = { messages: [new HumanMessage('Where is my order?')] };
    for await (const _ of (await agent.stream(
      input as never,
      { streamMode: 'messages' } as never,
    )) as AsyncIterable<unknown>);
    return performance.now() - start;
  };
}

export async function bench(): Promise<Figures> {
  const governor = await createGovernor({ policy: { yaml: STREAM_POLICY } });
  const subject = { tenant: 'bench' };
  const plain = new BenchModel(CHUNKS);
  const governed = governChatModel(plain, { governor, subject });
  const stream = await medians([() => drain(plain), () => drain(governed)], { warm: 15, rounds: ROUNDS });
  const first = await medians([() => firstToken(plain), () => firstToken(governed)], {
    warm: 50,
    rounds: FIRST_TOKENS,
  });
  const agents = await medians(agentsOf(governor), { warm: 4, rounds: ROUNDS });
  await governor.close();
  return {
    usPerChunk: ((stream[1]! - stream[0]!) * 1000) / CHUNKS,
    baselineUsPerChunk: (stream[0]! * 1000) / CHUNKS,
    firstTokenAddedMs: first[1]! - first[0]!,
    baselineFirstTokenMs: first[0]!,
    throughputRatio: agents[0]! / agents[1]!,
    piiMiddlewareThroughputRatio: agents[0]! / agents[2]!,
    agentUsPerChunk: {
      bare: perChunk(agents[0]!),
      governed: perChunk(agents[1]!),
      piiMiddleware: perChunk(agents[2]!),
    },
    chunks: CHUNKS,
    rounds: ROUNDS,
  };
}

function agentsOf(governor: Governor): readonly Agent[] {
  const subject = { tenant: 'bench' };
  const pii = (piiMiddleware as (type: string, options: object) => unknown)('email', {
    strategy: 'redact',
    applyToOutput: true,
  });
  return [agentWith([]), agentWith(governanceMiddleware({ governor, subject })), agentWith([pii])];
}

const perChunk = (ms: number): number => (ms * 1000) / CHUNKS;
