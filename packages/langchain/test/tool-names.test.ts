import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import { describe, expect, it } from 'vitest';
import { governChatModel } from '../src/index.ts';
import { offeredNames } from '../src/model/offered.ts';
import { ADA, BLOCKING, governed, said, SECRET } from './harness.ts';

/** Calls one tool, by this name. */
class Caller extends BaseChatModel {
  readonly called: string;

  constructor(called: string) {
    super({});
    this.called = called;
  }
  _llmType(): string {
    return 'caller';
  }
  async _generate(): Promise<ChatResult> {
    const message = new AIMessage({ content: '', tool_calls: [{ id: 'c1', name: this.called, args: {} }] });
    return { generations: [{ text: '', message }] };
  }
  override async *_streamResponseChunks(): AsyncGenerator<ChatGenerationChunk> {
    const call = { index: 0, id: 'c1', name: this.called, args: '{}' };
    const message = new AIMessageChunk({ content: '', tool_call_chunks: [call] });
    yield new ChatGenerationChunk({ text: '', message });
  }
}

describe('T1: the name of a tool', () => {
  const run = async (name: string, tools: readonly object[]): Promise<string> => {
    const governor = await governed(BLOCKING);
    const model = governChatModel(new Caller(name), { governor, subject: ADA }).withConfig({ tools } as never);
    const seen: unknown[] = [await model.invoke('hello')];
    for await (const chunk of await model.stream('hello')) seen.push(chunk);
    await governor.close();
    return said(seen);
  };

  it('that nobody offered does not leave where it says what may not be said', async () => {
    for (const tools of [[], [{ name: 'lookUp', parameters: {} }]])
      expect(await run(SECRET, tools)).not.toContain(SECRET);
    expect(await run('lookUp', [])).toContain('lookUp');
  });

  it('that was offered is the application’s own', async () => {
    expect(await run(SECRET, [{ type: 'function', function: { name: SECRET, parameters: {} } }])).toContain(SECRET);
  });

  it('is found in the formats of providers', () => {
    const tools = [
      { name: 'a' },
      { type: 'function', function: { name: 'b' } },
      { toolSpec: { name: 'c' } },
      { type: 'custom', custom: { name: 'd' } },
      { functionDeclarations: [{ name: 'e' }, { name: 'f' }] },
      undefined,
      'g',
    ];
    expect([...offeredNames(tools)]).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(offeredNames(undefined).size).toBe(0);
  });
});
