import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { globsOf, LONG_TESTS, LONGEST_TESTS } from '../setup/long-tests.ts';
import { ROOT } from './tree.ts';

it.each(Object.entries({ LONG_TESTS, LONGEST_TESTS }))('%s names files that are there', (_name, list) => {
  const named = Object.keys(list).flatMap((home) => globsOf(list, home).map((file) => join(home, file)));
  expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  expect(named.length).toBe(new Set(named).size);
});

it('no file is in both lists', () => {
  for (const [home, names] of Object.entries(LONGEST_TESTS))
    expect((LONG_TESTS[home] ?? []).filter((name) => names.includes(name))).toEqual([]);
});
