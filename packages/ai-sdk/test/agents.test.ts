import {
  createAgentUIStream,
  generateText,
  isStepCount,
  jsonSchema,
  readUIMessageStream,
  streamText,
  tool,
  ToolLoopAgent,
  validateUIMessages,
  type UIMessage,
} from 'ai';
import { setAmbientInteraction } from '@flyball/core/adapter';
import type { Governor, Interaction, Subject } from '@flyball/core';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { govern } from '../src/index.ts';
import { governorWith, rule } from './harness.ts';
import { collect, scriptedModel, text, toolCall, type Answer, type ScriptedModel } from './models.ts';

afterEach(() => setAmbientInteraction(() => undefined));

/** Who the governor's decisions were about, by user. */
function usersOf(governor: Governor): string[] {
  const users: string[] = [];
  governor.events.subscribe((event) => {
    if (event.kind === 'decision') users.push(event.event.subject.user ?? '-');
  });
  return users;
}

const reading = [rule(['input', 'output', 'tool_call', 'tool_result'], 'block')];
const lookup = tool({ inputSchema: jsonSchema<object>({ type: 'object' }), execute: () => 'found' });
/** Calls the tool, and is done when it has its result. */
const twoSteps = (): ScriptedModel =>
  scriptedModel(({ prompt }) => (prompt.at(-1)!.role === 'tool' ? text('2', 'Done.') : toolCall('c1', 'lookup', {})));

describe('an agent that lives as long as the process', () => {
  interface Options {
    readonly user: string;
  }
  const agentOf = (governor: Governor, subject: (call: { options?: unknown }) => Subject | undefined) =>
    new ToolLoopAgent<Options, { lookup: typeof lookup }>({
      ...govern(governor, { subject, model: twoSteps(), tools: { lookup } }),
      callOptionsSchema: z.object({ user: z.string() }),
      instructions: 'be brief',
    });

  test('asks who acts for each call, with its options, and keeps calls apart', async () => {
    const governor = await governorWith(reading);
    const users = usersOf(governor);
    const agent = agentOf(governor, ({ options }) => ({ tenant: 'acme', user: (options as Options).user }));
    for (const user of ['ada', 'bob']) {
      users.length = 0;
      const result = await agent.generate({ prompt: 'hello', options: { user } });
      expect(result.finishReason).toBe('stop');
      expect([users.length, ...new Set(users)]).toEqual([6, user]);
    }
    const both = await Promise.all(
      ['ada', 'bob'].map(async (user) => agent.stream({ prompt: 'hello', options: { user } })),
    );
    users.length = 0;
    await Promise.all(both.map(async (result) => collect(result.textStream)));
    expect(users.toSorted()).toEqual([...Array<string>(6).fill('ada'), ...Array<string>(6).fill('bob')]);
  });

  test('one that finds nobody is decided on as the policy says', async () => {
    const governor = await governorWith(reading);
    const result = await agentOf(governor, () => undefined).generate({ prompt: 'hello', options: { user: 'x' } });
    expect(result.finalStep.providerMetadata).toMatchObject({ flyball: { reason: 'FAILED_CLOSED' } });
  });

  test('takes the interaction of the request around each call', async () => {
    const governor = await governorWith(reading);
    const agent = new ToolLoopAgent({ ...govern(governor, { model: twoSteps(), tools: { lookup } }) });
    for (const user of ['ada', 'bob']) {
      const interaction: Interaction = governor.interaction({ tenant: 'acme', user });
      setAmbientInteraction(() => interaction);
      await agent.generate({ prompt: 'hello' });
      expect(interaction.decisions).toHaveLength(6);
    }
  });

  test('what its own `prepareCall` chooses is governed too', async () => {
    const leaky = scriptedModel(text('1', 'TOPSECRET'));
    const governor = await governorWith(reading);
    const agent = new ToolLoopAgent({
      ...govern(governor, {
        subject: { tenant: 'acme' },
        model: twoSteps(),
        tools: { lookup },
        prepareCall: (settings: object) => ({ ...settings, model: leaky }),
      }),
    });
    expect((await agent.generate({ prompt: 'hello' })).text).toBe('This was stopped by policy.');
    expect(leaky.prompts).toHaveLength(1);
  });

  test('its limits, labels and denials are those of the call', async () => {
    const governor = await governorWith([rule('tool_call', 'block')], {
      limits: [{ id: 'one', unit: 'in_flight', allow: 1, per: '1m', then: 'block' }],
    });
    const agent = agentOf(governor, ({ options }) => ({ tenant: 'acme', user: (options as Options).user }));
    for (const call of [1, 2, 3]) {
      const result = await agent.generate({ prompt: 'hello', options: { user: 'ada' } });
      expect([call, result.finishReason]).toEqual([call, 'stop']);
    }
  });
});

test('what one `govern` returned cannot serve several subjects: the later ones are nobody’s', async () => {
  const governor = await governorWith(reading);
  const told: unknown[] = [];
  governor.events.subscribe((event) => {
    if (event.kind === 'failure') told.push((event.cause as Error).message);
  });
  let user = 'ada';
  const governed = govern(governor, {
    subject: () => ({ tenant: 'acme', user }),
    model: scriptedModel(text('1', 'fine')),
  });
  expect((await generateText({ ...governed, prompt: 'hello' })).text).toBe('fine');
  expect((await generateText({ ...governed, prompt: 'again' })).text).toBe('fine');
  user = 'bob';
  expect((await generateText({ ...governed, prompt: 'hello' })).finishReason).toBe('content-filter');
  expect(told).toEqual([expect.stringContaining('used for several subjects: call `govern` for each request')]);
});

