import type { Governor } from '@flyball/core';
import type { Step, Turn } from '@flyball/testing';
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { Command, MemorySaver } from '@langchain/langgraph';
import {
  createAgent,
  createMiddleware,
  humanInTheLoopMiddleware,
  modelCallLimitMiddleware,
  modelFallbackMiddleware,
  modelRetryMiddleware,
  piiMiddleware,
  summarizationMiddleware,
  toolCallLimitMiddleware,
  toolRetryMiddleware,
  type AgentMiddleware,
} from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { governanceMiddleware, GovernanceBlockedError } from '../src/index.ts';
import { ADA, BLOCKING, governed, said, SECRET } from './harness.ts';
import { ScriptedModel } from './scripted-model.ts';

process.env['LANGCHAIN_CALLBACKS_BACKGROUND'] = 'false';

/** Adds words to the message that it is given, in place. */
async function rewriting(request: unknown, handler: (request: unknown) => Promise<unknown>): Promise<unknown> {
  const message = (await handler(request)) as { content: unknown };
  message.content = `${String(message.content)} It is ${SECRET}.`;
  return message;
}

const says = (text: string): Step => ({ kind: 'text', text });
const call = (tool: string, args: object): Turn[number] => ({ kind: 'call', tool, args: args as never });
const FINE = [says('All '), says('is well.')];
const LEAK = [says('It is TOP'), says('SECRET, and more.')];

/** What a run may show, and what it ends with. */
interface Situation {
  readonly name: string;
  readonly turns: readonly Turn[];
  readonly ends: 'complete' | 'stopped';
  /** Tools that run. */
  readonly ran: readonly string[];
}

const SITUATIONS: readonly Situation[] = [
  { name: 'a clean answer', turns: [FINE], ends: 'complete', ran: [] },
  { name: 'an answer that is blocked', turns: [LEAK], ends: 'stopped', ran: [] },
  { name: 'a call that is blocked', turns: [[call('send', { text: SECRET })], FINE], ends: 'complete', ran: [] },
  { name: 'a result that is blocked', turns: [[call('read', { page: 'x' })], FINE], ends: 'complete', ran: ['read'] },
];

/** The built-in middlewares, as applications use them. */
const MIDDLEWARES: { readonly [name: string]: () => AgentMiddleware } = {
  humanInTheLoop: () => made(humanInTheLoopMiddleware, { interruptOn: { send: true } }),
  summarization: () =>
    made(summarizationMiddleware, {
      model: new ScriptedModel([FINE]),
      trigger: { messages: 100 },
      keep: { messages: 50 },
    }),
  modelFallback: () =>
    made(modelFallbackMiddleware, new ScriptedModel([[says('The fallback said TOP'), says('SECRET.')]])),
  modelRetry: () => made(modelRetryMiddleware, { maxRetries: 2, initialDelayMs: 1 }),
  toolRetry: () => made(toolRetryMiddleware, { maxRetries: 2, initialDelayMs: 1 }),
  pii: () => made(piiMiddleware, 'email', { strategy: 'redact', applyToOutput: true, applyToToolResults: true }),
  modelCallLimit: () => made(modelCallLimitMiddleware, { runLimit: 10 }),
  toolCallLimit: () => made(toolCallLimitMiddleware, { runLimit: 10 }),
};

/** Their types say more of an agent than these tests do. */
function made(make: unknown, ...args: readonly unknown[]): AgentMiddleware {
  return (make as (...args: readonly unknown[]) => AgentMiddleware)(...args);
}

function toolsOf(ran: string[]) {
  return [
    tool(
      ({ text }: { text: string }) => {
        ran.push('send');
        return `sent ${text}`;
      },
      { name: 'send', description: 'sends', schema: z.object({ text: z.string() }) },
    ),
    tool(
      () => {
        ran.push('read');
        return `The page says ${SECRET}.`;
      },
      { name: 'read', description: 'reads', schema: z.object({ page: z.string() }) },
    ),
  ];
}

interface Played {
  readonly visible: string;
  readonly ran: readonly string[];
  readonly last: BaseMessage | undefined;
  readonly asked: number;
  readonly interrupted: boolean;
}

let threads = 0;

