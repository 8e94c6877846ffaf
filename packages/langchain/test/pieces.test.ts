import { AIMessageChunk } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import { FakeStreamingChatModel } from '@langchain/core/utils/testing';
import fc from 'fast-check';
import { createGovernor, type PolicyDocument } from '@flyball/core';
import { describe, expect, it } from 'vitest';
import { governChatModel } from '../src/index.ts';
import { ADA, BLOCKING, governed, MASK, REDACTING, said, SECRET } from './harness.ts';

/** A model that streams exactly these chunks. */
class ChunkModel extends FakeStreamingChatModel {
  readonly fields: readonly object[];

  constructor(fields: readonly object[]) {
    super({});
    this.fields = fields;
  }
  override async *_streamResponseChunks(): AsyncGenerator<ChatGenerationChunk> {
    for (const fields of this.fields) {
      const message = new AIMessageChunk(fields);
      yield new ChatGenerationChunk({ text: message.text, message });
    }
  }
}

const kwargs = (fields: object): object => ({ content: '', additional_kwargs: fields });
const piece = (type: string, fields: object): object => ({ content: [{ type, index: 0, ...fields }] });

/** The phrase in two pieces, in each place where providers stream words. */
const PLACES: { readonly [name: string]: readonly object[] } = {
  'a text': [{ content: 'TOP' }, { content: 'SECRET' }],
  'a block of text': [piece('text', { text: 'TOP' }), piece('text', { text: 'SECRET' })],
  'two blocks of text': [
    { content: [{ type: 'text', index: 0, text: 'TOP' }] },
    { content: [{ type: 'text', index: 1, text: 'SECRET' }] },
  ],
  'a block of reasoning': [piece('reasoning', { reasoning: 'TOP' }), piece('reasoning', { reasoning: 'SECRET' })],
  'a block of thinking': [piece('thinking', { thinking: 'TOP' }), piece('thinking', { thinking: 'SECRET' })],
  'a refusal of the model’s own': [piece('refusal', { refusal: 'TOP' }), piece('refusal', { refusal: 'SECRET' })],
  'reasoning beside the content': [kwargs({ reasoning_content: 'TOP' }), kwargs({ reasoning_content: 'SECRET' })],
  'reasoning under another name': [kwargs({ reasoning: 'TOP' }), kwargs({ reasoning: 'SECRET' })],
};

/** The same in fields that nobody here knows. */
const UNKNOWN: { readonly [name: string]: readonly object[] } = {
  'a transcript': [kwargs({ audio: { transcript: 'It is TOP' } }), kwargs({ audio: { transcript: 'SECRET' } })],
  'a field of tomorrow': [kwargs({ commentary: 'It is TOP' }), kwargs({ commentary: 'SECRET' })],
  'a block of tomorrow': [piece('monologue', { words: 'It is TOP' }), piece('monologue', { words: 'SECRET' })],
};

async function streamOf(policy: PolicyDocument, fields: readonly object[]): Promise<AIMessageChunk[]> {
  const governor = await governed(policy);
  const chunks: AIMessageChunk[] = [];
  const model = governChatModel(new ChunkModel(fields), { governor, subject: ADA });
  for await (const chunk of await model.stream('hello')) chunks.push(chunk);
  await governor.close();
  return chunks;
}

