import { describe, expect, test } from 'vitest';
import { Reach } from './reach.ts';

const hits = (path: string, of: string, ...numbers: readonly number[]) => ({ path, test: of, numbers });

describe('the tests that are asked about a mutant', () => {
  const reach = new Reach({
    fresh: [hits('a', '', 1, 2), hits('a', 'a1', 3, 4), hits('b', 'b1', 3)],
    kept: [hits('a', '', 2), hits('a', 'a1', 3), hits('a', 'a2', 3), hits('b', 'b1', 3, 2)],
  });

  test('are those that reached it in one of two runs, by file', () => {
    expect([...reach.of(3)]).toEqual([
      ['a', new Set(['a1', 'a2'])],
      ['b', new Set(['b1'])],
    ]);
  });

  test('are all of a file that reached it outside of its tests', () => {
    expect([...reach.of(2)]).toEqual([
      ['a', undefined],
      ['b', new Set(['b1'])],
    ]);
  });

  test('are none where nobody reached it', () => {
    expect([...reach.of(9)]).toEqual([]);
  });

  test('are not known of what a file reached the first time only', () => {
    expect([1, 2, 3, 4, 9].map((number) => reach.isLoaded(number))).toEqual([true, false, false, true, false]);
  });
});
