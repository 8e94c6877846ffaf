import { expect, it } from 'vitest';

import { differences, outcomesOf } from './compare.ts';

const test = (fullTitle: string, message?: string) => ({ fullTitle, err: message === undefined ? {} : { message } });

it('names each test that ends otherwise than bare, however it failed before, and tells equal titles apart', () => {
  const bare = outcomesOf({
    passes: [test('a'), test('a'), test('b')],
    failures: [test('c', 'x')],
    pending: [test('d')],
  });
  const governed = outcomesOf({
    passes: [test('a')],
    failures: [test('a', 'y\nz'), test('c', 'other')],
    pending: [test('b')],
  });
  expect(differences(bare, governed)).toEqual([
    'a (2)\n      bare it passes; governed it fails: y',
    'b\n      bare it passes; governed it is skipped',
    'd\n      bare it is skipped; governed it is missing',
  ]);
  expect(differences(bare, bare)).toEqual([]);
});
