import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { jsonSchema, Output, streamText, tool, type ToolSet } from 'ai';
import { describe, expect, test } from 'vitest';
import { govern } from '../src/index.ts';
import { governorWith, rule, stream, subject } from './harness.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { collect, scriptedModel, text, toolCall, USAGE, type ScriptedModel } from './models.ts';

// What rules cannot be about waits for nothing.

/**
 * A model that says its first parts, and the rest when its reader has had a part of that type, or has waited long
 * enough for it.
 */
function halting(
  parts: readonly Part[],
  first: number,
): { model: ScriptedModel; had: () => void; early: () => boolean } {
  const model = scriptedModel(parts);
  let early = false;
  let seen: (early: boolean) => void = () => undefined;
  const reader = new Promise<boolean>((resolve) => (seen = resolve));
  model.doStream = async () => {
    let at = 0;
    const all: readonly Part[] = [...parts, END];
    const stream = new ReadableStream<Part>(
      {
        async pull(controller) {
          if (at === first) early = await Promise.race([reader, sleep(1000).then(() => false)]);
          const part = all[at++];
          if (part === undefined) controller.close();
          else controller.enqueue(part);
        },
      },
      { highWaterMark: 0 },
    );
    return { stream };
  };
  return { model, had: () => seen(true), early: () => early };
}

const END: Part = { type: 'finish', usage: USAGE, finishReason: { unified: 'tool-calls', raw: 'x' } };

/** Whether a reader has had input of the tool before the model had said all of it. */
const inputIsEarly = (policy: Parameters<typeof governorWith>, parts: readonly Part[] = call): Promise<boolean> =>
  isEarly('tool-input-delta', policy, parts, 3);

/** Whether a reader has had a part of that type when the model has said its first parts. */
async function isEarly(
  type: Part['type'],
  policy: Parameters<typeof governorWith>,
  parts: readonly Part[],
  first: number,
): Promise<boolean> {
  const governor = await governorWith(...policy);
  const { model, had, early } = halting(parts, first);
  const tools: ToolSet = { lookup: tool({ inputSchema: jsonSchema({ type: 'object' }) }) };
  const { stream } = streamText({
    ...govern(governor, { subject, model, tools }),
    prompt: 'hello',
    include: { rawChunks: true },
  });
  for await (const part of stream) if (part.type === type) had();
  return early();
}

const call = toolCall('c1', 'lookup', { q: 'a long question' });

/** Policies of which no rule reads an answer or a call. */
const UNREAD: { readonly [what: string]: Parameters<typeof governorWith> } = {
  'no rule reads calls': [[rule('input', 'block')]],
  'there is a limit alone': [[], { limits: [{ id: 'many', allow: 60, per: '1m' }] }],
  'there are no rules': [[]],
};

describe('the input of a tool', () => {
  test.each([
    ...Object.entries(UNREAD),
    ['rules read answers', [[rule('output', 'block')]]],
    ['rules read another tool', [[rule('tool_call', 'block', { tool: 'send' })]]],
  ] as [string, Parameters<typeof governorWith>][])('leaves as it is written where %s', async (_where, policy) => {
    expect(await inputIsEarly(policy)).toBe(true);
  });

  test('waits where a rule reads it', async () => {
    expect(await inputIsEarly([[rule('tool_call', 'block')]])).toBe(false);
  });

  test.each(Object.entries(UNREAD))('and the call itself leaves before the message ends where %s', async (...row) => {
    const [, policy] = row;
    expect(await isEarly('tool-call', policy, [...call, ...text('1', 'I look.')], call.length)).toBe(true);
  });

  test('a call waits for the end of a message that may yet be stopped', async () => {
    const parts = [...call, ...text('1', 'I look.')];
    expect(await isEarly('tool-call', [[rule('output', 'block')]], parts, call.length)).toBe(false);
  });

  test('that the provider runs is no exception, either way', async () => {
    const ofProvider = call.map((part): Part =>
      part.type === 'tool-input-start' || part.type === 'tool-call' ? { ...part, providerExecuted: true } : part,
    );
    const rules = [rule(['output', 'tool_result'], 'block')];
    expect(await inputIsEarly([rules, { providerTools: 'allow' }], ofProvider)).toBe(true);
    expect(await inputIsEarly([[rule('tool_call', 'block')], { providerTools: 'allow' }], ofProvider)).toBe(false);
  });

  test('a call that left before a stop is none: it waits where the answer may be stopped', async () => {
    const seen = await stream(
      await governorWith([rule('output', 'block')]),
      scriptedModel([...call, ...text('1', 'TOPSECRET')]),
      { tools: { lookup: tool({ inputSchema: jsonSchema({ type: 'object' }), execute: () => 'x' }) } },
    );
    expect(seen.parts.map(({ type }) => type)).not.toContain('tool-call');
    expect(seen.finishReason).toBe('content-filter');
  });
});

