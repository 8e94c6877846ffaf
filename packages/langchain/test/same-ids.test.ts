import { AIMessageChunk } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import { expect, test, vi } from 'vitest';
import { governChatModel } from '../src/index.ts';
import { ADA, BLOCKING, governed, MASK, REDACTING, said, SECRET } from './harness.ts';
import { WrittenTexts } from '../src/model/written-texts.ts';
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

test('each text of calls that share an id is read once, and each call has its own', () => {
  const count = 300;
  const texts = Array.from({ length: count }, (_, n) => `{ "n": ${n % 100} }`);
  const chunks = texts.map((args, index) => ({ index, id: 'c', name: 'send', args, type: 'tool_call_chunk' as const }));
  const parse = vi.spyOn(JSON, 'parse');
  const written = new WrittenTexts({ tool_call_chunks: chunks });
  // In another order, and one that the framework has mended.
  const asked = texts.map((_, at) => ({ id: 'c', args: { n: 99 - (at % 100) } }));
  const taken = asked.map((call) => written.take(call));
  const mended = written.take({ id: 'c', args: { n: 1 } });
  const read = parse.mock.calls.length;
  parse.mockRestore();
  expect(read).toBe(count);
  expect(taken).toEqual(asked.map(({ args }) => ({ text: `{ "n": ${args.n} }`, exact: true })));
  expect(mended).toEqual({ text: undefined, exact: false });
});

test('a text that says what no call says is the mended one of the first call without a text', () => {
  const chunk = (index: number, args: string, id?: string) => ({ index, name: 'send', args, ...(id && { id }) });
  const written = new WrittenTexts({
    tool_call_chunks: [chunk(0, '{"n":'), chunk(1, '{"n":2}', 'c'), chunk(0, '1', 'c'), chunk(0, ',}')] as never,
  });
  expect(written.take({ id: 'c', args: { n: 2 } })).toEqual({ text: '{"n":2}', exact: true });
  expect(written.take({ id: 'c', args: { n: 1 } })).toEqual({ text: '{"n":1,}', exact: false });
  expect(written.take({ id: 'd', args: {} })).toEqual({ text: undefined, exact: false });
});
