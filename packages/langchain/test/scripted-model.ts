import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models';
import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import type { Turn } from '@flyball/testing';

/** What happens elsewhere has nothing of the run it happens in: LangChain would take it for a part of it. */
export const elsewhere: <R>(run: () => R) => R = AsyncLocalStorage.snapshot();

/** What happened behind the adapter. */
export interface Backstage {
  readonly asked: string[];
  aborted: boolean;
}

interface Options extends BaseChatModelCallOptions {
  readonly tools?: readonly BindToolsInput[];
}

/** What a model says, and who watches it. */
export interface Script {
  readonly turns: readonly Turn[];
  readonly backstage: Backstage;
}

/**
 * A chat model of LangChain's own kind that speaks scripts: a turn for each time it is asked, the last one again and
 * again. One that serves several scripts is told which it is asked for.
 */
export class ScriptedModel extends BaseChatModel<Options> {
  readonly script: () => Script;
  readonly backstage: Backstage;

  constructor(turns: readonly Turn[] | (() => Script), backstage: Backstage = { asked: [], aborted: false }) {
    super({});
    this.backstage = backstage;
    this.script = typeof turns === 'function' ? turns : () => ({ turns, backstage });
  }

  _llmType(): string {
    return 'scripted';
  }

  override bindTools(
    tools: BindToolsInput[],
    more: Partial<Options> = {},
  ): ReturnType<NonNullable<BaseChatModel['bindTools']>> {
    return this.withConfig({ ...more, tools });
  }

  async _generate(messages: BaseMessage[], options: Options, run?: CallbackManagerForLLMRun): Promise<ChatResult> {
    let whole: ChatGenerationChunk | undefined;
    for await (const chunk of this._streamResponseChunks(messages, options, undefined))
      whole = whole === undefined ? chunk : whole.concat(chunk);
    void run;
    return { generations: whole === undefined ? [] : [whole] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: Options,
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { turns, backstage } = this.script();
    const { asked } = backstage;
    asked.push(JSON.stringify(messages));
    const turn = turns[Math.min(asked.length, turns.length) - 1] ?? [];
    options.signal?.addEventListener('abort', () => (backstage.aborted = true));
    const id = `answer-${asked.length}-${Math.random()}`;
    for await (const fields of speak(turn)) {
      const message = new AIMessageChunk({ ...fields, id });
      const chunk = new ChatGenerationChunk({ text: message.text, message });
      yield chunk;
      await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
    const usage = { input_tokens: 3, output_tokens: 4, total_tokens: 7 };
    const ending = { content: [], id, usage_metadata: usage, response_metadata: { finish_reason: 'stop' } };
    const chunk = new ChatGenerationChunk({ text: '', message: new AIMessageChunk(ending as never) });
    yield chunk;
    await run?.handleLLMNewToken('', undefined, undefined, undefined, undefined, { chunk });
  }
}

/** A turn as providers stream it: content blocks by index, arguments in pieces. */
async function* speak(turn: Turn): AsyncGenerator<object> {
  const blocks: string[] = [];
  let calls = 0;
  for (const step of turn) {
    if (step.kind === 'meanwhile') await elsewhere(step.run);
    else if (step.kind === 'fail') throw new Error(step.message);
    else if (step.kind === 'beside') {
      // Providers that cite send the citation with the block that it is about.
      yield {
        content: [{ type: 'text', index: 0, text: '', annotations: [{ type: 'citation', cited_text: step.text }] }],
      };
    } else if (step.kind === 'call') {
      const place = { index: 100 + calls++, type: 'tool_call_chunk' };
      yield {
        content: [],
        tool_call_chunks: [{ ...place, id: `call-${calls}-${Math.random()}`, name: step.tool, args: '' }],
      };
      for (const args of (step.written ?? JSON.stringify(step.args)).match(/[\s\S]{1,4}/g) ?? [])
        yield { content: [], tool_call_chunks: [{ ...place, args }] };
    } else {
      const name = `${step.kind} ${step.block ?? 'a'}`;
      if (!blocks.includes(name)) blocks.push(name);
      yield { content: [{ type: step.kind, index: blocks.indexOf(name), [step.kind]: step.text }] };
    }
  }
}