describe('declared JSON', () => {
  /** How much of the answer a reader has had when the model has said its first parts. */
  const early = async (policy: Parameters<typeof governorWith>, texts: readonly string[], first: number) => {
    const governor = await governorWith(...policy);
    const { model, had, early } = halting(text('1', ...texts), first);
    const result = streamText({
      ...govern(governor, { subject, model }),
      output: Output.object({ schema: jsonSchema<{ a: string }>({ type: 'object' }) }),
      prompt: 'hello',
    });
    const seen: (string | undefined)[] = [];
    for await (const { a } of result.partialOutputStream) {
      seen.push(a);
      had();
    }
    return { early: early(), seen };
  };

  test('leaves as it is written, where no rule reads answers and where one does', async () => {
    const texts = ['{"a":"', 'one ', 'two ', 'three', '"}'];
    for (const policy of [...Object.values(UNREAD), [[rule('output', 'block')]] as const]) {
      const bare = await early(policy as Parameters<typeof governorWith>, texts, 3);
      expect(bare).toMatchObject({ early: true });
      expect(bare.seen.at(-1)).toBe('one two three');
    }
  });

  test('is held where it could still be part of a match, and no longer', async () => {
    const { seen } = await early([[rule('output', 'block')]], ['{"a":"It is TOP', 'SECRE', 'LY."}'], 3);
    expect([...new Set(seen)]).toEqual(['It is ', 'It is TOPSECRELY.']);
  });

  test('E2: ends where a mask would have to be written into a name, and its model says no more', async () => {
    const more = Array.from({ length: 40 }, (_, at) => `,"k${at}":${at}`);
    const texts = ['{"a":"fine","ada@example.com":1', ...more, '}'];
    const model = scriptedModel(text('1', ...texts));
    const seen = await stream(await governorWith([rule('output', 'redact')]), model, {
      call: { output: Output.object({ schema: jsonSchema<{ a: string }>({ type: 'object' }) }) },
    });
    expect(seen.all).not.toContain('ada@example.com');
    expect(seen.finishReason).toBe('content-filter');
    expect(model.pulled).toBeLessThan(more.length);
  });

  test.each([
    ['prose before it', ['Here it is: ', '{"a":"fine"}']],
    ['prose behind it', ['{"a":"fine"}', ' That is it.']],
    ['an end in the middle of a name', ['{"a":"fine"', ',"b']],
  ])('with %s is judged as a whole, and leaves as it came', async (_what, texts) => {
    const seen = await stream(await governorWith([rule('output', 'block')]), scriptedModel(text('1', ...texts)), {
      call: { output: Output.object({ schema: jsonSchema<{ a: string }>({ type: 'object' }) }) },
    });
    expect(seen.text).toBe(texts.join(''));
  });

  test.each([
    ['prose before it', ['Here is TOPSECRET: ', '{"a":"fine"}']],
    ['prose behind it', ['{"a":"fine"}', ' That is TOPSECRET.']],
    ['an end in the middle of a name', ['{"a":"fine"', ',"TOPSECRET']],
    ['an escape that is cut', ['{"a":"\\u0054OPSEC', 'RET\\u00']],
  ])('with a match and %s is stopped before it', async (_what, texts) => {
    const seen = await stream(await governorWith([rule('output', 'block')]), scriptedModel(text('1', ...texts)), {
      call: { output: Output.object({ schema: jsonSchema<{ a: string }>({ type: 'object' }) }) },
    });
    expect([seen.finishReason, /TOPSECRET|OPSECRET/.test(seen.all)]).toEqual(['content-filter', false]);
  });
});

describe('tools keep what they are', () => {
  test('getters, prototypes and members that are not enumerable', async () => {
    class Base {
      get kind(): string {
        return `${this.constructor.name}!`;
      }
    }
    const own = Object.create(Base.prototype, {
      inputSchema: { value: jsonSchema({ type: 'object' }), enumerable: true },
      execute: { value: () => 'x', enumerable: true },
      // As the SDK marks a tool that calls others.
      experimental_toolCaller: { value: 'caller', enumerable: false },
      late: { get: () => 'now', enumerable: true },
    }) as ToolSet[string];
    const { tools } = govern(await governorWith([rule('tool_call', 'block')]), {
      subject,
      model: scriptedModel(),
      tools: { own },
    });
    const governed = tools.own as unknown as Record<string, unknown>;
    expect([governed['kind'], governed['experimental_toolCaller'], governed['late'], Object.keys(governed)]).toEqual([
      'Base!',
      'caller',
      'now',
      ['inputSchema', 'execute', 'late'],
    ]);
    expect(Object.getOwnPropertyDescriptor(governed, 'late')?.get).toBeDefined();
  });
});

test('E4: in off, results of calls that run side by side come in the order of the ungoverned run', async () => {
  const tick = async (times: number): Promise<string> => {
    for (let at = 0; at < times; at++) await Promise.resolve();
    return 'x';
  };
  const tools: ToolSet = Object.fromEntries(
    [0, 9, 0, 3, 1].map((ticks, at) => [
      `t${at}`,
      tool({ inputSchema: jsonSchema({ type: 'object' }), execute: () => (ticks === 0 ? 'x' : tick(ticks)) }),
    ]),
  );
  const order = async (governed: boolean): Promise<string[]> => {
    const model = scriptedModel(
      Object.keys(tools).flatMap((name) => toolCall(name, name, {})),
      text('2', 'Done.'),
    );
    const governor = await governorWith([rule('tool_result', 'block')], { mode: 'off' });
    const options = governed ? govern(governor, { subject, model, tools }) : { model, tools };
    const parts = await collect(streamText({ ...options, prompt: 'hello' }).stream);
    return parts.flatMap((part) => (part.type === 'tool-result' ? [part.toolName] : []));
  };
  expect(await order(true)).toEqual(await order(false));
});
