import { createGovernor, type PolicyDocument } from '@flyball/core';
import { requireGovernor, type AdapterGovernor, type OutputGate } from '@flyball/core/adapter';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJsonStream, type JsonStream } from '../src/index.ts';

const policy = (then: 'block' | 'redact'): PolicyDocument => ({
  policy: then,
  version: 1,
  detectors: [{ id: 'words', patterns: ['ab+c', 'TOPSECRET', '9007'] }],
  rules: [{ id: 'out', on: 'output', detect: 'words', then, reason: 'P_WORD' }],
});

interface Opened {
  readonly gate: OutputGate<never>;
  readonly json: JsonStream<never, string>;
}

let governors: { readonly block: AdapterGovernor; readonly redact: AdapterGovernor };
beforeAll(async () => {
  const make = async (then: 'block' | 'redact'): Promise<AdapterGovernor> =>
    requireGovernor(await createGovernor({ policy: policy(then) }), 'a test');
  governors = { block: await make('block'), redact: await make('redact') };
});
afterAll(async () => Promise.all([governors.block.close(), governors.redact.close()]));

async function opened(then: 'block' | 'redact'): Promise<Opened> {
  const governor = governors[then];
  const gate = await governor.openGate<never>(governor.interaction({ tenant: 'acme' }).event({ stage: 'output' }));
  return { gate, json: createJsonStream<never, string>(gate, () => undefined) };
}

const textOf = (json: JsonStream<never, string>): string =>
  json
    .take()
    .map((out) => (out.kind === 'text' ? out.text : `<${out.value}>`))
    .join('');

/** What leaves of these pieces, and whether all of it was JSON. */
async function through(then: 'block' | 'redact', pieces: readonly string[]) {
  const { gate, json } = await opened(then);
  let left = '';
  let fine = true;
  for (const piece of pieces) {
    fine = fine && json.write(piece);
    left += textOf(json);
  }
  fine = fine && json.end();
  const { pieces: last, decision } = await gate.end();
  for (const piece of last) json.collect(piece);
  if (gate.terminal === undefined) left += textOf(json);
  return { left, fine, decision, json };
}

describe('JSON on its way', () => {
  it('leaves value by value, and what could still be part of a match is held, and nothing else', async () => {
    const { gate, json } = await opened('redact');
    const steps = ['{"title": "A day', ' at sea", "note": "It is TOP', 'SECRET", "n": 12', '}'].map((piece) => {
      expect(json.write(piece)).toBe(true);
      return textOf(json);
    });
    expect(steps).toEqual(['{"title": "A day', ' at sea", "note": "It is ', '[WORDS]", "n": ', '12}']);
    await gate.abort();
  });

  it.each([
    ['an escape', String.raw`{"a":"\u0054OPSECRET"}`, '{"a":"[WORDS]"}'],
    ['an escape beside it', String.raw`{"a":"caf\u00e9 \/ TOPSECRET\n"}`, String.raw`{"a":"caf\u00e9 \/ [WORDS]\n"}`],
    ['a mask in a list', '["x", "TOPSECRET", [true, null, -1.5e3]]', '["x", "[WORDS]", [true, null, -1.5e3]]'],
    ['nothing', String.raw`{"a":"\ud83d\ude9a \"q\"","b":[]}`, String.raw`{"a":"\ud83d\ude9a \"q\"","b":[]}`],
  ])('with %s is read decoded, and stays as it is written besides', async (_name, text, expected) => {
    for (const size of [1, 2, 3, 7, 100]) {
      const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
      const { left, fine } = await through('redact', pieces);
      // A string that is masked may be written anew.
      expect([fine, JSON.parse(left)]).toEqual([true, JSON.parse(expected)]);
      if (!expected.includes('[WORDS]')) expect(left).toBe(text);
    }
  });

  it.each([
    ['a name', '{"ok":1,"TOPSECRET":1}', '{"ok":1,"'],
    ['a number', '{"ok":1,"n":19007}', '{"ok":1,"n":'],
  ])('cannot be masked in %s: nothing of it leaves', async (_name, text, expected) => {
    const { left, json } = await through('redact', text.split(''));
    expect([left, json.unfit]).toEqual([expected, true]);
  });

  it('stops at the first match, with what stands before it', async () => {
    const { left, decision } = await through('block', '{"a":"fine","b":"It is TOPSECRET","c":"no"}'.split(''));
    expect([left, decision.reason]).toEqual(['{"a":"fine","b":"It is ', 'P_WORD']);
  });

  it.each([
    'Here it is: {"a":1}',
    '{"a":1} and more',
    '{"a" 1}',
    '{"a":1,}',
    '[1 2]',
    '{"a":tr ue}',
    '{"a":"\\x"}',
    '{a:1}',
    '[01]',
    '}',
  ])('that is none is said to be none: %s', async (text) => {
    expect((await through('redact', text.split(''))).fine).toBe(false);
  });

  it.each(['{"a":"un', '{"a', '{"a":12', '{"a":"\\u00', '{"a":tr', '[1,'])('that was cut short: %s', async (text) => {
    const { left, json } = await through('redact', text.split(''));
    // What has left is its beginning; what has not was not read.
    expect(text.startsWith(left)).toBe(true);
    expect(json.consumed).toBe(left.length);
  });

  it('marks keep their places among the values; one in the middle of a value leaves behind it', async () => {
    const { gate, json } = await opened('redact');
    json.mark('a');
    json.write('{"x":"TOP');
    json.mark('b');
    expect(textOf(json)).toBe('<a>{"x":"');
    json.write('SECRE"');
    json.mark('c');
    json.write('}');
    expect(textOf(json)).toBe('TOPSECRE<b>"<c>}');
    await gate.abort();
  });

  it('G1: however it is cut, the value that is read is that of the decision on all of it', async () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc
          .array(fc.constantFrom('a', 'b', 'c', '"', '\\', '\n', '🚚', 'é', '/'), { maxLength: 8 })
          .map((all) => all.join('')),
        fc.constantFrom(null, true, false, 0, -1.5, 12),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('x', 'y', 'a key', 'é'), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    const masked = (one: unknown): unknown => {
      if (typeof one === 'string') return one.replaceAll(/ab+c/g, '[WORDS]');
      if (Array.isArray(one)) return one.map(masked);
      if (typeof one === 'object' && one !== null)
        return Object.fromEntries(Object.entries(one).map(([key, member]) => [key, masked(member)]));
      return one;
    };
    await fc.assert(
      fc.asyncProperty(
        value,
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        async (json, escaped, sizes) => {
          const written = JSON.stringify(json);
          // Within strings, and not behind a backslash.
          const text = escaped
            ? written.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) =>
                string.replaceAll(/(?<!\\)[acé]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
              )
            : written;
          const pieces: string[] = [];
          for (let at = 0, turn = 0; at < text.length; turn++) {
            pieces.push(text.slice(at, at + sizes[turn % sizes.length]!));
            at += sizes[turn % sizes.length]!;
          }
          const { left, fine } = await through('redact', pieces);
          expect([fine, JSON.parse(left)]).toEqual([true, masked(JSON.parse(text))]);
          if (!/ab+c/.test(JSON.stringify(json))) expect(left).toBe(text);
        },
      ),
      { numRuns: 200 },
    );
  });
});
