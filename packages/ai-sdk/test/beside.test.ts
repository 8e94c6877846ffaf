import type { LanguageModelV4 } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { generateText, jsonSchema, streamText, tool, toUIMessageStream } from 'ai';
import { govern, governModel } from '../src/index.ts';
import { generate, governorWith, rule, stream, subject } from './harness.ts';
import { collect, generated, scriptedModel, text, toolCall, USAGE } from './models.ts';
import { CASES, EMAIL, ENCODED, programOf, QUOTE, type Case } from './beside-cases.ts';

// What providers put beside the text: each real provider class, over its own wire format. It is judged as the text it
// repeats, or left out.

/** Everything of one answer, by everybody who gets a part of it. */
async function run(way: 'streamed' | 'whole', { model, ...given }: Case, policy: Parameters<typeof governorWith>) {
  const [rules, more] = policy;
  const { tools, messages, providerOptions } = given;
  const governor = await governorWith(rules, { ...more, providerTools: 'allow' });
  const call = {
    ...govern(governor, { subject, model: model(), tools }),
    messages: messages ?? [{ role: 'user' as const, content: 'hello' }],
    ...(providerOptions !== undefined && { providerOptions }),
    maxRetries: 0,
  };
  const result = way === 'streamed' ? await streamedOf(call) : await generateText(call);
  const steps = result.steps.map(({ content, response, providerMetadata, sources }) => ({
    content,
    messages: response.messages,
    providerMetadata,
    sources,
  }));
  const spells =
    JSON.stringify(steps.map(({ providerMetadata }) => providerMetadata)).match(/"token":"([^"]*)"/g) ?? [];
  const all = JSON.stringify(['seen' in result ? result.seen : [], steps]);
  return {
    leaks: [EMAIL, ENCODED].filter((text) => all.includes(text)),
    spelled: spells.map((token) => token.slice(9, -1)).join(''),
    all,
    finishReason: result.finishReason,
  };
}

async function streamedOf(call: Parameters<typeof streamText>[0]) {
  const result = streamText(call);
  const [forServer, forBrowser] = result.stream.tee();
  const seen = await Promise.all([
    collect(forServer as AsyncIterable<unknown>),
    collect(toUIMessageStream({ stream: forBrowser, sendSources: true }) as AsyncIterable<unknown>),
  ]);
  return { seen, steps: await result.steps, finishReason: await result.finishReason };
}

const WAYS = ['streamed', 'whole'] as const;
const TRIED = Object.entries(CASES).flatMap(([name, one]) => WAYS.map((way) => [name, way, one] as const));
const READING = ['output', 'tool_result'] as const;

describe.each(TRIED)('%s, %s', (_name, way, one) => {
  const ask = (...policy: Parameters<typeof governorWith>) => run(way, one, policy);

  test('is there without governance', async () => {
    const { leaks, spelled } = await ask([rule(READING, 'block')], { mode: 'off' });
    expect(leaks.length + Number(spelled.includes(EMAIL))).toBeGreaterThan(0);
  });

  test('G2: is masked', async () => {
    const { leaks, spelled, all, finishReason } = await ask([rule(READING, 'redact', { mask: '[EMAIL]' })]);
    expect({ leaks, spelled, finishReason }).toEqual({ leaks: [], spelled: '', finishReason: 'stop' });
    expect(all).toContain(one.masked);
  });

  test('G2: is not let out by a rule that blocks', async () => {
    const { leaks, spelled } = await ask([rule(READING, 'block')]);
    expect({ leaks, spelled }).toEqual({ leaks: [], spelled: '' });
  });

  test('E4: is the same where nothing matches', async () => {
    const nothing = await ask([rule(READING, 'block', { detect: 'key' })]);
    const off = await ask([rule(READING, 'block')], { mode: 'off' });
    const comparable = ({ all }: typeof off): unknown => withoutTimes(JSON.parse(all));
    expect(comparable(nothing)).toEqual(comparable(off));
  });
});

describe.each(WAYS)('OpenAI responses: what it wrote into a program of its own, %s', (way) => {
  const written: Case = { ...CASES['OpenAI responses: what a program of its own printed']!, model: programOf };
  const ask = (...policy: Parameters<typeof governorWith>) => run(way, written, policy);

  test('is there without governance', async () => {
    expect((await ask([rule('tool_call', 'block')], { mode: 'off' })).leaks).toEqual([EMAIL]);
  });

  test('T5: is masked where arguments may be, and is not let out elsewhere', async () => {
    const masked = await ask([rule('tool_call', 'redact', { mask: '[EMAIL]', editArgs: true })]);
    expect([masked.leaks, masked.finishReason, masked.all.includes('[EMAIL]')]).toEqual([[], 'stop', true]);
    const blocked = await ask([rule('tool_call', 'block')]);
    expect([blocked.leaks, blocked.finishReason]).toEqual([[], 'content-filter']);
  });
});

/** Ids and times that the SDK makes for each run. */
function withoutTimes(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      /^(timestamp|performance|id|sourceId|messageId|callId)$/.test(key) || key.endsWith('Ms') ? undefined : member,
    ),
  );
}

