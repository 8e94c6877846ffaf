import { createGovernor, type Governor } from '@flyball/core';
import type { AdapterGovernor, Decision } from '@flyball/core/adapter';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DetectedFormat } from '../formats/index.ts';
import { sseFraming } from '../framing/sse.ts';
import { EventFlow } from './event-flow.ts';
import { TextFlow } from './flow.ts';
import type { Outlet } from './outlet.ts';
import { StreamedBody } from './streamed.ts';
import { utf8Reader } from './utf8-reader.ts';

let governor: Governor;
beforeAll(async () => {
  governor = await createGovernor({
    policy: {
      policy: 'test',
      version: 1,
      detectors: [
        { id: 'secret', phrases: ['red fox'] },
        { id: 'card', patterns: ['\\b4111\\b'] },
      ],
      rules: [
        { id: 'secret', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' },
        { id: 'card', on: 'output', detect: 'card', then: 'redact', reason: 'P_CARD', mask: '[x]' },
      ],
    },
  });
});
afterAll(() => governor.close());

interface Sent {
  readonly body: string;
  readonly decision: Decision | undefined;
  readonly refused: boolean;
}

/** Sends chunks through a governed body and returns what was on the wire. */
function send(chunks: readonly (string | Uint8Array)[], kind: 'events' | 'text' = 'events'): Promise<Sent> {
  return new Promise((resolve, reject) => {
    let body = '';
    const outlet: Outlet = {
      get sent() {
        return body !== '';
      },
      write: (chunk) => {
        body += String(chunk);
        return true;
      },
      end: (text) => resolve({ body: body + String(text), decision: undefined, refused: false }),
      refuse: (decision) => resolve({ body, decision, refused: true }),
      cut: (decision, ending) => resolve({ body: body + ending, decision, refused: false }),
      breakOff: () => reject(new Error('broken off')),
      fail: reject,
      drained: () => undefined,
    };
    const interaction = governor.interaction({ tenant: 't' });
    const event = interaction.event({ stage: 'output' });
    const streamed = new StreamedBody({
      outlet,
      open: () => governor.openGate<never>(event),
      refuse: (reason, insteadOf) =>
        (governor as AdapterGovernor).refuse(interaction.event({ stage: 'output' }), reason, insteadOf),
      flow: (gate) => (kind === 'text' ? new TextFlow(gate) : new EventFlow(gate, sseFraming(), new DetectedFormat())),
      maxHeld: 1_000_000,
      utf8: utf8Reader(false),
    });
    for (const chunk of chunks) streamed.write(chunk);
    streamed.end();
  });
}

const sse = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const chat = (content: string, index = 0): string =>
  sse({ choices: [{ index, delta: { content }, finish_reason: null }] });

function chatText(body: string, index = 0): string {
  return body
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map(
      (event) => (JSON.parse(event.slice(6)) as { choices: { index: number; delta: { content?: string } }[] }).choices,
    )
    .flatMap((choices) =>
      choices.filter((choice) => choice.index === index).map((choice) => choice.delta.content ?? ''),
    )
    .join('');
}

/** Text near the things the policy looks for, with characters that are easily cut. */
const TEXT = fc
  .array(
    fc.constantFrom(
      'red',
      ' ',
      'fox',
      'r',
      'e',
      'RED F',
      'ox',
      '4111',
      '41',
      '11',
      '🌍',
      'é',
      '.',
      '\u200B',
      '\n',
      'a',
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''));
const CUTS = fc.array(fc.nat(400), { maxLength: 12 });

function cut(text: string, cuts: readonly number[]): string[] {
  const at = [...new Set([0, ...cuts.map((value) => value % (text.length + 1)), text.length])].toSorted(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

function cutBytes(text: string, cuts: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(text);
  const at = [...new Set([0, ...cuts.map((value) => value % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

describe('a streamed body', () => {
  it('G1: what a client can read does not depend on how the text was cut into events, or the events into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(TEXT, CUTS, CUTS, async (text, cuts, byteCuts) => {
        const unitByUnit = await send(Array.from({ length: text.length }, (_, at) => chat(text[at]!)));
        const other = await send(
          cutBytes(
            cut(text, cuts)
              .map((part) => chat(part))
              .join(''),
            byteCuts,
          ),
        );
        const plain = await send(cutBytes(text, cuts), 'text');
        expect(chatText(other.body)).toBe(chatText(unitByUnit.body));
        expect(plain.body).toBe(chatText(unitByUnit.body).toWellFormed());
        expect(other.decision?.reason).toBe(unitByUnit.decision?.reason);
        // A phrase is read as people see it, without what no one can see; a pattern is read as written.
        const left = chatText(other.body);
        // A mask parts what the number in its place did not.
        const read = left.replaceAll('\u200B', '').replaceAll('[x]', '4111');
        expect(read).not.toMatch(/(?<![\p{L}\p{N}_])red fox(?![\p{L}\p{N}_])/iu);
        expect(left).not.toMatch(/\b4111\b/);
      }),
      { numRuns: 150 },
    );
  });

  it('G6: events without a match leave byte for byte, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.constantFrom('calm ', 'sea', ' 🌍').map((text) => chat(text)),
            fc.constantFrom('deep', ' blue').map((text) => chat(text, 1)),
            fc.constantFrom(
              ': ping\n\n',
              sse({ other: ['list', 1], of: { things: true } }),
              'data: [DONE]\n\n',
              sse('a string'),
            ),
            fc.constantFrom(
              sse({ type: 'text-delta', id: '1', delta: 'x' }),
              sse({ type: 'data-note', data: { a: 1 } }),
            ),
          ),
        ),
        CUTS,
        async (events, cuts) => {
          const text = events.join('');
          expect((await send(cutBytes(text, cuts))).body).toBe(text);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('G2: choices, blocks and tool calls are texts of their own, and interleaving hides nothing', async () => {
    const choices = await send([chat('a re', 0), chat('b blue ', 1), chat('d f', 0), chat('sky', 1), chat('ox', 0)]);
    expect([chatText(choices.body, 0), chatText(choices.body, 1)]).toEqual(['a ', 'b blue sky']);
    expect(choices.decision?.reason).toBe('P_SECRET');

    const parts = await send([
      sse({ type: 'text-start', id: '1' }),
      sse({ type: 'reasoning-start', id: 'r' }),
      sse({ type: 'text-delta', id: '1', delta: 'ok' }),
      sse({ type: 'reasoning-delta', id: 'r', delta: 'the red' }),
      sse({ type: 'text-delta', id: '1', delta: ' fine' }),
      sse({ type: 'reasoning-delta', id: 'r', delta: ' fox' }),
    ]);
    expect(parts.body).not.toMatch(/red/);
    expect(parts.body).toContain('{"type":"reasoning-end","id":"r"}');

    const call = (args: string, finish: string | null = null) =>
      sse({
        choices: [
          { index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: args } }] }, finish_reason: finish },
        ],
      });
    const tool = await send([chat('calling'), call('{"q":"red '), call('fox"}'), call('', 'tool_calls')]);
    expect(tool.body).not.toMatch(/red/);
    expect(tool.body).toContain('"finish_reason":"content_filter"');
  });

  it('JSON escapes hide nothing, in text or in what tools return', async () => {
    const escaped =
      'data: {"choices":[{"index":0,"delta":{"content":"\\u0072ed\\u0020fox"},"finish_reason":null}]}\n\n';
    expect((await send([escaped])).refused).toBe(true);
    const output =
      'data: {"type":"tool-output-available","toolCallId":"c","output":{"rows":["ok","r\\u0065d fox"]}}\n\n';
    expect((await send([sse({ type: 'start' }), output])).refused).toBe(true);
    const key = sse({ type: 'data-map', data: { 'red fox': 1 } });
    expect((await send([key])).refused).toBe(true);
  });

  it('a mask leaves no second spelling behind', async () => {
    const content = [{ token: '4111', logprob: -1, bytes: [52] }];
    const event = sse({
      choices: [{ index: 0, delta: { content: 'no 4111.' }, logprobs: { content }, finish_reason: null }],
    });
    const { body } = await send([event]);
    expect(chatText(body)).toBe('no [x].');
    expect(body).not.toContain('4111');

    const done = await send([
      sse({ type: 'response.output_text.delta', item_id: 'i', content_index: 0, delta: 'no 4111.' }),
      sse({ type: 'response.output_text.done', item_id: 'i', content_index: 0, text: 'no 4111.' }),
      sse({
        type: 'response.completed',
        response: { id: 'r', output: [{ content: [{ type: 'output_text', text: 'no 4111.' }] }] },
      }),
    ]);
    expect(done.body.match(/no \[x\]\./g)).toHaveLength(3);
    expect(done.body).not.toContain('4111');
  });

  it('G6: ids that count on leave with their events, however those come, and any other is judged', async () => {
    const events = (ids: readonly number[]): string[] => ids.map((id) => `id: ${id}\n${chat(`word ${id % 7} `)}`);
    const counting = events(Array.from({ length: 40 }, (_, at) => at + 4090));
    for (const chunks of [counting, [counting.join('')], cut(counting.join(''), [7, 90, 91, 700, 1900])]) {
      expect((await send(chunks)).body).toBe(counting.join(''));
    }
    // What is found in an id cannot be masked there.
    for (const ids of [[4111], [1, 2, 4111], [1, 2, 3, 2, 4111], [4110, 4112, 4111]]) {
      const { body, decision } = await send(events(ids));
      expect(decision?.reason).toBe('EDIT_NOT_APPLICABLE');
      expect(body).not.toContain('id: 4111');
    }
  });

  it('G1: the text of events with ids is judged like any other', async () => {
    const events = Array.from(
      { length: 30 },
      (_, at) => `id: ${at + 1}\n${chat(at === 20 ? 'red' : at === 21 ? ' fox ' : 'word ')}`,
    );
    const textOf = (body: string): string => chatText(body.replaceAll(/^id: \d+\n/gm, ''));
    for (const chunks of [events, [events.join('')]]) {
      const { body, decision } = await send(chunks);
      expect(decision?.reason).toBe('P_SECRET');
      expect(textOf(body)).toBe('word '.repeat(20));
    }
    const masked = (await send(events.map((event) => event.replace('fox', '4111')))).body;
    expect(textOf(masked)).toBe(`${'word '.repeat(20)}red [x] ${'word '.repeat(8)}`);
    expect([...masked.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual(events.map((_, at) => at + 1));
  });

  it('a mask that would have to go into a number or a name stops the stream', async () => {
    const { decision, body } = await send([chat('hi '), sse({ type: 'data-count', data: { n: 4111 } })]);
    expect(decision?.reason).toBe('EDIT_NOT_APPLICABLE');
    expect(body).not.toContain('4111');
  });

  it('half a record is never sent: what is not text leaves whole or not at all', async () => {
    const { body } = await send([
      chat('hi '),
      sse({ type: 'tool-output-available', toolCallId: 'c', output: { a: 'one', b: 'a red fox' } }),
    ]);
    expect(body).not.toContain('tool-output-available');
  });

  it('G2: what an event says behind the value that stopped the stream does not leave with what came before it', async () => {
    const stopping = 'it is. A red fox, so';
    const rest = 'and 4111, a red fox';
    const values = await send([chat('so.'), sse({ text: stopping, note: rest })]);
    expect(values.body).not.toMatch(/4111|red fox|note/);
    // Where nothing stands behind it, what was released of it does.
    expect((await send([chat('so.'), sse({ text: stopping })])).body).toContain(sse({ text: 'it is. A ' }));
    const choice = (index: number, content: string): object => ({ index, delta: { content } });
    const pieces = await send([chat('so.'), sse({ choices: [choice(0, stopping), choice(1, rest)] })]);
    // What was judged before has left, as it does wherever the text is cut.
    expect(pieces.body).toContain(sse({ choices: [choice(0, 'it is. A '), choice(1, '')] }));
    expect(pieces.body).not.toMatch(/4111|red fox/);
    const call = { index: 2, delta: { tool_calls: [{ index: 0, function: { arguments: '{"a":"4111"}' } }] } };
    const input = await send([chat('so.'), sse({ choices: [choice(0, stopping), call] })]);
    expect(input.body).not.toMatch(/4111|tool_calls/);
  });

  it('the bytes of a character that was cut, and half a surrogate pair, come out whole', async () => {
    const bytes = Buffer.from(chat('a🌍b'));
    expect((await send([...bytes].map((byte) => Uint8Array.of(byte)))).body).toBe(chat('a🌍b'));
    const halves = await send([chat('a\uD83C'), chat('\uDF0Db')]);
    expect(chatText(halves.body)).toBe('a🌍b');
  });
});

/** What a flow is given of chunks that have come while its gate was opened. */
async function fed(chunks: readonly string[]): Promise<readonly string[]> {
  const pushed: string[] = [];
  const interaction = governor.interaction({ tenant: 't' });
  await new Promise<void>((resolve, reject) => {
    const streamed = new StreamedBody({
      outlet: {
        sent: true,
        write: () => true,
        end: () => resolve(),
        refuse: () => reject(new Error('refused')),
        cut: () => reject(new Error('cut')),
        breakOff: () => reject(new Error('broken off')),
        fail: reject,
        drained: () => undefined,
      },
      open: () => governor.openGate<never>(interaction.event({ stage: 'output' })),
      refuse: () => reject(new Error('refused')) as never,
      flow: (gate) => {
        const flow = new TextFlow(gate);
        const push = flow.push.bind(flow);
        flow.push = (text) => {
          pushed.push(text);
          return push(text);
        };
        return flow;
      },
      maxHeld: 1_000_000,
      utf8: utf8Reader(false),
    });
    for (const chunk of chunks) streamed.write(chunk);
    streamed.end();
  });
  return pushed;
}

it('chunks are handed on whole, and only what is longer than a slice is cut', async () => {
  const chunks = [10, 10, 3, 5, 15].map((kilo, at) => String(at).repeat(kilo * 1024));
  expect((await fed(chunks)).map(({ length }) => length / 1024)).toEqual([10, 10, 3, 5, 15]);
  const long = ['a'.repeat(1024), 'b'.repeat(38 * 1024), 'c'.repeat(1024)];
  const pieces = await fed(long);
  expect(pieces.map(({ length }) => length / 1024)).toEqual([1, 16, 16, 6, 1]);
  expect(pieces.join('')).toBe(long.join(''));
});
