import { describe, expect, it } from 'vitest';
import type { Pattern } from '../../packages/core/src/contract/detector.ts';
import { compileWithContext } from '../../packages/core/src/detection/compile-with-context.ts';
import { fromDialect } from '../../packages/core/src/dialects/from-dialect.ts';
import { compilePlan } from '../../packages/core/src/scanner/compile.ts';
import { setOf } from '../../packages/core/src/scanner/build-plan.ts';
import { PatternError } from '../../packages/core/src/scanner/pattern-error.ts';
import type { MatchSink, PatternSet } from '../../packages/core/src/scanner/types.ts';
import {
  below,
  CODE_POINTS,
  type Dialect,
  FOLDED,
  HALVES,
  pick,
  type Random,
  randomExpressions,
  seeded,
  UNITS,
} from './scanner-cases.ts';

/** Cases per property; raise it for a long run. */
const CASES = Number(process.env['SCANNER_CASES'] ?? 150);
const SEED = Number(process.env['SCANNER_SEED'] ?? 1);

const WORDY = [
  'q',
  'Q',
  'zq',
  '#',
  '7',
  '\\d',
  '[qz]',
  '[^q]',
  '\\w',
  '.',
  ' ',
  'k',
  'a',
  '(?:q|z7)',
  '(?:\\d\\d)',
  's',
  'qq',
];
const SIGNS = ['q', 'Q', 'z', '#', '7', '4', 'k', 's', 'a', ' ', '\n', '-'];

/** Patterns that require words, with what stands between words in the text. */
const KINDS: Readonly<Record<string, { readonly dialect: Dialect; readonly between: readonly string[] }>> = {
  units: {
    dialect: { ...UNITS, atoms: WORDY, alphabet: SIGNS },
    between: ['x', ' ', 'a', 'e-e', '.'],
  },
  'code points': {
    dialect: {
      ...CODE_POINTS,
      atoms: [...WORDY, '😀', '\\p{L}', '[^😀]', '[q😀]', 'ſ'],
      alphabet: [...SIGNS, '😀', '\ud83d', '\ude00', '\u212a', 'ſ', 'é'],
    },
    between: ['x', ' ', '😁', '\ud83d', 'é'],
  },
  'halves of pairs': {
    dialect: {
      ...HALVES,
      atoms: [...WORDY, '\\ud83d', '\\ude00', '[\\udc00-\\udfff]'],
      alphabet: [...SIGNS, '😀', '\ud83d', '\ude00'],
    },
    between: ['x', ' ', '😁', '\ude00'],
  },
  'folded text': {
    dialect: {
      ...FOLDED,
      atoms: [...WORDY, 'fi'],
      alphabet: [...SIGNS, 'ｑ', '７', '#', 'ѕ', '\u{1d42a}', '\u200b', 'ﬁ', 'É'],
    },
    between: ['x', ' ', 'е', '“', 'é'],
  },
};

type Match = readonly number[];

function streamed(set: PatternSet, text: string): Match[] {
  const matches: Match[] = [];
  const scan = set.open((...match) => void matches.push(match));
  scan.write(text);
  scan.end();
  return matches;
}

function collecting(): { readonly sink: MatchSink; take(): Match[] } {
  let matches: Match[] = [];
  return {
    sink: (...match) => void matches.push(match),
    take: () => {
      const taken = matches;
      matches = [];
      return taken;
    },
  };
}

function ordered(matches: readonly Match[]): Match[] {
  return matches.toSorted((a, b) => a[3]! - b[3]! || a[2]! - b[2]! || a[0]! - b[0]! || a[1]! - b[1]!);
}

function isInOrder(matches: readonly Match[]): boolean {
  return matches.every((match, n) => n === 0 || matches[n - 1]![3]! <= match[3]!);
}

function textOf(random: Random, dialect: Dialect, between: readonly string[]): string {
  const parts: string[] = [];
  for (let places = below(random, 4); places >= 0; places--) {
    for (let i = below(random, 4) * below(random, 14); i > 0; i--) parts.push(pick(random, between));
    for (let i = below(random, 9); i > 0; i--) parts.push(pick(random, dialect.alphabet));
  }
  return parts.join('');
}

const picky = (match: string): boolean => match.length % 3 !== 1;

