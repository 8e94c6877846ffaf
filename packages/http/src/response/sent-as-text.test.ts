import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { createGovernor } from '@flyball/core';
import { describe, expect, it } from 'vitest';

import { gateResponse } from '../index.ts';

// JSON that no type announces: its readers parse it all the same.

async function answerOf(handle: (res: ServerResponse) => unknown): Promise<string> {
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      detectors: [
        { id: 'secret', phrases: ['secret plan'] },
        { id: 'card', patterns: ['\\b4111\\b'] },
      ],
      rules: [
        { id: 'secret', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' },
        { id: 'card', on: 'output', detect: 'card', then: 'redact', reason: 'P_CARD', mask: '[x]' },
      ],
    },
  });
  const interaction = governor.interaction({ tenant: 't' });
  const server = createServer((req, res) => {
    gateResponse(req, res, { governor, interaction, mode: 'enforce', onWarning: () => undefined });
    void handle(res);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = server.address() as AddressInfo;
  const body = await new Promise<string>((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent: false }, (response) => resolve(text(response))).on('error', reject);
  });
  await new Promise((resolve) => server.close(resolve));
  await governor.close();
  return body;
}

const TEXT = 'text/plain; charset=utf-8';

/** Each part in a turn of its own. */
const parts =
  (type: string | undefined, ...written: readonly string[]) =>
  async (res: ServerResponse) => {
    if (type !== undefined) res.setHeader('Content-Type', type);
    for (const part of written) {
      res.write(part);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    res.end();
  };
const whole =
  (type: string | undefined, body: string) =>
  (res: ServerResponse): unknown => {
    if (type !== undefined) res.setHeader('Content-Type', type);
    return res.end(body);
  };

const STRING = JSON.stringify('the secret\nplan');
const MARKED = '\uFEFF{"a":"the secret\\nplan"}';

describe('JSON that is sent as text, or as nothing', () => {
  it.each([
    ['a string, as `res.send(JSON.stringify(text))` sends it', whole('text/html; charset=utf-8', STRING)],
    ['a string of no declared type', whole(undefined, STRING)],
    ['a string of no declared type, behind a mark', whole(undefined, `\uFEFF${STRING}`)],
    ['an object of no declared type, behind a mark', whole(undefined, MARKED)],
    ['an object behind a mark, as text', whole(TEXT, MARKED)],
    ['lines of strings', parts(TEXT, `${STRING}\n`, '"more"\n')],
    ['lines of strings of no declared type', parts(undefined, `${STRING}\n`, '"more"\n')],
    ['lines of lists', parts(TEXT, `[${STRING}]\n`, '["more"]\n')],
  ])('G2: is read as its readers read it: %s', async (_, handle) => {
    expect(await answerOf(handle)).toContain('P_SECRET');
  });

  it.each([
    ['a quotation', parts(undefined, '"Never', ' mind," she said.\n', 'So did I.')],
    ['a quotation, as text', parts(TEXT, '"Never mind."\n', 'So did I: 1\n', '2\n')],
    ['a list that is none', parts(TEXT, '[1]\n', '- one\n', '\n', ' two')],
    ['a string', whole(TEXT, '"a\\nb"')],
  ])('G6: and leaves as it came: %s', async (_, handle) => {
    const bare: string[] = [];
    const record = { setHeader: () => undefined, write: keep, end: keep } as never;
    function keep(chunk: string | undefined): void {
      if (chunk !== undefined) bare.push(chunk);
    }
    await handle(record);
    expect(await answerOf(handle)).toBe(bare.join(''));
  });
});

/** What a model says in pieces, each in JSON. */
const PIECES = ['the sec', 'ret pl', 'an of us', ' all'];
const sse = PIECES.map(
  (delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: delta } }] })}\n\n`,
);

describe('events that are sent as text', () => {
  it.each([
    ['of a chat', sse],
    ['behind a comment, an id and a mark', [`\uFEFF: hello\n\nid: 1\nevent: message\n${sse[0]!}`, ...sse.slice(1)]],
    ['that end lines as HTTP does', sse.map((event) => event.replaceAll('\n', '\r\n'))],
    ['of strings', PIECES.map((piece) => `data: ${JSON.stringify(piece)}\n\n`)],
    ['of the data stream, without its header', PIECES.map((piece) => `0:${JSON.stringify(piece)}\n`)],
  ])('G1: are read across their borders: %s', async (_, written) => {
    const body = await answerOf(parts(TEXT, ...written));
    expect(body).toContain('P_SECRET');
    expect(body).not.toContain('an of us');
  });

  it.each([
    ['events', sse.slice(3)],
    ['parts', ['0:"all"\n', 'd:{"finishReason":"stop"}\n']],
    ['prose that begins so', ['data: {see below}\n', 'none']],
    ['names and values', ['a: 1\n', 'b:"x" y\n', 'c: 4\n']],
    ['nothing but breaks', ['\r\n'.repeat(20_000), 'data: x']],
    ['no event at all', [': a comment\n', '\n', 'and text']],
  ])('G6: and leave as they came: %s', async (_, written) => {
    expect(await answerOf(parts(TEXT, ...written))).toBe(written.join(''));
  });
});

describe('text behind what looks like an event or a part', () => {
  const EVENT = 'data: {"a":1}\n\n';
  const PART = '0:"a"\n';

  it.each([
    ['a line', [EVENT, 'the secret plan\n', 'more']],
    ['a line within the event', ['data: {"a":1}\nthe secret plan\n\n', 'more']],
    ['two lines', [EVENT, 'the secret\nplan\n', 'more']],
    ['two lines within the event', ['data: {"a":1}\nthe secret\nplan\n\n', 'more']],
    ['two lines of HTTP', [EVENT, 'the secret\r', '\nplan\r\n', 'more']],
    ['two paragraphs', [EVENT, 'the secret\n\nplan\n', 'more']],
    ['pieces', [EVENT, 'the sec', 'ret pl', 'an', ' more']],
    ['a last line', [EVENT, 'the secret\n', 'plan']],
    ['a comment', [EVENT, ': the secret plan\n', 'more']],
    ['a name of its own', [EVENT, 'note: the secret\nplan\n\n', 'more']],
    ['a line behind a part', [PART, 'the secret plan\n', 'more']],
    ['two lines behind a part', [PART, 'the secret\nplan\n', 'more']],
    ['two lines behind a part, the first with a code', [PART, 'x: the secret\nplan\n', 'more']],
    ['pieces behind a part', [PART, 'the sec', 'ret pl', 'an', ' more']],
  ])('G2: is read with its breaks: %s', async (what, written) => {
    for (const type of what.includes('part') ? [TEXT] : [TEXT, undefined]) {
      const body = await answerOf(parts(type, ...written));
      expect(body).toContain('P_SECRET');
      expect(body).not.toContain('more');
    }
  });

  it.each([
    ['lines behind an event', [EVENT, 'Card 4111\n', 'and 4111\r\n', 'or 4111']],
    ['lines within an event', ['data: {"a":1}\nCard 4111\nor none\n\n', 'data: {"a":"4111"}\n\n']],
    ['lines behind a part', [PART, 'Card 4111\n', 'and 4111\n', '0:" 4111"\n', 'or 4111']],
  ])('a mask leaves the rest as it is: %s', async (_, written) => {
    expect(await answerOf(parts(TEXT, ...written))).toBe(written.join('').replaceAll('4111', '[x]'));
  });
});

describe('text behind a line of JSON', () => {
  const HEAD = '{"sources":[]}\n';

  it.each([
    ['line by line', [HEAD, 'This is the secret\n', 'plan of us.\n']],
    ['in one piece', [`${HEAD}This is the secret\nplan of us.\n`, 'More.']],
    ['token by token', [HEAD, 'This is the sec', 'ret', '\n', 'plan', ' of us.']],
    ['with a bracket in front', [HEAD, '{{this}} is the secret\n', 'plan']],
  ])('G2: is read with its breaks: %s', async (_, written) => {
    for (const type of [TEXT, undefined]) expect(await answerOf(parts(type, ...written))).toContain('P_SECRET');
  });

  it('a mask leaves the lines as they are', async () => {
    const written = [HEAD, 'Card 4111\n', 'and 4111 \r\n', 'or 4111'];
    expect(await answerOf(parts(TEXT, ...written))).toBe(written.join('').replaceAll('4111', '[x]'));
  });

  it('digits of several lines are still read as one number, as those of rows', async () => {
    expect(await answerOf(parts(TEXT, '{"a":1}\n', '41\n', '11\n', '{"a":2}\n'))).toContain('[x]');
  });
});
