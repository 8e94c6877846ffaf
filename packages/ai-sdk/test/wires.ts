import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { UserModelMessage } from 'ai';

// Real provider packages over a fetch that answers in the providers' own wire formats, as recorded from their documentation.

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const sse = (events: readonly { readonly [key: string]: Json }[], named: boolean): Response => {
  const body = events
    .map((event) => `${named ? `event: ${event['type'] as string}\n` : ''}data: ${JSON.stringify(event)}\n\n`)
    .join('');
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
};

const answering =
  (answer: () => Response): typeof fetch =>
  () =>
    Promise.resolve(answer());

/** Claude's messages API: one text block with its citations. */
export function anthropic(text: string, citations: readonly Json[]): LanguageModelV4 {
  const usage = { input_tokens: 3, output_tokens: 4 };
  const events = [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude',
        content: [],
        stop_reason: null,
        usage,
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    ...citations.map((citation) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'citations_delta', citation },
    })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  return createAnthropic({ apiKey: 'k', fetch: answering(() => sse(events, true)) })('claude');
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
  const chunk = (choice: { readonly [key: string]: Json }): { readonly [key: string]: Json } => ({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'gpt',
    choices: [{ index: 0, finish_reason: null, ...choice }],
  });
  const events = [
    ...deltas.map((content) =>
      chunk({
        delta: { role: 'assistant', content },
        logprobs: { content: [{ token: content, logprob: -0.1, bytes: null, top_logprobs: [] }], refusal: null },
      }),
    ),
    chunk({ delta: {}, finish_reason: 'stop' }),
  ];
  return createOpenAI({ apiKey: 'k', fetch: answering(() => sse(events, false)) }).chat('gpt');
}

/** OpenAI's responses: one message with its annotations, and log probabilities where there are some. */
export function openaiResponses(
  deltas: readonly string[],
  { annotations = [], logprobs = false }: { annotations?: readonly Json[]; logprobs?: boolean },
): LanguageModelV4 {
  const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' };
  const spelled = (text: string): Json => (logprobs ? [{ token: text, logprob: -0.1, top_logprobs: [] }] : []);
  const events = [
    { type: 'response.created', response: { id: 'resp_1', created_at: 0, model: 'gpt', service_tier: null } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
    ...deltas.map((delta) => ({
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      delta,
      logprobs: spelled(delta),
    })),
    ...annotations.map((annotation, annotation_index) => ({
      type: 'response.output_text.annotation.added',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      annotation_index,
      annotation,
    })),
    {
      type: 'response.output_item.done',
      output_index: 0,
      item: { ...item, content: [{ type: 'output_text', text: deltas.join(''), annotations, logprobs: [] }] },
    },
    {
      type: 'response.completed',
      response: {
        id: 'resp_1',
        usage: {
          input_tokens: 3,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: 4,
          output_tokens_details: { reasoning_tokens: 0 },
        },
        incomplete_details: null,
        service_tier: 'default',
      },
    },
  ];
  return createOpenAI({ apiKey: 'k', fetch: answering(() => sse(events, false)) })('gpt');
}

/** Gemini's streamed content: one text with what it is grounded on. */
export function google(text: string, groundingMetadata: { readonly [key: string]: Json }): LanguageModelV4 {
  const events = [
    {
      candidates: [
        { content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0, groundingMetadata },
      ],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
    },
  ];
  return createGoogle({ apiKey: 'k', fetch: answering(() => sse(events, false)) })('gemini');
}
