import { AsyncLocalStorage } from 'node:async_hooks';
import { createGovernor, createMemorySink, type Interaction, type PolicyDocument } from '@flyball/core';
import { setAmbientInteraction } from '@flyball/core/adapter';
import { HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { createAgent } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { governChatModel, governanceMiddleware, governTool, type RunConfig } from '../src/index.ts';
import { MATCHLESS } from './harness.ts';
import { ScriptedModel } from './scripted-model.ts';

const FLOW: PolicyDocument = {
  policy: 'flow',
  version: 1,
  rules: [
    { id: 'outside', on: 'tool_result', tool: 'fetch', label: 'untrusted' },
    { id: 'send', on: 'tool_call', tool: 'send', when: 'label("untrusted")', then: 'block', reason: 'P_FLOW' },
  ],
};

const answer = [[{ kind: 'text' as const, text: 'fine' }]];

async function recorded(policy: PolicyDocument) {
  const sink = createMemorySink();
  const governor = await createGovernor({ policy, audit: sink });
  const events = () => sink.records().flatMap((record) => (record.kind === 'decision' ? [record] : []));
  return { governor, events };
}

it('a function chooses the policy by the configuration of the run; one that chooses none that is loaded stops it', async () => {
  const closed: PolicyDocument = { policy: 'closed', version: 1, default: { input: 'block' } };
  const governor = await createGovernor({ policy: [closed, { policy: 'open', version: 1, rules: [] }] });
  const model = governChatModel(new ScriptedModel(answer), {
    governor,
    subject: { tenant: 'acme' },
    policy: ({ configurable }) => String(configurable?.['policy']),
  });
  const says = async (policy: string): Promise<unknown> =>
    (await model.invoke('hello', { configurable: { policy } })).text;
  expect(await says('open')).toBe('fine');
  expect(await says('closed')).not.toContain('fine');
  expect(await says('nobody')).not.toContain('fine');
});

describe('an agent that is made once', () => {
  const WAYS: {
    readonly [name: string]: { readonly config: (user: string) => object; readonly user: (run: RunConfig) => unknown };
  } = {
    configurable: {
      config: (user) => ({ configurable: { user } }),
      user: ({ configurable }) => configurable?.['user'],
    },
    context: { config: (user) => ({ context: { user } }), user: ({ context }) => context?.['user'] },
    metadata: { config: (user) => ({ metadata: { user } }), user: ({ metadata }) => metadata?.['user'] },
  };

  it.each(Object.entries(WAYS))(
    'asks for each run whose it is, by %s: of 100 users at once none is another',
    async (_name, { config, user }) => {
      const { governor, events } = await recorded(MATCHLESS);
      let questions = 0;
      const agent = createAgent({
        model: new ScriptedModel([[{ kind: 'call', tool: 'look', args: {} }], answer[0]!]),
        tools: [tool(() => 'seen', { name: 'look', description: 'looks', schema: z.object({}) })],
        contextSchema: z.object({ user: z.string().optional() }),
        middleware: governanceMiddleware({
          governor,
          subject: async (run) => {
            questions++;
            await Promise.resolve();
            return { tenant: 'acme', user: String(user(run)) };
          },
        }) as never,
      });
      const users = Array.from({ length: 100 }, (_, at) => `user-${at}`);
      await Promise.all(
        users.map(async (one) =>
          agent.invoke({ messages: [new HumanMessage('hello')] } as never, config(one) as never),
        ),
      );
      const byInteraction = Map.groupBy(events(), ({ decision }) => decision.interactionId);
      expect([questions, byInteraction.size]).toEqual([100, 100]);
      const found = [...byInteraction.values()].map(
        (records) => new Set(records.map(({ event }) => event.subject.user)),
      );
      expect(found.every((names) => names.size === 1)).toBe(true);
      expect(new Set(found.flatMap((names) => [...names]))).toEqual(new Set(users));
      await governor.close();
    },
  );
});

describe('a graph that is made once', () => {
  it('asks for each run whose it is: of 100 users at once none is another', async () => {
    const { governor, events } = await recorded(MATCHLESS);
    let questions = 0;
    const subject = ({ configurable }: RunConfig): { tenant: string; user: string } => {
      questions++;
      return { tenant: 'acme', user: String(configurable?.['user']) };
    };
    const model = governChatModel(new ScriptedModel(answer), { governor, subject });
    const look = governTool(
      tool(() => 'seen', { name: 'look', description: 'looks', schema: z.object({}) }),
      { governor, subject },
    );
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('ask', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode('act', async () => {
        await look.invoke({});
        return {};
      })
      .addEdge(START, 'ask')
      .addEdge('ask', 'act')
      .addEdge('act', END)
      .compile();
    const users = Array.from({ length: 100 }, (_, at) => `user-${at}`);
    await Promise.all(
      users.map(async (user) => graph.invoke({ messages: [new HumanMessage('hello')] }, { configurable: { user } })),
    );
    const byInteraction = Map.groupBy(events(), ({ decision }) => decision.interactionId);
    expect([questions, byInteraction.size]).toEqual([100, 100]);
    const found = [...byInteraction.values()].map((records) => new Set(records.map(({ event }) => event.subject.user)));
    expect(found.every((names) => names.size === 1)).toBe(true);
    expect(new Set(found.flatMap((names) => [...names]))).toEqual(new Set(users));
    await governor.close();
  });
});

describe('inside a request that is governed', () => {
  it('a model, a tool and an agent belong to the request: nobody has to be named', async () => {
    const { governor, events } = await recorded(FLOW);
    const request = governor.interaction({ tenant: 'acme', user: 'ada' });
    const here = new AsyncLocalStorage<Interaction>();
    setAmbientInteraction(() => here.getStore());
    const look = tool(() => 'seen', { name: 'look', description: 'looks', schema: z.object({}) });
    const agent = createAgent({
      model: new ScriptedModel([[{ kind: 'call', tool: 'look', args: {} }], answer[0]!]),
      tools: [look],
      middleware: governanceMiddleware({ governor }) as never,
    });
    try {
      await here.run(request, async () => {
        await governChatModel(new ScriptedModel(answer), { governor }).invoke('hello');
        await governTool(look, { governor }).invoke({});
        await agent.invoke({ messages: [new HumanMessage('hello')] } as never);
      });
    } finally {
      setAmbientInteraction(() => undefined);
    }
    expect(events().length).toBeGreaterThan(4);
    expect(new Set(events().map(({ decision }) => decision.interactionId))).toEqual(new Set([request.id]));
    await governor.close();
  });
});

describe('parts that are governed apart', () => {
  it('share the interaction of the graph they run in, and its labels', async () => {
    const { governor, events } = await recorded(FLOW);
    const options = { governor, subject: { tenant: 'acme' } };
    const model = governChatModel(new ScriptedModel(answer), options);
    const fetch = governTool(
      tool(() => 'a page', { name: 'fetch', description: 'x', schema: z.object({}) }),
      options,
    );
    const send = governTool(
      tool(() => 'sent', { name: 'send', description: 'x', schema: z.object({}) }),
      options,
    );
    const sent: unknown[] = [];
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('ask', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode('act', async () => {
        await fetch.invoke({});
        sent.push(await send.invoke({ type: 'tool_call', id: 'c', name: 'send', args: {} }));
        return {};
      })
      .addEdge(START, 'ask')
      .addEdge('ask', 'act')
      .addEdge('act', END)
      .compile();
    await graph.invoke({ messages: [new HumanMessage('hello')] });
    expect(sent).toMatchObject([{ status: 'error' }]);
    expect(new Set(events().map(({ decision }) => decision.interactionId)).size).toBe(1);
    await governor.close();
  });

  it('carry it into an agent that a tool invokes', async () => {
    const { governor, events } = await recorded(FLOW);
    const subject = (): { tenant: string } => ({ tenant: 'acme' });
    const middleware = () => governanceMiddleware({ governor, subject }) as never;
    const inner = createAgent({ model: new ScriptedModel(answer), tools: [], middleware: middleware() });
    const delegate = tool(
      async () => {
        await inner.invoke({ messages: [new HumanMessage('go on')] } as never);
        return 'done';
      },
      { name: 'delegate', description: 'x', schema: z.object({}) },
    );
    const outer = createAgent({
      model: new ScriptedModel([[{ kind: 'call', tool: 'delegate', args: {} }], answer[0]!]),
      tools: [delegate],
      middleware: middleware(),
    });
    await outer.invoke({ messages: [new HumanMessage('hello')] } as never);
    expect(events().length).toBeGreaterThan(4);
    expect(new Set(events().map(({ decision }) => decision.interactionId)).size).toBe(1);
    await governor.close();
  });
});

describe('without anybody', () => {
  it('a call says what is missing', async () => {
    const { governor } = await recorded(MATCHLESS);
    const model = governChatModel(new ScriptedModel(answer), { governor });
    await expect(model.invoke('hello')).rejects.toMatchObject({ code: 'NO_INTERACTION' });
    await governor.close();
  });

  it('a resolver that throws has established nobody, and breaks nothing', async () => {
    const { governor } = await recorded(MATCHLESS);
    const subject = (): never => {
      throw new Error('no session');
    };
    const refused = await governChatModel(new ScriptedModel(answer), { governor, subject }).invoke('hello');
    expect(refused.response_metadata['finish_reason']).toBe('content_filter');
    await governor.close();
  });
});
