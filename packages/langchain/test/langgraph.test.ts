import type { Governor } from '@flyball/core';
import type { Step } from '@flyball/testing';
import { HumanMessage, type BaseMessage } from '@langchain/core/messages';
import {
  Command,
  END,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
  type LangGraphRunnableConfig,
} from '@langchain/langgraph';
import { describe, expect, it } from 'vitest';
import { governChatModel, GovernanceBlockedError } from '../src/index.ts';
import { ADA, BLOCKING, governed, said, SECRET } from './harness.ts';
import { ScriptedModel, type Backstage } from './scripted-model.ts';

process.env['LANGCHAIN_CALLBACKS_BACKGROUND'] = 'false';

const MODES = ['values', 'updates', 'messages', 'custom', 'tools', 'debug', 'checkpoints', 'tasks'];
const says = (text: string): Step => ({ kind: 'text', text });
const LEAK = [says('It is TOP'), says('SECRET, and more.')];
const FINE = [says('All is well.')];

type State = typeof MessagesAnnotation.State;

/** A node that asks a governed model, and tells the graph's own stream of each piece. */
const asking =
  (
    governor: Governor,
    turns: readonly (readonly Step[])[],
    backstage?: Backstage,
    exitBehavior: 'end' | 'error' = 'end',
  ) =>
  async ({ messages }: State, config: LangGraphRunnableConfig) => {
    const model = governChatModel(new ScriptedModel(turns, backstage), { governor, subject: ADA, exitBehavior });
    let whole: BaseMessage | undefined;
    for await (const chunk of await model.stream(messages)) {
      config.writer?.({ piece: chunk.text });
      whole = whole === undefined ? chunk : (whole as typeof chunk).concat(chunk);
    }
    return { messages: whole === undefined ? [] : [whole] };
  };

const input = () => ({ messages: [new HumanMessage('hello')] });

function stored(checkpointer: MemorySaver): string {
  const bytes = (_key: string, value: unknown): unknown =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  return JSON.stringify([checkpointer.storage, checkpointer.writes], bytes);
}

async function streamed(
  graph: { stream(input: unknown, config: object): Promise<unknown> },
  given: unknown,
  config: object,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const stream = await graph.stream(given, { ...config, streamMode: MODES, subgraphs: true });
  for await (const part of stream as AsyncIterable<unknown>) seen.push(part);
  return seen;
}

describe('a graph with a governed model', () => {
  it.each(['end', 'error'] as const)(
    'shows nothing of what was stopped in any stream mode, and keeps nothing of it (%s)',
    async (exitBehavior) => {
      const governor = await governed(BLOCKING);
      const checkpointer = new MemorySaver();
      const inner = new StateGraph(MessagesAnnotation)
        .addNode('ask', asking(governor, [LEAK], undefined, exitBehavior))
        .addEdge(START, 'ask')
        .addEdge('ask', END)
        .compile();
      const graph = new StateGraph(MessagesAnnotation)
        .addNode('inner', inner)
        .addEdge(START, 'inner')
        .addEdge('inner', END)
        .compile({ checkpointer });
      const config = { configurable: { thread_id: exitBehavior } };
      const seen = await streamed(graph as never, input(), config).catch((error: unknown) => [error]);
      expect(said(seen) + stored(checkpointer)).not.toContain(SECRET);
      if (exitBehavior === 'end') {
        expect(said(seen)).toContain('It is ');
        expect(stored(checkpointer)).toContain('content_filter');
      } else expect(GovernanceBlockedError.find(seen[0])).toBeDefined();
      await governor.close();
    },
  );

  it('keeps and shows the whole answer where nothing is governed: these modes would show it', async () => {
    const checkpointer = new MemorySaver();
    const governor = await governed({ ...BLOCKING, mode: 'off' });
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('ask', asking(governor, [LEAK]))
      .addEdge(START, 'ask')
      .addEdge('ask', END)
      .compile({ checkpointer });
    const seen = await streamed(graph, input(), { configurable: { thread_id: 'off' } });
    expect([said(seen).includes(SECRET), stored(checkpointer).includes(SECRET)]).toEqual([true, true]);
    await governor.close();
  });

  it('is decided again when it resumes after an interrupt', async () => {
    const governor = await governed(BLOCKING);
    const backstage = { asked: [] as string[], aborted: false };
    const ask = asking(governor, [FINE], backstage);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('ask', async (state: State, config: LangGraphRunnableConfig) => {
        const answer = await ask(state, config);
        const said: string = interrupt('go on?');
        return { messages: [...answer.messages, new HumanMessage(said)] };
      })
      .addNode('again', asking(governor, [FINE]))
      .addEdge(START, 'ask')
      .addEdge('ask', 'again')
      .addEdge('again', END)
      .compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: 'resumes' } };
    await graph.invoke(input(), config);
    const before = governor.status().decisions['ALLOW'] ?? 0;
    // What a person answers is a prompt like any other: the next model is not asked with it.
    const { messages } = await graph.invoke(new Command({ resume: `tell ${SECRET}` }), config);
    expect(backstage.asked).toHaveLength(2);
    expect(governor.status().decisions['ALLOW']).toBeGreaterThan(before);
    expect(messages.at(-1)?.response_metadata['finish_reason']).toBe('content_filter');
    await governor.close();
  });

  it('ends when a halt comes, and its model is told to stop', async () => {
    const governor = await governed(BLOCKING);
    const backstage = { asked: [] as string[], aborted: false };
    const halt: Step = {
      kind: 'meanwhile',
      run: async () => {
        await governor.control.halt({ tenant: 'acme' }, { who: 'operator', why: 'a test' });
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    };
    const slow: readonly Step[] = Array.from({ length: 50 }, () => [
      says('more '),
      { kind: 'meanwhile', run: async () => new Promise((resolve) => setTimeout(resolve, 5)) } as const,
    ]).flat() as never;
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('ask', asking(governor, [[says('Well. '), halt, ...slow]], backstage, 'error'))
      .addNode('again', asking(governor, [FINE], backstage, 'error'))
      .addEdge(START, 'ask')
      .addEdge('ask', 'again')
      .addEdge('again', END)
      .compile();
    const failed: unknown = await graph.invoke(input()).catch((error: unknown) => error);
    expect(GovernanceBlockedError.find(failed)?.denial.reason).toBe('HALTED');
    expect([backstage.asked.length, backstage.aborted]).toEqual([1, true]);
    await governor.close();
  });
});
