import { createGovernor, createMemorySink, type Governor, type MemorySink, type PolicyDocument } from '@flyball/core';
import type { Turn } from '@flyball/testing';
import { HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { Command, END, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { createAgent, humanInTheLoopMiddleware, type AgentMiddleware } from 'langchain';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { govern, governanceMiddleware } from '../src/index.ts';
import { ADA, BLOCKING, SECRET } from './harness.ts';
import { ScriptedModel } from './scripted-model.ts';

// A call of a tool is decided on once in each run, and nothing is said of it that did not happen.

const transfers = (...amounts: readonly (number | string)[]): readonly Turn[] => [
  amounts.map((amount) => ({ kind: 'call', tool: 'transfer', args: { amount } }) as const) as Turn,
  [{ kind: 'text', text: 'Done.' }],
];

function transfer(ran: unknown[]) {
  return tool(
    async (args: { amount: unknown }) => {
      ran.push(args.amount);
      return 'ok';
    },
    { name: 'transfer', description: 'pays', schema: z.object({ amount: z.union([z.number(), z.string()]) }) },
  );
}

async function recorded(policy: PolicyDocument): Promise<{ governor: Governor; stages: () => readonly string[] }> {
  const audit: MemorySink = createMemorySink();
  const governor = await createGovernor({ policy, audit });
  onTestFinished(() => governor.close());
  const stages = (): readonly string[] =>
    audit
      .records()
      .flatMap((record) =>
        record.kind === 'decision' && record.event.stage.startsWith('tool')
          ? [`${record.event.stage} ${record.decision.reason}`]
          : [],
      );
  return { governor, stages };
}

const LIMITED: PolicyDocument = {
  policy: 'limited',
  version: 1,
  limits: [
    {
      id: 'hourly',
      on: 'tool_call',
      tool: 'transfer',
      unit: 'tool.args.amount',
      allow: 1000,
      per: '1h',
      then: 'block',
    },
  ],
};

/** An agent that asks a person about each transfer. */
async function approved(governor: Governor, ran: unknown[], between?: () => Promise<void>): Promise<BaseMessage[]> {
  const asks = (humanInTheLoopMiddleware as unknown as (options: object) => AgentMiddleware)({
    interruptOn: { transfer: true },
  });
  const agent = createAgent({
    model: new ScriptedModel(transfers(400)),
    tools: [transfer(ran)],
    checkpointer: new MemorySaver(),
    middleware: governanceMiddleware({ governor, subject: ADA, middleware: [asks] }),
  });
  const config = { configurable: { thread_id: 'one' } };
  await agent.invoke({ messages: [new HumanMessage('pay')] }, config);
  await between?.();
  const { messages } = await agent.invoke(
    new Command({ resume: { decisions: [{ type: 'approve' }] } }) as never,
    config,
  );
  return messages;
}

it('a call that a person has approved is charged once more in the run that goes on, not twice', async () => {
  const { governor, stages } = await recorded(LIMITED);
  const ran: unknown[] = [];
  await approved(governor, ran);
  expect(ran).toEqual([400]);
  expect(stages().filter((stage) => stage.startsWith('tool_call'))).toHaveLength(2);
});

it('A6: of a call that a halt stopped no result is recorded, and the model is told that it did not run', async () => {
  const { governor, stages } = await recorded(BLOCKING);
  const ran: unknown[] = [];
  const messages = await approved(governor, ran, async () => {
    await governor.control.halt({ tool: 'transfer' }, { who: 'op', why: 'test' });
  });
  expect(ran).toEqual([]);
  expect(stages()).toEqual(['tool_call NO_RULE_OBJECTED', 'tool_call HALTED']);
  expect(messages.find((message) => message.getType() === 'tool')?.text).toBe(
    'The call was not run: the operator has halted it.',
  );
});

describe('a graph that binds governed tools to a governed model', () => {
  const graphOf = (governor: Governor, ran: unknown[], onBlock: 'continue' | 'stop') => {
    const g = govern(governor, { subject: () => ADA, onBlock });
    const tools = g.tools([transfer(ran)]);
    const model = g.model(new ScriptedModel(transfers(1, SECRET))).bindTools(tools);
    return new StateGraph(MessagesAnnotation)
      .addNode('ask', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode('act', new ToolNode(tools))
      .addEdge(START, 'ask')
      .addConditionalEdges('ask', ({ messages }) => {
        const { tool_calls: calls = [] } = messages.at(-1) as { readonly tool_calls?: readonly unknown[] };
        return calls.length > 0 ? 'act' : END;
      })
      .addEdge('act', 'ask')
      .compile();
  };

  it('T4: a stopped call becomes its denial, its sibling runs, and the graph goes on', async () => {
    const { governor } = await recorded(BLOCKING);
    const ran: unknown[] = [];
    const { messages } = await graphOf(governor, ran, 'continue').invoke({ messages: [new HumanMessage('pay')] });
    expect(ran).toEqual([1]);
    expect(messages.map((message) => message.text)).toEqual([
      'pay',
      '',
      'ok',
      'The call was not run: it was stopped by policy (P_WORD). The same call will be stopped again.',
      'Done.',
    ]);
    expect(JSON.stringify(messages)).not.toContain(SECRET);
  });

  it('T4: with `onBlock: stop` it ends the answer, and nothing runs', async () => {
    const { governor } = await recorded(BLOCKING);
    const ran: unknown[] = [];
    const { messages } = await graphOf(governor, ran, 'stop').invoke({ messages: [new HumanMessage('pay')] });
    expect([ran, messages.at(-1)?.response_metadata['finish_reason']]).toEqual([[], 'content_filter']);
  });
});
