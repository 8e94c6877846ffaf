import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { jsonSchema, tool, type ToolSet } from 'ai';
import { expect, test } from 'vitest';
import { govern, governModel } from '../src/index.ts';
import { governorWith, PAYLOADS, rule, subject } from './harness.ts';
import { collect, scriptedModel, text, toolCall, USAGE } from './models.ts';

const CALL = {
  prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hello' }] }],
  tools: [{ type: 'function' as const, name: 'send', inputSchema: { type: 'object' as const } }],
};

const AFTER: readonly Part[] = [
  { type: 'ping' } as never,
  ...toolCall('p', 'search', { q: 'it' }).map((part): Part =>
    part.type === 'tool-call' || part.type === 'tool-input-start' ? { ...part, providerExecuted: true } : part,
  ),
  { type: 'tool-result', toolCallId: 'p', toolName: 'search', result: 'found' },
  { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com' },
];

test('of an answer that was stopped nothing more is decided, recorded or let go', async () => {
  for (const whole of [false, true]) {
    const governor = await governorWith([rule(['output', 'tool_call', 'tool_result'], 'block')]);
    const decided: string[] = [];
    governor.events.subscribe((event) => {
      if (event.kind === 'decision') decided.push(event.event.stage);
    });
    const parts = [...text('1', `so far ${PAYLOADS.word}`), ...AFTER];
    const model = governModel({ governor, subject, model: scriptedModel(parts) });
    const seen = whole
      ? ((await model.doGenerate(CALL)).content as readonly { readonly type: string }[])
      : await collect((await model.doStream(CALL)).stream as unknown as AsyncIterable<{ readonly type: string }>);
    expect(decided).toEqual(['input', 'output']);
    const types = new Set(seen.map(({ type }) => type));
    expect([...types].filter((type) => !type.startsWith('text') && type !== 'finish')).toEqual([]);
  }
});

test.each([
  ['tool-calls', false],
  ['stop', false],
  ['length', true],
  ['content-filter', true],
  ['error', true],
  ['other', true],
] as const)('a run whose message calls tools and ends as `%s` has let go of its place: %s', async (unified, isFree) => {
  const governor = await governorWith([rule('input', 'block')], {
    limits: [{ id: 'one', unit: 'in_flight', on: ['input'], allow: 1, per: '1m', then: 'block' }],
  });
  const finish: Part = { type: 'finish', usage: USAGE, finishReason: { unified, raw: 'x' } };
  const tools: ToolSet = { send: tool({ inputSchema: jsonSchema({ type: 'object' }) }) };
  const { model } = govern(governor, { subject, model: scriptedModel([...toolCall('c', 'send', {}), finish]), tools });
  await collect((await model.doStream(CALL)).stream as unknown as AsyncIterable<Part>);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const next = await governor.decide(governor.interaction(subject).event({ stage: 'input', content: 'hello' }));
  expect(next.outcome === 'ALLOW').toBe(isFree);
});

test('E6: a match that only the end of its block completes stops the stream there', async () => {
  const governor = await governorWith([{ id: 'code', on: 'output', detect: 'code', then: 'block', reason: 'P_CODE' }], {
    detectors: [{ id: 'code', patterns: ['CODE-\\d+\\b'] }],
  });
  const thoughts = Array.from({ length: 50 }, (): Part => ({ type: 'reasoning-delta', id: 'r', delta: 'and on ' }));
  const said = text('1', 'so far CODE-7');
  const inner = scriptedModel([...said, { type: 'reasoning-start', id: 'r' }, ...thoughts]);
  const model = governModel({ governor, subject, model: inner });
  const seen = await collect((await model.doStream(CALL)).stream as unknown as AsyncIterable<Part>);
  expect(inner.pulled).toBeLessThanOrEqual(said.length + 2);
  expect(seen.some(({ type }) => type.startsWith('reasoning'))).toBe(false);
});
