import { describe, expect, it } from 'vitest';
import { filesOf, read } from './tree.ts';

// The repository speaks of the project alone and runs on any machine.
const FORBIDDEN: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  {
    what: 'an issue by number',
    pattern: /\b(?:issue|pull request|PR) ?#?\d+|(?<!\bU(?:TS|AX|TR))(?:^|[\s(])#\d{1,5}\b(?![-;])/i,
  },
  {
    what: 'a path of one machine',
    pattern: /(?:^|[^\w.])\/(?:work|root|tmp|farm|home\/\w+|Users\/\w+)(?:\/|\b(?![-\w]))/,
  },
  { what: 'the host of a package registry', pattern: /registry\.[a-z]+\.(?:org|com)/ },
  { what: 'a file outside the repository', pattern: /\.\.\/shared\b/ },
  { what: 'work left behind', pattern: /\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b/ },
];
const READ = /\.(?:ts|mts|mjs|js|json|md|yaml|yml|html|lua|sh)$|^\.ci\//;

function forbiddenWords(path: string, text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      FORBIDDEN.filter(({ pattern }) => pattern.test(line)).map(
        ({ what }) => `${path}:${index + 1} names ${what}: ${line.trim().slice(0, 80)}`,
      ),
    );
}

describe('no file of the repository', () => {
  it('names an issue, a machine, a registry host, or leaves work behind', () => {
    const files = filesOf().filter((path) => READ.test(path) && path !== 'pnpm-lock.yaml');
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((path) => forbiddenWords(path, read(path)))).toEqual([]);
  });

  // In two halves each, so that this file holds none of them itself.
  it.each([
    ['see issue', ' 12'],
    ['fixed by #', '123'],
    ['cp x /', 'tmp/y'],
    ['cd /ho', 'me/someone'],
    ['cd /', 'root'],
    ['npm from registry', '.npmjs.org'],
    ['read ..', '/shared/design'],
    ['// TO', 'DO later'],
  ])('a planted `%s%s` is found', (first, second) => {
    expect(forbiddenWords('planted.md', first + second)).toHaveLength(1);
  });

  it.each([
    'UAX #29',
    'color: #123456;',
    '[link](#12-modes)',
    'https://example.org/work/',
    './tmp',
    'the root of',
    "'/tmpl'",
  ])('`%s` is none of these', (line) => {
    expect(forbiddenWords('planted.md', line)).toEqual([]);
  });
});