async function play(
  governor: Governor | undefined,
  turns: readonly Turn[],
  middleware: readonly AgentMiddleware[],
  more: object = {},
): Promise<Played> {
  const ran: string[] = [];
  const model = new ScriptedModel(turns);
  const checkpointer = new MemorySaver();
  const agent = createAgent({
    model,
    tools: toolsOf(ran),
    checkpointer,
    middleware: (governor === undefined
      ? middleware
      : governanceMiddleware({ governor, subject: ADA, middleware, ...more })) as never,
  });
  const config = { configurable: { thread_id: `t${++threads}` }, recursionLimit: 60 };
  const modes = ['values', 'updates', 'messages', 'tools', 'debug', 'custom', 'checkpoints', 'tasks'];
  const seen: unknown[] = [];
  let interrupted = false;
  let input: unknown = { messages: [new HumanMessage('hello')] };
  for (let turn = 0; turn < 3 && input !== undefined; turn++) {
    const stream: unknown = await agent.stream(input as never, { ...config, streamMode: modes } as never);
    input = undefined;
    for await (const part of stream as AsyncIterable<[string, { readonly __interrupt__?: unknown }]>) {
      seen.push(part);
      if (part[0] !== 'updates' || part[1].__interrupt__ === undefined) continue;
      interrupted = true;
      // A person who lets the call go on as it stands.
      input = new Command({ resume: { decisions: [{ type: 'approve' }] } });
    }
  }
  const kept = checkpointer.storage;
  const { values } = (await agent.graph.getState(config)) as { values: { messages?: BaseMessage[] } };
  const bytes = JSON.stringify(kept, (_key, value: unknown) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  );
  return {
    visible: said([seen]) + bytes,
    ran,
    last: values.messages?.at(-1),
    asked: model.backstage.asked.length,
    interrupted,
  };
}

describe('the pair of middlewares', () => {
  describe.each(Object.entries(MIDDLEWARES))('with %s between its halves', (_name, make) => {
    it.each(SITUATIONS)('$name', async ({ turns, ends, ran }) => {
      const governor = await governed(BLOCKING);
      const played = await play(governor, turns, [make()]);
      // Nothing of it in any stream mode, and nothing in a checkpoint.
      expect(played.visible).not.toContain(SECRET);
      expect(played.ran).toEqual(ran);
      const { finish_reason: reason } = (played.last?.response_metadata ?? {}) as { finish_reason?: string };
      expect(reason === 'content_filter' ? 'stopped' : 'complete').toBe(ends);
      if (ends === 'complete') expect(played.last?.text).toBe('All is well.');
      await governor.close();
    });
  });

  it.each(SITUATIONS.slice(1))('is what keeps it: without it, $name is seen, kept or run', async ({ turns }) => {
    const { visible } = await play(undefined, turns, []);
    expect(visible).toContain(SECRET);
  });

  const names = Object.keys(MIDDLEWARES);
  const PAIRS = names.flatMap((first) =>
    names.filter((second) => second !== first).map((second) => [first, second] as const),
  );
  it.each(PAIRS)('with %s before %s: nothing that is blocked is seen, kept or run', async (first, second) => {
    const governor = await governed(BLOCKING);
    for (const { turns, ran } of SITUATIONS) {
      const played = await play(governor, turns, [MIDDLEWARES[first]!(), MIDDLEWARES[second]!()]);
      expect(played.visible).not.toContain(SECRET);
      expect(played.ran).toEqual(ran);
    }
    await governor.close();
  });

  it('ends with an error where that is asked for, the very one, and no retry or fallback answers', async () => {
    const governor = await governed(BLOCKING);
    const between = [MIDDLEWARES['modelRetry']!(), MIDDLEWARES['modelFallback']!()];
    const failed = await play(governor, [LEAK], between, { exitBehavior: 'error' }).catch((error: unknown) => error);
    expect(GovernanceBlockedError.isInstance(failed)).toBe(true);
    expect(failed).toMatchObject({ status: 403, denial: { reason: 'P_WORD' } });
    await governor.close();
  });

  it('asks a model that was stopped once, whatever retries and fallbacks there are', async () => {
    const governor = await governed(BLOCKING);
    const { asked } = await play(governor, [LEAK], [MIDDLEWARES['modelRetry']!(), MIDDLEWARES['modelFallback']!()]);
    expect(asked).toBe(1);
    await governor.close();
  });

  it.each([
    ['an answer', { name: 'Own', wrapModelCall: rewriting }],
    ['a result', { name: 'Own', wrapToolCall: rewriting }],
  ])('decides on what a middleware writes into %s that was released', async (_, hooks) => {
    const governor = await governed(BLOCKING);
    const agent = createAgent({
      model: new ScriptedModel([[call('read', { page: 'x' })], FINE]),
      tools: [tool(() => 'a page', { name: 'read', description: 'reads', schema: z.object({ page: z.string() }) })],
      middleware: governanceMiddleware({
        governor,
        subject: ADA,
        middleware: [createMiddleware(hooks as never)],
      }),
    });
    const { messages } = (await agent.invoke({ messages: [new HumanMessage('hello')] })) as { messages: BaseMessage[] };
    expect(said(messages)).not.toContain(SECRET);
    expect(said(messages)).toContain('P_WORD');
    await governor.close();
  });

  it('governs the fallback of a model that fails', async () => {
    const governor = await governed(BLOCKING);
    const { visible, last } = await play(
      governor,
      [[{ kind: 'fail', message: 'overloaded' }]],
      [MIDDLEWARES['modelFallback']!()],
    );
    expect(visible).not.toContain(SECRET);
    expect(last?.text).toContain('stopped by policy');
    await governor.close();
  });

  it('decides on arguments that a person has edited', async () => {
    const governor = await governed(BLOCKING);
    const ran: string[] = [];
    const checkpointer = new MemorySaver();
    const agent = createAgent({
      model: new ScriptedModel([[call('send', { text: 'hello' })], FINE]),
      tools: toolsOf(ran),
      checkpointer,
      middleware: governanceMiddleware({
        governor,
        subject: ADA,
        middleware: [MIDDLEWARES['humanInTheLoop']!()],
      }) as never,
    });
    const config = { configurable: { thread_id: 'edits' } };
    await agent.invoke({ messages: [new HumanMessage('hello')] } as never, config as never);
    const edited = { type: 'edit', editedAction: { name: 'send', args: { text: SECRET } } };
    const { messages } = (await agent.invoke(
      new Command({ resume: { decisions: [edited] } }) as never,
      config as never,
    )) as unknown as {
      messages: BaseMessage[];
    };
    expect(ran).toEqual([]);
    expect(messages.find((message) => ToolMessage.isInstance(message))?.text).toContain('P_WORD');
    await governor.close();
  });
});

