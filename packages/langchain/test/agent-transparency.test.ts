import type { PolicyDocument } from '@flyball/core';
import type { Turn } from '@flyball/testing';
import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import { HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { END, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { createAgent, createMiddleware } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { governanceMiddleware, governChatModel } from '../src/index.ts';
import { ADA, CLOSED, governed, MATCHLESS } from './harness.ts';
import { ScriptedModel } from './scripted-model.ts';

process.env['LANGCHAIN_CALLBACKS_BACKGROUND'] = 'false';

const MODES = ['values', 'updates', 'messages', 'custom', 'tools'] as const;

const TURNS: readonly Turn[] = [
  [
    { kind: 'text', text: 'I will look. ' },
    { kind: 'call', tool: 'look', args: { page: 'a' } },
    { kind: 'call', tool: 'look', args: { page: 'b' } },
  ],
  [
    { kind: 'reasoning', text: 'Both pages ' },
    { kind: 'text', text: 'All ' },
    { kind: 'text', text: 'is well.' },
  ],
];

/** The order in which callbacks are told, of everything but the middlewares themselves. */
class Order extends BaseCallbackHandler {
  override readonly name = 'order';
  readonly told: string[] = [];
  override awaitHandlers = true;
  override handleChatModelStart(): void {
    this.told.push('model starts');
  }
  override handleLLMNewToken(token: string): void {
    this.told.push(`token ${token}`);
  }
  override handleLLMEnd(): void {
    this.told.push('model ends');
  }
  override handleToolStart(...given: unknown[]): void {
    this.told.push(`tool starts ${String(given[1])}`);
  }
  override handleToolEnd(output: { readonly content?: unknown }): void {
    this.told.push(`tool ends ${String(output.content)}`);
  }
}

/** What a reader sees, ids and the names of our own middlewares made alike. */
function plain(parts: readonly unknown[]): string {
  const own = /^FlyballGovernance/;
  const written = JSON.stringify(parts, (key, value: unknown) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return Object.fromEntries(Object.entries(value).filter(([name]) => !own.test(name)));
    return [
      'langgraph_step',
      'langgraph_checkpoint_ns',
      'checkpoint_ns',
      'langgraph_path',
      'langgraph_triggers',
    ].includes(key)
      ? undefined
      : value;
  });
  return (
    written
      .replaceAll(/graph:step:\d+/g, 'graph:step')
      .replaceAll(/answer-\d-0\.\d+/g, 'answer')
      .replaceAll(/call-(\d)-0\.\d+/g, 'call-$1')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[1-7][0-9a-f-]{21}/g, 'run')
      // LangGraph names a tool's message when mode `messages` shows it, before or after a reader of mode `tools` looks.
      .replaceAll(/,"id":"run-run-tool-call-\d"/g, '')
  );
}

/** Where two long texts part, for who reads the failure. */
function firstDifference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a === b
    ? ''
    : `${a.slice(Math.max(0, at - 150), at + 150)}\n  instead of\n${b.slice(Math.max(0, at - 150), at + 150)}`;
}

type Governing = ((model: ScriptedModel) => object) | undefined;
interface Seen {
  readonly parts: string;
  readonly told: readonly string[];
}

const look = () =>
  tool(
    ({ page }: { page: string }, config) => {
      (config as { writer?: (value: unknown) => void }).writer?.({ read: page });
      return `The page ${page}.`;
    },
    { name: 'look', description: 'looks', schema: z.object({ page: z.string() }) },
  );

/** Parts of parallel tools come as they end: by mode, in the order of each. */
const byMode = (parts: readonly (readonly [string, unknown])[]): unknown[] =>
  MODES.map((mode) =>
    parts
      .filter(([name, value]) => name === mode && !isEmpty(value))
      // Each step of the graph shows its values; a hook of a middleware is a step that changes none.
      .filter((part, at, all) => at === 0 || plain([part]) !== plain([all[at - 1]])),
  );

/** An update of a middleware of ours says nothing. */
const isEmpty = (value: unknown): boolean => plain([value]) === '[{}]';

async function agentSeen(middleware: readonly unknown[]): Promise<Seen> {
  const order = new Order();
  const mine = createMiddleware({ name: 'Mine', beforeModel: () => undefined });
  const agent = createAgent({
    model: new ScriptedModel(TURNS),
    tools: [look()],
    checkpointer: new MemorySaver(),
    middleware: (middleware.length === 0 ? [mine] : [middleware[0], mine, middleware[1]]) as never,
  });
  const config = { configurable: { thread_id: 't' }, streamMode: [...MODES], callbacks: [order] };
  const parts: (readonly [string, unknown])[] = [];
  const input = { messages: [new HumanMessage({ content: 'hello', id: 'hello' })] };
  for await (const part of (await agent.stream(input as never, config as never)) as unknown as AsyncIterable<
    readonly [string, unknown]
  >)
    parts.push(structuredClone(JSON.parse(JSON.stringify(part))) as never);
  return { parts: plain(byMode(parts)), told: order.told };
}

async function graphSeen(govern: Governing): Promise<Seen> {
  const order = new Order();
  const bare = new ScriptedModel([TURNS[1]!]);
  const model = (govern === undefined ? bare : govern(bare)) as ScriptedModel;
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('ask', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addEdge(START, 'ask')
    .addEdge('ask', END)
    .compile({ checkpointer: new MemorySaver() });
  const config = { configurable: { thread_id: 't' }, streamMode: [...MODES] as never, callbacks: [order] };
  const parts: unknown[] = [];
  for await (const part of await graph.stream(
    { messages: [new HumanMessage({ content: 'hello', id: 'hello' })] },
    config,
  ))
    parts.push(part);
  return { parts: plain(parts), told: order.told };
}

const POLICIES: readonly { readonly name: string; readonly policy: PolicyDocument }[] = [
  { name: 'off', policy: { ...CLOSED, mode: 'off' } },
  { name: 'shadow, under a policy that blocks everything', policy: { ...CLOSED, mode: 'shadow' } },
  { name: 'enforce, with a policy that matches nothing', policy: MATCHLESS },
];

describe.each(POLICIES)('E4: $name', ({ policy }) => {
  it('an agent shows the same in every stream mode, and tells callbacks the same in the same order', async () => {
    const governor = await governed(policy);
    const bare = await agentSeen([]);
    const seen = await agentSeen(governanceMiddleware({ governor, subject: ADA }));
    expect(firstDifference(seen.parts, bare.parts)).toBe('');
    expect(seen.told).toEqual(bare.told);
    expect(bare.told).toContain('tool ends The page a.');
    await governor.close();
  });

  it('so does a graph whose node asks a governed model', async () => {
    const governor = await governed(policy);
    const bare = await graphSeen(undefined);
    const seen = await graphSeen((model) => governChatModel(model, { governor, subject: ADA }));
    expect(firstDifference(seen.parts, bare.parts)).toBe('');
    expect(seen.told).toEqual(bare.told);
    expect(bare.parts).toContain('is well.');
    await governor.close();
  });
});
