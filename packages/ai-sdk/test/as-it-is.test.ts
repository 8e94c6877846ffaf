import { isStepCount, jsonSchema, streamText, tool, type ToolSet } from 'ai';
import { expect, test } from 'vitest';
import { govern } from '../src/index.ts';
import { governorWith, rule, subject } from './harness.ts';
import { collect, scriptedModel, text, toolCall } from './models.ts';

// Tools while everything is off: what they give is theirs.

const turns = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at++) await Promise.resolve();
};

/**
 * Ways to give a result, with turns of the event loop that differ by more than the one that a halt is looked for in.
 */
const WAYS: { readonly [name: string]: () => unknown } = {
  'a value': () => 'value',
  'a promise': async () => 'promise',
  'a promise of two turns': async () => turns(2),
  'a promise of twenty turns': async () => turns(20),
  async *'what it yields'() {
    yield 'first';
    yield 'second';
  },
  'an error': () => {
    throw new Error('no');
  },
};

/** The results as the SDK shows them; `~`: preliminary. */
async function orderOf(call: object): Promise<string> {
  const { stream } = streamText({ prompt: 'hello', stopWhen: isStepCount(3), ...call } as Parameters<
    typeof streamText
  >[0]);
  const parts = (await collect(stream as AsyncIterable<unknown>)) as readonly {
    type: string;
    toolName?: string;
    preliminary?: boolean;
  }[];
  return parts
    .filter(({ type }) => type === 'tool-result' || type === 'tool-error')
    .map(({ toolName, preliminary }) => `${toolName}${preliminary === true ? '~' : ''}`)
    .join(' ');
}

const PAIRS = Object.keys(WAYS).flatMap((one) => Object.keys(WAYS).map((other) => [one, other] as const));

test.each(PAIRS)('E4: in off, %s and %s of parallel tools come in the order of their own', async (one, other) => {
  const inputSchema = jsonSchema({ type: 'object' });
  const tools = Object.fromEntries(
    Object.entries({ a: WAYS[one], b: WAYS[other] }).map(([name, execute]) => [name, { inputSchema, execute }]),
  ) as ToolSet;
  const model = () => scriptedModel([...toolCall('c1', 'a', {}), ...toolCall('c2', 'b', {})], text('2', 'Done.'));
  const rules = [rule(['input', 'output', 'tool_call', 'tool_result'], 'block')];
  const governor = await governorWith(rules, { mode: 'off' });
  const bare = await orderOf({ model: model(), tools });
  expect(await orderOf(govern(governor, { subject, model: model(), tools }))).toBe(bare);
});

test.each(['off', 'enforce'] as const)(
  'D6: in %s what a tool gives after a halt is shown to nobody, though no rule reads it',
  async (mode) => {
    const governor = await governorWith([rule('input', 'block')], { mode });
    const halt = () => governor.control.halt({}, { who: 'op', why: 'test' });
    const inputSchema = jsonSchema({ type: 'object' });
    const tools = {
      once: tool({
        inputSchema,
        async execute() {
          await halt();
          return 'too late';
        },
      }),
      several: tool({
        inputSchema,
        async *execute() {
          yield 'in time';
          await halt();
          yield 'too late';
          yield 'far too late';
        },
      }),
      failing: tool({
        inputSchema,
        async execute(): Promise<string> {
          await halt();
          throw new Error('too late');
        },
      }),
    };
    for (const name of Object.keys(tools)) {
      const { stream } = streamText({
        ...govern(governor, { subject, model: scriptedModel(toolCall('c1', name, {}), text('2', 'Done.')), tools }),
        prompt: 'hello',
        stopWhen: isStepCount(3),
      });
      const all = JSON.stringify(await collect(stream as AsyncIterable<unknown>), (_key, value: unknown) =>
        value instanceof Error ? value.message : value,
      );
      expect([name, all.includes(name === 'several' ? 'far too late' : 'too late'), all.includes('Done.')]).toEqual([
        name,
        false,
        false,
      ]);
      await governor.control.resume({}, { who: 'op', why: 'test' });
    }
  },
);

test('a reader who leaves ends what a tool yields', async () => {
  const governor = await governorWith([], { mode: 'off' });
  let ended = false;
  const tools = {
    several: tool({
      inputSchema: jsonSchema({ type: 'object' }),
      async *execute() {
        try {
          yield 1;
          yield 2;
        } finally {
          ended = true;
        }
      },
    }),
  };
  const governed = govern(governor, { subject, model: scriptedModel(text('1', 'fine')), tools });
  const outputs = governed.tools.several.execute({}, {
    toolCallId: 'c1',
    messages: [],
  } as never) as AsyncIterable<unknown>;
  for await (const output of outputs) {
    expect(output).toBe(1);
    break;
  }
  expect(ended).toBe(true);
});
