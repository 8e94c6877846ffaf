import { describe, expect, it } from 'vitest';
import type { Pattern } from '../../packages/core/src/contract/detector.ts';
import { compilePatterns, compilePlan } from '../../packages/core/src/scanner/compile.ts';
import type { PatternSet, Scan } from '../../packages/core/src/scanner/types.ts';
import { below, pick, type Random, randomChunks, seeded } from './scanner-cases.ts';

/**
 * Phrases in the complete automaton against the same phrases in the lazy one, which other tests hold against the
 * reference: matches in their order, and what is held after every piece.
 */
const CASES = Number(process.env['SCANNER_CASES'] ?? 100);
const SEED = Number(process.env['SCANNER_SEED'] ?? 1);

interface Words {
  readonly name: string;
  readonly letters: readonly string[];
  readonly text: readonly string[];
}

const PLAIN: Words = {
  name: 'ASCII',
  letters: ['a', 'b', ' ', 'a', '-', '1', '_'],
  text: ['a', 'b', ' ', 'A', '-', '1', '_', '.'],
};
const KINDS: readonly Words[] = [
  PLAIN,
  {
    name: 'look-alikes and invisible characters',
    letters: ['a', 'f', 'i', ' ', '1', 'K', 'k'],
    text: [
      'a',
      'f',
      'i',
      ' ',
      '1',
      'а',
      'ﬁ',
      '\u200b',
      '\u00ad',
      '１',
      '\u{1d41a}',
      'K',
      '㎏',
      '\u{e0061}',
      '\ufe0f',
      'ⅲ',
    ],
  },
  {
    name: 'white space',
    letters: ['a', ' ', 'b', '\t', 'c'],
    text: ['a', ' ', 'b', ' ', '\n', 'c', '\u00a0', '\u200b', '\u3000', '\u2800', '¨', 'a b', ' \n '],
  },
  {
    name: 'scripts and pairs',
    letters: ['a', '猫', 'カ', 'ー', '😀', '\u{10400}', 'é', 'ß', '\ud83d'],
    text: ['a', '猫', 'カ', 'ー', '😀', '😁', '\u{10400}', '\u{10428}', 'É', 'ẞ', '\ud83d', '\ude00', ' ', '\u0301'],
  },
];

function randomPhrases(random: Random, { letters }: Words): Pattern[] {
  const fold = pick(random, [true, true, false, undefined]);
  return Array.from({ length: 1 + below(random, 6) }, (): Pattern => {
    const phrase = Array.from({ length: 1 + below(random, 5) }, () => pick(random, letters)).join('');
    const mixed = fold ?? below(random, 2) === 0;
    return {
      type: 't',
      find: { phrase },
      fold: mixed,
      insideWords: below(random, 3) === 0,
      ...(below(random, 6) === 0 && { validate: (match: string): boolean => match.length % 2 === 0 }),
    };
  });
}

type Feed = (scan: Scan, chunk: string) => void;

/** Everything that a stream says: matches, and after each chunk where it stands. */
function told(set: PatternSet, chunks: readonly string[], stopAt: number, feed: Feed): unknown[] {
  const said: unknown[] = [];
  const scan = set.open((...match) => said.push(match.join()) > stopAt);
  for (const chunk of chunks) {
    feed(scan, chunk);
    said.push([scan.position, scan.hold, scan.stopped]);
    if (scan.stopped) break;
  }
  scan.end();
  return [...said, scan.stopped, scan.hold];
}

describe('the complete automaton for phrases', () => {
  it('has all phrases, with white space or without', async () => {
    for (const fold of [true, false]) {
      const patterns = ['one', 'two words', 'and\tthree of them', ' edge', 'é i'].map((phrase): Pattern => ({
        type: 't',
        find: { phrase },
        fold,
      }));
      const { plan } = await compilePlan(patterns, { prewarm: false });
      expect([plan.automata.length, plan.phrases.length]).toEqual([0, 1]);
    }
  });

  for (const words of KINDS) {
    it(
      `G5: finds and holds what the lazy automaton does (${words.name})`,
      async () => {
        let matches = 0;
        for (let index = 0; index < CASES; index++) {
          const seed = SEED * 1_000_003 + index;
          const random = seeded(seed);
          const patterns = randomPhrases(random, words);
          const lazy = await compilePatterns(patterns, { phrasesApart: Number.POSITIVE_INFINITY, prewarm: false });
          const complete = await compilePatterns(patterns, { phrasesApart: 1, prewarm: false });
          const text = Array.from({ length: 2 + below(random, 14) }, () => pick(random, words.text)).join('');
          const label = `seed ${seed}: ${JSON.stringify(patterns)} on ${JSON.stringify(text)}`;
          const stopAt = below(random, 3) === 0 ? below(random, 8) : Number.POSITIVE_INFINITY;
          const dropAt = below(random, 3) === 0 ? below(random, text.length) : Number.POSITIVE_INFINITY;
          for (const longest of [1, 5, 100]) {
            const chunks = randomChunks(random, text, longest);
            const feed: Feed = (scan, chunk) => {
              if (dropAt < scan.position && !/[\ud800-\udbff]$/.test(text.slice(0, scan.position)))
                scan.dropBefore(dropAt);
              scan.write(chunk);
            };
            const wanted = told(lazy, chunks, stopAt, feed);
            expect(told(complete, chunks, stopAt, feed), label).toEqual(wanted);
            matches += wanted.filter((one) => typeof one === 'string').length;
            const sliced: Feed = (scan, chunk) => {
              for (let at = 0; at < chunk.length && !scan.stopped;) at = scan.writeSome(chunk, at, below(random, 40));
            };
            if (dropAt === Number.POSITIVE_INFINITY)
              expect(told(complete, chunks, stopAt, sliced), label).toEqual(wanted);
          }
          expect(complete.probe(text), label).toBe(lazy.probe(text));
        }
        expect(matches).toBeGreaterThan(CASES / 2);
      },
      30_000 + CASES * 100,
    );
  }

  it('goes on alone after a fork', async () => {
    const set = await compilePatterns(['ab', 'fi fi', 'b a'].map((phrase) => ({ type: 't', find: { phrase } })));
    const [own, forked]: [string[], string[]] = [[], []];
    const scan = set.open((...match) => void own.push(match.slice(0, 3).join()));
    scan.write('ﬁ\u200b ﬁ');
    const fork = scan.fork((...match) => void forked.push(match.slice(0, 3).join()));
    scan.write('x ab ');
    fork.write(' ');
    expect(own).toEqual(['0,6,8']);
    expect(forked).toEqual(['1,0,4']);
  });

  it('stands beside other patterns', async () => {
    const patterns: Pattern[] = [
      { type: 'n', find: /\d{3}/ },
      { type: 'p', find: { phrase: 'call me' } },
      { type: 'q', find: { phrase: '12' }, fold: false, insideWords: true },
    ];
    const text = 'call me 123, cаll me 12';
    const run = (set: PatternSet): unknown[] => told(set, text.split(''), 9, (scan, chunk) => scan.write(chunk));
    const lazy = await compilePatterns(patterns, { phrasesApart: Number.POSITIVE_INFINITY });
    expect(run(await compilePatterns(patterns, { phrasesApart: 1 }))).toEqual(run(lazy));
  });
});