describe('a run', () => {
  const limited = (): Promise<Governor> =>
    governorWith([rule('tool_call', 'block')], {
      limits: [{ id: 'one', unit: 'in_flight', on: ['input'], allow: 1, per: '1m', then: 'block' }],
    });
  const ask = (governor: Governor, model: ScriptedModel, execute: () => unknown, more: object = {}) =>
    streamText({
      ...govern(governor, {
        subject: { tenant: 'acme', user: 'ada' },
        model,
        tools: { lookup: tool({ inputSchema: jsonSchema({ type: 'object' }), execute }) },
      }),
      prompt: 'hello',
      stopWhen: isStepCount(5),
      ...more,
    });

  test('keeps its place in limits until it ends: while its tool runs, another waits outside', async () => {
    const governor = await limited();
    let during = '';
    const execute = async (): Promise<string> => {
      during = await ask(governor, scriptedModel(text('1', 'fine')), () => 'x').finishReason;
      return 'found';
    };
    const first = ask(governor, twoSteps(), execute);
    expect([await first.finishReason, during]).toEqual(['stop', 'content-filter']);
    expect(await ask(governor, twoSteps(), () => 'x').finishReason).toBe('stop');
  });

  test.each([
    ['a step limit ends it', { stopWhen: isStepCount(1) }],
    ['its reader gives up', { abortSignal: AbortSignal.timeout(20) }],
  ])('frees its place when %s', async (_how, more) => {
    const governor = await limited();
    const execute = (): unknown => new Promise((resolve) => setTimeout(resolve, 60, 'found'));
    await collect(ask(governor, twoSteps(), execute, more).stream);
    expect(await ask(governor, scriptedModel(text('1', 'fine')), () => 'x').finishReason).toBe('stop');
  });
});

describe('a conversation goes on after a blocked call', () => {
  const tools = {
    refund: tool({
      inputSchema: z.strictObject({ amount: z.number() }),
      execute: ({ amount }) => `refunded ${amount}`,
    }),
    mail: tool({
      inputSchema: z.strictObject({ to: z.string() }),
      needsApproval: true,
      execute: ({ to }) => `mailed ${to}`,
    }),
  };
  const capped = (): Promise<Governor> =>
    governorWith([
      { id: 'cap', on: 'tool_call', tool: 'refund', when: 'tool.args.amount > 500', then: 'block', reason: 'P_CAP' },
    ]);
  const answers = (...first: readonly Answer[]): ScriptedModel => scriptedModel(...first, text('9', 'fine'));
  const agents: {
    readonly [how: string]: (governor: Governor, model: ScriptedModel) => ToolLoopAgent<never, typeof tools>;
  } = {
    'made for the request': (governor, model) =>
      new ToolLoopAgent({ ...govern(governor, { subject: { tenant: 'acme' }, model, tools }) }),
    'of the module': (governor, model) =>
      new ToolLoopAgent({ ...govern(governor, { subject: () => ({ tenant: 'acme' }), model, tools }) }),
    'governed in its own `prepareCall`': (governor, model) =>
      new ToolLoopAgent({
        model,
        tools,
        prepareCall: (settings) => ({
          ...settings,
          ...govern(governor, { subject: { tenant: 'acme' }, model: settings.model, tools }),
        }),
      }),
  };
  const turn = async (
    agent: ToolLoopAgent<never, typeof tools>,
    uiMessages: readonly UIMessage[],
  ): Promise<UIMessage> => {
    let last: UIMessage | undefined;
    const stream = await createAgentUIStream({ agent, uiMessages: [...uiMessages] });
    const open = uiMessages.at(-1)!.role === 'assistant' ? { message: structuredClone(uiMessages.at(-1)!) } : {};
    for await (const message of readUIMessageStream({ stream: stream as never, ...open })) last = message;
    return { ...last!, id: String(uiMessages.length) };
  };
  const said = (id: string, words: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', text: words }] });

  test.each(Object.entries(agents))('with an agent %s', async (_how, agentOf) => {
    const governor = await capped();
    const agent = agentOf(governor, answers(toolCall('c1', 'refund', { amount: 900 })));
    const first = [said('1', 'refund 900')];
    const answer = await turn(agent, first);
    expect(JSON.stringify(answer)).not.toContain('900');
    expect(JSON.stringify(answer.parts)).not.toContain('GovernanceBlockedError');
    const history = [...first, answer, said('3', 'thanks')];
    await validateUIMessages({ messages: history, tools });
    expect((await turn(agent, history)).parts.at(-1)).toMatchObject({ type: 'text', text: 'fine' });
  });

  test('a sibling that a person approved runs', async () => {
    const governor = await capped();
    const model = answers([...toolCall('c1', 'refund', { amount: 900 }), ...toolCall('c2', 'mail', { to: 'bob' })]);
    const agent = agents['of the module']!(governor, model);
    const first = [said('1', 'refund 900 and tell bob')];
    const answer = await turn(agent, first);
    const approved = {
      ...answer,
      parts: answer.parts.map((part) =>
        'approval' in part && part.state === 'approval-requested'
          ? {
              ...part,
              state: 'approval-responded',
              approval: { id: (part.approval as { id: string }).id, approved: true },
            }
          : part,
      ),
    } as UIMessage;
    const after = await turn(agent, [...first, approved]);
    expect(JSON.stringify(after.parts)).toContain('mailed bob');
    expect(JSON.stringify(model.prompts.at(-1)!.prompt)).toMatch(/mailed bob/);
  });
});
