import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { governModel } from '../src/index.ts';
import { governorWith, PAYLOADS, rule, subject } from './harness.ts';
import { collect, reasoning, scriptedModel, toolCall, USAGE } from './models.ts';

const PROMPT = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hello' }] }];
const NOTE = { acme: { note: PAYLOADS.word } };
const BY_PROVIDER = { providerExecuted: true } as const;
const rules = (then: 'block' | 'redact'): Parameters<typeof governorWith>[0] => [
  rule(['output', 'tool_result'], then),
  rule('tool_call', then, then === 'redact' ? { editArgs: true } : {}),
];
const own = toolCall('p', 'search', { q: PAYLOADS.word }).map((part): Part =>
  part.type === 'tool-input-start' || part.type === 'tool-call' ? { ...part, ...BY_PROVIDER } : part,
);

/** Every kind of part, most of them with what a rule looks for in it, cut where a rule would hold it. */
const PARTS: readonly Part[] = [
  { type: 'stream-start', warnings: [] },
  { type: 'response-metadata', id: 'r' },
  ...reasoning('r', 'TOP', 'SECRET'),
  { type: 'text-start', id: '1', providerMetadata: NOTE },
  { type: 'text-delta', id: '1', delta: '{"a":"it is TOP' },
  { type: 'ping' },
  { type: 'text-delta', id: '1', delta: 'SECRET","ada@example', providerMetadata: NOTE },
  { type: 'text-delta', id: '1', delta: '' },
  { type: 'raw', rawValue: PAYLOADS.word },
  { type: 'text-delta', id: '1', delta: '.com":1}' },
  { type: 'text-end', id: '1', providerMetadata: NOTE },
  { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example', title: PAYLOADS.word },
  ...own,
  { type: 'tool-result', toolCallId: 'p', toolName: 'search', result: PAYLOADS.word },
  ...toolCall('c', 'send', { body: PAYLOADS.word }),
  { type: 'tool-approval-request', approvalId: 'a', toolCallId: 'c' },
  { type: 'error', error: PAYLOADS.word },
  { type: 'of-a-later-version', id: 'x' } as unknown as Part,
  { type: 'finish', usage: USAGE, finishReason: { unified: 'tool-calls', raw: 'end' }, providerMetadata: NOTE },
];

for (const mode of ['off', 'shadow'] as const) {
  test.each<readonly [what: string, json: boolean, then: 'block' | 'redact']>([
    ['text', false, 'block'],
    ['text', false, 'redact'],
    ['JSON', true, 'block'],
    ['JSON', true, 'redact'],
  ])(`E4: in ${mode} an answer in %s (%s, %s) is the model’s own, part by part`, async (_what, json, then) => {
    const governor = await governorWith(rules(then), { mode });
    const model = governModel({ model: scriptedModel(PARTS), governor, subject });
    const { stream } = await model.doStream({ prompt: PROMPT, ...(json && { responseFormat: { type: 'json' } }) });
    expect(await collect(stream as unknown as AsyncIterable<Part>)).toEqual(PARTS);
  });
}

test.each([false, true])('while enforcing, nothing unread of it leaves (declared JSON: %s)', async (json) => {
  const governor = await governorWith(rules('redact'));
  const model = governModel({ model: scriptedModel(PARTS), governor, subject });
  const { stream } = await model.doStream({ prompt: PROMPT, ...(json && { responseFormat: { type: 'json' } }) });
  const seen = await collect(stream as unknown as AsyncIterable<Part>);
  const types = new Set<string>(seen.map(({ type }) => type));
  expect([types.has('raw'), types.has('of-a-later-version')]).toEqual([false, false]);
  expect(JSON.stringify(seen)).not.toContain(PAYLOADS.word);
});

test('a block that ends without citations is no event of its own, and one with citations is', async () => {
  const governor = await governorWith(rules('block'));
  const model = (citations: readonly unknown[]) =>
    governModel({
      model: scriptedModel([
        { type: 'text-start', id: '1' },
        { type: 'text-delta', id: '1', delta: 'fine' },
        { type: 'text-end', id: '1', citations } as unknown as Part,
      ]),
      governor,
      subject,
    });
  const decisions = async (citations: readonly unknown[]): Promise<number> => {
    let count = 0;
    const stop = governor.events.subscribe(({ kind }) => void (kind === 'decision' && count++));
    const { stream } = await model(citations).doStream({ prompt: PROMPT });
    await collect(stream as unknown as AsyncIterable<Part>);
    stop();
    return count;
  };
  const cited = { source: { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example' }, citedText: 'fine' };
  const without = await decisions([]);
  expect(await decisions([cited])).toBe(without + 1);
});

test.each([true, false])('what keeps a connection alive does not wait for a call; enforcing: %s', async (enforcing) => {
  const governor = await governorWith(rules('block'), { mode: enforcing ? 'enforce' : 'shadow' });
  const parts = [...toolCall('c', 'send', { body: 'fine' }), { type: 'ping' } as Part];
  const options = { type: 'function' as const, name: 'send', inputSchema: { type: 'object' as const } };
  const model = governModel({ model: scriptedModel(parts), governor, subject });
  const { stream } = await model.doStream({ prompt: PROMPT, tools: [options] });
  const types = (await collect(stream as unknown as AsyncIterable<Part>)).map(({ type }) => type);
  expect(types.indexOf('ping')).toBe(enforcing ? 0 : parts.length - 1);
});
