import type { Governor, PolicyDocument } from '@flyball/core';
import { AIMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { Command, GraphInterrupt, Send } from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { governTool, GovernanceBlockedError } from '../src/index.ts';
import { ADA, BLOCKING, governed, MASK, REDACTING, said, SECRET } from './harness.ts';
import { Listener } from './ways.ts';

class ToolListener extends Listener {
  override handleToolStart(...args: unknown[]): void {
    this.told.push(args);
  }
  override handleToolEnd(output: unknown): void {
    this.told.push(output);
  }
  override handleToolError(error: unknown): void {
    this.told.push(error);
  }
  override handleToolEvent(chunk: unknown): void {
    this.told.push({ yielded: chunk });
  }
}

interface Ran {
  readonly inputs: unknown[];
}

const options = (governor: Governor) => ({ governor, subject: ADA });
const call = (args: object, name = 'lookUp') => ({ type: 'tool_call' as const, id: 'c1', name, args });

function lookUp(answer: (args: { readonly key: string }) => unknown, ran: Ran = { inputs: [] }, more: object = {}) {
  return tool(
    (args: { readonly key: string }) => {
      ran.inputs.push(args);
      return answer(args) as string;
    },
    { name: 'lookUp', description: 'looks up', schema: z.object({ key: z.string() }), ...more },
  );
}

async function invoked(
  governor: Governor,
  made: object,
  args: object,
): Promise<{ readonly result: unknown; readonly told: unknown[] }> {
  const listener = new ToolListener();
  const governedTool = governTool(made, options(governor)) as {
    invoke(input: unknown, config: object): Promise<unknown>;
  };
  const result = await governedTool.invoke(call(args), { callbacks: [listener] }).catch((error: unknown) => error);
  return { result, told: listener.told };
}

describe('T1: a call that is blocked', () => {
  it('does not run, and callbacks are not told of its arguments', async () => {
    const governor = await governed(BLOCKING);
    const ran: Ran = { inputs: [] };
    const { result, told } = await invoked(
      governor,
      lookUp(() => 'x', ran),
      { key: SECRET },
    );
    expect(ran.inputs).toEqual([]);
    expect(told).toEqual([]);
    expect(result).toMatchObject({ status: 'error', tool_call_id: 'c1', name: 'lookUp' });
    expect((result as ToolMessage).text).toContain('P_WORD');
    await governor.close();
  });

  it('is an error where no model has made it', async () => {
    const governor = await governed(BLOCKING);
    const made = governTool(
      lookUp(() => 'x'),
      options(governor),
    );
    const failed: unknown = await made.invoke({ key: SECRET }).catch((error: unknown) => error);
    expect(GovernanceBlockedError.isInstance(failed)).toBe(true);
    expect(failed).toMatchObject({ status: 403, [Symbol.for('langchain.errors.retryable')]: false });
    await governor.close();
  });

  it('is decided on by the arguments that the schema makes of it', async () => {
    const governor = await governed(BLOCKING);
    const ran: Ran = { inputs: [] };
    const schema = z.object({ key: z.string().transform((key) => key.toUpperCase()) });
    const { result } = await invoked(
      governor,
      lookUp(() => 'x', ran, { schema }),
      { key: SECRET.toLowerCase() },
    );
    expect([ran.inputs, (result as ToolMessage).status]).toEqual([[], 'error']);
    await governor.close();
  });
});

describe('T3: what a tool answers', () => {
  const SHAPES: { readonly [name: string]: { readonly answer: () => unknown; readonly more?: object } } = {
    'a text': { answer: () => `It is ${SECRET}.` },
    'an object': { answer: () => ({ deep: [{ note: `It is ${SECRET}.` }] }) },
    'content blocks': { answer: () => [{ type: 'text', text: `It is ${SECRET}.` }] },
    'a message': { answer: () => new ToolMessage({ content: `It is ${SECRET}.`, tool_call_id: 'c1' }) },
    'an artifact': {
      answer: () => ['fine', { note: SECRET }],
      more: { responseFormat: 'content_and_artifact' },
    },
    'a command': {
      answer: () =>
        new Command({ update: { messages: [new ToolMessage({ content: `It is ${SECRET}.`, tool_call_id: 'c1' })] } }),
    },
    'words beside a message': {
      answer: () =>
        new ToolMessage({ content: 'fine', additional_kwargs: { note: `It is ${SECRET}.` }, tool_call_id: 'c1' }),
    },
    'the artifact of a message in a command': {
      answer: () =>
        new Command({
          update: { messages: [new ToolMessage({ content: 'fine', artifact: { note: SECRET }, tool_call_id: 'c1' })] },
        }),
    },
    'the arguments of a call in a command': {
      answer: () => {
        const calls = [{ ...call({ key: `It is ${SECRET}.` }), id: 'c2' }];
        return new Command({ update: { messages: [new AIMessage({ content: '', tool_calls: calls })] } });
      },
    },
    'what a command hands a node': {
      answer: () =>
        new Command({ goto: [new Send('next', { note: `It is ${SECRET}.`, more: [new AIMessage(SECRET)] })] }),
    },
    'what a command resumes with': { answer: () => new Command({ resume: { note: `It is ${SECRET}.` } }) },
    'pairs of a command': {
      answer: () => new Command({ update: [['messages', [new AIMessage(`It is ${SECRET}.`)]]] }),
    },
    'one of several commands': {
      answer: () => [new Command({ goto: 'next' }), new Command({ update: { notes: [`It is ${SECRET}.`] } })],
    },
  };

  it.each(Object.entries(SHAPES))('as %s, is seen by nobody when it is blocked', async (_name, { answer, more }) => {
    const governor = await governed(BLOCKING);
    const { result, told } = await invoked(governor, lookUp(answer, undefined, more), { key: 'a' });
    expect(said([result, told])).not.toContain(SECRET);
    expect(result).toMatchObject({ status: 'error' });
    await governor.close();
  });

  it.each(Object.entries(SHAPES))('as %s, is masked in its own shape', async (_name, { answer, more }) => {
    const governor = await governed(REDACTING);
    const { result, told } = await invoked(governor, lookUp(answer, undefined, more), { key: 'a' });
    expect(said([result, told])).not.toContain(SECRET);
    expect(said([result])).toContain(MASK);
    expect(result).not.toMatchObject({ status: 'error' });
    await governor.close();
  });

  it('masks leave a command what it is', async () => {
    const governor = await governed(REDACTING);
    const run = async (answer: unknown) =>
      (
        await invoked(
          governor,
          lookUp(() => answer),
          { key: 'a' },
        )
      ).result;
    const model = new AIMessage({ id: 'm1', content: SECRET, tool_calls: [{ ...call({ key: SECRET }), id: 'c2' }] });
    const update = { messages: [model, new ToolMessage({ content: 'fine', tool_call_id: 'c1' })], total: 2 };
    const command = (await run(
      new Command({ graph: Command.PARENT, update, goto: [new Send('next', { messages: [model] }), 'other'] }),
    )) as Command & { readonly update: typeof update; readonly goto: [Send, string] };
    expect(command).toBeInstanceOf(Command);
    expect([command.graph, command.update.total, command.goto[1]]).toEqual([Command.PARENT, 2, 'other']);
    const [send] = command.goto;
    expect([send.node, send]).toEqual(['next', expect.any(Send)]);
    for (const message of [command.update.messages[0], (send.args as typeof update).messages[0]]) {
      expect(message).toBeInstanceOf(AIMessage);
      expect(message).toMatchObject({ id: 'm1', content: MASK, tool_calls: [{ id: 'c2', args: { key: MASK } }] });
    }
    await governor.close();
  });

  it('as an error, is not told', async () => {
    const governor = await governed(BLOCKING);
    const failing = lookUp(() => {
      throw new Error(`no row for ${SECRET}`);
    });
    const { result, told } = await invoked(governor, failing, { key: 'a' });
    expect(said([result, told])).not.toContain(SECRET);
    expect((result as ToolMessage).status).toBe('error');
    await governor.close();
  });

  it('as an interrupt, is LangGraph’s own business', async () => {
    const governor = await governed(BLOCKING);
    const waiting = lookUp(() => {
      throw new GraphInterrupt([{ value: SECRET }]);
    });
    const { result } = await invoked(governor, waiting, { key: 'a' });
    expect(result).toBeInstanceOf(GraphInterrupt);
    await governor.close();
  });

  it.each([
    ['blocked', BLOCKING],
    ['masked', REDACTING],
  ] as readonly (readonly [string, PolicyDocument])[])(
    'in pieces, is %s although no piece holds all of it',
    async (how, policy) => {
      const governor = await governed(policy);
      const yielding = tool(
        async function* () {
          yield 'It is TOP';
          yield 'SECRET here.';
          return 'done';
        } as never,
        { name: 'lookUp', description: 'yields', schema: z.object({ key: z.string() }) },
      );
      const { result, told } = await invoked(governor, yielding, { key: 'a' });
      const yields = told.flatMap((one) => (one as { readonly yielded?: string }).yielded ?? []).join('');
      expect(yields).not.toContain('TOP');
      if (how === 'masked') expect([yields, (result as ToolMessage).text]).toEqual([`It is ${MASK} here.`, 'done']);
      else expect((result as ToolMessage).status).toBe('error');
      await governor.close();
    },
  );
});

it('T3: what is added to what a tool has yielded is told to nobody before it is decided on', async () => {
  const governor = await governed(BLOCKING);
  const growing = tool(
    async function* () {
      const progress = { said: 'It is TOP' };
      yield progress;
      progress.said += 'SECRET here.';
      yield progress;
      return 'done';
    } as never,
    { name: 'lookUp', description: 'yields', schema: z.object({ key: z.string() }) },
  );
  const { result, told } = await invoked(governor, growing, { key: 'a' });
  const yields = told.flatMap((one) => (one as { readonly yielded?: unknown }).yielded ?? []);
  expect(yields).toEqual([{ said: 'It is TOP' }]);
  expect((result as ToolMessage).status).toBe('error');
  await governor.close();
});

describe('a tool node of LangGraph', () => {
  const message = new AIMessage({
    content: '',
    tool_calls: [call({ key: SECRET }), { ...call({ key: 'fine' }), id: 'c2' }],
  });

  it.each([true, false])(
    'answers a denial as the result of its call, whatever it does with errors (%s)',
    async (handleToolErrors) => {
      const governor = await governed(BLOCKING);
      const ran: Ran = { inputs: [] };
      const node = new ToolNode(
        [
          governTool(
            lookUp(() => 'found', ran),
            options(governor),
          ) as never,
        ],
        { handleToolErrors },
      );
      const { messages } = (await node.invoke({ messages: [message] })) as { messages: BaseMessage[] };
      expect(messages.map((one) => (one as ToolMessage).status)).toEqual(['error', 'success']);
      expect(messages[0]?.text).toContain('P_WORD');
      expect(ran.inputs).toEqual([{ key: 'fine' }]);
      await governor.close();
    },
  );
});

describe('misuse', () => {
  it('is named', async () => {
    const governor = await governed();
    expect(() => governTool({ name: 'x' }, options(governor))).toThrow('needs a tool');
    await governor.close();
  });
});
