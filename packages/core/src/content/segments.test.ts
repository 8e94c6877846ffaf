import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../contract/json.ts';
import { joinedRest, MAX_SEGMENTS, segmentsOfJson } from './segments.ts';

const json = fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<Json>;

/** The texts of a value, by recursion. */
function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
  return [];
}

function nested(levels: number, leaf: Json): Json {
  let value = leaf;
  for (let i = 0; i < levels; i++) value = i % 10 === 0 ? { a: value } : [value];
  return value;
}

describe('segmentsOfJson', () => {
  it('addresses strings, numbers and keys', () => {
    const args = { to: 'ann@x.example', amount: 12.5, urgent: true, items: [{ name: 'pen' }, null] };
    expect(segmentsOfJson(args, 'args')).toEqual([
      { path: 'args.{to}', text: 'to' },
      { path: 'args.to', text: 'ann@x.example' },
      { path: 'args.{amount}', text: 'amount' },
      { path: 'args.amount', text: '12.5' },
      { path: 'args.{urgent}', text: 'urgent' },
      { path: 'args.{items}', text: 'items' },
      { path: 'args.items[0].{name}', text: 'name' },
      { path: 'args.items[0].name', text: 'pen' },
    ]);
  });

  it('addresses a bare string by the root and passes shared fields on', () => {
    expect(segmentsOfJson('hi', 'result', { role: 'tool' })).toEqual([{ path: 'result', text: 'hi', role: 'tool' }]);
  });

  it('keeps keys that are no names out of paths', () => {
    const paths = segmentsOfJson({ 'a.b': 1, a: { b: 2 }, 'ann@x.example': 3, '': 4 }, 'args').map(({ path }) => path);
    expect(paths).toEqual([
      'args.{#0}',
      'args.#0',
      'args.{a}',
      'args.a.{b}',
      'args.a.b',
      'args.{#2}',
      'args.#2',
      'args.{#3}',
      'args.#3',
    ]);
  });

  it('A2: keeps keys that may be credentials out of paths', () => {
    const keys = ['AKIAIOSFODNN7EXAMPLE', 'ghp_1a2b3c4d5e', 'address_line_1', 'sha256', 'API_KEY'];
    const value = Object.fromEntries(keys.map((key) => [key, 1]));
    const steps = segmentsOfJson(value, 'args').flatMap(({ path }, index) => (index % 2 === 1 ? [path] : []));
    expect(steps).toEqual(['args.#0', 'args.#1', 'args.address_line_1', 'args.sha256', 'args.API_KEY']);
  });

  it('sees every text of any value, once, each under a path of its own', () => {
    fc.assert(
      fc.property(json, (value) => {
        const segments = segmentsOfJson(value, 'args');
        expect(segments.map(({ text }) => text)).toEqual(textsOf(value));
        expect(new Set(segments.map(({ path }) => path)).size).toBe(segments.length);
      }),
    );
  });

  it('sees prototype keys as the keys they are', () => {
    const value = JSON.parse('{"__proto__": {"constructor": "x"}, "toString": "y"}') as Json;
    expect(segmentsOfJson(value, 'args').map(({ path, text }) => [path, text])).toEqual([
      ['args.{__proto__}', '__proto__'],
      ['args.__proto__.{constructor}', 'constructor'],
      ['args.__proto__.constructor', 'x'],
      ['args.{toString}', 'toString'],
      ['args.toString', 'y'],
    ]);
  });

  it('walks 100,000 levels without overflow and with a short path', () => {
    const segments = segmentsOfJson(nested(100_000, 'deep'), 'args');
    expect(segments.at(-1)).toMatchObject({ text: 'deep' });
    expect(segments.every(({ path }) => path.length < 200)).toBe(true);
    expect(new Set(segments.map(({ path }) => path)).size).toBe(segments.length);
  });

  it('keeps the number of segments bounded and nothing unscanned', () => {
    const segments = segmentsOfJson(
      Array.from({ length: MAX_SEGMENTS + 3 }, (_, i) => `v${i}`),
      'args',
    );
    expect(segments).toHaveLength(MAX_SEGMENTS + 1);
    expect(segments.at(-1)).toEqual({
      path: 'args.~rest',
      text: `v${MAX_SEGMENTS}\nv${MAX_SEGMENTS + 1}\nv${MAX_SEGMENTS + 2}`,
    });
  });

  it('joins the rest in texts that are no longer than the longest of them, or short', () => {
    const texts = [...Array.from({ length: 5_000 }, (_, at) => `text ${at}`), 'x'.repeat(5_000), 'last', ''];
    const joined = joinedRest(texts, 'args');
    expect(joined.map(({ text }) => text).join('\n')).toBe(texts.join('\n'));
    expect(joined.filter(({ text }) => text.length > 1_000).map(({ text }) => text.length)).toEqual([5_000]);
    expect(joined.length).toBeLessThan(70);
    expect(joined.slice(0, 3).map(({ path }) => path)).toEqual(['args.~rest', 'args.~rest~2', 'args.~rest~3']);
    expect(joinedRest([], 'args')).toEqual([]);
  });

  it('refuses a value that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(() => segmentsOfJson(loop as Json, 'args')).toThrow('does it refer to itself');
  });
});
