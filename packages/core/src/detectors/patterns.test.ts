import { describe, expect, it } from 'vitest';
import { patternDetector, readInline } from './patterns.ts';

describe('forms of other engines in a written pattern', () => {
  const cases: readonly [pattern: string, flags: string, find: RegExp][] = [
    ['(?i)key', '', /key/i],
    ['(?is)a.b', 'm', /a.b/ims],
    ['(?i)(?P<id>a)(?P<other>b)', 'i', /(?:a)(?:b)/i],
    ['\\(?P<id>', '', /\(?P<id>/],
    ['[(?P<id>]', '', /[(?P<id>]/],
    ['[\\](?P<a>]x', '', /[\](?P<a>]x/],
    ['(?<id>a)(?:b)', '', /(?<id>a)(?:b)/],
  ];
  for (const [pattern, flags, find] of cases) {
    it(`${pattern} with the flags "${flags}" is ${String(find)}`, () => {
      const [made] = patternDetector('acme', [{ pattern, flags }]).patterns!;
      expect(made!.find).toEqual(find);
    });
  }

  it('are left alone where they would mean something else: an error, with the pattern as it was written', () => {
    for (const pattern of ['a(?i)b', '(?-i)a', '(?x)a b', '(?P=id)', '(?P<1>a)']) {
      expect(readInline(pattern, '')).toEqual({ pattern, flags: '' });
      expect(() => patternDetector('acme', [{ pattern, flags: '' }])).toThrow(
        `\`/${pattern}/\` is not a regular expression`,
      );
    }
  });
});
