/** How a protocol writes a sequence of deltas, and how its client reads the text back. */
export interface Protocol {
  readonly name: string;
  readonly type: string;
  write(deltas: readonly string[]): readonly string[];
  read(body: string): string;
  /** What the end of a stopped stream must contain. */
  readonly ending: readonly string[];
}

const sse = (data: object | string, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** Data of every event in a body. */
export function eventsOf(body: string): unknown[] {
  return body
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .filter((data) => data !== '[DONE]')
    .map((data): unknown => {
      try {
        return JSON.parse(data);
      } catch {
        return data;
      }
    });
}

type Loose = { readonly [key: string]: Loose | undefined } | undefined;
const is = (event: Loose, type: string): boolean => (event?.['type'] as unknown) === type;
const joined = (body: string, text: (event: Loose) => unknown): string =>
  eventsOf(body)
    .map((event) => text(event as Loose))
    .filter((found) => typeof found === 'string')
    .join('');

export const PROTOCOLS: readonly Protocol[] = [
  {
    name: 'AI SDK UI message stream',
    type: 'text/event-stream',
    write: (deltas) => [
      sse({ type: 'start' }),
      sse({ type: 'start-step' }),
      sse({ type: 'text-start', id: 't1' }),
      ...deltas.map((delta) => sse({ type: 'text-delta', id: 't1', delta })),
      sse({ type: 'text-end', id: 't1' }),
      sse({ type: 'finish-step' }),
      sse({ type: 'finish', finishReason: 'stop' }),
      sse('[DONE]'),
    ],
    read: (body) => joined(body, (event) => (is(event, 'text-delta') ? event?.['delta'] : undefined)),
    ending: [
      '{"type":"text-end","id":"t1"}',
      '"type":"data-governance"',
      '"finishReason":"content-filter"',
      'data: [DONE]',
    ],
  },
  {
    name: 'OpenAI chat',
    type: 'text/event-stream; charset=utf-8',
    write: (deltas) => [
      sse({
        id: 'c',
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
      }),
      ...deltas.map((content) =>
        sse({
          id: 'c',
          object: 'chat.completion.chunk',
          choices: [{ index: 0, delta: { content }, finish_reason: null }],
        }),
      ),
      sse({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
      sse('[DONE]'),
    ],
    read: (body) => joined(body, (event) => event?.['choices']?.['0']?.['delta']?.['content']),
    ending: ['"finish_reason":"content_filter"', '"id":"c"', 'data: [DONE]'],
  },
  {
    name: 'OpenAI responses',
    type: 'text/event-stream',
    write: (deltas) => [
      sse(
        { type: 'response.created', sequence_number: 0, response: { id: 'r', status: 'in_progress', output: [] } },
        'response.created',
      ),
      ...deltas.map((delta, at) =>
        sse(
          { type: 'response.output_text.delta', sequence_number: at + 1, item_id: 'i', content_index: 0, delta },
          'response.output_text.delta',
        ),
      ),
      sse(
        { type: 'response.output_text.done', item_id: 'i', content_index: 0, text: deltas.join('') },
        'response.output_text.done',
      ),
    ],
    read: (body) => joined(body, (event) => (is(event, 'response.output_text.delta') ? event?.['delta'] : undefined)),
    ending: ['event: response.incomplete', '"incomplete_details":{"reason":"content_filter"}', '"id":"r"'],
  },
  {
    name: 'Anthropic messages',
    type: 'text/event-stream',
    write: (deltas) => [
      sse({ type: 'message_start', message: { id: 'm', role: 'assistant', content: [] } }, 'message_start'),
      sse({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, 'content_block_start'),
      ...deltas.map((text) =>
        sse({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }, 'content_block_delta'),
      ),
      sse({ type: 'content_block_stop', index: 0 }, 'content_block_stop'),
      sse({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }, 'message_delta'),
      sse({ type: 'message_stop' }, 'message_stop'),
    ],
    read: (body) => joined(body, (event) => event?.['delta']?.['text']),
    ending: ['"type":"content_block_stop","index":0', '"stop_reason":"refusal"', '"type":"message_stop"'],
  },
  {
    name: 'SSE of plain text',
    type: 'text/event-stream',
    write: (deltas) => deltas.map((delta) => sse(delta)),
    read: (body) =>
      body
        .split('\n\n')
        .filter((event) => !event.includes('event: governance'))
        .flatMap((event) => event.split('\n').filter((line) => line.startsWith('data: ')))
        .map((line) => line.slice(6))
        .join(''),
    ending: ['event: governance', 'retry: 2147483647'],
  },
  {
    name: 'SSE of no known protocol',
    type: 'text/event-stream',
    write: (deltas) => deltas.map((token, at) => `id: ${at}\r\ndata: ${JSON.stringify({ token })}\r\n\r\n`),
    read: (body) => joined(body, (event) => event?.['token']),
    ending: ['event: governance'],
  },
  {
    name: 'NDJSON',
    type: 'application/x-ndjson',
    write: (deltas) =>
      deltas.map((content) => `${JSON.stringify({ message: { role: 'assistant', content }, done: false })}\n`),
    read: (body) =>
      body
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { message?: { content: string } }).message?.content ?? '')
        .join(''),
    ending: ['{"governance":{'],
  },
  {
    name: 'plain text',
    type: 'text/plain; charset=utf-8',
    write: (deltas) => deltas,
    read: (body) => body,
    ending: [],
  },
];
