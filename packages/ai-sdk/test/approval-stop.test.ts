import { generateText, jsonSchema, tool } from 'ai';
import { expect, test } from 'vitest';
import { governApproval, governModel } from '../src/index.ts';
import { governorWith, PAYLOADS, rule, subject } from './harness.ts';
import { scriptedModel, text } from './models.ts';

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
