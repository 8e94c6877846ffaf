import { describe, expect, it } from 'vitest';

import { arrayFraming } from '../framing/array.ts';
import { dataStreamFraming } from '../framing/data-stream.ts';
import type { Framing } from '../framing/frame.ts';
import { multipartFraming } from '../framing/multipart.ts';
import { ndjsonFraming } from '../framing/ndjson.ts';
import { sseFraming } from '../framing/sse.ts';
import type { Problem } from '../problem.ts';
import { DetectedFormat } from './index.ts';
import type { RequestHints } from './request.ts';

const PROBLEM: Problem = {
  type: 'urn:flyball:problem:blocked',
  title: 'Blocked',
  status: 403,
  detail: 'stopped',
  reason: 'P_X',
  auditId: 'aud_1',
  interactionId: 'int_1',
};
const { status: _status, ...told } = PROBLEM;
const NOTICE = JSON.stringify(told);

/** What is written behind a stream that has come so far. */
function ending(framing: Framing, wire: string, request: Partial<RequestHints> = {}): string {
  const format = new DetectedFormat({}, () => ({ path: '', headers: {}, body: undefined, ...request }));
  for (const { data: text, name } of framing.push(wire)) {
    let data: unknown;
    try {
      data = JSON.parse(text ?? '');
    } catch {
      data = undefined;
    }
    if (text !== undefined) format.left(format.read({ name, data }).format, { name, data });
  }
  return framing.ending(format.ending(PROBLEM), true);
}

const sse = (...events: readonly (object | readonly [name: string, data: unknown])[]): string =>
  events
    .map((event) => {
      const [name, data] = Array.isArray(event) ? (event as [string, unknown]) : [undefined, event];
      return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
    })
    .join('');
const part = (value: unknown): string => `---\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(value)}\r\n---`;
const lines = (...values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const chunk = (delta: object) => ({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta }] });

