import { createGovernor, type Governor } from '@flyball/core';
import type { AdapterGovernor, Decision } from '@flyball/core/adapter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { GenericOptions } from '../formats/generic.ts';
import { DetectedFormat } from '../formats/index.ts';
import { ndjsonFraming } from '../framing/ndjson.ts';
import { arrayFraming } from '../framing/array.ts';
import { multipartFraming } from '../framing/multipart.ts';
import type { Framing } from '../framing/frame.ts';
import { sseFraming } from '../framing/sse.ts';
import { EventFlow } from './event-flow.ts';
import type { Outlet } from './outlet.ts';
import { StreamedBody } from './streamed.ts';
import { utf8Reader } from './utf8-reader.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';

let block: Governor;
let redact: Governor;
beforeAll(async () => {
  const policy = (then: 'block' | 'redact') => ({
    policy: then,
    version: 1,
    detectors: [
      { id: 'key', patterns: ['\\bAKIA[A-Z0-9]{16}\\b'] },
      { id: 'mail', patterns: ['\\b[a-z]+@[a-z]+(?:\\.[a-z]+)+\\b'] },
      { id: 'word', phrases: ['ass'] },
    ],
    rules: [
      ...['key', 'mail'].map((detect) => ({
        id: detect,
        on: 'output' as const,
        detect,
        then,
        reason: 'P_FOUND',
        ...(then === 'redact' && { mask: `[${detect}]` }),
      })),
      { id: 'word', on: 'output' as const, detect: 'word', then: 'block' as const, reason: 'P_WORD' },
    ],
  });
  block = await createGovernor({ policy: policy('block') });
  redact = await createGovernor({ policy: policy('redact') });
});
afterAll(async () => {
  await block.close();
  await redact.close();
});

interface Sent {
  readonly body: string;
  readonly stopped: boolean;
  readonly decision: Decision;
}

interface How extends GenericOptions {
  readonly ndjson?: boolean;
  readonly framing?: () => Framing;
}

function send(governor: Governor, wire: string, options: How = {}): Promise<Sent> {
  return new Promise((resolve, reject) => {
    let body = '';
    const interaction = governor.interaction({ tenant: 't' });
    const event = interaction.event({ stage: 'output' });
    const stopped = (decision: Decision): void => resolve({ body, stopped: true, decision });
    const outlet: Outlet = {
      get sent() {
        return body !== '';
      },
      write: (chunk) => {
        body += String(chunk);
        return true;
      },
      end: (text) => resolve({ body: body + String(text), stopped: false, decision: interaction.decisions.at(-1)! }),
      refuse: stopped,
      cut: stopped,
      breakOff: () => reject(new Error('broken off')),
      fail: reject,
      drained: () => undefined,
    };
    const streamed = new StreamedBody({
      outlet,
      open: () => governor.openGate<never>(event),
      refuse: (reason, insteadOf) => (governor as AdapterGovernor).refuse(event, reason, insteadOf),
      flow: (gate) =>
        new EventFlow(
          gate,
          options.framing?.() ?? (options.ndjson === true ? ndjsonFraming() : sseFraming()),
          new DetectedFormat(options),
        ),
      maxHeld: 1_000_000,
      utf8: utf8Reader(false),
    });
    streamed.write(wire);
    streamed.end();
  });
}

