import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { Detector } from '@flyball/core';
import { jsonSchema, tool } from 'ai';
import { describe, expect, test, vi } from 'vitest';
import { govern, governModel } from '../src/index.ts';
import { governorWith, rule, subject } from './harness.ts';
import { collect, scriptedModel, text } from './models.ts';

// What is decided after the answer has ended: a halt came while a judge was asked.

const PROMPT = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hello' }] }];

const PARTS: { readonly [name: string]: readonly Part[] } = {
  'a source': [{ type: 'source', sourceType: 'url', id: 's', url: 'https://a.example', title: 'T' }],
  'an error': [{ type: 'error', error: 'overloaded' }],
  'what stands beside the text': [{ type: 'text-start', id: '2', providerMetadata: { acme: { note: 'see page 2' } } }],
  'what stands beside a source': [
    {
      ...{ type: 'source', sourceType: 'url', id: 's', url: 'https://a.example', title: 'T' },
      providerMetadata: { acme: { note: 'see page 2' } },
    },
  ],
  'a citation': [
    { type: 'text-start', id: '2' },
    {
      type: 'text-end',
      id: '2',
      citations: [
        { source: { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example' }, citedText: 'page 2' },
      ],
    },
  ],
  'the end': [],
};

/** A judge that answers when it is told to. */
function slowJudge(): { judge: Detector; answer: (found: boolean) => void; asked: () => number } {
  let asked = 0;
  const waiting: ((found: boolean) => void)[] = [];
  const judge: Detector = {
    id: 'judge',
    version: '1',
    types: ['judged'],
    deadlineMs: 20_000,
    async detect({ text: judged }) {
      asked++;
      const found = await new Promise<boolean>((resolve) => waiting.push(resolve));
      return found ? [{ type: 'judged', score: 1, start: 0, end: judged.length }] : [];
    },
  };
  return { judge, answer: (found) => waiting.splice(0).forEach((tell) => tell(found)), asked: () => asked };
}

describe.each(Object.entries(PARTS))('%s', (_name, parts) => {
  test.each([false, true])(
    'D6: leaves no more after a halt, whatever the judge says then; found: %s',
    async (found) => {
      const { judge, answer, asked } = slowJudge();
      const rules = [rule('output', 'block', { detect: 'judged' })];
      const governor = await governorWith(rules, { deadline: '20s' }, [judge]);
      const model = governModel({ model: scriptedModel([...text('1', 'So far.'), ...parts]), governor, subject });
      const { stream } = await model.doStream({ prompt: PROMPT });
      const reading = collect(stream as unknown as AsyncIterable<Part>);
      await vi.waitFor(() => expect(asked()).toBeGreaterThan(0), { timeout: 10_000 });
      await governor.control.halt({}, { who: 'op', why: 'test' });
      const seen = await reading;
      expect(seen.at(-1)).toMatchObject({ type: 'finish', providerMetadata: { flyball: { reason: 'HALTED' } } });
      const [late, judged] = [seen.length, asked()];
      answer(found);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect([seen.length, asked()]).toEqual([late, judged]);
      expect(seen.filter(({ type }) => type === 'finish')).toHaveLength(1);
      expect(JSON.stringify(seen)).not.toMatch(/a\.example|overloaded|page 2/);
    },
  );
});

test('a tool that turns out to yield when its call has been decided on at last shows what it yields in the end', async () => {
  const { judge, answer, asked } = slowJudge();
  const rules = [rule('tool_call', 'block', { detect: 'judged' })];
  const governor = await governorWith(rules, { deadline: '20s' }, [judge]);
  async function* yields(): AsyncGenerator<string> {
    yield 'first';
    yield 'last';
  }
  const tools = { find: tool({ inputSchema: jsonSchema({ type: 'object' }), execute: () => yields() }) };
  const governed = govern(governor, { subject, model: scriptedModel(text('1', 'fine')), tools });
  const running = governed.tools.find.execute({ q: 'it' }, { toolCallId: 'c1', messages: [] } as never);
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(0), { timeout: 10_000 });
  answer(false);
  expect(await running).toBe('last');
});