describe('complete texts', () => {
  for (const [name, { dialect, between }] of Object.entries(KINDS)) {
    it(`are found in what a stream finds, though most of them is not looked at closely (${name})`, async () => {
      let filtered = 0;
      let found = 0;
      for (let index = 0; index < CASES; index++) {
        const seed = SEED * 1_000_003 + index;
        const random = seeded(seed);
        const validated = below(random, 3) === 0;
        const patterns = randomExpressions(random, dialect, 1 + below(random, 3)).map((find, n): Pattern => {
          const fold = dialect.flags === FOLDED.flags && below(random, 4) > 0;
          if (!validated || n > 0) return { type: `t${n}`, find, fold };
          return { type: 't', find, fold, validate: picky, candidates: pick(random, ['all', 'leftmost-longest']) };
        });
        const keepApart = pick(random, [[], [], [0], [1]]);
        let plan;
        try {
          ({ plan } = await compilePlan(patterns, { prewarm: false, keepApart, maxStates: pick(random, [3, 2000]) }));
        } catch (error) {
          if (error instanceof PatternError) continue;
          throw error;
        }
        if (plan.text !== undefined) filtered++;
        const set = setOf(patterns.length, plan, []);
        const { sink, take } = collecting();
        const scan = set.openTexts(sink);
        for (let n = 0; n < 4; n++) {
          const text = textOf(random, dialect, between);
          const budget = pick(random, [1, 40, 1e6]);
          while (!scan.read(text, budget));
          const wanted = streamed(set, text);
          found += wanted.length;
          const label = `seed ${seed}: ${patterns.map(({ find }) => String(find as RegExp)).join(' , ')} on ${JSON.stringify(text)}`;
          const matches = take();
          expect(ordered(matches), label).toEqual(ordered(wanted));
          // In the order of the text, but for what waits for a longer candidate.
          if (!validated) expect(isInOrder(matches), label).toBe(true);
        }
      }
      expect(filtered).toBeGreaterThan(CASES / 8);
      expect(found).toBeGreaterThan(CASES);
    });
  }

  it('in public shapes of rules: a run, a key word, a gap, a run', async () => {
    const keyed = (word: string, run: string): string =>
      `(?i)[\\w.-]{0,50}?(?:${word})(?:[ \\t\\w.-]{0,20})[\\s'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60'"\\s=]{0,5}(${run})(?:[\\x60'"\\s;]|\\\\[nr]|$)`;
    const rules = [
      keyed('acme', '[a-z0-9]{12}'),
      keyed('globex|initech', '[a-f0-9]{4}-[a-f0-9]{4}'),
      keyed('token|secret|api', '[\\w.=-]{10,40}'),
      '\\b(?:gh_[0-9a-z]{8})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
      '\\b\\d{3}-\\d{2}-\\d{4}\\b',
      '(?i)\\b[a-z0-9._-]+@[a-z0-9-]+\\.[a-z]{2,4}\\b',
    ];
    const { plan } = await compilePlan(
      rules.map((pattern) => ({ type: 'r', find: fromDialect({ pattern, dialect: 're2' }) })),
      { prewarm: false },
    );
    expect(plan.text?.near).toHaveLength(2);
    const set = setOf(rules.length, plan, []);
    const parts = [
      ' acme', ' acme_key = "a1b2c3d4e5f6"', 'GLOBEX_key', 'api', 'the token', ' = ', ': ', ':=', '"', 'a1b2c3d4e5f6', 'beef-cafe', 'gh_', 'a1b2c3d4', '123-45-6789', 'a.b-c@d-e.org', ' some words ', 'and, then ', '.', '\n', ';', 'x_', '-',
    ]; // oxfmt-ignore
    const { sink, take } = collecting();
    const scan = set.openTexts(sink);
    const seen = new Set<number>();
    for (let seed = 1; seed <= 2 * CASES; seed++) {
      const random = seeded(seed);
      const text = Array.from({ length: below(random, 30) }, () => pick(random, parts)).join('');
      while (!scan.read(text, pick(random, [1, 200, 1e6])));
      const wanted = streamed(set, text);
      for (const [pattern] of wanted) seen.add(pattern!);
      const matches = take();
      expect(ordered(matches), `seed ${seed}: ${JSON.stringify(text)}`).toEqual(ordered(wanted));
      expect(isInOrder(matches)).toBe(true);
    }
    // A rule that never matches would prove nothing.
    expect([...seen].toSorted((a, b) => a - b)).toEqual(rules.map((_, n) => n));
  });

  it('are asked about with what stands around a candidate, as in a stream', async () => {
    const context = {
      before: 12,
      after: 9,
      accepts: (match: string, before: string, after: string | undefined): boolean | undefined => {
        if (before.includes('no')) return false;
        return match.length === 5 ? true : after?.includes('id');
      },
    };
    const patterns: Pattern[] = [
      { type: 'number', find: /(?<!\d)\d{4,6}(?!\d)/, context },
      { type: 'folded', find: /\bkey-[a-z]{2,6}\b/i, fold: true, context: { ...context, asWritten: true } },
      { type: 'plain', find: /\bkey-\d+/, keepLast: 1 },
    ];
    const set = await compileWithContext(patterns, { prewarm: false });
    const parts = [
      '1234',
      '56789',
      'no',
      ' id',
      ' ',
      ' and then ',
      'key-abcde',
      'KEY-zz',
      'ｋey-xyz',
      'key-77',
      ', ',
      '.',
    ];
    const { sink, take } = collecting();
    const scan = set.openTexts(sink);
    const seen = new Set<number>();
    const spans = (matches: readonly Match[]): string[] => matches.map((match) => match.slice(0, 3).join()).toSorted();
    for (let seed = 1; seed <= CASES; seed++) {
      const random = seeded(seed);
      const text = Array.from({ length: below(random, 30) }, () => pick(random, parts)).join('');
      while (!scan.read(text, pick(random, [1, 200, 1e6])));
      const wanted = streamed(set, text);
      for (const [pattern] of wanted) seen.add(pattern!);
      expect(spans(take()), `seed ${seed}: ${JSON.stringify(text)}`).toEqual(spans(wanted));
    }
    expect(seen.size).toBe(patterns.length);
  });

  it('end where the sink has had enough', async () => {
    const { plan } = await compilePlan(
      [
        { type: 'a', find: /zq\d/ },
        { type: 'b', find: /x*#/ },
      ],
      { prewarm: false },
    );
    let calls = 0;
    const scan = setOf(2, plan, []).openTexts(() => ++calls === 1);
    expect(scan.read('a zq1 then # and zq2', 1e6)).toBe(true);
    expect([calls, scan.stopped]).toEqual([1, true]);
  });
});
