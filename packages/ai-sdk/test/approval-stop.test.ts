import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { callContext, decideToolCall, toolRunOf } from '@flyball/agent-kit';
import type { Governor, Interaction } from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';
import { generateText, jsonSchema, tool, type ToolSet } from 'ai';
import { describe, expect, test } from 'vitest';
import { govern, governApproval, governModel } from '../src/index.ts';
import { governorWith, PAYLOADS, rule, subject } from './harness.ts';
import { collect, scriptedModel, text, toolCall } from './models.ts';

test.each([
  ['stop', 0],
  ['continue', 1],
] as const)('T4: a call that approval denies ends the run where `onBlock` says so: %s', async (onBlock, asked) => {
  const governor = await governorWith([rule('tool_call', 'block')], { onBlock });
  const interaction = governor.interaction(subject);
  const tools = { send: tool({ inputSchema: jsonSchema({ type: 'object' }), execute: () => 'sent' }) };
  const approve = governApproval({ governor, interaction });
  const toolCall = { type: 'tool-call', toolCallId: 'c1', toolName: 'send', input: { body: PAYLOADS.word } };
  const status = await (approve as (asked: unknown) => Promise<unknown>)({ toolCall, tools, messages: [] });
  expect(status).toMatchObject({ type: 'denied' });

  const model = scriptedModel(text('1', 'Done.'));
  await generateText({ model: governModel({ model, governor, interaction }), prompt: 'go on' });
  expect(model.prompts).toHaveLength(asked);
});

interface Of {
  readonly governor: Governor;
  readonly interaction: Interaction;
}

describe('what approval answers', () => {
  const asks = async (tool: object, input: unknown = { body: 'fine' }, of?: Of): Promise<unknown> => {
    const governor = of?.governor ?? (await governorWith([rule('tool_call', 'block')]));
    const approve = governApproval({ governor, interaction: of?.interaction ?? governor.interaction(subject) });
    const toolCall = { type: 'tool-call', toolCallId: 'c1', toolName: 'send', input };
    return (approve as (asked: unknown) => Promise<unknown>)({ toolCall, tools: { send: tool }, messages: [] });
  };

  test.each([
    [{}, 'not-applicable'],
    [{ needsApproval: false }, 'not-applicable'],
    [{ needsApproval: true }, 'user-approval'],
    [{ needsApproval: () => false }, 'not-applicable'],
    [{ needsApproval: async () => true }, 'user-approval'],
  ])('of a call that may go on is the tool’s own: %o', async (tool, status) => {
    expect(await asks(tool)).toBe(status);
  });

  test('of withheld arguments is the decision that withheld them, where that is known, and a denial all the same', async () => {
    const governor = await governorWith([rule('tool_call', 'block')]);
    const interaction = governor.interaction(subject);
    const context = callContext({ governor: requireGovernor(governor, 'test') }, interaction, {
      point: 'model',
      model: 'm',
    });
    toolRunOf(interaction).tools.set('send', (args) => Promise.resolve(args));
    const verdict = await decideToolCall(context, { tool: 'send', args: { body: PAYLOADS.word } });
    expect(verdict.kind).toBe('withheld');
    const { standIn } = verdict as { readonly standIn: unknown };
    expect(await asks({}, standIn, { governor, interaction })).toMatchObject({
      type: 'denied',
      reason: expect.stringContaining('P_TEST') as string,
    });
    const unknown = { flyball: 'withheld', auditId: 'aud_00000000000000000000000000' };
    expect(await asks({}, unknown)).toEqual({
      type: 'denied',
      reason: 'the arguments of this call were withheld by policy',
    });
  });
});

test.each([
  ['fine', ['tool-input-start', 'tool-input-delta', 'tool-input-end', 'tool-call', 'tool-approval-request']],
  [PAYLOADS.word, ['tool-call']],
])('a provider asks for approval of a call that goes on, and of no other: %s', async (body, types) => {
  const governor = await governorWith([rule('tool_call', 'block')]);
  const asking: Part[] = [
    ...toolCall('c1', 'send', { body }),
    { type: 'tool-approval-request', approvalId: 'a1', toolCallId: 'c1' },
  ];
  const tools: ToolSet = { send: tool({ inputSchema: jsonSchema({ type: 'object' }) }) };
  const { model } = govern(governor, { subject, model: scriptedModel(asking), tools });
  const { stream } = await model.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
    tools: [{ type: 'function', name: 'send', inputSchema: { type: 'object' } }],
  });
  const seen = await collect(stream as unknown as AsyncIterable<Part>);
  expect([...new Set(seen.map(({ type }) => type))]).toEqual([...types, 'finish']);
});