describe('the phrase, cut in two', () => {
  it.each(Object.entries(PLACES))('in %s, does not begin to leave', async (_name, fields) => {
    const seen = said(await streamOf(BLOCKING, fields));
    expect([seen.includes('TOP'), seen.includes('content_filter')]).toEqual([false, true]);
    const masked = said(await streamOf(REDACTING, fields));
    expect([masked.includes('TOP'), masked.includes(MASK)]).toEqual([false, true]);
  });

  it.each(Object.entries(UNKNOWN))('in %s, does not begin to leave either', async (_name, fields) => {
    const seen = said(await streamOf(BLOCKING, fields));
    expect([seen.includes('TOP'), seen.includes('content_filter')]).toEqual([false, true]);
    const masked = said(await streamOf(REDACTING, [...fields, { content: 'The end.' }]));
    expect([masked.includes('TOP'), masked.includes(MASK), masked.includes('The end.')]).toEqual([false, true, true]);
  });

  it.each(Object.entries(UNKNOWN))(
    'in %s, the beginning of it that goes on otherwise leaves',
    async (_name, [first]) => {
      for (const policy of [BLOCKING, REDACTING]) {
        const chunks = await streamOf(policy, [first!, { content: 'All ' }, { content: 'is well.' }]);
        expect([said(chunks).includes('It is TOP'), chunks.map(({ text }) => text).join('')]).toEqual([
          true,
          'All is well.',
        ]);
      }
    },
  );

  it('a field waits for its continuation for eight chunks, and is read on all the same', async () => {
    const words = Array.from({ length: 12 }, (_, at) => ({ content: `${at} ` }));
    const seen = await streamOf(BLOCKING, [UNKNOWN['a transcript']![0]!, ...words, UNKNOWN['a transcript']![1]!]);
    expect(said(seen)).toContain('It is TOP');
    expect(said(seen)).not.toContain('SECRET');
    expect(said(seen)).toContain('content_filter');
  });

  it('a key is masked by nobody: the answer ends', async () => {
    const seen = said(await streamOf(REDACTING, [{ content: 'Well. ' }, kwargs({ audio: { [SECRET]: 1 } })]));
    expect([seen.includes(SECRET), seen.includes('Well.'), seen.includes('EDIT_NOT_APPLICABLE')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('a field that says the same with each piece is no text in pieces', async () => {
    const fields = ['All ', 'is ', 'well.'].map((content) => ({ content, response_metadata: { request: 'TOPSECRE' } }));
    const chunks = await streamOf({ ...BLOCKING, policy: 'constant' }, [...fields, { content: '' }]);
    expect(chunks.map(({ text }) => text).join('')).toBe('All is well.');
  });

  it('a field that changes in the end is read with what it said before', async () => {
    const same = ['All ', 'is '].map((content) => ({ content, response_metadata: { request: 'TOPSECRE' } }));
    const chunks = await streamOf(BLOCKING, [...same, { content: '', response_metadata: { request: 'T' } }]);
    expect(chunks.map(({ response_metadata: { request, finish_reason: reason } }) => request ?? reason)).toEqual([
      'TOPSECRE',
      'TOPSECRE',
      'content_filter',
    ]);
  });
});

describe('G1: cut at random', () => {
  const RULES = (then: 'block' | 'redact'): PolicyDocument => ({
    policy: `random-${then}`,
    version: 1,
    detectors: [{ id: 'words', patterns: ['ab+c', 'cab', '🚚x'] }],
    rules: [{ id: 'out', on: 'output', detect: 'words', then, reason: 'P_WORD' }],
  });

  it.each(['block', 'redact'] as const)('what leaves is what a decision on the whole text says (%s)', async (then) => {
    const governor = await createGovernor({ policy: RULES(then) });
    const texts = fc
      .array(fc.constantFrom('a', 'b', 'c', 'x', ' ', '🚚'), { maxLength: 14 })
      .map((units) => units.join(''));
    const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(texts, cuts, fc.constantFrom('string', 'blocks', 'native'), async (text, sizes, how) => {
        const pieces: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn++) {
          pieces.push(text.slice(at, at + sizes[turn % sizes.length]!));
          at += sizes[turn % sizes.length]!;
        }
        const fields = pieces.map((content) => (how === 'blocks' ? piece('text', { text: content }) : { content }));
        const model = governChatModel(new ChunkModel([...fields, { content: '' }]), { governor, subject: ADA });
        let released = '';
        if (how === 'native') {
          for await (const event of model.streamEvents('hello') as AsyncIterable<{ delta?: { text?: string } }>)
            released += event.delta?.text ?? '';
        } else for await (const chunk of await model.stream('hello')) released += chunk.text;
        const whole = await governor.decide(governor.interaction(ADA).event({ stage: 'output', content: text }));
        if (whole.verdict.outcome === 'BLOCK') {
          const [first] = whole.signals.map(({ start }) => start ?? 0).toSorted((a, b) => a - b);
          const before = text.slice(0, first);
          expect(released.replace('This was stopped by policy.', '')).toBe(before);
        } else {
          const edits = whole.edits.toSorted((a, b) => b.start - a.start);
          expect(released).toBe(
            edits.reduce((all, { start, end, mask }) => all.slice(0, start) + mask + all.slice(end), text),
          );
        }
      }),
      { numRuns: 300 },
    );
    await governor.close();
  });
});
