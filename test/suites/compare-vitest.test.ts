import { expect, it } from 'vitest';
import { differing, outcomesOfVitest } from './compare-vitest.ts';

const report = (assertionResults: readonly object[], more: object = {}) =>
  outcomesOfVitest(
    {
      testResults: [{ name: '/sdk/src/a.test.ts', status: 'passed', message: '', assertionResults, ...more }],
    } as never,
    '/sdk',
  );
const test = (fullName: string, status: string, failure?: string): object => ({
  fullName,
  status,
  ...(failure !== undefined && { failureMessages: [failure] }),
});

it('tests are told apart by their files, and by their number where a title is used twice', () => {
  expect([...report([test('a', 'passed'), test('a', 'failed', 'no\nstack'), test('b', 'skipped')])]).toEqual([
    ['src/a.test.ts > a', 'passes'],
    ['src/a.test.ts > a (2)', 'fails: no\nstack'],
    ['src/a.test.ts > b', 'is skipped'],
  ]);
});

it('what passes bare has to pass governed, a file that does not load included; what failed before says nothing', () => {
  const bare = report([test('a', 'passed'), test('b', 'failed', 'x'), test('c', 'passed')]);
  expect(differing(bare, report([test('a', 'failed', 'y'), test('b', 'passed'), test('c', 'passed')]))).toEqual([
    { title: 'src/a.test.ts > a', was: 'passes', is: 'fails: y' },
  ]);
  const unloaded = report([], { status: 'failed', message: 'no such module\n' });
  expect(differing(bare, unloaded).map(({ is }) => is)).toEqual(['is missing', 'is missing']);
});
