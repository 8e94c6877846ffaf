import type { LanguageModelV4 } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { generateText, jsonSchema, streamText, tool, toUIMessageStream, type ModelMessage } from 'ai';
import { govern, governModel } from '../src/index.ts';
import { generate, governorWith, rule, stream, subject } from './harness.ts';
import { collect, generated, scriptedModel, text, toolCall, USAGE } from './models.ts';
import { anthropic, CITED_FILE, google, openaiChat, openaiResponses } from './wires.ts';

// What providers put beside the text: each real provider class, over its own wire format. It is judged as the text it repeats, or left out.

const EMAIL = 'ada@example.com';
const ENCODED = 'ada%40example.com';
const QUOTE = `Contact: ${EMAIL}`;
const spelled = ['Write to ', 'ada', '@exam', 'ple.com', ' please.'];

interface Case {
  readonly model: () => LanguageModelV4;
  readonly messages?: ModelMessage[];
  readonly providerOptions?: { readonly openai: { readonly logprobs: boolean } };
  /** What the reader still gets where it is masked. */
  readonly masked?: string;
}

const CASES: { readonly [name: string]: Case } = {
  'Anthropic: a cited document': {
    model: () =>
      anthropic('The contact is in the file.', [
        {
          type: 'char_location',
          cited_text: QUOTE,
          document_index: 0,
          document_title: 'Staff',
          start_char_index: 0,
          end_char_index: 25,
        },
      ]),
    messages: [CITED_FILE],
    masked: 'Contact: [EMAIL]',
  },
  'Anthropic: a cited page': {
    model: () =>
      anthropic('See the page.', [
        {
          type: 'web_search_result_location',
          cited_text: QUOTE,
          url: 'https://a.example',
          title: 'T',
          encrypted_index: 'x',
        },
      ]),
    masked: 'Contact: [EMAIL]',
  },
  'Google: passages that support the answer': {
    model: () =>
      google('See the page.', {
        groundingChunks: [{ retrievedContext: { uri: 'gs://x', title: 'doc', text: QUOTE } }],
        groundingSupports: [{ segment: { text: QUOTE } }],
      }),
    masked: 'Contact: [EMAIL]',
  },
  'Google: an encoded address of a source': {
    model: () =>
      google('See the page.', {
        groundingChunks: [{ web: { uri: `https://a.example/?m=${ENCODED}`, title: 'T' } }],
      }),
    masked: 'https://a.example/?m=%5BEMAIL%5D',
  },
  'OpenAI responses: an annotation': {
    model: () =>
      openaiResponses(['See the file.'], {
        annotations: [{ type: 'file_citation', file_id: 'f', filename: `${EMAIL}.txt`, index: 3 }],
      }),
    masked: '[EMAIL].txt',
  },
  'OpenAI chat: log probabilities that spell the answer': {
    model: () => openaiChat(spelled),
    providerOptions: { openai: { logprobs: true } },
    masked: 'Write to ',
  },
  'OpenAI responses: log probabilities that spell the answer': {
    model: () => openaiResponses(spelled, { logprobs: true }),
    providerOptions: { openai: { logprobs: true } },
    masked: 'Write to ',
  },
};

/** Everything of one answer, by everybody who gets a part of it. */
async function run({ model, messages, providerOptions }: Case, policy: Parameters<typeof governorWith>) {
  const governor = await governorWith(...policy);
  const result = streamText({
    ...govern(governor, { subject, model: model() }),
    ...(messages === undefined ? { prompt: 'hello' } : { messages }),
    ...(providerOptions !== undefined && { providerOptions }),
    maxRetries: 0,
  });
  const [forServer, forBrowser] = result.stream.tee();
  const [parts, ui] = await Promise.all([
    collect(forServer as AsyncIterable<unknown>),
    collect(toUIMessageStream({ stream: forBrowser, sendSources: true }) as AsyncIterable<unknown>),
  ]);
  const steps = (await result.steps).map(({ content, response, providerMetadata, sources }) => ({
    content,
    messages: response.messages,
    providerMetadata,
    sources,
  }));
  const spells =
    JSON.stringify(steps.map(({ providerMetadata }) => providerMetadata)).match(/"token":"([^"]*)"/g) ?? [];
  const all = JSON.stringify([parts, ui, steps]);
  return {
    leaks: [EMAIL, ENCODED].filter((text) => all.includes(text)),
    spelled: spells.map((token) => token.slice(9, -1)).join(''),
    all,
    finishReason: await result.finishReason,
  };
}

describe.each(Object.entries(CASES))('%s', (_name, one) => {
  test('is there without governance', async () => {
    const { leaks, spelled } = await run(one, [[rule('output', 'block')], { mode: 'off' }]);
    expect(leaks.length + Number(spelled.includes(EMAIL))).toBeGreaterThan(0);
  });

  test('G2: is masked', async () => {
    const { leaks, spelled, all, finishReason } = await run(one, [[rule('output', 'redact', { mask: '[EMAIL]' })]]);
    expect({ leaks, spelled, finishReason }).toEqual({ leaks: [], spelled: '', finishReason: 'stop' });
    expect(all).toContain(one.masked);
  });

  test('G2: is not let out by a rule that blocks', async () => {
    const { leaks, spelled } = await run(one, [[rule('output', 'block')]]);
    expect({ leaks, spelled }).toEqual({ leaks: [], spelled: '' });
  });

  test('E4: is the same where nothing matches', async () => {
    const nothing = await run(one, [[rule('output', 'block', { detect: 'key' })]]);
    const off = await run(one, [[rule('output', 'block')], { mode: 'off' }]);
    const comparable = ({ all }: typeof off): unknown => withoutTimes(JSON.parse(all));
    expect(comparable(nothing)).toEqual(comparable(off));
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