const sse = (...events: readonly unknown[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
const rows = (...events: readonly unknown[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const chunk = (delta: object, more: object = {}): object => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
const said = `the key is ${KEY}.`;

/** Where a value was once not looked at: each stream carries the key in one event. */
const PLACES: readonly (readonly [name: string, events: readonly unknown[]])[] = [
  ['OpenAI: content as a list of parts', [chunk({ content: [{ type: 'text', text: said }] })]],
  ['OpenAI: content as an object', [chunk({ content: { text: said } })]],
  ['OpenAI: input of a custom tool', [chunk({ tool_calls: [{ index: 0, custom: { name: 'sql', input: said } }] })]],
  ['OpenAI: arguments as an object', [chunk({ tool_calls: [{ index: 0, function: { arguments: { q: said } } }] })]],
  ['OpenAI: the name of a tool', [chunk({ tool_calls: [{ index: 0, function: { name: KEY } }] })]],
  ['OpenAI: log probabilities', [chunk({ content: 'hi' }, { logprobs: { content: [{ token: said, bytes: [1] }] } })]],
  [
    'OpenAI: log probabilities, token by token',
    [chunk({ content: 'hi' }, { logprobs: { content: [{ token: ' AKIAIOSF' }, { token: 'ODNN7EXAMPLE' }] } })],
  ],
  ['OpenAI: an unknown member', [chunk({ content: 'hi', note: said })]],
  ['UI stream: a member beside the delta', [{ type: 'text-delta', id: '1', delta: 'hi', note: said }]],
  ['UI stream: a file', [{ type: 'start' }, { type: 'file', url: said, mediaType: 'text/plain' }]],
  ['UI stream: a member beside the data', [{ type: 'start' }, { type: 'data-note', data: 1, note: said }]],
  ['UI stream: metadata', [{ type: 'start' }, { type: 'message-metadata', messageMetadata: { note: said } }]],
  [
    'Anthropic: the input a block begins with',
    [{ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', name: 'q', input: { q: said } } }],
  ],
  [
    'Responses: arguments of an item, escaped',
    [
      {
        type: 'response.output_item.done',
        item: { type: 'function_call', arguments: JSON.stringify({ q: `${KEY}"` }).replace('AKIA', '\\u0041KIA') },
      },
    ],
  ],
  ['Responses: code of an item', [{ type: 'response.output_item.done', item: { type: 'x', code: said } }]],
  ['Responses: a summary', [{ type: 'response.created', response: { reasoning: { summary: said } } }]],
  ['an application’s own event named file', [{ type: 'file', body: said }]],
  ['an application’s own event named ping', [{ type: 'ping', body: said }]],
  ['an application’s own event named finish', [{ type: 'finish', body: said }]],
  ['Gemini', [{ candidates: [{ index: 0, content: { parts: [{ text: said }] } }] }]],
  ['Cohere', [{ type: 'content-delta', index: 0, delta: { message: { content: { text: said } } } }]],
  ['TGI', [{ index: 1, token: { id: 1, text: said, logprob: -0.1, special: false } }]],
  ['Assistants', [{ object: 'thread.message.delta', delta: { content: [{ index: 0, text: { value: said } }] } }]],
  ['LangGraph', [[{ content: said, type: 'AIMessageChunk', id: 'run-1' }, { langgraph_node: 'agent' }]]],
  ['LangServe', [{ ops: [{ op: 'add', path: '/streamed_output/-', value: said }] }]],
  ['tRPC', [{ result: { data: { json: said } } }]],
  ['GraphQL', [{ data: { answer: said } }]],
  ['a wrapper', [{ event: 'message', payload: chunk({ content: said }) }]],
  ['a list at the top', [[1, [said]]]],
  ['the name of a member', [{ deep: { [KEY]: 1 } }]],
];

/** The same text, cut in two. */
const PIECES: readonly (readonly [name: string, event: (text: string) => unknown])[] = [
  ['OpenAI: parts', (text) => chunk({ content: [{ type: 'text', text }] })],
  ['OpenAI: input of a custom tool', (text) => chunk({ tool_calls: [{ index: 0, custom: { input: text } }] })],
  ['UI stream: data', (data) => ({ type: 'data-token', data })],
  ['Gemini', (text) => ({ candidates: [{ index: 0, content: { parts: [{ text }] } }] })],
  ['Cohere', (text) => ({ type: 'content-delta', index: 0, delta: { message: { content: { text } } } })],
  ['TGI', (text) => ({ index: text.length, token: { id: 1, text } })],
  ['Assistants', (value) => ({ object: 'thread.message.delta', delta: { content: [{ index: 0, text: { value } }] } })],
  ['LangGraph', (content) => [{ content, type: 'AIMessageChunk', id: 'run-1' }, { langgraph_node: 'agent' }]],
  ['LangServe', (value) => ({ ops: [{ op: 'add', path: '/streamed_output/-', value }] })],
  ['a wrapper', (content) => ({ event: 'message', payload: chunk({ content }) })],
  ['a list at the top', (text) => [1, [text]]],
  ['strings', (text) => text],
];

describe('a text is read in one way from its beginning to its end', () => {
  const text = (id: string, delta: string): object => ({ type: 'text-delta', id, delta });

  it('G2: whatever events of another protocol leave meanwhile', async () => {
    const wire =
      `${sse(chunk({ content: 'write to bob' }))}event: connected\ndata: {}\n\n` +
      sse(chunk({ content: ' or AKIAIOSF' }), chunk({ content: 'ODNN7EXAMPLE now' }));
    const { body, decision } = await send(block, wire);
    expect([decision.reason, body.includes('AKIA')]).toEqual(['P_FOUND', false]);
  });

  it('G2: whatever has waited for so long that it leaves', async () => {
    const part = (event: unknown): string =>
      `Content-Type: application/json\r\n\r\n${JSON.stringify(event)}\r\n---\r\n`;
    const events = [
      ...[
        { type: 'data-note', body: 'bob' },
        { type: 'data-note', title: 'bob' },
      ],
      ...Array.from({ length: 6 }, (_, at) => text(`t${at % 2}`, '')),
      ...[text('t1', 'see AKIAIOSFODNN'), text('t0', ''), text('t1', '7EXAMPLE ok')],
    ];
    const wire = `---\r\n${events.map(part).join('')}--\r\n`;
    const { body, decision } = await send(block, wire, { framing: () => multipartFraming('-') });
    expect([decision.reason, body.includes('7EXAMPLE')]).toEqual(['P_FOUND', false]);
  });
});

describe('a value of an event that nobody declared', () => {
  for (const [name, events] of PLACES) {
    it.each([true, false])(`G2: is judged where it stands: ${name}, NDJSON %s`, async (ndjson) => {
      const wire = ndjson ? rows(...events) : sse(...events);
      const sent = await send(block, wire, { ndjson });
      expect([sent.stopped, sent.decision.reason]).toEqual([true, 'P_FOUND']);
      expect(sent.body).not.toContain('AKIA');
    });
  }

  it.each(PIECES)('G2: is judged as what continues the one before: %s', async (_, event) => {
    const sent = await send(block, sse(event('see AKIAIOSF'), event('ODNN7EXAMPLE'), event(' ok')));
    expect([sent.stopped, sent.body]).toEqual([true, '']);
    const masked = await send(redact, sse(event('see AKIAIOSF'), event('ODNN7EXAMPLE'), event(' ok')));
    expect(masked.body).not.toMatch(/AKIA|ODNN/);
  });

  it('G2: a row is judged by itself, whatever the next one begins with, and its neighbours stay', async () => {
    const wire = rows({ message: `key ${KEY}` }, { message: 'next row' });
    expect(await send(block, wire, { ndjson: true })).toMatchObject({ stopped: true, body: '' });
    const masked = await send(redact, wire, { ndjson: true });
    expect(masked.body).toBe(rows({ message: 'key [key]' }, { message: 'next row' }));
    const mail = rows({ message: 'mail bob@acme.example' }, { message: 'next row' });
    expect((await send(redact, mail, { ndjson: true })).body).toBe(
      rows({ message: 'mail [mail]' }, { message: 'next row' }),
    );
  });

  it('texts of two identities that come in turn are read apart, and each as one', async () => {
    const event = (index: number, text: string): object => ({ parts: [{ index, text }] });
    const sent = await send(block, sse(event(0, 'see AKIAIOSF'), event(1, 'hello'), event(0, 'ODNN7EXAMPLE')));
    expect([sent.stopped, sent.body]).toEqual([true, '']);
  });

  it('the same identity further in or further out is another one', async () => {
    const inner = (index: number, message: string): object => ({ content: { index, message } });
    const outer = { index: 0, content: { message: ' "x"' } };
    const sent = await send(block, sse(inner(0, 'see AKIAIOSF'), outer, inner(1, ' und'), inner(0, 'ODNN7EXAMPLE')));
    expect([sent.stopped, sent.body]).toEqual([true, '']);
  });

  it('events that are the same but for their text are judged by it, and masked where they stand', async () => {
    const words = Array.from({ length: 30 }, (_, at) => chunk({ content: ` ${at}` }));
    const wire = (...texts: readonly string[]): string => sse(...words, ...texts.map((content) => chunk({ content })));
    expect((await send(redact, wire(' "x"', ' \u00e4\n', ' ok'))).body).toBe(wire(' "x"', ' \u00e4\n', ' ok'));
    const cut = await send(redact, wire(' AKIAIOSF', 'ODNN7EXAMPLE', ' ok'));
    expect(cut.body).toBe(wire(' [key]', '', ' ok'));
    const stopped = await send(block, wire(' AKIAIOSF', 'ODNN7EXAMPLE', ' ok'));
    expect([stopped.stopped, stopped.body.startsWith(sse(...words)), stopped.body.includes('AKIA')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('rows and pieces are the same bytes: the join stops, says so, and `rows` declares otherwise', async () => {
    const wire = rows({ message: 'AKIAIOSFOD' }, { message: 'NN7EXAMPLE' });
    const sent = await send(block, wire, { ndjson: true });
    expect([sent.stopped, sent.decision.signals.map(({ joined }) => joined)]).toEqual([true, [true, true]]);
    const alone = await send(block, rows({ message: KEY }), { ndjson: true });
    expect(alone.decision.signals.map(({ joined }) => joined)).toEqual([undefined]);
    expect(await send(block, wire, { ndjson: true, rows: ['message'] })).toMatchObject({ stopped: false, body: wire });
    expect(await send(block, wire, { ndjson: true, rows: true })).toMatchObject({ stopped: false, body: wire });
  });

  it('pieces that are declared are judged as one text only', async () => {
    const wire = sse({ token: 'cl' }, { token: 'ass' }, { token: 'room' });
    expect((await send(block, wire)).stopped).toBe(true);
    expect(await send(block, wire, { select: ['token'] })).toMatchObject({ stopped: false, body: wire });
    expect(
      await send(block, sse(chunk({ content: 'cl' }), chunk({ content: 'ass' }), chunk({ content: 'room' }))),
    ).toMatchObject({ stopped: false });
  });

  it('ids and models that come with every event hold nothing up', async () => {
    const events = Array.from({ length: 20 }, (_, at) => ({
      conversation: 'abc123',
      model: 'm',
      n: at,
      text: ` ${at} .`,
    }));
    expect((await send(block, sse(...events))).body).toBe(sse(...events));
  });

  it('an id that turns out to begin the secret is judged with what follows it', async () => {
    const ids = Array.from({ length: 5 }, () => ({ v: 'AKIAIOSFOD' }));
    const sent = await send(block, sse(...ids, { v: 'NN7EXAMPLE' }, { v: ' ' }));
    expect([sent.stopped, sent.body.includes('NN7')]).toEqual([true, false]);
  });

  it('columns of prices, addresses and dates are rows', async () => {
    const wire = rows({ price: '4111.1111' }, { price: '1111.1111' }, { ip: '10.0.0.1' }, { ip: '10.0.0.2' });
    expect(await send(block, wire, { ndjson: true })).toMatchObject({ stopped: false, body: wire });
  });

  it('a mask changes nothing but the text it stands for', async () => {
    const wire = `data: { "n": 1.0, "big": 12345678901234567890,\ndata:  "t": "see ${KEY}", "u": "\\u00e4" }\n\n`;
    expect((await send(redact, wire)).body).toBe(
      'data: { "n": 1.0, "big": 12345678901234567890,\ndata:  "t": "see [key]", "u": "\\u00e4" }\n\n',
    );
  });

  it('a member that is named twice is judged twice: parsers disagree about which one counts', async () => {
    expect((await send(block, `data: {"a":"${KEY}","a":"x"}\n\n`)).stopped).toBe(true);
  });

  it('numbers are judged as written', async () => {
    const digits = await createGovernor({
      policy: {
        policy: 'n',
        version: 1,
        detectors: [{ id: 'n', patterns: ['12345678901234567891'] }],
        rules: [{ id: 'n', on: 'output', detect: 'n', then: 'block', reason: 'P_NUMBER' }],
      },
    });
    expect((await send(digits, 'data: {"n":12345678901234567891}\n\n')).stopped).toBe(true);
    await digits.close();
  });

  it('comments and pings do not wait behind held text', async () => {
    const wire = `data: {"a":"see AKIAIOSF"}\n\n: keep-alive\n\ndata: {"a":"ODNN7EXAMPLE"}\n\n`;
    expect(await send(block, wire)).toMatchObject({ stopped: true, body: ': keep-alive\n\n' });
    const bad = wire.replace('keep-alive', KEY);
    expect(await send(block, bad)).toMatchObject({ stopped: true, body: '' });
  });

  it('what closes an array, or the parts of a body, does not overtake what it closes', async () => {
    const array = '[{"a":"one"},\n{"a":"see AKIA"},{"b":"or AKIA"}\n]\n';
    expect(await send(block, array, { framing: arrayFraming })).toMatchObject({ stopped: false, body: array });
    const part = (value: object) => `\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(value)}\r\n---`;
    const framing = () => multipartFraming('-');
    const parts = `---${part({ data: { a: 'see AKIA' } })}${part({})}${part({ data: { b: 'or AKIA' } })}--\r\n`;
    const { body } = await send(block, parts, { framing });
    // A part that says nothing keeps the connection open, and waits for nobody.
    expect(body).toBe(`---${part({})}${parts.slice(3).replace(part({}), '')}`);
    const keyed = `---${part({ data: { a: `see ${KEY}` }, hasNext: true })}--\r\n`;
    expect((await send(redact, keyed, { framing })).body).toBe(keyed.replace(KEY, '[key]'));
    expect(await send(block, keyed, { framing })).toMatchObject({ stopped: true, body: '' });
    const head = keyed.replace('\r\n\r\n', `\r\nX-Note: ${KEY}\r\n\r\n`);
    expect(await send(redact, head.replace(`see ${KEY}`, ''), { framing })).toMatchObject({ stopped: true, body: '' });
  });

  it('G7: an event of many values is judged in stretches', async () => {
    const many = Array.from({ length: 2_500 }, (_, at) => `value ${at}`);
    const wire = sse({ text: ' one.' }, { rows: many, last: ' two.' }, { text: ' three' });
    let turns = 0;
    let over = false;
    const turn = (): void => void (!over && (turns++, setImmediate(turn)));
    setImmediate(turn);
    expect((await send(redact, wire)).body).toBe(wire);
    over = true;
    expect(turns).toBeGreaterThan(2_500 / 500);
    const masked = sse({ rows: [...many, KEY], last: ' two' });
    expect((await send(redact, masked)).body).toBe(masked.replace(KEY, '[key]'));
    const stopped = await send(
      block,
      sse({ text: ' one.' }, { rows: [...many, KEY], last: ' two.' }, { text: ' three' }),
    );
    expect([stopped.stopped, stopped.body]).toEqual([true, sse({ text: ' one.' })]);
  });

  it('an event waits at most eight later ones, and what left meanwhile is said', async () => {
    const other = Array.from({ length: 9 }, (_, at) => ({ other: ` ${at} ` }));
    const sent = await send(block, sse({ a: 'see AKIAIOSF' }, ...other, { a: 'ODNN7EXAMPLE' }));
    expect([sent.stopped, sent.body.includes('AKIAIOSF'), sent.body.includes('ODNN7')]).toEqual([true, true, false]);
    expect(sent.decision.coverage.unjudged.map(({ path, why }) => [path, why])).toEqual([['data.a', 'trail']]);
    const near = await send(block, sse({ a: 'see AKIAIOSF' }, ...other.slice(1, 8), { a: 'ODNN7EXAMPLE' }));
    expect([near.stopped, near.body]).toEqual([true, '']);
  });
});
