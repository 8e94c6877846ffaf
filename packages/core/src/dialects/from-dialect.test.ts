import { describe, expect, it } from 'vitest';
import { type ForeignPattern, ForeignPatternError, fromDialect } from './from-dialect.ts';
import type { Dialect } from './syntax.ts';

/** What of the texts the pattern matches whole. */
function matched(pattern: ForeignPattern, texts: readonly string[]): string[] {
  const { source, flags } = fromDialect(pattern);
  const whole = new RegExp(`^(?:${source})$`, flags);
  return texts.filter((text) => whole.test(text));
}

function refused(pattern: ForeignPattern): ForeignPatternError {
  try {
    return expect.unreachable(String(fromDialect(pattern)));
  } catch (error) {
    if (error instanceof ForeignPatternError) return error;
    throw error;
  }
}

describe('what is written', () => {
  const cases: readonly [dialect: Dialect, pattern: string, written: string][] = [
    ['js', '(["\'])a\\1', '/(?:"a"|\'a\')/'],
    ['re2', '(?i)key', '/key/iu'],
    ['re2', '(?i:k)ey1', '/[kK\\u{212a}]ey1/u'],
    ['re2', '[[:alnum:]]{3}', '/[0-9A-Za-z]{3}/u'],
    ['re2', '\\Aa.b\\z', '/^a[^\\x0a]b$/u'],
    ['re2', '\\Qa.b\\E+', '/a\\.b+/u'],
    ['re2', '\\x{1F600}\\pL', '/\\u{1f600}\\p{L}/u'],
    ['re2', '{(a)', '/\\{(?:a)/u'],
    ['pcre', '(?>a|ab)c++', '/(?:a|ab)c+/u'],
    ['pcre', 'a\\h*b', '/a[\\x09 \\xa0\\u{1680}\\u{180e}\\u{202f}\\u{205f}\\u{3000}\\u{2000}-\\u{200a}]*b/u'],
    ['pcre', '(?x) a b # c\n[ d]', '/ab[ d]/u'],
    ['python', '(?P<q>[ab])-(?P=q)', '/(?:a-a|b-b)/u'],
    ['python', 'a{,3}', '/a{0,3}/u'],
    ['python', '\\bkey', '/(?<![\\p{L}\\p{N}_])key/u'],
    ['python', '(?a)\\bkey\\d', '/\\bkey[0-9]/u'],
  ];
  for (const [dialect, pattern, written] of cases) {
    it(`${dialect} ${pattern}`, () => expect(String(fromDialect({ pattern, dialect }))).toBe(written));
  }

  it('of JavaScript what needs no reading stays as it is', () => {
    for (const pattern of [/(?<name>a)\b[^\W_]{2,}?(?=b)/iu, /[[:alpha]/, /\p{L}/v]) {
      expect(fromDialect({ pattern: pattern.source, flags: pattern.flags })).toEqual(pattern);
    }
  });
});

describe('what is matched', () => {
  const cases: readonly [pattern: ForeignPattern, matches: readonly string[], not: readonly string[]][] = [
    [{ pattern: 'a(?i)b|c', dialect: 're2' }, ['ab', 'aB', 'c', 'C'], ['Ab', 'AB']],
    [{ pattern: '(?:a(?i)b)c', dialect: 'pcre' }, ['abc', 'aBc'], ['abC', 'Abc']],
    [{ pattern: '(?i:a(?-i:b))', dialect: 're2' }, ['ab', 'Ab'], ['aB']],
    [{ pattern: '(?i)[^a]x', dialect: 're2' }, ['bx', 'BX'], ['ax', 'AX']],
    [{ pattern: '(?i:[^a])x', dialect: 're2' }, ['bx', 'Bx'], ['ax', 'Ax', 'bX']],
    [{ pattern: '(?s:.).', dialect: 're2' }, ['\na', 'ab'], ['a\n']],
    [{ pattern: '.', dialect: 'python' }, ['\r', 'a', '\u{1f600}'], ['\n']],
    [{ pattern: '.', dialect: 'js' }, ['a'], ['\r', '\n', '\u{1f600}']],
    [{ pattern: '\\s', dialect: 're2' }, [' ', '\n'], ['\v', '\u00a0']],
    [{ pattern: '\\s', dialect: 'python' }, [' ', '\v', '\u00a0', '\u001c'], ['\ufeff', 'a']],
    [{ pattern: '\\w\\d', dialect: 'python' }, ['é٣', 'a1'], ['-1', 'a½']],
    [{ pattern: '\\w\\d', dialect: 're2' }, ['a1'], ['é٣', 'é1']],
    [{ pattern: '[\\W-]', dialect: 'python' }, ['-', '+'], ['a', 'é', '_']],
    [{ pattern: '[^\\W_]', dialect: 'python' }, ['a', 'é', '5'], ['_', '-']],
    [{ pattern: '[]a]', dialect: 're2' }, [']', 'a'], ['b']],
    [{ pattern: '[^]a]', dialect: 'python' }, ['b'], [']', 'a']],
    [{ pattern: '[a\\d-z]', dialect: 're2' }, ['a', '5', '-', 'z'], ['m']],
    [{ pattern: '[[:^digit:]x]', dialect: 'pcre' }, ['a', 'x'], ['5']],
    [{ pattern: '\\R', dialect: 'pcre' }, ['\r\n', '\n', '\u2028'], ['a']],
    [{ pattern: '\\N\\v', dialect: 'pcre' }, ['a\n', 'a\v'], ['\n\n', 'aa']],
    [{ pattern: '\\p{Greek}\\P{L}', dialect: 're2' }, ['ω1'], ['a1', 'ωω']],
    [{ pattern: '\\p{^L}', dialect: 'pcre' }, ['1'], ['a']],
    [{ pattern: '([\'"])?x\\1', dialect: 'python' }, ['"x"', "'x'"], ['x', '"x', 'x"']],
    [{ pattern: '([\'"])?x\\1', dialect: 'js' }, ['"x"', "'x'", 'x'], ['"x', 'x"']],
    [{ pattern: '(?:(a)|b)\\1', dialect: 'pcre' }, ['aa'], ['ba', 'ab', 'b']],
    [{ pattern: '(a|b)(c|d)\\2\\1', dialect: 'pcre' }, ['acca', 'bddb'], ['acda', 'accb']],
    [{ pattern: '(?i)(a)\\1', dialect: 'pcre' }, ['aA', 'AA'], ['ab']],
    [{ pattern: '\\07\\x41', dialect: 'pcre' }, ['\x07A'], []],
    [{ pattern: 'a{,2}', dialect: 're2' }, ['a{,2}'], ['aa']],
    [{ pattern: '(?#note)a(?#more)b', dialect: 'python' }, ['ab'], []],
    [{ pattern: 'a b', flags: 'x', dialect: 'python' }, ['ab'], ['a b']],
    [{ pattern: '(?i)K', dialect: 'js' }, ['k', 'K'], ['\u212a']],
    [{ pattern: '(?m)^b$', dialect: 're2' }, ['b'], ['a']],
  ];
  for (const [pattern, matches, not] of cases) {
    it(`${pattern.dialect} ${JSON.stringify(pattern.pattern)} ${pattern.flags ?? ''}`, () => {
      expect(matched(pattern, [...matches, ...not])).toEqual(matches);
    });
  }

  it('lines, where the flag `m` holds', () => {
    const lines = (pattern: string, dialect: Dialect): string[] => {
      const { source, flags } = fromDialect({ pattern, dialect });
      return 'a\nb\rc\nd'.match(new RegExp(source, `${flags}g`)) ?? [];
    };
    expect(lines('(?m)^.', 're2')).toEqual(['a', 'b', 'd']);
    expect(lines('(?m:^).', 'js')).toEqual(['a', 'b', 'c', 'd']);
    expect(lines('^.', 'python')).toEqual(['a']);
    expect(lines('\\A.', 'pcre')).toEqual(['a']);
    expect(lines('.\\Z', 'python')).toEqual(['d']);
  });
});

describe('what is refused', () => {
  const cases: readonly [dialect: Dialect, pattern: string, place: string, reason: RegExp][] = [
    ['re2', 'ab\n(c', '2:1', /a `\(` without a `\)`/],
    ['re2', 'ab)', '1:3', /a `\)` without a `\(`/],
    ['re2', 'a**', '1:1', /repeats a repeat/],
    ['re2', 'ab[c', '1:3', /`\[` without/],
    ['re2', 'a\\Kb', '1:2', /the escape `\\K`/],
    ['re2', '[[:nope:]]', '1:2', /does not exist/],
    ['re2', '\\p{Nope}', '1:1', /property/],
    ['re2', '(?z)a', '1:1', /flag `z`, which RE2/],
    ['pcre', '(?(1)a|b)', '1:1', /a condition/],
    ['pcre', 'a(?R)?', '1:2', /no linear scan/],
    ['pcre', '(a)\\g<1>', '1:4', /a call of another group/],
    ['pcre', '(*SKIP)a', '1:1', /a verb/],
    ['pcre', '[b-a]', '1:1', /reversed/],
    ['python', '\\p{L}', '1:1', /the escape `\\p`/],
    ['python', 'a{3,1}', '1:1', /reversed/],
    ['python', '+a', '1:1', /nothing to repeat/],
    ['python', '(?P=x)', '1:1', /does not have/],
    ['python', '(\\w+) \\1', '1:7', /repeats what a group matched/],
    ['python', '\\2(a)', '1:1', /refers to group 2/],
    ['js', '(?i:a', '1:1', /without a `\)`/],
    ['js', '\\1(a|b)c', '1:1', /repeats what a group matched/],
  ];
  for (const [dialect, pattern, place, reason] of cases) {
    it(`${dialect} ${JSON.stringify(pattern)} at ${place}, with advice`, () => {
      const error = refused({ pattern, dialect });
      expect(`${error.line}:${error.column}`).toBe(place);
      expect(error.reason).toMatch(reason);
      expect(error.message).toBe(`at ${place} ${error.reason}: ${error.suggestion}`);
      expect(error.suggestion).not.toBe('');
    });
  }

  it('a dialect that is not known, and a flag of JavaScript that cannot be', () => {
    expect(refused({ pattern: 'a', dialect: 'perl' as Dialect }).message).toMatch(/js, re2, pcre, python/);
    expect(refused({ pattern: '(?i:a)', flags: 'v' }).message).toMatch(/use the flag `u`/);
    expect(refused({ pattern: '(a' }).message).toMatch(/unterminated group/i);
  });
});
