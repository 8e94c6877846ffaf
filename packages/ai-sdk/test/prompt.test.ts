import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { generateText } from 'ai';
import { govern } from '../src/index.ts';
import { editPrompt, readPrompt } from '../src/to-event.ts';
import { governorWith, PAYLOADS, rule, stream, subject } from './harness.ts';
import { scriptedModel, text } from './models.ts';

const { email } = PAYLOADS;
const base64 = (value: string): string => Buffer.from(value).toString('base64');
const utf16 = (value: string): Uint8Array => new Uint8Array(Buffer.from(`\ufeff${value}`, 'utf16le'));

/** Every place of a prompt that can carry text to the model. */
const PLACES: { readonly [name: string]: (payload: string) => LanguageModelV4Message } = {
  'a system message': (payload) => ({ role: 'system', content: `be brief, ${payload}` }),
  'a user’s text': (payload) => ({ role: 'user', content: [{ type: 'text', text: `I am ${payload}` }] }),
  'a text in two parts': (payload) => ({
    role: 'user',
    content: [
      { type: 'text', text: payload.slice(0, 5) },
      { type: 'text', text: payload.slice(5) },
    ],
  }),
  'a file of text': (payload) => ({
    role: 'user',
    content: [{ type: 'file', mediaType: 'text/csv', data: { type: 'data', data: base64(`name,${payload}`) } }],
  }),
  'bytes of text': (payload) => ({
    role: 'user',
    content: [
      {
        type: 'file',
        mediaType: 'application/json',
        data: { type: 'data', data: new TextEncoder().encode(`"${payload}"`) },
      },
    ],
  }),
  'a file of text in UTF-16, as spreadsheets write it': (payload) => ({
    role: 'user',
    content: [{ type: 'file', mediaType: 'text/csv', data: { type: 'data', data: utf16(`name,${payload}`) } }],
  }),
  'a file given as text': (payload) => ({
    role: 'user',
    content: [{ type: 'file', mediaType: 'text/plain', data: { type: 'text', text: payload } }],
  }),
  'the name of a file': (payload) => ({
    role: 'user',
    content: [
      {
        type: 'file',
        filename: `${payload}.png`,
        mediaType: 'image/png',
        data: { type: 'data', data: 'iVBORw0KGgo=' },
      },
    ],
  }),
  'earlier reasoning': (payload) => ({ role: 'assistant', content: [{ type: 'reasoning', text: `so ${payload}` }] }),
  'arguments of an earlier call': (payload) => ({
    role: 'assistant',
    content: [{ type: 'tool-call', toolCallId: 'c', toolName: 't', input: { deep: [{ to: payload }] } }],
  }),
  'a tool’s text': (payload) => ({
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId: 'c', toolName: 't', output: { type: 'text', value: payload } }],
  }),
  'a tool’s JSON': (payload) => ({
    role: 'tool',
    content: [
      { type: 'tool-result', toolCallId: 'c', toolName: 't', output: { type: 'json', value: { a: [payload] } } },
    ],
  }),
  'a tool’s error': (payload) => ({
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId: 'c', toolName: 't', output: { type: 'error-text', value: payload } }],
  }),
  'a tool’s content list': (payload) => ({
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: 'c',
        toolName: 't',
        output: { type: 'content', value: [{ type: 'text', text: payload }] },
      },
    ],
  }),
  'the reason of a denial': (payload) => ({
    role: 'tool',
    content: [{ type: 'tool-approval-response', approvalId: 'a', approved: false, reason: payload }],
  }),
};

const said = (prompt: unknown): string =>
  JSON.stringify(prompt, (key, value: unknown) => {
    if (value instanceof Uint8Array) return new TextDecoder('utf-16le').decode(value);
    return key === 'data' && typeof value === 'string' ? atob(value) : value;
  });

describe.each(Object.entries(PLACES))('%s', (_name, message) => {
  const prompt: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }, message(email)];

  test('is a segment, under an address of its own', () => {
    const segments = readPrompt(prompt).segments;
    expect(segments.filter(({ text }) => text.includes(email))).toHaveLength(1);
    expect(new Set(segments.map(({ path }) => path)).size).toBe(segments.length);
    for (const { path } of segments) expect(path).toMatch(/^messages\[\d+]\./);
  });

  test('E2: takes a mask, and nothing else changes', () => {
    const segment = readPrompt(prompt).segments.find(({ text }) => text.includes(email))!;
    const start = segment.text.indexOf(email);
    const edited = editPrompt(prompt, [{ segment: segment.path!, start, end: start + email.length, mask: '[EMAIL]' }]);
    expect(edited.ok).toBe(true);
    if (!edited.ok) return;
    expect(said(edited.value)).not.toContain(email);
    const masked = said(message('[EMAIL]'));
    const joined = (value: string): string => value.replaceAll(/"},\{"type":"text","text":"/g, '');
    expect(joined(said(edited.value[1]))).toBe(joined(masked));
    expect(edited.value[0]).toBe(prompt[0]);
  });

  test('E1: is judged before the model reads it', async () => {
    const model = scriptedModel(text('1', 'fine'));
    const governor = await governorWith([rule('input', 'block')]);
    const seen = await stream(governor, model, {
      middleware: { transformParams: ({ params }) => Promise.resolve({ ...params, prompt }) },
    });
    expect(seen.finishReason).toBe('content-filter');
    expect(model.prompts).toHaveLength(0);
  });
});

test('E2: an edit for a place that is not there is not applied in silence', () => {
  const prompt: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }];
  for (const segment of ['messages[0].parts[0].text', 'messages[4].text', 'elsewhere']) {
    expect(editPrompt(prompt, [{ segment, start: 0, end: 2, mask: '' }])).toMatchObject({ ok: false });
  }
});

test('E2: the address of a picture cannot be masked: the prompt is stopped', async () => {
  const model = scriptedModel(text('1', 'fine'));
  const prompt: LanguageModelV4Prompt = [
    {
      role: 'user',
      content: [
        { type: 'file', mediaType: 'image/png', data: { type: 'url', url: new URL(`https://x.example/?m=${email}`) } },
      ],
    },
  ];
  const seen = await stream(await governorWith([rule('input', 'redact')]), model, {
    middleware: { transformParams: ({ params }) => Promise.resolve({ ...params, prompt }) },
  });
  expect(seen.finishReason).toBe('content-filter');
  expect(model.prompts).toHaveLength(0);
});

test('what comes before the user’s last message is history, and what was stopped there is withheld from the model in later turns', async () => {
  const governor = await governorWith([rule('input', 'block')]);
  const turn = async (...said: readonly string[]) => {
    const model = scriptedModel(text('fine'));
    const governed = govern(governor, { subject, model }).model;
    const messages = said.map((content, at) => ({
      role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content,
    }));
    const { finishReason } = await generateText({ model: governed, messages });
    return { finishReason, asked: JSON.stringify(model.prompts.map(({ prompt }) => prompt)) };
  };
  expect(await turn(`mail ${email}`)).toEqual({ finishReason: 'content-filter', asked: '[]' });
  const next = await turn(`mail ${email}`, 'I cannot do that', 'what is the time?');
  expect(next.finishReason).toBe('stop');
  expect(next.asked).toContain('[withheld]');
  expect(next.asked).not.toContain(email);
  expect((await turn(`write to ${email}`, 'no', 'hello')).finishReason).toBe('content-filter');
});