describe('a whole answer', () => {
  const end = { type: 'finish', usage: USAGE, finishReason: { unified: 'stop', raw: 'stop' } } as const;
  const whole = (): LanguageModelV4 => {
    const model = scriptedModel();
    const from = (provider: string, fields: object): { [provider: string]: never } => ({ [provider]: fields as never });
    model.doGenerate = () =>
      Promise.resolve({
        ...generated([end]),
        content: [
          {
            type: 'text',
            text: 'See the file.',
            providerMetadata: from('anthropic', { citations: [{ cited_text: QUOTE }] }),
          },
          {
            type: 'source',
            sourceType: 'url',
            id: 's',
            url: `https://a.example/${ENCODED}`,
            providerMetadata: from('x', { quote: QUOTE, itemId: 'i1' }),
          },
        ],
        providerMetadata: from('google', { groundingMetadata: { passage: QUOTE } }),
        response: { body: { raw: QUOTE } },
      });
    return model;
  };
  const ask = (policy: Parameters<typeof governorWith>) =>
    governorWith(...policy).then((governor) =>
      generateText({ model: governModel({ model: whole(), governor, subject }), prompt: 'hello' }),
    );

  test('G2: is masked in every part, and its body is left out', async () => {
    const { steps } = await ask([[rule('output', 'redact', { mask: '[EMAIL]' })]]);
    const all = JSON.stringify(steps);
    expect(all).not.toMatch(/ada(@|%40)example/);
    expect(all.match(/\[EMAIL\]|%5BEMAIL%5D/g)!.length).toBeGreaterThanOrEqual(4);
    expect(all).toContain('"itemId":"i1"');
  });

  test('G2: is refused where a rule blocks', async () => {
    const result = await ask([[rule('output', 'block')]]);
    expect(JSON.stringify(result.steps)).not.toMatch(/ada(@|%40)example/);
    expect(result.finishReason).toBe('content-filter');
  });
});

describe('what something failed with', () => {
  const cause = new Error(`no such mailbox: ${EMAIL}`);
  const failed = new Error('lookup failed', { cause });

  test.each(['redact', 'block'] as const)('T3: a tool: its cause is judged like its message (%s)', async (then) => {
    const run = async (mode: 'off' | 'enforce'): Promise<unknown> => {
      const seen: unknown[] = [];
      const execute = (): Promise<string> => {
        throw failed;
      };
      await stream(
        await governorWith([rule('tool_result', then)], { mode }),
        scriptedModel(toolCall('c', 'send', {}), text('2', 'Done.')),
        {
          tools: { send: tool({ inputSchema: jsonSchema({ type: 'object' }), execute }) },
          call: { onToolExecutionEnd: (end: { readonly toolOutput: unknown }) => void seen.push(end.toolOutput) },
        },
      );
      return (seen[0] as { readonly error: Error }).error;
    };
    expect(await run('off')).toBe(failed);
    const governed = (await run('enforce')) as Error;
    expect(governed.cause).toBeUndefined();
    expect(governed.message).not.toContain(EMAIL);
  });

  test('G2: a provider: its words and what it quotes are masked, its status stays', async () => {
    const quoting = Object.assign(new Error('bad request', { cause }), { responseBody: QUOTE, statusCode: 400 });
    const seen = await stream(
      await governorWith([rule('output', 'redact', { mask: '[EMAIL]' })]),
      scriptedModel([...text('1', 'Half'), { type: 'error', error: quoting }]),
    );
    const [told] = seen.errors as (Error & { statusCode?: number })[];
    expect(told).toMatchObject({ message: 'bad request', statusCode: 400 });
    expect(told!.cause).toBeUndefined();
    expect(seen.all).not.toContain(EMAIL);
  });

  test.each(['off', 'shadow'] as const)('E4: in %s it is no event of its own', async (mode) => {
    const governor = await governorWith([rule('output', 'block')], { mode });
    const stages: string[] = [];
    governor.events.subscribe((event) => void (event.kind === 'decision' && stages.push(event.event.stage)));
    const seen = await stream(governor, scriptedModel([...text('1', 'Half'), { type: 'error', error: QUOTE }]));
    expect([seen.errors, stages]).toEqual([[QUOTE], ['input', 'output']]);
  });

  test('G2: a provider: where a rule blocks, it says only that', async () => {
    const seen = await stream(
      await governorWith([rule('output', 'block')]),
      scriptedModel([{ type: 'error', error: QUOTE }]),
    );
    expect((seen.errors[0] as Error).message).toBe('the provider failed; what it said was withheld by policy');
  });

  test('E4: goes on as it is where nothing matches', async () => {
    const seen = await stream(
      await governorWith([rule('output', 'block')]),
      scriptedModel([{ type: 'error', error: failed.message }]),
    );
    expect(seen.errors).toEqual([failed.message]);
  });
});

test('text that is encoded in part is decoded as far as it goes', async () => {
  const url = `https://a.example/%ZZ?m=${ENCODED}&n=%FF`;
  const seen = await generate(
    await governorWith([rule('output', 'redact', { mask: '[EMAIL]' })]),
    scriptedModel([{ type: 'source', sourceType: 'url', id: 's', url }]),
  );
  expect(seen.all).not.toContain(ENCODED);
  expect(seen.all).toContain('%5BEMAIL%5D&n=%25FF');
});
