import { expect, it } from 'vitest';

import { differences, inBoth, outcomesOf } from './compare.ts';

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
    { title: 'a (2)', was: 'passes', is: 'fails: y' },
    { title: 'b', was: 'passes', is: 'is skipped' },
    { title: 'd', was: 'is skipped', is: 'is missing' },
  ]);
  expect(inBoth(differences(bare, governed), [{ title: 'b', was: 'passes', is: 'fails: z' }])).toEqual([
    { title: 'b', was: 'passes', is: 'is skipped' },
  ]);
  expect(differences(bare, bare)).toEqual([]);
});
