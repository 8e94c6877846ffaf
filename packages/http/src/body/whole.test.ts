import { createGovernor, type Governor } from '@flyball/core';
import type { AdapterGovernor, Decision, SegmentInit } from '@flyball/core/adapter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Outlet } from './outlet.ts';
import { WholeBody, type WholeBodySetup } from './whole.ts';

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

type Chunk = string | Uint8Array;
type Seen = readonly [what: string, ...details: unknown[]];

/** A body, what became of it, and the segments that were judged. */
function open(setup: Partial<WholeBodySetup> = {}) {
  const seen: Seen[] = [];
  const judged: string[][] = [];
  const see = (...what: Seen): void => void seen.push(what);
  const outlet: Outlet = {
    sent: false,
    write: () => true,
    end: (body, edited) => see('end', body, edited),
    refuse: (decision: Decision) => see('refuse', decision.reason),
    cut: () => see('cut'),
    breakOff: () => see('breakOff'),
    fail: (error) => see('fail', error),
    drained: () => see('drained'),
  };
  const interaction = governor.interaction({ tenant: 't' });
  const body = new WholeBody({
    outlet,
    json: false,
    strict: false,
    covered: true,
    maxBytes: 1000,
    governor: governor as AdapterGovernor,
    event(content: readonly SegmentInit[]) {
      judged.push(content.map(({ path }) => String(path)));
      return interaction.event({ stage: 'output', content });
    },
    unreadable: (bytes) => see('unreadable', new TextDecoder().decode(bytes)),
    ...setup,
  });
  return { body, seen, judged };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What became of these chunks. */
async function send(chunks: readonly Chunk[], setup: Partial<WholeBodySetup> = {}) {
  const { body, seen, judged } = open(setup);
  for (const chunk of chunks) expect(body.write(chunk)).toBe(true);
  expect(seen).toEqual([]);
  body.end();
  await expect.poll(() => seen.length).toBe(1);
  return { seen: seen[0]!, judged };
}

describe('a body that is judged in one piece', () => {
  it('G1: leaves as it came, edited, or not at all', async () => {
    expect((await send(['a clean', ' answer'])).seen).toEqual(['end', Buffer.from('a clean answer'), false]);
    expect((await send(['card 41', bytes('11 ok')])).seen).toEqual(['end', 'card [x] ok', true]);
    expect((await send(['the red ', 'fox'])).seen).toEqual(['refuse', 'P_SECRET']);
  });

  it('stays what it is where it is one piece, and empty where there is none', async () => {
    expect((await send(['one piece'])).seen).toEqual(['end', 'one piece', false]);
    expect((await send([])).seen).toEqual(['end', Buffer.alloc(0), false]);
  });

  it('is JSON by its texts, at the paths that are asked for and below them', async () => {
    const text = '{"a":{"b":"one","c":["two"]},"ab":"red fox","d":"","e":"card 4111"}';
    const whole = await send([text], { json: true });
    expect(whole.seen).toEqual(['refuse', 'P_SECRET']);
    // Names are texts too: `{a}`.
    const values = whole.judged.map((paths) => paths.filter((path) => !path.endsWith('}')));
    expect(values).toEqual([['body.a.b', 'body.a.c[0]', 'body.ab', 'body.e']]);
    const some = await send([text], { json: true, paths: ['a', 'e'] });
    expect(some.judged).toEqual([['body.a.{b}', 'body.a.b', 'body.a.{c}', 'body.a.c[0]', 'body.e']]);
    expect(some.seen).toEqual(['end', text.replace('4111', '[x]'), true]);
  });

  it('is JSON in which the arguments of calls are read as the tool gets them, and masked in their place', async () => {
    const answer = (args: unknown) =>
      JSON.stringify({ choices: [{ message: { tool_calls: [{ function: { name: 'f', arguments: args } }] } }] });
    const json = (args: object) => answer(JSON.stringify(args));
    expect((await send([json({ a: 'the red\nfox' })], { json: true })).seen).toEqual(['refuse', 'P_SECRET']);
    const spelled = answer('{"a":"\\u0034111","b":"\\"4111\\" and","c":["\\n"]}');
    const { seen, judged } = await send([spelled], { json: true });
    expect(judged[0]!.filter((path) => path.includes('arguments'))).toEqual(
      [
        '{arguments}',
        'arguments.{a}',
        'arguments.a',
        'arguments.{b}',
        'arguments.b',
        'arguments.{c}',
        'arguments.c[0]',
      ].map((path) => `body.choices[0].message.tool_calls[0].function.${path}`),
    );
    expect(seen).toEqual(['end', answer('{"a":"[x]","b":"\\"[x]\\" and","c":["\\n"]}'), true]);
    // No mask can be written into a name.
    expect((await send([json({ '4111': '\n' })], { json: true })).seen).toEqual(['refuse', 'EDIT_NOT_APPLICABLE']);
    // What is no JSON is read as it stands, and so is what has no escapes.
    for (const args of ['4111 \\n', '{"a":"4111"}', '{"a":"4111\\'])
      expect((await send([answer(args)], { json: true })).seen).toEqual([
        'end',
        answer(args.replace('4111', '[x]')),
        true,
      ]);
  });

  it('is JSON whose texts stand apart: what two of them would say together nobody said', async () => {
    const text = '{"a":"the red ","b":"fox"}';
    expect((await send([text], { json: true })).seen).toEqual(['end', text, false]);
  });

  it.each(['{a card 4111}', '[1] is card 4111', '["card 4111"'])(
    'is text where it only begins like JSON: %s',
    async (text) => {
      const { seen, judged } = await send([text]);
      expect([seen, judged]).toEqual([['end', text.replace('4111', '[x]'), true], [['body']]]);
    },
  );

  it('keeps its byte order mark when it is edited', async () => {
    expect((await send([bytes('\ufeffcard 4111')])).seen).toEqual(['end', '\ufeffcard [x]', true]);
  });

  it('is not read where no decision could depend on it', async () => {
    const { seen, judged } = await send(['the red fox'], { covered: false });
    expect(judged).toEqual([[]]);
    expect(seen).toEqual(['end', 'the red fox', false]);
  });

  it('that is not UTF-8 is text with marks where a type says text, and unreadable where none does', async () => {
    const broken = Uint8Array.of(0x61, 0xff);
    expect((await send([broken])).seen).toEqual(['end', broken, false]);
    expect((await send([broken], { strict: true })).seen).toEqual(['unreadable', 'a\ufffd']);
  });

  it.each<readonly [form: string, chunk: Chunk]>([
    ['text', 'ää'],
    ['bytes', bytes('ää')],
  ])('larger than may be kept is given up at once, counted in bytes (%s)', async (_form, chunk) => {
    expect((await send([chunk], { maxBytes: 4 })).seen[0]).toBe('end');
    const { body, seen } = open({ maxBytes: 3 });
    expect(body.write(chunk)).toBe(true);
    expect(seen).toEqual([['unreadable', 'ää']]);
    // Whatever comes behind it concerns nobody.
    expect(body.write('red fox')).toBe(true);
    body.end();
    await new Promise(setImmediate);
    expect(seen).toHaveLength(1);
  });

  it('is decided once, however often its end is told', async () => {
    const { body, seen, judged } = open();
    body.write('clean');
    body.end();
    body.end();
    expect(body.write('red fox')).toBe(true);
    await new Promise(setImmediate);
    expect([seen, judged]).toEqual([[['end', 'clean', false]], [['body']]]);
  });

  it('that was aborted is dropped', async () => {
    const { body, seen, judged } = open();
    body.write('clean');
    body.abort();
    expect(body.write('more')).toBe(true);
    body.end();
    await new Promise(setImmediate);
    expect([seen, judged]).toEqual([[], []]);
  });

  it('keeps the bytes that were written, whatever their producer does with its buffer', async () => {
    const { body, seen } = open();
    const buffer = bytes('first');
    body.write(buffer);
    buffer.fill(0);
    body.end();
    await expect.poll(() => seen).toEqual([['end', bytes('first'), false]]);
  });

  it('G1: fails, and does not leave, where governance breaks', async () => {
    const error = new Error('broken');
    const event = (): never => {
      throw error;
    };
    expect((await send(['clean'], { event })).seen).toEqual(['fail', error]);
    const decideNow = (): Promise<never> => Promise.reject(error);
    const broken = Object.assign(Object.create(governor) as AdapterGovernor, { decideNow });
    expect((await send(['clean'], { governor: broken })).seen).toEqual(['fail', error]);
  });

  const texts = (count: number, last: string): string =>
    JSON.stringify({ rows: [...Array.from({ length: count }, (_, at) => `row ${at}`), last] });

  it.each([
    ['clean', 'end', false],
    ['card 4111', 'end', true],
    ['the red fox', 'refuse', undefined],
  ] as const)('of very many texts is judged like any other, in turns (%s)', async (last, what, edited) => {
    const body = texts(1500, last);
    const { body: sent, seen } = open({ json: true, maxBytes: 10_000_000 });
    sent.write(body);
    sent.end();
    // Other work of the process has its turn meanwhile.
    expect(seen).toEqual([]);
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(1);
    expect(seen[0]?.[0]).toBe(what);
    if (what === 'end') expect(seen[0]?.slice(1)).toEqual([body.replace('4111', '[x]'), edited]);
  });

  it('of very many texts gives other work its turns before anything is decided', async () => {
    let turns = 0;
    const count = (): void => {
      turns++;
      if (turns < 1000) setImmediate(count);
    };
    setImmediate(count);
    const asked: number[] = [];
    const event = (): never => {
      asked.push(turns);
      throw new Error('broken');
    };
    const { body, seen } = open({ json: true, maxBytes: 10_000_000, event });
    body.write(texts(2500, 'clean'));
    body.end();
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(1);
    expect(asked[0]).toBeGreaterThan(1);
  });

  it('G1: of very many texts fails where governance breaks', async () => {
    const event = (): never => {
      throw new Error('broken');
    };
    const { body, seen } = open({ json: true, maxBytes: 10_000_000, event });
    body.write(texts(1500, 'clean'));
    body.end();
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([['fail', new Error('broken')]]);
  });
});
