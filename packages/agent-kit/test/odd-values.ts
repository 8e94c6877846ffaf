import type { Json } from '@flyball/core';

/** Values of other people's code, and what is read of them. `unreadable`: addresses of what is not, from `root`. */
export interface OddValue {
  readonly make: () => unknown;
  readonly json: Json;
  readonly unreadable?: readonly string[];
}

const nested = (levels: number): unknown => {
  let value: unknown = 'deep';
  for (let at = 0; at < levels; at++) value = [value];
  return value;
};
const nestedJson = (levels: number): Json => nested(levels) as Json;

function circular(): object {
  const value: Record<string, unknown> = { a: 1 };
  value['self'] = value;
  return value;
}

class Point {
  readonly x = 1;
  #hidden = 2;
  get sum(): number {
    return this.x + this.#hidden;
  }
}

/** With an obvious reading. */
export const READABLE: { readonly [what: string]: OddValue } = {
  'a date': { make: () => ({ at: new Date(0) }), json: { at: '1970-01-01T00:00:00.000Z' } },
  'a date that is none': { make: () => [new Date(NaN)], json: [null] },
  'a map': { make: () => new Map<unknown, unknown>([['a', new Set([1])]]), json: [['a', [1]]] },
  'a set': { make: () => ({ set: new Set(['b']) }), json: { set: ['b'] } },
  'a big integer': { make: () => ({ n: 2n ** 70n }), json: { n: '1180591620717411303424' } },
  'what says itself how it reads': {
    make: () => ({ toJSON: () => ({ said: [new Date(0)] }) }),
    json: { said: ['1970-01-01T00:00:00.000Z'] },
  },
  'what answers itself when asked how it reads': {
    make: () =>
      Object.defineProperty({ a: 1 }, 'toJSON', {
        value() {
          return this as unknown;
        },
      }),
    json: { a: 1 },
  },
  'what is told under which name it stands': {
    make: () => [{ at: { toJSON: (key: unknown) => key } }, { toJSON: (key: unknown) => key }],
    json: [{ at: 'at' }, '1'],
  },
  'a plain object that calls itself a map': {
    make: () => ({ a: 1, [Symbol.toStringTag]: 'Map' }),
    json: { a: 1 },
  },
  'an error of several': {
    make: () => new AggregateError([new TypeError('one')], 'all failed'),
    json: { name: 'AggregateError', message: 'all failed', errors: [{ name: 'TypeError', message: 'one' }] },
  },
  'an error whose `errors` are no list': {
    make: () => Object.defineProperty(new Error('failed'), 'errors', { value: 'none', enumerable: false }),
    json: { name: 'Error', message: 'failed' },
  },
  'an error': {
    make: () => Object.assign(new TypeError('no such order'), { order: 7 }),
    json: { order: 7, name: 'TypeError', message: 'no such order' },
  },
  'an error of the platform': {
    make: () => new DOMException('too late', 'TimeoutError'),
    json: { name: 'TimeoutError', message: 'too late' },
  },
  'bytes, which are media': {
    make: () => ({
      a: new Uint8Array([1]),
      b: Buffer.from('x'),
      c: new ArrayBuffer(1),
      d: [new DataView(new ArrayBuffer(1))],
    }),
    json: { d: [null] },
  },
  'numbers that are none, and -0': { make: () => [NaN, Infinity, -0], json: [null, null, 0] },
  'members without a value': { make: () => ({ a: undefined, b: [undefined] }), json: { b: [null] } },
  'a hole': { make: () => Object.assign(new Array<unknown>(2), { 1: 1 }), json: [null, 1] },
  'boxed values': { make: () => [Object('a'), Object(1), Object(true), Object(1n)], json: ['a', 1, true, '1'] },
  'an object of a class': { make: () => new Point(), json: { x: 1 } },
  'an object without a prototype': {
    make: () => Object.assign(Object.create(null) as object, { a: 1 }),
    json: { a: 1 },
  },
  'a member named `__proto__`': {
    make: () => JSON.parse('{"__proto__":{"a":1}}') as unknown,
    json: JSON.parse('{"__proto__":{"a":1}}') as Json,
  },
  'one object in two places': {
    make: () => {
      const shared = { a: 1 };
      return [shared, shared];
    },
    json: [{ a: 1 }, { a: 1 }],
  },
  '512 levels': { make: () => nested(512), json: nestedJson(512) },
  nothing: { make: () => undefined, json: null },
};

/** Without one. */
export const UNREADABLE: { readonly [what: string]: OddValue } = {
  'a function': { make: () => ({ a: 1, run: () => 1 }), json: { a: 1 }, unreadable: ['.run'] },
  'a symbol': { make: () => ['a', Symbol('b')], json: ['a', null], unreadable: ['[1]'] },
  'a value inside itself': { make: circular, json: { a: 1 }, unreadable: ['.self'] },
  'a map inside itself': {
    make: () => {
      const map = new Map<string, unknown>([['a', 1]]);
      return map.set('self', map);
    },
    json: [
      ['a', 1],
      ['self', null],
    ],
    unreadable: ['[1][1]'],
  },
  '513 levels': { make: () => nested(513), json: nestedWithout(512), unreadable: ['[0]'.repeat(512)] },
  'a getter that throws': {
    make: () => ({
      a: 1,
      get b(): never {
        throw new Error('not now');
      },
    }),
    json: { a: 1 },
    unreadable: ['.b'],
  },
  'a `toJSON` that throws': {
    make: () => ({
      a: 1,
      b: {
        toJSON: () => {
          throw new Error('not now');
        },
      },
    }),
    json: { a: 1 },
    unreadable: ['.b'],
  },
  'an object that refuses to be looked at': {
    make: () => ({
      a: 1,
      b: new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
        },
      ),
    }),
    json: { a: 1 },
    unreadable: ['.b'],
  },
};

function nestedWithout(levels: number): Json {
  let value: Json = [null];
  for (let at = 1; at < levels; at++) value = [value];
  return value;
}
