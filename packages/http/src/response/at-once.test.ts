// Answers of one piece: the shorter way is held against the full one, which is taken where a governor knows no shorter
// one. What leaves, what is decided and what is recorded must be the same, however the head was written.
import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createGovernor, createMemorySink } from '@flyball/core';
import type { AdapterGovernor, Mode } from '@flyball/core/adapter';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import { gateResponse } from '../index.ts';

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0)) await close();
});

type Way = (res: ServerResponse, body: string) => void;

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** As applications and frameworks send what they have in one piece. */
const WAYS: { readonly [name: string]: Way } = {
  'headers one by one': (res, body) => {
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    res.end(Buffer.from(body));
  },
  'a head, as Fastify does': (res, body) => {
    res.writeHead(201, { ...JSON_TYPE, 'content-length': Buffer.byteLength(body), 'X-Own': 'a' });
    res.end(body, null as never, null as never);
  },
  'a head in a list, and a reason': (res, body) => {
    res.writeHead(200, 'Fine', ['Content-Type', 'application/json', 'X-Own', 'a']).end(body);
  },
  'a head, and what is changed too late': (res, body) => {
    res.writeHead(200, JSON_TYPE);
    expect(res.headersSent).toBe(true);
    res.statusCode = 418;
    expect(() => res.setHeader('X-Late', 'b')).toThrow('after they are sent');
    res.end(body);
  },
  trailers: (res, body) => {
    res.writeHead(200, { ...JSON_TYPE, Trailer: 'X-Sum' });
    res.addTrailers({ 'X-Sum': 'b' });
    res.end(body);
  },
};

async function serverFor(mode: Mode, isShort: boolean, way: Way) {
  const sink = createMemorySink(10_000);
  const real = (await createGovernor({
    audit: sink,
    policy: {
      policy: 'p',
      version: 1,
      mode,
      detectors: [
        { id: 'key', patterns: ['\\bAKIA[A-Z0-9]{4}\\b'] },
        { id: 'mail', patterns: ['\\b[a-z]{1,9}@x\\.example\\b'] },
        { id: 'whole', patterns: ['^only$'] },
      ],
      rules: [
        { id: 'key', on: 'output', detect: 'key', then: 'block', reason: 'P_KEY' },
        { id: 'mail', on: 'output', detect: 'mail', then: 'redact', reason: 'P_MAIL', mask: '[mail]' },
        { id: 'whole', on: 'output', detect: 'whole', then: 'block', reason: 'P_WHOLE' },
      ],
    },
  })) as AdapterGovernor;
  let passed = 0;
  const governor = Object.create(real, {
    quiet: {
      value: (where: Parameters<AdapterGovernor['quiet']>[0]) => {
        const lane = isShort ? real.quiet(where) : undefined;
        return (
          lane && {
            mode: lane.mode,
            asksAll: lane.asksAll,
            decide: (...given: Parameters<typeof lane.decide>) => {
              const decided = lane.decide(...given);
              if (decided !== undefined) passed++;
              return decided;
            },
          }
        );
      },
    },
  }) as AdapterGovernor;
  let body = '';
  let seen: object[] = [];
  const server = createServer((req, res) => {
    const interaction = governor.interaction({ tenant: 't' });
    gateResponse(req, res, { governor, interaction, mode });
    way(res, body);
    res.once('close', () => (seen = [...interaction.decisions]));
  }).listen(0, '127.0.0.1');
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => real.close(),
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    passed: () => passed,
    async answer(text: string): Promise<object> {
      body = text;
      const before = sink.records().length;
      const answered = await new Promise<object>((resolve, reject) => {
        request({ port, agent: false }, (res) => {
          let got = '';
          res.setEncoding('utf8').on('data', (piece: string) => (got += piece));
          res.once('end', () => {
            const { date: _, connection: __, ...headers } = res.headers;
            resolve({
              status: res.statusCode,
              reason: res.statusMessage,
              headers,
              trailers: res.trailers,
              body: withoutIds(got),
            });
          });
        })
          .once('error', reject)
          .end();
      });
      await new Promise((resolve) => setTimeout(resolve, 2));
      const records = sink.records().slice(before);
      return { ...answered, decisions: withoutIds(seen), records: withoutIds(records) };
    },
  };
}

/** What differs from one decision to the next, whatever was decided. */
function withoutIds(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/(?:aud|evt|int)_[a-z0-9]{26}/g, 'id').replaceAll(/"(at|durationUs)":[\d.]+/g, '"$1":0');
}

const word = fc.constantFrom('a', 'order', 'AKIA', 'AKIA12CD', 'bob@x.example', 'only', '"', '\\', '\u00e9', '17', '');
const json = fc
  .object({
    key: fc.constantFrom('answer', 'order', 'text', 'items', 'a b', '__proto__x', 'only', 'AKIA12CD'),
    maxKeys: 3,
    values: [word, fc.integer(), fc.constantFrom('plain words', 'more of them', null, true, 1.5e9), fc.constant('b')],
    maxDepth: 2,
  })
  .map((value) => JSON.stringify(value));
const body = fc.oneof(
  { weight: 9, arbitrary: json },
  { weight: 1, arbitrary: fc.constantFrom('{', 'only', '"only"', '{"a":1} x', '[1,', '{"a":"\\u0041KIA12CD"}') },
);

describe('an answer of one piece', () => {
  for (const mode of ['enforce', 'shadow'] as const)
    it.each(Object.entries(WAYS))(
      `D5: ${mode}: leaves, is decided and is recorded as in the full way: %s`,
      async (_, way) => {
        const short = await serverFor(mode, true, way);
        const full = await serverFor(mode, false, way);
        let asked = 0;
        await fc.assert(
          fc.asyncProperty(body, async (text) => {
            asked++;
            expect(await short.answer(text)).toEqual(await full.answer(text));
          }),
          { numRuns: 100 },
        );
        // Both ways were taken.
        expect(short.passed()).toBeGreaterThan(5);
        expect(short.passed()).toBeLessThan(asked);
        expect(full.passed()).toBe(0);
      },
    );
});
