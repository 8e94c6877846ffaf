// What the application's own approval is asked and answers, where the policy lets a call go on: as without governance.
import { requireGovernor } from '@flyball/core/adapter';
import { jsonSchema } from 'ai';
import { expect, test, vi } from 'vitest';
import { governApproval } from '../src/index.ts';
import { governorWith, rule, subject } from './harness.ts';

const INPUT = { body: 'fine' };
const MESSAGES = [{ role: 'user', content: 'send it' }];
const RUNTIME = { region: 'eu' };
/** A context that is read: what the schema makes of it is handed on. */
const READ = jsonSchema<{ account: number }>(
  { type: 'object' },
  {
    validate: (value) => {
      const { account } = value as { account: unknown };
      return account === '42'
        ? { success: true, value: { account: 42 } }
        : { success: false, error: new Error('none') };
    },
  },
);

interface Setting {
  readonly toolApproval?: unknown;
  readonly tool?: object;
  readonly name?: string;
  readonly account?: string;
}

async function asked({ toolApproval, tool = {}, name = 'send', account = '42' }: Setting): Promise<unknown> {
  const governor = await governorWith([rule('tool_call', 'block')]);
  const approve = governApproval({ governor, subject, ...(toolApproval !== undefined && { toolApproval }) } as never);
  return (approve as (question: unknown) => Promise<unknown>)({
    toolCall: { type: 'tool-call', toolCallId: 'c1', toolName: name, input: INPUT },
    tools: { send: tool },
    toolsContext: { send: { account } },
    messages: MESSAGES,
    runtimeContext: RUNTIME,
  });
}

test.each<readonly [name: string, setting: Setting, status: unknown]>([
  ['a function for all tools', { toolApproval: () => 'user-approval' }, 'user-approval'],
  ['a status for the tool', { toolApproval: { send: 'approved' } }, 'approved'],
  ['a function for the tool', { toolApproval: { send: () => 'denied' } }, 'denied'],
  ['a status for another tool', { toolApproval: { other: 'denied' } }, 'not-applicable'],
  [
    'none for the tool, which asks itself',
    { toolApproval: { other: 'denied' }, tool: { needsApproval: true } },
    'user-approval',
  ],
  [
    '`null` for the tool, which asks itself',
    { toolApproval: { send: null }, tool: { needsApproval: true } },
    'user-approval',
  ],
  ['a tool that says `null`', { tool: { needsApproval: null } }, 'not-applicable'],
  // Names come from the model: one that every object has is no tool, and no approval.
  ['a name that every object has', { toolApproval: {}, name: 'constructor' }, 'not-applicable'],
  ['a tool that there is not', { name: 'other', tool: { needsApproval: true } }, 'not-applicable'],
])('%s', async (_, setting, status) => {
  expect(await asked(setting)).toBe(status);
});

test('a function for all tools is asked what the SDK asks', async () => {
  const toolApproval = vi.fn(() => 'approved');
  await asked({ toolApproval });
  expect(toolApproval).toHaveBeenCalledWith(
    expect.objectContaining({ messages: MESSAGES, runtimeContext: RUNTIME, toolsContext: { send: { account: '42' } } }),
  );
});

test.each<readonly [name: string, tool: object, context: unknown]>([
  ['as the schema reads it', { contextSchema: READ }, { account: 42 }],
  ['as it is, without a schema', {}, { account: '42' }],
  ['as it is, where the schema checks nothing', { contextSchema: jsonSchema({ type: 'object' }) }, { account: '42' }],
])('a function for one tool is handed the context of the tool %s', async (_, tool, context) => {
  const byTool = vi.fn(() => 'approved');
  await asked({ toolApproval: { send: byTool }, tool });
  expect(byTool).toHaveBeenCalledWith(INPUT, {
    toolCallId: 'c1',
    messages: MESSAGES,
    toolContext: context,
    runtimeContext: RUNTIME,
  });

  const needsApproval = vi.fn(() => true);
  expect(await asked({ tool: { ...tool, needsApproval } })).toBe('user-approval');
  expect(needsApproval).toHaveBeenCalledWith(INPUT, { toolCallId: 'c1', messages: MESSAGES, context });
});

test('a context that its schema refuses fails the call, as it does without governance', async () => {
  const tool = { contextSchema: READ, needsApproval: () => false };
  await expect(asked({ tool, account: '7' })).rejects.toThrow('none');
});

test('an approval that is none is refused where it is given, and calls are a stage of this process', async () => {
  const governor = await governorWith([rule('tool_call', 'block')]);
  expect(() => governApproval({ governor, subject, toolApproval: 'approved' as never })).toThrow(
    '`toolApproval` must be',
  );
  requireGovernor(governor, 'test').declareStages(['input']);
  expect(governor.status().policies[0]?.stageNotWired).toEqual(['tool_call']);
  governApproval({ governor, subject });
  expect(governor.status().policies[0]?.stageNotWired).toEqual([]);
});
