import { describe, expect, it } from 'vitest';
import { contentOf, patternDetector } from './patterns.ts';

describe('patterns as a policy writes them', () => {
  const cases: readonly [pattern: string, flags: string, find: RegExp][] = [
    ['(?i)key', '', /key/i],
    ['(?is)a.b', 'i', /a[^]b/i],
    ['(?i)(?P<id>a)(?P<other>b)', '', /(?:a)(?:b)/i],
    ['a(?i)b', '', /a[bB]/],
    ['\\(?P<id>', '', /\(?P<id>/],
    ['(?<id>a)(?:b)', '', /(?<id>a)(?:b)/],
  ];
  for (const [pattern, flags, find] of cases) {
    it(`${pattern} with the flags "${flags}" is ${String(find)}`, () => {
      const [made] = patternDetector({ id: 'acme', patterns: [{ pattern, flags }] }).patterns!;
      expect(made!.find).toEqual(find);
    });
  }

  it('of another dialect, folded', () => {
    const detector = patternDetector({
      id: 'acme',
      patterns: [{ pattern: '[[:digit:]]+', flags: '' }],
      dialect: 're2',
      fold: true,
    });
    expect(detector.patterns).toEqual([{ type: 'acme', find: /[0-9]+/u, fold: true }]);
  });

  it('are refused with their place', () => {
    expect(() => patternDetector({ id: 'acme', patterns: [{ pattern: 'a(?P=id)', flags: '' }] })).toThrow(
      'detector `acme`: `/a(?P=id)/` is not a regular expression: at 1:2 refers to a group that it does not have: correct the name',
    );
  });

  it('have a content that says all that decides what is found, and nothing more', () => {
    const patterns = [
      { pattern: 'b', flags: 'mi' },
      { pattern: 'a', flags: '' },
    ];
    expect(contentOf({ id: 'x', patterns })).toBe('["/a/","/b/im"]');
    expect(contentOf({ id: 'x', patterns: patterns.toReversed(), dialect: 'js', fold: false })).toBe('["/a/","/b/im"]');
    expect(contentOf({ id: 'x', patterns, dialect: 'pcre', fold: true })).toBe('["/a/","/b/im","pcre","fold"]');
  });
});
