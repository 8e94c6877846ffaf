import { describe, expect, test } from 'vitest';
import { mutantsOf, mutate } from './mutants.ts';
import { sampleOf } from './sample.ts';
import { compare, readSurvivors } from './survivors.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../repo/tree.ts';

const changed = (text: string): readonly string[] =>
  mutantsOf('planted.ts', text).map((mutant) => mutate(text, mutant).trim());

describe('the mutants of a file', () => {
  test.each<readonly [text: string, ...mutants: string[]]>([
    ['if (a < b) f();', 'if (true) f();', 'if (false) f();', 'if (a <= b) f();', 'if (a < b) ;'],
    ['g = a && !b;', ';', 'g = a || !b;', 'g = a && b;'],
    ['g = a ?? b;', ';', 'g = a;', 'g = b;'],
    ['g = a?.b;', ';', 'g = a.b;'],
    ['x = n + 1;', ';', 'x = n - 1;', 'x = n + 2;'],
    [`x = 'a' + n;`, ';', `x = '' + n;`],
    ['for (const a of b) { continue; }', 'for (const a of b) { ; }'],
    ['const f = (): number => a.length;', 'const f = (): number => undefined;'],
    ['function f(): void { g(); }', 'function f(): void {}', 'function f(): void { ; }'],
    ['const s = a.filter(b).some(c);', 'const s = a.some(c);', 'const s = a.filter(b).every(c);'],
    ['const s = Object.freeze(a);', 'const s = a;'],
    ['const s = a.toString(b);'],
    ['const s = [1];', 'const s = [];', 'const s = [2];'],
    [`throw new TypeError('what happened');`, ';'],
    [
      `const a = b === 'block' ? c : d;`,
      'const a = true ? c : d;',
      'const a = false ? c : d;',
      `const a = b !== 'block' ? c : d;`,
    ],
  ])('of `%s`', (text, ...mutants) => {
    expect(changed(text).toSorted()).toEqual(mutants.toSorted());
  });

  test('leave types, imports and names alone', () => {
    const text = `import { a } from './a.ts'; export type B = 'x' | 1 | -1; interface C { readonly d: true; readonly 'e:f': 1 } export { a as b } from './b.ts';`;
    expect(changed(text)).toEqual([]);
  });

  test('say the line, before and after', () => {
    const [mutant] = mutantsOf('planted.ts', 'const a = 1;\n  const b = 2 * c;\n').filter(({ line }) => line === 2);
    expect(mutant).toMatchObject({ was: 'const b = 2 * c;', line: 2 });
    expect(mutant?.now).not.toBe(mutant?.was);
  });
});

describe('a sample', () => {
  const items = Array.from({ length: 100 }, (_, place) => place);

  test('is as large as asked for, without repetitions, and the same for the same seed', () => {
    const drawn = sampleOf(items, 30, 7);
    expect(new Set(drawn).size).toBe(30);
    expect(sampleOf(items, 30, 7)).toEqual(drawn);
    expect(sampleOf(items, 30, 8)).not.toEqual(drawn);
  });

  test('begins with a smaller one, so that a run that is ended has seen one', () => {
    expect(sampleOf(items, 30, 7).slice(0, 10)).toEqual(sampleOf(items, 10, 7));
  });

  test('of more than there is, is all', () => {
    expect(sampleOf(items, 200, 7).toSorted((a, b) => a - b)).toEqual(items);
  });
});

describe('the list of accepted survivors', () => {
  const [first, second] = mutantsOf('planted.ts', 'const a = b < c;\nconst d = e > f;');
  const entry = { file: 'planted.ts', was: first!.was, now: first!.now, why: 'planted' };

  test('explains a mutant by its line, and nothing else', () => {
    expect(compare([first!, second!], [first!, second!], [entry])).toEqual({
      unexplained: [second],
      accepted: [first],
      outdated: [],
    });
  });

  test('is told of an entry that is noticed by now, if its change was tried', () => {
    expect(compare([first!, second!], [second!], [entry]).outdated).toEqual([entry]);
    expect(compare([second!], [second!], [entry]).outdated).toEqual([]);
  });

  test('names changes that the sources still have, each with a reason', () => {
    const byFile = Map.groupBy(readSurvivors(), ({ file }) => file);
    for (const [file, survivors] of byFile) {
      expect(existsSync(join(ROOT, file)), file).toBe(true);
      const mutants = mutantsOf(file, readFileSync(join(ROOT, file), 'utf8'));
      for (const survivor of survivors) {
        expect(survivor.why).not.toBe('');
        const found = mutants.some(({ was, now }) => was === survivor.was && now === survivor.now);
        expect(found, `${file}: ${survivor.was}`).toBe(true);
      }
    }
  });
});

describe('the mutants of Lua in a template string', () => {
  const lua = (code: string): string => `const L = /* lua */ \`${code}\`;`;
  const inside = (code: string): readonly string[] =>
    mutantsOf('planted.ts', lua(code)).map((mutant) => mutate(lua(code), mutant).slice(lua('').length - 2, -2));

  test.each<readonly [code: string, ...mutants: string[]]>([
    ['if a < b then', 'if true then', 'if false then', 'if a <= b then'],
    ['local x = -1 + y', 'local x = -2 + y', 'local x = -1 - y'],
    ['return not a and true', 'return a and true', 'return not a or true', 'return not a and false'],
    [`redis.call('1 + 1', key) -- 1 < 2`, ''],
    ['a.b = c * 60', '', 'a.b = c / 60', 'a.b = c * 61'],
    ['return math.min(a, b)', 'return math.max(a, b)'],
    ['while a ~= b do', 'while a == b do'],
  ])('of `%s`', (code, ...mutants) => {
    expect(inside(code).toSorted()).toEqual(mutants.toSorted());
  });
});
