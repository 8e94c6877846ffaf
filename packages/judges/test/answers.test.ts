// Answers of other shapes than a judge may give: each is a failure, takes no time and takes nothing down.
import type { Detector, DetectorInput } from '@flyball/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defineJudge,
  graniteGuardian,
  llamaGuard,
  presidio,
  qwenGuard,
  type Asker,
  type JudgeOptions,
  type JudgeStats,
} from '../src/index.ts';
import { completion } from './judge-server.ts';

const rejected: unknown[] = [];
const note = (error: unknown): number => rejected.push(error);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => {
  process.off('unhandledRejection', note);
  expect(rejected).toEqual([]);
});

const asked = async (judge: Detector, signal = AbortSignal.timeout(5000)): Promise<unknown> =>
  judge.detect!({ text: 'hello there', role: 'user', settled: 0, signal } as DetectorInput);
const answering = (answer: unknown, options: JudgeOptions = {}): Detector & { readonly stats: () => JudgeStats } =>
  defineJudge(
    { id: 'x', version: '1', types: ['x'], ask: (async () => answer) as unknown as Asker['ask'] },
    { retry: { most: 0 }, ...options },
  );
const says =
  (body: unknown): typeof fetch =>
  async () =>
    new Response(JSON.stringify(body));
const baseURL = 'http://127.0.0.1:1/v1';
const invalid = { code: 'JUDGE_ANSWER', failure: 'INVALID_ANSWER' };

describe('a judge of your own', () => {
  it.each<[what: string, answer: unknown]>([
    ['nothing', undefined],
    ['no list of opinions', { opinions: 'x' }],
    ['an opinion that is none', { opinions: [null] }],
    ['no scores', { opinions: [{ scores: null }] }],
    ['a set of scores', { opinions: [{ scores: new Set([{ type: 'x', score: 0.9 }]) }] }],
    ['a usage in words', { opinions: [{ scores: [] }], usage: { inputTokens: 'many', outputTokens: 1 } }],
    ['a usage below nothing', { opinions: [{ scores: [] }], usage: { inputTokens: -1e9, outputTokens: 1 } }],
    ...[{ score: null }, { score: '' }, { score: false }, { score: '0.9' }, { start: 0.5 }, { start: '1' }].map(
      (one): [string, unknown] => [
        JSON.stringify(one),
        { opinions: [{ scores: [{ type: 'x', score: 0.9, ...one }] }] },
      ],
    ),
  ])('that answers %s has failed', async (_what, answer) => {
    await expect(asked(answering(answer))).rejects.toMatchObject(invalid);
  });

  it('may say `null` of its usage', async () => {
    const judge = answering({ opinions: [{ scores: [] }], usage: null });
    expect(await asked(judge)).toEqual([]);
    expect(judge.stats()).toMatchObject({ answered: 1, inputTokens: 0 });
  });

  it('may change what it answered: what is remembered stays', async () => {
    const scores = [{ type: 'x', score: 0.9 }];
    const judge = answering({ opinions: [{ scores }] });
    const [first] = [await asked(judge)];
    scores.pop();
    expect(await asked(judge)).toEqual(first);
    expect(first).toHaveLength(1);
  });

  it('is not asked for somebody who has left, nor once more', async () => {
    const left = answering({ opinions: [{ scores: [] }] });
    await expect(asked(left, AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
    expect(left.stats()).toMatchObject({ calls: 0, cancelled: 1 });

    const leaving = new AbortController();
    const failing = defineJudge(
      {
        ...{ id: 'x', version: '1', types: ['x'] },
        async ask() {
          setTimeout(() => leaving.abort(new Error('left')), 10);
          throw new Error('no');
        },
      },
      { retry: { most: 1, share: 1 } },
    );
    await expect(asked(failing, leaving.signal)).rejects.toThrow('left');
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(failing.stats()).toMatchObject({ calls: 1 });
  });
});

describe('a server', () => {
  it('that gives a name no score has failed', async () => {
    const names = presidio({
      url: 'http://127.0.0.1:1',
      fetch: says([{ entity_type: 'PERSON', start: 0, end: 5, score: null }]),
    });
    await expect(asked(names)).rejects.toMatchObject(invalid);
  });

  it('that says `Safe`, which its own probabilities deny, has failed', async () => {
    const body = completion('Safety: Safe\nCategories: None', {
      tokens: [
        ['Safety:', { 'Safety:': 1 }],
        [' Safe', { ' Safe': 0.01, ' Unsafe': 0.99 }],
      ],
    });
    await expect(asked(qwenGuard({ baseURL, fetch: says(body) }))).rejects.toMatchObject(invalid);
  });

  // Each is near the most that an answer may hold.
  const blanks = ' '.repeat(900_000);
  const lines = '\n'.repeat(450_000);
  const tokens = Array.from({ length: 25_000 }, (): [string, { readonly [token: string]: number }] => [
    'abcdefghij',
    {},
  ]);
  const long = (text: string): typeof fetch => says(completion(text, { tokens }));
  it.each<[what: string, judge: Detector]>([
    ['blanks, Llama Guard', llamaGuard({ baseURL, fetch: says(completion(`safe${blanks}x`)) })],
    ['lines, Llama Guard', llamaGuard({ baseURL, fetch: says(completion(`safe${lines}x`)) })],
    ['lines, Qwen3Guard', qwenGuard({ baseURL, fetch: says(completion(`x${lines}x`)) })],
    ['tokens, Qwen3Guard', qwenGuard({ baseURL, fetch: long('Safety: Unsafe\nCategories: PII') })],
    [
      'tokens, Granite Guardian',
      graniteGuardian({ baseURL, criteria: { 'harm.a': 'a' }, fetch: long('<score> yes </score>') }),
    ],
  ])('that answers without end is read in no time: %s', async (_what, judge) => {
    const startedAt = performance.now();
    await asked(judge).catch(() => undefined);
    expect(performance.now() - startedAt).toBeLessThan(1400);
  });
});
