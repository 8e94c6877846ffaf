// Every way of calling a chat model, and everything that becomes visible by it.
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { BaseCallbackHandler } from '@langchain/core/callbacks/base';

export interface Seen {
  /** What the caller was handed: chunks, events, a message. */
  readonly values: unknown[];
  /** What callbacks were told. */
  readonly told: unknown[];
  error?: unknown;
}

export interface Way {
  readonly name: string;
  run(model: BaseChatModel, prompt: string, options?: object): Promise<Seen>;
}

/** Writes down everything that callbacks are told. */
export class Listener extends BaseCallbackHandler {
  override readonly name = 'listener';
  readonly told: unknown[] = [];

  override awaitHandlers = true;
  override handleChatModelStart(): void {
    this.told.push({ start: true });
  }
  override handleLLMNewToken(
    ...[token, , , , , fields]: Parameters<NonNullable<BaseCallbackHandler['handleLLMNewToken']>>
  ): void {
    this.told.push({ token, chunk: fields?.chunk });
  }
  override handleLLMEnd(output: unknown): void {
    this.told.push({ end: output });
  }
  override handleLLMError(error: unknown): void {
    this.told.push({ error });
  }
}

async function seeing(take: (seen: Seen, options: object) => Promise<void>, options: object = {}): Promise<Seen> {
  const listener = new Listener();
  const seen: Seen = { values: [], told: listener.told };
  try {
    await take(seen, { ...options, callbacks: [listener] });
  } catch (error) {
    seen.error = error;
  }
  return seen;
}

async function drain(seen: Seen, from: AsyncIterable<unknown>): Promise<void> {
  for await (const value of from) seen.values.push(value);
}

export const WAYS: readonly Way[] = [
  {
    name: 'stream',
    run: (model, prompt, options) =>
      seeing(async (seen, config) => drain(seen, await model.stream(prompt, config)), options),
  },
  {
    name: 'invoke',
    run: (model, prompt, options) =>
      seeing(async (seen, config) => void seen.values.push(await model.invoke(prompt, config)), options),
  },
  {
    name: 'native events',
    run: (model, prompt, options) =>
      seeing(async (seen, config) => drain(seen, model.streamEvents(prompt, config as never)), options),
  },
  {
    name: 'events v2',
    run: (model, prompt, options) =>
      seeing(async (seen, config) => drain(seen, model.streamEvents(prompt, { ...config, version: 'v2' })), options),
  },
  {
    name: 'batch',
    run: (model, prompt, options) =>
      seeing(async (seen, config) => void seen.values.push(...(await model.batch([prompt], config))), options),
  },
];
