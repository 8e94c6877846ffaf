import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { UserModelMessage } from 'ai';

// Real provider packages over a fetch that answers in the providers' own wire formats, as recorded from their
// documentation: in events where the request asks for a stream, else whole.

export type Json = string | number | boolean | null | readonly Json[] | Fields;
export interface Fields {
  readonly [key: string]: Json;
}

interface Wire {
  readonly events: readonly Fields[];
  /** Events carry their type as their name, too. */
  readonly named?: boolean;
  readonly whole: Fields;
}

const answering =
  ({ events, named = false, whole }: Wire): typeof fetch =>
  (url, init) => {
    const asked = `${url as string} ${init?.body as string}`;
    if (!/"stream":true|:streamGenerateContent/.test(asked)) return Promise.resolve(Response.json(whole));
    const body = events
      .map((event) => `${named ? `event: ${event['type'] as string}\n` : ''}data: ${JSON.stringify(event)}\n\n`)
      .join('');
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  };

/** Claude's messages API: blocks that its own tools made, then one text with its citations. */
export function anthropic(text: string, citations: readonly Json[], before: readonly Fields[] = []): LanguageModelV4 {
  const usage = { input_tokens: 3, output_tokens: 4 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', stop_sequence: null, usage };
  const last = before.length;
  const events = [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
    ...before.flatMap((content_block, index) => [
      { type: 'content_block_start', index, content_block },
      { type: 'content_block_stop', index },
    ]),
    { type: 'content_block_start', index: last, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: last, delta: { type: 'text_delta', text } },
    ...citations.map((citation) => ({
      type: 'content_block_delta',
      index: last,
      delta: { type: 'citations_delta', citation },
    })),
    { type: 'content_block_stop', index: last },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  const content = [...before, { type: 'text', text, ...(citations.length > 0 && { citations }) }];
  const whole = { ...message, content, stop_reason: 'end_turn' };
  return createAnthropic({ apiKey: 'k', fetch: answering({ events, named: true, whole }) })('claude');
}

/** A document that Claude is given to cite from. */
export const CITED_FILE: UserModelMessage = {
  role: 'user',
  content: [
    {
      type: 'file',
      mediaType: 'text/plain',
      data: btoa('Contact: see page 2'),
      filename: 'staff.txt',
      providerOptions: { anthropic: { citations: { enabled: true } } },
    },
    { type: 'text', text: 'Who?' },
  ],
};

/** OpenAI's chat completions: deltas, each with its log probability. */
export function openaiChat(deltas: readonly string[]): LanguageModelV4 {
  const head = { id: 'c1', created: 0, model: 'gpt' };
  const chunk = (choice: Fields): Fields => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, finish_reason: null, ...choice }],
  });
  const spelled = (content: string): Fields => ({ token: content, logprob: -0.1, bytes: null, top_logprobs: [] });
  const events = [
    ...deltas.map((content) =>
      chunk({ delta: { role: 'assistant', content }, logprobs: { content: [spelled(content)], refusal: null } }),
    ),
    chunk({ delta: {}, finish_reason: 'stop' }),
  ];
  const whole = {
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        message: { role: 'assistant', content: deltas.join('') },
        logprobs: { content: deltas.map(spelled), refusal: null },
      },
    ],
  };
  return createOpenAI({ apiKey: 'k', fetch: answering({ events, whole }) }).chat('gpt');
}

/**
 * OpenAI's responses: items of its own tools, then one message with its annotations, and log probabilities where there
 * are some.
 */
export function openaiResponses(
  deltas: readonly string[],
  {
    annotations = [],
    logprobs = false,
    items = [],
  }: {
    annotations?: readonly Json[];
    logprobs?: boolean;
    items?: readonly { added: Fields; between?: readonly Fields[]; done: Fields }[];
  },
): LanguageModelV4 {
  const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' };
  const spelled = (text: string): readonly Json[] =>
    logprobs ? [{ token: text, logprob: -0.1, top_logprobs: [] }] : [];
  const output_index = items.length;
  const usage = {
    input_tokens: 3,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 4,
    output_tokens_details: { reasoning_tokens: 0 },
  };
  const said = { type: 'output_text', text: deltas.join(''), annotations };
  const events = [
    { type: 'response.created', response: { id: 'resp_1', created_at: 0, model: 'gpt', service_tier: null } },
    ...items.flatMap(({ added, between = [], done }, index) => [
      { type: 'response.output_item.added', output_index: index, item: added },
      ...between.map((event) => ({ ...event, output_index: index })),
      { type: 'response.output_item.done', output_index: index, item: done },
    ]),
    { type: 'response.output_item.added', output_index, item: { ...item, content: [] } },
    ...deltas.map((delta) => ({
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index,
      content_index: 0,
      delta,
      logprobs: spelled(delta),
    })),
    ...annotations.map((annotation, annotation_index) => ({
      type: 'response.output_text.annotation.added',
      item_id: 'msg_1',
      output_index,
      content_index: 0,
      annotation_index,
      annotation,
    })),
    {
      type: 'response.output_item.done',
      output_index,
      item: { ...item, content: [{ ...said, logprobs: [] }] },
    },
    {
      type: 'response.completed',
      response: { id: 'resp_1', usage, incomplete_details: null, service_tier: 'default' },
    },
  ];
  const whole = {
    id: 'resp_1',
    object: 'response',
    created_at: 0,
    model: 'gpt',
    output: [...items.map(({ done }) => done), { ...item, content: [{ ...said, logprobs: deltas.flatMap(spelled) }] }],
    usage,
    incomplete_details: null,
    service_tier: 'default',
  };
  return createOpenAI({ apiKey: 'k', fetch: answering({ events, whole }) })('gpt');
}

/** Gemini's content: one text with what it is grounded on. */
export function google(text: string, groundingMetadata: Fields): LanguageModelV4 {
  const whole = {
    candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0, groundingMetadata }],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
  };
  return createGoogle({ apiKey: 'k', fetch: answering({ events: [whole], whole }) })('gemini');
}
