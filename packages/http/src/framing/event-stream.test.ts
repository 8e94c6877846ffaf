import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import zlib from 'node:zlib';

import { createGovernor } from '@flyball/core';
import { afterEach, describe, expect, it } from 'vitest';

import { gateResponse } from '../response/gate-response.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A message as Amazon's servers write it: lengths, checksums, headers that are strings. */
function message(event: string, payload: object | string): Buffer {
  const headers = Buffer.concat(
    [
      [':event-type', event],
      [':content-type', 'application/json'],
      [':message-type', 'event'],
    ].map(([name = '', value = '']) =>
      Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7, value.length >> 8, value.length & 255]),
        Buffer.from(value),
      ]),
    ),
  );
  const data = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const u32 = (value: number) => Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
  const lengths = Buffer.concat([u32(16 + headers.length + data.length), u32(headers.length)]);
  const head = Buffer.concat([lengths, u32(zlib.crc32(lengths)), headers, data]);
  return Buffer.concat([head, u32(zlib.crc32(head))]);
}

/** Reads messages as a client does: both checksums must hold. */
function read(bytes: Buffer): (readonly [event: string, data: unknown])[] {
  const found: (readonly [string, unknown])[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const one = bytes.subarray(at, at + length);
    expect(one.readUInt32BE(8)).toBe(zlib.crc32(one.subarray(0, 8)));
    expect(one.readUInt32BE(length - 4)).toBe(zlib.crc32(one.subarray(0, length - 4)));
    const end = 12 + one.readUInt32BE(4);
    const [, event = ''] = /:event-type\u0007\0(?:.)(\w+)/s.exec(one.toString('latin1', 12, end)) ?? [];
    found.push([event.replace(/[^A-Za-z]/g, ''), JSON.parse(one.toString('utf8', end, length - 4))]);
    at += length;
  }
  return found;
}

async function through(parts: readonly Uint8Array[]): Promise<{ readonly status: number; readonly body: Buffer }> {
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
  closing.push(() => governor.close());
  const server = createServer((req, res) => {
    gateResponse(req, res, { governor, interaction: governor.interaction({ tenant: 't' }), mode: 'enforce' });
    res.writeHead(200, { 'Content-Type': 'application/vnd.amazon.eventstream' });
    for (const part of parts) res.write(part);
    res.end();
  }).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const response = await new Promise<IncomingMessage>((resolve) =>
    get({ port: (server.address() as AddressInfo).port, agent: false }, resolve),
  );
  return { status: response.statusCode!, body: await buffer(response) };
}

const delta = (text: string) => message('contentBlockDelta', { contentBlockIndex: 0, delta: { text }, p: 'abcdef' });
const start = message('messageStart', { role: 'assistant' });

describe('messages of Amazon’s event streams', () => {
  it('begin as a server was seen to write them', () => {
    const payload = { contentBlockIndex: 0, delta: { text: 'Hello ' }, p: 'abcd' };
    expect(JSON.stringify(payload).length).toBe(60);
    expect(message('contentBlockDelta', payload).subarray(0, 12).toString('hex')).toBe('000000a300000057a7aafe78');
  });

  it('G6: leave byte for byte, however they are cut', async () => {
    const all = Buffer.concat([
      start,
      delta('grüße '),
      delta('🌍'),
      message('messageStop', { stopReason: 'end_turn' }),
    ]);
    expect((await through([all])).body.equals(all)).toBe(true);
    const bytes = Array.from(all, (byte) => Buffer.from([byte]));
    expect((await through(bytes)).body.equals(all)).toBe(true);
  });

  it('a mask is another length and other checksums', async () => {
    const { body } = await through([start, delta('no 4'), delta('111 ä.')]);
    expect(read(body)).toEqual([
      ['messageStart', { role: 'assistant' }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'no [x]' }, p: 'abcdef' }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: ' ä.' }, p: 'abcdef' }],
    ]);
  });

  it('a stop ends the open block and the message', async () => {
    const { body } = await through([start, delta('so, the '), delta('secret'), delta(' plan')]);
    expect(read(body).slice(2)).toEqual([
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['messageStop', { stopReason: 'guardrail_intervened' }],
    ]);
    expect((await through([start, delta('secret plan')])).status).toBe(403);
  });

  it('events of a model that are packed in base64 are read as the model’s own', async () => {
    const pack = (event: object) =>
      message('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64'), p: 'ab' });
    const text = (said: string) =>
      pack({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: said } });
    const begin = pack({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
    const { body } = await through([begin, text('no 4111, the '), text('secret'), text(' plan')]);
    const events = read(body).map(([, data]) =>
      JSON.parse(Buffer.from((data as { bytes: string }).bytes, 'base64').toString()),
    );
    expect(events.map(({ type }) => type)).toEqual([
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(events[1].delta.text).toBe('no [x], the ');
  });

  it('what is no message does not leave unread', async () => {
    const { body, status } = await through([Buffer.from('this is no message, but the secret plan')]);
    expect([status, body.includes('secret plan')]).toEqual([403, false]);
  });
});