describe('a middleware of the application', () => {
  const custom = (hooks: object): AgentMiddleware => createMiddleware({ name: 'Custom', ...hooks }) as never;
  const CASES: {
    readonly [name: string]: { readonly middleware: () => AgentMiddleware; readonly turns?: readonly Turn[] };
  } = {
    'that swaps the model': {
      middleware: () =>
        custom({
          wrapModelCall: (request: object, handler: (request: object) => unknown) =>
            handler({ ...request, model: new ScriptedModel([LEAK]) }),
        }),
    },
    'that answers itself': { middleware: () => custom({ wrapModelCall: () => new AIMessage(`It is ${SECRET}.`) }) },
    'that rewrites arguments': {
      turns: [[call('send', { text: 'hello' })], FINE],
      middleware: () =>
        custom({
          wrapToolCall: (request: { toolCall: object }, handler: (request: object) => unknown) =>
            handler({ ...request, toolCall: { ...request.toolCall, args: { text: SECRET } } }),
        }),
    },
    'that makes something else of a result': {
      turns: [[call('send', { text: 'hello' })], FINE],
      middleware: () =>
        custom({
          wrapToolCall: async (
            request: { toolCall: { id: string } },
            handler: (request: object) => Promise<unknown>,
          ) => {
            await handler(request);
            return new ToolMessage({ content: `It is ${SECRET}.`, tool_call_id: request.toolCall.id });
          },
        }),
    },
    'that catches what the model fails with': {
      middleware: () =>
        custom({
          wrapModelCall: async (request: object, handler: (request: object) => Promise<unknown>) => {
            try {
              return await handler(request);
            } catch {
              return new AIMessage('caught');
            }
          },
        }),
      turns: [LEAK],
    },
  };
  it.each(Object.entries(CASES))('%s changes nothing about it', async (_name, { middleware, turns = [FINE] }) => {
    const governor = await governed(BLOCKING);
    const played = await play(governor, turns, [middleware()]);
    expect(played.visible).not.toContain(SECRET);
    await governor.close();
  });
});
