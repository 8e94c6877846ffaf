// What of LangChain's chat models is used here, by shape. Classes are never compared: a process may hold two copies of
// them.
import type { BaseMessage } from '@langchain/core/messages';
import type { ChatGeneration, ChatGenerationChunk, ChatResult } from '@langchain/core/outputs';

/** Call options, after the model has split them from the configuration of the run. */
export interface ModelOptions {
  readonly signal?: AbortSignal | undefined;
  readonly promptIndex?: number;
  readonly model?: unknown;
  readonly tools?: readonly unknown[];
  readonly tool_choice?: unknown;
  readonly [name: string]: unknown;
}

/** The callbacks of one run of a model. */
export interface RunManager {
  handleLLMNewToken(
    token: string,
    indices: { readonly prompt: number; readonly completion: number },
    runId?: undefined,
    parentRunId?: undefined,
    tags?: undefined,
    fields?: { readonly chunk: ChatGenerationChunk },
  ): Promise<void>;
}

export interface NativeEvent {
  readonly event: string;
  readonly index?: number;
  readonly content?: Block;
  readonly delta?: { readonly type: string; readonly [field: string]: unknown };
  readonly name?: string;
  readonly [field: string]: unknown;
}

/** A block of a message's content. */
export interface Block {
  readonly type?: unknown;
  readonly [field: string]: unknown;
}

export type ChunkStream = AsyncIterable<ChatGenerationChunk> & AsyncIterator<ChatGenerationChunk>;

/** The methods of `BaseChatModel` that every way of calling one comes through. */
export interface ChatModel {
  _generate(messages: BaseMessage[], options: ModelOptions, runManager?: RunManager): Promise<ChatResult>;
  _streamResponseChunks(messages: BaseMessage[], options: ModelOptions, runManager?: RunManager): ChunkStream;
  /** From `@langchain/core` 1.1.48. */
  _streamChatModelEvents?(
    messages: BaseMessage[],
    options: ModelOptions,
    runManager?: RunManager,
  ): AsyncIterable<NativeEvent>;
  _separateRunnableConfigFromCallOptionsCompat(options: unknown): [object, object];
  _llmType?(): string;
  readonly cache?: Cache;
  readonly model?: unknown;
  readonly modelName?: unknown;
  readonly defaultOptions?: unknown;
}

export interface Cache {
  lookup(prompt: string, key: string): Promise<ChatGeneration[] | null | undefined>;
  update(prompt: string, key: string, value: ChatGeneration[]): Promise<void>;
}

export type { BaseMessage, ChatGeneration, ChatGenerationChunk, ChatResult };
