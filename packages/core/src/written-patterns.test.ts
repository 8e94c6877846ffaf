import { expect, test } from 'vitest';
import type { Pattern } from './contract/detector.ts';
import { type Found, knownPattern } from './detection/found.ts';
import type { PolicyDocument } from './policy/document/document.ts';
import { SetCache } from './written-patterns.ts';

const DOCUMENT: PolicyDocument = { policy: 'p', version: 1 };

const found = (pattern: Pattern): Found => {
  const known = knownPattern(pattern);
  return { pattern, detector: pattern.type, usedAs: pattern.type, ...(known !== undefined && { known }) };
};

/** As two policies with these lists would have them. */
async function shares(one: Pattern, other: Pattern): Promise<boolean> {
  const sets = await Promise.all([one, other].map((pattern) => new SetCache(DOCUMENT).get([found(pattern)])));
  return sets[0]!.set === sets[1]!.set;
}

const WORD: Pattern = { type: 'codename', find: { phrase: 'blue heron' } };
const NUMBER: Pattern = { type: 'order', find: /ORD-\d{6}/ };
const yes = (): boolean => true;

test('lists of equal words are compiled once, whoever names them', async () => {
  expect(await shares(WORD, { ...WORD })).toBe(true);
  expect(await shares(NUMBER, { type: 'order', find: /ORD-\d{6}/ })).toBe(true);
});

test.each<[string, Pattern, Pattern]>([
  ['another phrase', WORD, { ...WORD, find: { phrase: 'grey heron' } }],
  ['a phrase inside words', WORD, { ...WORD, insideWords: true }],
  ['another flag', NUMBER, { ...NUMBER, find: /ORD-\d{6}/i }],
  ['folding', NUMBER, { ...NUMBER, fold: true }],
  ['other candidates', NUMBER, { ...NUMBER, candidates: 'leftmost-longest' }],
  ['units that stay', NUMBER, { ...NUMBER, keepLast: 2 }],
  ['a phrase that reads like an expression', { ...NUMBER, find: { phrase: 'ab' } }, { ...NUMBER, find: /ab/ }],
  ['validators, though they are equal', { ...NUMBER, validate: yes }, { ...NUMBER, validate: yes }],
  [
    'contexts, though they are equal',
    { ...NUMBER, context: { before: 1, after: 0, accepts: yes } },
    { ...NUMBER, context: { before: 1, after: 0, accepts: yes } },
  ],
])('nothing is shared over %s', async (_, one, other) => {
  expect(await shares(one, other)).toBe(false);
});

test('what cannot be compiled is told to each who asks', async () => {
  for (const _ of [1, 2]) {
    const detectors = [{ id: 'x', patterns: ['a*'] }] as const;
    const sets = new SetCache({ ...DOCUMENT, detectors });
    expect(await sets.get([found({ type: 'x', find: /a*/ })])).toBeUndefined();
    expect(sets.problems.map(({ code, path }) => [code, path])).toEqual([
      ['PATTERN_MATCHES_EMPTY', ['detectors', 0, 'patterns', 0]],
    ]);
  }
});

test('many lists are kept at a time, and not all for ever', async () => {
  const word = (n: number): Pattern => ({ type: 'x', find: { phrase: `number ${n}` } });
  const first = await new SetCache(DOCUMENT).get([found(word(0))]);
  for (let n = 1; n <= 12; n++) await new SetCache(DOCUMENT).get([found(word(n))]);
  expect((await new SetCache(DOCUMENT).get([found(word(0))]))!.set).toBe(first!.set);
  for (let n = 1; n <= 16; n++) await new SetCache(DOCUMENT).get([found(word(n))]);
  expect((await new SetCache(DOCUMENT).get([found(word(0))]))!.set).not.toBe(first!.set);
});
