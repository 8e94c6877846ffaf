import { expect, test } from 'vitest';

import type { Problem } from '../problem.ts';
import { DATA_STREAM } from '../framing/data-stream.ts';
import { PART } from '../framing/multipart.ts';
import type { StreamEvent } from './format.ts';
import { DetectedFormat } from './index.ts';

const named = (name: string | undefined, ...all: readonly unknown[]): StreamEvent[] =>
  all.map((data) => ({ name, data }));

/** What begins a stream, for the protocols that take events only from then on; and an event of each. */
const EVENTS: readonly StreamEvent[] = [
  ...named('connected', {}),
  ...named('metadata', { run_id: 'r' }),
  ...named('data', { ops: [{ op: 'add', path: '/streamed_output/-', value: 'a' }] }),
  ...named('next', { data: { answer: 'a' } }),
  ...named('messages', [{ content: 'a', type: 'AIMessageChunk', id: 'run-1' }, { langgraph_node: 'agent' }]),
  ...named('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'a' } }),
  ...named(`${DATA_STREAM}0`, 'a'),
  ...[undefined, PART].flatMap((name) =>
    named(
      name,
      ...[
        { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'a' },
      ],
      { 0: [[0], [null, 0, 0]] },
      [0, 0, [['a']]],
      { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }], object: 'chat.completion.chunk' },
      ...[{ type: 'start' }, { type: 'text-delta', id: 't', delta: 'a' }, { type: 'data-note', data: 'a' }],
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } },
      { type: 'response.output_text.delta', item_id: 'i', content_index: 0, delta: 'a' },
      { candidates: [{ index: 0, content: { parts: [{ text: 'a' }] } }] },
      { type: 'content-delta', index: 0, delta: { message: { content: { text: 'a' } } } },
      { index: 1, token: { id: 1, text: 'a', logprob: 0, special: false } },
      { model: 'm', message: { role: 'assistant', content: 'a' }, done: false },
      { object: 'thread.message.delta', delta: { content: [{ index: 0, text: { value: 'a' } }] } },
      { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'a' }] } },
      { jsonrpc: '2.0', id: 1, result: { task: { id: 'a' } } },
      { anything: 'else' },
    ),
  ),
];

test('G1: how an event is read does not depend on what has left: that is a matter of what was held', () => {
  const format = new DetectedFormat();
  for (const event of EVENTS) format.read(event);
  const shapes = EVENTS.map((event) => format.read(event).reading.shape);
  expect(new Set(shapes).size).toBeGreaterThan(15);
  for (const left of EVENTS) {
    format.left(format.read(left).format, left);
    const now = EVENTS.map((event) => format.read(event).reading.shape);
    const others = EVENTS.filter((_, at) => now[at] !== shapes[at]);
    expect([left, others]).toEqual([left, []]);
  }
});

test('the ending is that of the protocol which has left', () => {
  const format = new DetectedFormat();
  const problem: Problem = {
    type: 't',
    title: 't',
    status: 403,
    detail: 'd',
    reason: 'P_XX',
    auditId: 'a',
    interactionId: 'i',
  };
  const [ui] = named(undefined, { type: 'text-delta', id: 't', delta: 'a' });
  const read = format.read(ui!);
  expect(format.ending(problem)).toMatchObject([{ event: 'governance' }]);
  format.left(read.format, ui!);
  expect(JSON.stringify(format.ending(problem))).toContain('content-filter');
});
