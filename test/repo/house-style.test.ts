import { describe, expect, it } from 'vitest';
import { filesOf, read } from './tree.ts';

const typescript = filesOf().filter((path) => path.endsWith('.ts'));
const isTest = (path: string): boolean => /\.test(-d)?\.ts$/.test(path);

/** Tests that never run, or keep others from running. `skipIf` with a condition is fine. */
function idleTests(path: string, text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const [, word] = /\b(?:it|test|describe|suite|bench)\.(only|skip|todo|fails)\b/.exec(line) ?? [];
    if (word === undefined) return [];
    const reason = word !== 'only' && /\/\/ reason: \S/.test(`${lines[index - 1] ?? ''}\n${line}`);
    return reason ? [] : [`${path}:${index + 1} has .${word} without a reason`];
  });
}

describe('house style', () => {
  it('no source file is longer than 400 lines', () => {
    const long = typescript
      .filter((path) => !isTest(path))
      .map((path) => ({ path, lines: read(path).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  it('no test is skipped or alone without a reason', () => {
    const tests = typescript.filter((path) => path !== 'test/repo/house-style.test.ts');
    expect(tests.flatMap((path) => idleTests(path, read(path)))).toEqual([]);
  });

  it('a planted skip is found, and one with a reason is not', () => {
    expect(idleTests('a.ts', "it.skip('x', () => {});")).toHaveLength(1);
    expect(idleTests('a.ts', "it.only('x', () => {}); // reason: none is good enough")).toHaveLength(1);
    expect(idleTests('a.ts', "// reason: the platform has no such call\nit.skip('x', () => {});")).toEqual([]);
    expect(idleTests('a.ts', "it.skipIf(absent)('x', () => {});")).toEqual([]);
  });
});
