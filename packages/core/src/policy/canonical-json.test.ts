import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonical JSON', () => {
  test('sorts keys by UTF-16 units at every depth, and lists not at all', () => {
    expect(canonicalJson({ b: 1, a: { d: [3, 1], c: null }, é: true, '😀': 2, '\uFB33': 3 })).toBe(
      '{"a":{"c":null,"d":[3,1]},"b":1,"é":true,"😀":2,"\uFB33":3}',
    );
  });

  test('writes numbers and texts as RFC 8785 does', () => {
    // The sample of the RFC, section 3.2.2.
    const sample = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('leaves out what is undefined, and takes objects without a prototype', () => {
    const bare = Object.assign(Object.create(null) as object, { b: 1, a: undefined });
    expect(canonicalJson(bare)).toBe('{"b":1}');
  });

  test.each([
    ['NaN', Number.NaN],
    ['infinity', { a: [Infinity] }],
    ['minus zero', -0],
    ['half a surrogate pair', ['\uD800']],
    ['half a surrogate pair in a key', { '\uDC00': 1 }],
    ['undefined in a list', [undefined]],
    ['a bigint', 1n],
    ['a function', { a: () => 1 }],
  ])('refuses %s, which has no canonical form', (_, value) => {
    expect(() => canonicalJson(value)).toThrow('canonical JSON');
  });
});
