import { describe, expect, it } from 'vitest';
import { refuseForeignSyntax } from './foreign-syntax.ts';
import { compilePatterns } from '../scanner/compile.ts';

const refusal = (source: string, flags = ''): string | undefined => {
  try {
    refuseForeignSyntax(source, flags);
    return undefined;
  } catch (error) {
    return `${(error as Error).message}: ${(error as { suggestion: string }).suggestion}`;
  }
};

describe("other engines' syntax that JavaScript reads as letters", () => {
  const refused: readonly [source: string, advice: string][] = [
    ['[[:alnum:]]{3}x', 'write `A-Za-z0-9`'],
    ['[_[:^digit:]]z', 'write `[^\\d]`'],
    ['\\Asecret\\z', 'write `^`'],
    ['key\\Z', 'write `$`'],
    ['tok\\h+en', 'write `[ \\t]`'],
    ['a\\Qb.c\\E', 'escape each special character'],
    ['\\p{L}+=key', 'add the flag `u`'],
    ['\\PL', 'add the flag `u`'],
    ['\\x{41}BC', '`\\u{...}` with the flag `u`'],
    ['\\u{1F600}', 'add the flag `u`'],
    ['a\\Rb', '\\r\\n?'],
    ['key=\\Kv', 'lookbehind of one character'],
    ['\\X', '\\p{M}'],
    ['a{,5}b', '`{0,5}`'],
    ['[a-z&&[^b]]', 'flag `v`'],
    ['[\\h]', 'write `[ \\t]`'],
    ['\\y', 'remove the backslash'],
    ['\\k<n>', 'remove the backslash'],
  ];
  for (const [source, advice] of refused) {
    it(`${source} is refused with what to write`, () => {
      const message = refusal(source);
      expect(message).toContain('which JavaScript reads');
      expect(message).toContain(advice);
    });
  }

  it('says where it stands', () => {
    expect(refusal('ab\\h')).toMatch(/^has `\\h` at character 3, which JavaScript reads as the letter `h`/);
  });

  it('leaves everything that JavaScript reads alone', () => {
    const own: readonly [source: string, flags?: string][] = [
      ['\\d\\D\\w\\W\\s\\S\\b\\B\\n\\r\\t\\v\\f\\0\\x41\\u0041\\cA\\-\\/\\_\\\\A\\\\h'],
      ['(?<n>a)b'],
      ['[:alpha:]'],
      ['[[:]'],
      ['[&&]'],
      ['x{2,}y{,z{,}'],
      ['\\[[:alnum]'],
      ['[\\]\\[]x'],
      ['\\p{L}\\u{1F600}', 'u'],
      ['[[a-z]&&[^b]]', 'v'],
    ];
    for (const [source, flags] of own) expect(refusal(source, flags), source).toBeUndefined();
  });

  it('each spelling that is advised for a class means the class', () => {
    for (const [name, members] of [
      ['punct', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
      ['blank', ' \t'],
      ['xdigit', '0123456789ABCDEFabcdef'],
    ] as const) {
      const advice = /write `(.*)` in its place/.exec(refusal(`[[:${name}:]]`) ?? '')![1]!;
      const found = Array.from({ length: 128 }, (_, unit) => String.fromCharCode(unit)).filter((character) =>
        new RegExp(`[${advice}]`).test(character),
      );
      expect(found.join('')).toBe(members.split('').toSorted().join(''));
    }
  });

  it('is refused when a set is compiled, with the place of the pattern', async () => {
    const patterns = ['ok', '\\Asecret'].map((source) => ({ type: 't', find: new RegExp(source) }));
    await expect(compilePatterns(patterns)).rejects.toMatchObject({ code: 'PATTERN_SYNTAX', pattern: 1 });
  });
});
