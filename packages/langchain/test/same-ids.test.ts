import { AIMessageChunk } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import { expect, test } from 'vitest';
import { governChatModel } from '../src/index.ts';
import { ADA, BLOCKING, governed, MASK, REDACTING, said, SECRET } from './harness.ts';
import { ScriptedModel } from './scripted-model.ts';

// Some servers give all calls of a message one id, an empty one for example, or none.

/** Says two calls, each in one piece, under these ids. */
class TwoCalls extends ScriptedModel {
  readonly texts: readonly string[];
  readonly ids: readonly (string | undefined)[];

  constructor(texts: readonly string[], ids: readonly (string | undefined)[]) {
    super([]);
    this.texts = texts;
    this.ids = ids;
  }

  override async *_streamResponseChunks(): AsyncGenerator<ChatGenerationChunk> {
    for (const [index, text] of this.texts.entries()) {
      const id = this.ids[index];
      const call = { index, name: 'send', args: JSON.stringify({ body: text }), type: 'tool_call_chunk' as const };
      const message = new AIMessageChunk({
        content: [],
        tool_call_chunks: [{ ...call, ...(id !== undefined && { id }) }],
      });
      yield new ChatGenerationChunk({ text: '', message });
    }
  }
}

const IDS: readonly (readonly (string | undefined)[])[] = [
  ['c', 'c'],
  ['', ''],
  [undefined, undefined],
];
const cases = IDS.flatMap((ids) => [0, 1].map((bad) => ({ ids, bad })));

test.each(cases)('T2: of calls under the ids $ids each is decided on, the bad one at $bad', async ({ ids, bad }) => {
  const texts = [0, 1].map((at) => (at === bad ? `it is ${SECRET}` : 'fine'));
  for (const way of ['invoke', 'stream'] as const) {
    const ask = async (policy: typeof BLOCKING): Promise<readonly AIMessageChunk[]> => {
      const model = governChatModel(new TwoCalls(texts, ids), { governor: await governed(policy), subject: ADA });
      if (way === 'invoke') return [await model.invoke('hello')];
      const seen: AIMessageChunk[] = [];
      for await (const chunk of await model.stream('hello')) seen.push(chunk);
      return seen;
    };
    const blocked = await ask(BLOCKING);
    expect(said(blocked)).not.toContain(SECRET);
    expect(blocked.flatMap(({ tool_calls: calls = [] }) => calls)).toEqual([]);
    const masked = await ask(REDACTING);
    expect(said(masked)).not.toContain(SECRET);
    const bodies = masked.flatMap(({ tool_calls: calls = [] }) =>
      calls.map(({ args }) => (args as { body: string }).body),
    );
    // LangChain itself takes a call without an id for one that is broken.
    expect(bodies).toEqual(ids[0] === 'c' ? texts.map((text) => text.replace(SECRET, MASK)) : []);
  }
});
