import { expect, test } from 'vitest';
import { applyEditsToValue, viewJson } from '../src/index.ts';

/** The value with this text masked wherever it is read. */
function masked(value: unknown, secret: string): unknown {
  const { json } = viewJson(value, 'v');
  const edits: { segment: string; start: number; end: number; mask: string }[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node === 'string' && node.includes(secret))
      edits.push({
        segment: path,
        start: node.indexOf(secret),
        end: node.indexOf(secret) + secret.length,
        mask: '[X]',
      });
    else if (Array.isArray(node)) for (const [at, item] of node.entries()) walk(item, `${path}[${at}]`);
    else if (typeof node === 'object' && node !== null)
      for (const [key, member] of Object.entries(node)) walk(member, `${path}.${key}`);
  };
  walk(json, 'v');
  const applied = applyEditsToValue(value, json, 'v', edits);
  return applied.ok ? applied.value : 'not applicable';
}

test('only the strings that are masked change: dates, bytes, maps and sets stay what they are', () => {
  const at = new Date(0);
  const bytes = new Uint8Array([1, 2]);
  const untouched = { deep: { at } };
  const tag = Symbol('tag');
  const value = {
    note: 'call ada now',
    at,
    bytes,
    gone: undefined,
    big: 1n,
    untouched,
    [tag]: 'kept',
    list: ['ada', at, bytes],
    map: new Map<string, unknown>([
      ['who', 'ada'],
      ['when', at],
    ]),
    set: new Set(['ada', 'bob']),
  };
  const edited = masked(value, 'ada') as typeof value;
  expect(edited).toEqual({
    ...value,
    note: 'call [X] now',
    list: ['[X]', at, bytes],
    map: new Map<string, unknown>([
      ['who', '[X]'],
      ['when', at],
    ]),
    set: new Set(['[X]', 'bob']),
  });
  expect([edited.at === at, edited.bytes === bytes, edited.untouched === untouched, edited[tag]]).toEqual([
    true,
    true,
    true,
    'kept',
  ]);
  expect(value.note).toBe('call ada now');
});

test('a name that is `__proto__` stays a name, and an object without a prototype has none', () => {
  const value = JSON.parse('{"__proto__":"ada","a":{"__proto__":"ada"}}') as object;
  expect(JSON.stringify(masked(value, 'ada'))).toBe('{"__proto__":"[X]","a":{"__proto__":"[X]"}}');
  const bare = Object.assign(Object.create(null) as object, { who: 'ada' });
  const edited = masked(bare, 'ada') as object;
  expect([Object.getPrototypeOf(edited), { ...edited }]).toEqual([null, { who: '[X]' }]);
});

test('what has a reading of its own goes on as the JSON that was judged', () => {
  class Person {
    readonly name = 'ada';
  }
  expect(masked({ who: new Person() }, 'ada')).toEqual({ who: { name: '[X]' } });
  expect(masked({ toJSON: () => ({ said: 'ada' }) }, 'ada')).toEqual({ said: '[X]' });
  expect(masked(new Error('ada'), 'ada')).toEqual({ name: 'Error', message: '[X]' });
});