/** Each as the official client of the protocol reads a stop. */
const ENDINGS: readonly (readonly [name: string, framing: Framing, wire: string, ending: string])[] = [
  [
    'OpenAI chat',
    sseFraming(),
    sse(chunk({ content: 'hi' })),
    `data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}],"governance":${NOTICE}}\n\ndata: [DONE]\n\n`,
  ],
  [
    'OpenAI responses',
    sseFraming(),
    sse(
      { type: 'response.created', sequence_number: 0, response: { id: 'r', output: [] } },
      { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: { id: 'i', type: 'message' } },
      {
        type: 'response.output_text.delta',
        sequence_number: 2,
        item_id: 'i',
        output_index: 0,
        content_index: 0,
        delta: 'hi',
      },
    ),
    'event: response.output_text.done\ndata: {"type":"response.output_text.done","sequence_number":3,"item_id":"i","output_index":0,"content_index":0,"text":"hi","logprobs":[]}\n\n' +
      'event: response.content_part.done\ndata: {"type":"response.content_part.done","sequence_number":4,"item_id":"i","output_index":0,"content_index":0,"part":{"type":"output_text","text":"hi","annotations":[]}}\n\n' +
      'event: response.output_item.done\ndata: {"type":"response.output_item.done","sequence_number":5,"output_index":0,"item":{"id":"i","type":"message","status":"incomplete","content":[{"type":"output_text","text":"hi","annotations":[]}]}}\n\n' +
      `event: response.incomplete\ndata: {"type":"response.incomplete","sequence_number":6,"response":{"id":"r","output":[{"id":"i","type":"message","status":"incomplete","content":[{"type":"output_text","text":"hi","annotations":[]}]}],"status":"incomplete","incomplete_details":{"reason":"content_filter"}},"governance":${NOTICE}}\n\n`,
  ],
  [
    'Anthropic',
    sseFraming(),
    sse({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n' +
      `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null},"usage":{"output_tokens":0},"governance":${NOTICE}}\n\n` +
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  ],
  [
    'AI SDK UI',
    sseFraming(),
    sse({ type: 'start' }, { type: 'text-start', id: '1' }),
    `data: {"type":"text-end","id":"1"}\n\ndata: {"type":"data-governance","data":${NOTICE}}\n\ndata: {"type":"finish","finishReason":"content-filter"}\n\ndata: [DONE]\n\n`,
  ],
  [
    'Gemini',
    sseFraming(),
    sse({ candidates: [{ index: 0, content: { parts: [{ text: 'hi' }] } }] }),
    'data: {"candidates":[{"finishReason":"SAFETY","index":0,"finishMessage":"stopped"}]}\n\n',
  ],
  [
    'Gemini, as one array',
    arrayFraming(),
    '[{"candidates":[{"content":{"parts":[{"text":"hi"}]}}]}\n,{"candidates":[]}',
    ',\n{"candidates":[{"finishReason":"SAFETY","index":0,"finishMessage":"stopped"}]}]',
  ],
  [
    'Cohere',
    sseFraming(),
    sse({ id: 'm', type: 'message-start', delta: {} }, { type: 'content-start', index: 0, delta: {} }),
    'event: content-end\ndata: {"type":"content-end","index":0}\n\nevent: message-end\ndata: {"type":"message-end","id":"m","delta":{"finish_reason":"ERROR","error":"stopped"}}\n\n',
  ],
  [
    'TGI',
    sseFraming(),
    sse({ index: 1, token: { id: 7, text: 'hi', logprob: -1, special: false } }),
    'data: {"index":2,"token":{"id":0,"text":"","logprob":0,"special":true},"generated_text":"hi","details":{"finish_reason":"stop_sequence","generated_tokens":1}}\n\n',
  ],
  [
    'Ollama',
    ndjsonFraming(),
    lines({ model: 'm', created_at: 'now', message: { role: 'assistant', content: 'hi' }, done: false }),
    `{"model":"m","created_at":"now","message":{"role":"assistant","content":""},"done":true,"done_reason":"content_filter","governance":${NOTICE}}\n`,
  ],
  [
    'LangServe',
    sseFraming(),
    sse(['metadata', { run_id: 'r' }], ['data', { content: 'hi' }]),
    'event: error\ndata: {"status_code":403,"message":"stopped"}\n\n',
  ],
  [
    'LangGraph',
    sseFraming(),
    sse(['messages', [{ type: 'AIMessageChunk', content: 'hi', id: 'r' }, { langgraph_node: 'a' }]]),
    'event: error\ndata: {"error":"GovernanceStop","message":"stopped"}\n\nevent: end\ndata: null\n\n',
  ],
  [
    'A2A',
    sseFraming(),
    sse({
      jsonrpc: '2.0',
      id: 7,
      result: {
        artifactUpdate: { taskId: 't', contextId: 'x', artifact: { artifactId: 'a', parts: [{ text: 'hi' }] } },
      },
    }),
    `data: {"jsonrpc":"2.0","id":7,"result":{"statusUpdate":{"taskId":"t","contextId":"x","status":{"state":"TASK_STATE_REJECTED"},"metadata":{"governance":${NOTICE}}}}}\n\n`,
  ],
  [
    'a subscription of tRPC',
    sseFraming(),
    sse(['connected', {}], { n: 1 }),
    'event: serialized-error\ndata: {"message":"stopped","code":-32003,"data":{"code":"FORBIDDEN","httpStatus":403}}\n\n',
  ],
  [
    'a batch of tRPC as lines',
    ndjsonFraming(),
    lines({ 0: [[0], [null, 0, 0]], 1: [[0], [null, 0, 1]] }, [0, 0, [[0], ['data', 1, 2]]], [2, 1, [['hi']]]),
    '[1,1,{"message":"stopped","code":-32003,"data":{"code":"FORBIDDEN","httpStatus":403}}]\n[2,2,{"message":"stopped","code":-32003,"data":{"code":"FORBIDDEN","httpStatus":403}}]\n',
  ],
  [
    'GraphQL, one operation',
    sseFraming(),
    sse(['next', { data: { a: 'hi' } }]),
    `event: next\ndata: {"errors":[{"message":"stopped","extensions":{"code":"FORBIDDEN","governance":${NOTICE}}}]}\n\nevent: complete\ndata: \n\n`,
  ],
  [
    'GraphQL, several operations',
    sseFraming(),
    sse(
      ['next', { id: 'a', payload: { data: 1 } }],
      ['next', { id: 'b', payload: { data: 1 } }],
      ['complete', { id: 'b' }],
    ),
    `event: next\ndata: {"id":"a","payload":{"errors":[{"message":"stopped","extensions":{"code":"FORBIDDEN","governance":${NOTICE}}}]}}\n\nevent: complete\ndata: {"id":"a"}\n\n`,
  ],
  [
    'GraphQL in parts',
    multipartFraming('-'),
    part({ data: { a: 'hi' }, hasNext: true }),
    `\r\nContent-Type: application/json\r\n\r\n{"hasNext":false,"incremental":[],"errors":[{"message":"stopped","extensions":{"code":"FORBIDDEN","governance":${NOTICE}}}]}\r\n-----\r\n`,
  ],
  [
    'a subscription of GraphQL in parts',
    multipartFraming('-'),
    part({ payload: { data: { a: 'hi' } } }),
    `\r\nContent-Type: application/json\r\n\r\n{"payload":null,"errors":[{"message":"stopped","extensions":{"code":"FORBIDDEN","governance":${NOTICE}}}]}\r\n-----\r\n`,
  ],
  [
    'AG-UI',
    sseFraming(),
    sse({ type: 'RUN_STARTED', threadId: 't', runId: 'r' }, { type: 'TEXT_MESSAGE_START', messageId: 'm' }),
    `data: {"type":"TEXT_MESSAGE_END","messageId":"m"}\n\ndata: {"type":"CUSTOM","name":"governance","value":${NOTICE}}\n\ndata: {"type":"RUN_FINISHED","threadId":"t","runId":"r"}\n\n`,
  ],
  [
    'AI SDK data stream',
    dataStreamFraming(),
    'f:{"messageId":"m"}\n0:"hi"\n',
    `2:[{"governance":${NOTICE}}]\ne:{"finishReason":"content-filter","usage":{"promptTokens":0,"completionTokens":0},"isContinued":false}\nd:{"finishReason":"content-filter","usage":{"promptTokens":0,"completionTokens":0}}\n`,
  ],
  [
    'Assistants',
    sseFraming(),
    sse({ id: 'm', object: 'thread.message.delta', delta: { content: [{ index: 0, text: { value: 'hi' } }] } }),
    `event: thread.run.incomplete\ndata: {"object":"thread.run","status":"incomplete","incomplete_details":{"reason":"content_filter"},"governance":${NOTICE}}\n\nevent: done\ndata: [DONE]\n\n`,
  ],
  [
    'events of no known protocol',
    sseFraming(),
    sse({ a: 1 }),
    `retry: 2147483647\nevent: governance\ndata: ${NOTICE}\n\n`,
  ],
  ['rows of no known protocol', ndjsonFraming(), lines({ a: 1 }), `{"governance":${NOTICE}}\n`],
];

describe('the ending of a stream that was stopped', () => {
  it.each(ENDINGS)('is that of its protocol, byte for byte: %s', (_, framing, wire, expected) => {
    expect(ending(framing, wire)).toBe(expected);
  });

  it('MCP: an error for each call that waits, and none for one that was answered', () => {
    const body = [
      { jsonrpc: '2.0', id: 1, method: 'tools/call' },
      { jsonrpc: '2.0', id: 'two', method: 'tools/call' },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
    ];
    const wire = sse({ jsonrpc: '2.0', method: 'notifications/message' }, { jsonrpc: '2.0', id: 1, result: {} });
    expect(ending(sseFraming(), wire, { body })).toBe(
      `event: message\ndata: {"jsonrpc":"2.0","id":"two","error":{"code":-32000,"message":"stopped","data":${NOTICE}}}\n\n`,
    );
  });

  it('is not that of a protocol which an event only resembles', () => {
    for (const event of [
      { type: 'file' },
      { type: 'ping' },
      { type: 'finish' },
      { type: 'start', a: 1 },
      { choices: [1] },
    ])
      expect(ending(sseFraming(), sse(event))).toMatch(/^retry: 2147483647\nevent: governance\n/);
  });
});
