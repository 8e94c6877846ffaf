import { BaseChatModel, type BaseChatModelCallOptions } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';

/** One thing a scripted model does: it says something, or calls a tool. */
export type Line = { readonly say: string } | { readonly tool: string; readonly args: object };

/** What the model answers to a message of the user: one list of lines for each time it is asked. */
export type Script = readonly (readonly Line[])[];

/** A chat model without a network: says what its script says, in pieces of a few characters, whatever comes of it. */
export class ScriptedModel extends BaseChatModel {
  readonly scripts: { readonly [message: string]: Script };

  constructor(scripts: { readonly [message: string]: Script }) {
    super({});
    this.scripts = scripts;
  }

  _llmType(): string {
    return 'scripted-support';
  }

  override bindTools(): this {
    return this;
  }

  async _generate(messages: BaseMessage[], options: BaseChatModelCallOptions): Promise<ChatResult> {
    let whole: ChatGenerationChunk | undefined;
    for await (const chunk of this._streamResponseChunks(messages, options)) whole = whole?.concat(chunk) ?? chunk;
    return { generations: whole === undefined ? [] : [whole] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    _options: BaseChatModelCallOptions,
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { message, step } = positionIn(messages);
    const lines = this.scripts[message]?.[step] ?? [{ say: 'I have nothing to add.' }];
    for (const fields of chunksOf(lines)) {
      const chunk = new ChatGenerationChunk({
        text: fields.content,
        message: new AIMessageChunk({ ...fields, id: `answer-${messages.length}` }),
      });
      yield chunk;
      await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

/** The user's last message, and how often the model has answered since. */
function positionIn(messages: readonly BaseMessage[]): { readonly message: string; readonly step: number } {
  const last = messages.findLastIndex(({ type }) => type === 'human');
  return {
    message: messages[last]?.text ?? '',
    step: messages.slice(last).filter(({ type }) => type === 'ai').length,
  };
}

interface Fields {
  readonly content: string;
  readonly tool_call_chunks?: { type: 'tool_call_chunk'; index: number; id?: string; name?: string; args: string }[];
}

function* chunksOf(lines: readonly Line[]): Generator<Fields> {
  for (const [index, line] of lines.entries()) {
    if ('say' in line) {
      for (const content of pieces(line.say)) yield { content };
      continue;
    }
    const call = { type: 'tool_call_chunk', index } as const;
    yield { content: '', tool_call_chunks: [{ ...call, id: `${line.tool}-${index}`, name: line.tool, args: '' }] };
    for (const args of pieces(JSON.stringify(line.args))) yield { content: '', tool_call_chunks: [{ ...call, args }] };
  }
}

const pieces = (text: string): readonly string[] => text.match(/[\s\S]{1,4}/g) ?? [];
