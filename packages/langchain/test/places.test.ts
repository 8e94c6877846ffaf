// Places in `in_flight` limits: a run holds its place from its prompt to its end, whatever it asks in between.
import { createGovernor, type Governor } from '@flyball/core';
import { HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { MemorySaver } from '@langchain/langgraph';
import {
  createAgent,
  createMiddleware,
  humanInTheLoopMiddleware,
  modelCallLimitMiddleware,
  type AgentMiddleware,
} from 'langchain';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { govern, governChatModel, governanceMiddleware, governTool } from '../src/index.ts';
import { ADA, MATCHLESS } from './harness.ts';
import { elsewhere, ScriptedModel } from './scripted-model.ts';

const limited = (): Promise<Governor> =>
  createGovernor({
    policy: { ...MATCHLESS, limits: [{ id: 'one', unit: 'in_flight', on: ['input'], allow: 1, per: '10m' }] },
  });

const FINE = [{ kind: 'text' as const, text: 'fine' }];
const CALL = [{ kind: 'call' as const, tool: 'work', args: {} }];

/** Whether there is room for another request of the same user. */
async function hasRoom(governor: Governor): Promise<boolean> {
  const model = governChatModel(new ScriptedModel([FINE]), { governor, subject: ADA });
  return (await elsewhere(() => model.invoke('hello'))).text === 'fine';
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Work = () => unknown;
type Made = (governor: Governor, work: Work) => { invoke: Function; stream: Function };

const workTool = (work: Work) =>
  tool(async () => (await work()) as string, { name: 'work', description: 'works', schema: z.object({}) });
const twoSteps = () => new ScriptedModel([CALL, FINE]);
const withMiddleware = (tools: readonly unknown[], middleware: readonly AgentMiddleware[]): ReturnType<Made> =>
  createAgent({ model: twoSteps(), tools: tools as never, middleware: middleware as never }) as never;
const asked = { messages: [new HumanMessage('hello')] };

const WAYS: { readonly [name: string]: Made } = {
  'of the module': (governor, work) =>
    withMiddleware([workTool(work)], governanceMiddleware({ governor, subject: () => ADA })),
  'of one request': (governor, work) => {
    const g = govern(governor, { subject: ADA });
    return withMiddleware(g.tools([workTool(work)]), g.middleware());
  },
  'with tools that are governed apart': (governor, work) =>
    withMiddleware(
      [governTool(workTool(work), { governor, subject: () => ADA })],
      governanceMiddleware({ governor, subject: () => ADA }),
    ),
  'whose tool asks a governed model': (governor, work) => {
    const inner = governChatModel(new ScriptedModel([FINE]), { governor, subject: () => ADA });
    const both = async (): Promise<unknown> => ((await inner.invoke('and this?')).text === 'fine' ? work() : 'refused');
    return withMiddleware([workTool(both)], governanceMiddleware({ governor, subject: () => ADA }));
  },
  'whose tool asks a model with the callback of the request': (governor, work) => {
    const g = govern(governor, { subject: ADA, output: 'observe' });
    const asks = async (): Promise<unknown> => {
      const answer = await new ScriptedModel([FINE]).invoke('and this?', { callbacks: [g.callback] });
      return answer.text === 'fine' ? work() : 'refused';
    };
    return withMiddleware(g.tools([workTool(asks)]), g.middleware());
  },
  'whose middleware asks a governed model before a tool runs': (governor, work) => {
    const g = govern(governor, { subject: () => ADA });
    const judge = g.model(new ScriptedModel([FINE]));
    const judged = createMiddleware({
      name: 'Judge',
      wrapToolCall: async (request, handler) => {
        expect((await judge.invoke('may it?')).text).toBe('fine');
        return handler(request);
      },
    });
    return withMiddleware([workTool(work)], g.middleware([judged as never]));
  },
};

describe.each(Object.entries(WAYS))('a run of an agent %s', (_name, made) => {
  it('keeps its place while its tools run, and gives it back when it is over', async () => {
    const governor = await limited();
    const during: boolean[] = [];
    const agent = made(governor, async () => {
      during.push(await hasRoom(governor));
      return 'done';
    });
    const { messages } = (await agent.invoke(asked)) as { readonly messages: readonly { readonly text: string }[] };
    expect([during, messages.at(-1)?.text, await hasRoom(governor)]).toEqual([[false], 'fine', true]);
    await governor.close();
  });
});

describe('a run gives its place back', () => {
  const run = async (
    work: Work,
    config: object,
    read: (agent: ReturnType<Made>, config: object) => Promise<unknown>,
  ) => {
    const governor = await limited();
    const agent = WAYS['of the module']!(governor, work);
    await read(agent, config).catch(() => undefined);
    await pause(120);
    const room = await hasRoom(governor);
    await governor.close();
    return room;
  };
  const whole = (agent: ReturnType<Made>, config: object): Promise<unknown> => agent.invoke(asked, config);
  const slow = async (): Promise<string> => {
    await pause(60);
    return 'done';
  };

  it('when a tool fails', async () => {
    const fails = (): never => {
      throw new Error('no');
    };
    expect(await run(fails, {}, whole)).toBe(true);
  });

  it('when its caller gives up while a tool runs', async () => {
    expect(await run(slow, { signal: AbortSignal.timeout(20) }, whole)).toBe(true);
  });

  it('when its reader leaves while a tool runs', async () => {
    const leaves = async (agent: ReturnType<Made>): Promise<void> => {
      for await (const _ of await agent.stream(asked, { streamMode: 'updates' })) break;
    };
    expect(await run(slow, {}, leaves)).toBe(true);
  });
});

describe('a run that ends where no middleware is told gives its place back soon', () => {
  const GONE: { readonly [name: string]: (governor: Governor) => Promise<unknown> } = {
    'at the limit of its steps': (governor) =>
      WAYS['of the module']!(governor, () => 'done').invoke(asked, { recursionLimit: 3 }),
    'at a jump of another middleware to its end': (governor) =>
      limitedAgent(governor, modelCallLimitMiddleware, { runLimit: 1, exitBehavior: 'end' }).invoke(asked),
    'when it waits for a person': (governor) =>
      limitedAgent(governor, humanInTheLoopMiddleware, { interruptOn: { work: true } }).invoke(asked, {
        configurable: { thread_id: 'waits' },
      }),
  };
  // Their types say more of an agent than these tests do.
  const limitedAgent = (governor: Governor, make: unknown, options: object): ReturnType<Made> =>
    createAgent({
      model: twoSteps(),
      tools: [workTool(() => 'done')],
      checkpointer: new MemorySaver(),
      middleware: governanceMiddleware({
        governor,
        subject: ADA,
        middleware: [(make as (options: object) => AgentMiddleware)(options)],
      }) as never,
    }) as never;

  it.concurrent.each(Object.entries(GONE))('%s', { timeout: 180_000 }, async (_name, run) => {
    const governor = await limited();
    await run(governor).catch(() => undefined);
    await vi.waitFor(async () => expect(await hasRoom(governor)).toBe(true), { timeout: 25_000, interval: 300 });
    await governor.close();
  });
});
