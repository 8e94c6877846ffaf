import { expect, it } from 'vitest';
import type { TextPlan } from '../detection/plan.ts';
import { createGovernor } from '../governor.ts';
import { compilePatterns } from '../scanner/compile.ts';
import { SLICE_WORK } from '../scanner/run/work.ts';
import { SegmentScan } from './segment-scan.ts';

const policyOf = (pattern: string): object => ({
  policy: 'p',
  version: 1,
  detectors: [{ id: 'word', patterns: pattern }],
  rules: [{ id: 'r', on: 'input', detect: 'word', then: 'block', reason: 'P_WORD' }],
});

/** How often other work got its turn while a text was decided on, and what was decided. */
async function turnsDuring(pattern: string, content: string): Promise<{ turns: number; reason: string }> {
  const governor = await createGovernor({ policy: policyOf(pattern) as never });
  let turns = 0;
  let running = true;
  const tick = (): void => {
    turns++;
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  const decision = await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content }));
  running = false;
  await governor.close();
  return { turns, reason: decision.reason };
}

it('G7: a short text that is dear to scan does not keep the process from its other work', async () => {
  // Each unit advances every count that has begun.
  const dear = await turnsDuring('[ab]{600,1200}x', `${'ab'.repeat(2000)}x`);
  expect(dear.reason).toBe('P_WORD');
  expect(dear.turns).toBeGreaterThan(10);
});

it('G1: what is found does not depend on where a stretch ended', async () => {
  const { reason } = await turnsDuring('[ab]{600,1200}x', 'ab'.repeat(2000));
  expect(reason).toBe('NO_RULE_OBJECTED');
});

it('a cheap text of the same length is decided without a break', async () => {
  const { turns } = await turnsDuring('needle', 'ab'.repeat(4000));
  expect(turns).toBeLessThan(4);
});

it('a stretch ends by the work done, over several texts as in one, and every text is read', async () => {
  const set = await compilePatterns([{ type: 'word', find: /needle/v }]);
  const plan = { listening: { set, patterns: [{ type: 'word', score: 1, detector: 'd' }] } } as unknown as TextPlan;
  const texts = Array.from({ length: 8 }, (_, n) => ({
    segment: { path: `${n}`, text: `${'ab'.repeat(20_000)} needle` },
    found: [] as never[],
  }));
  const stretches = (budget: number): number => {
    for (const { found } of texts) found.length = 0;
    const scan = new SegmentScan(plan, texts);
    for (let count = 1; ; count++) if (scan.run(budget)) return count;
  };
  expect(stretches(Number.POSITIVE_INFINITY)).toBe(1);
  const all = texts.map(({ found }) => structuredClone(found));
  expect(all.every(({ length }) => length === 1)).toBe(true);
  // What has been seen costs the same every time.
  const one = set.openTexts(() => undefined);
  const before = one.work;
  one.read(texts[0]!.segment.text, Number.POSITIVE_INFINITY);
  const work = one.work - before;
  // The search for words looks at its budget once in 8,192 units.
  expect([8.1, 3.1, 2.1, 0.51].map((times) => stretches(times * work))).toEqual([1, 3, 4, 14]);
  expect(texts.map(({ found }) => found)).toEqual(all);
  expect(new SegmentScan(plan, texts).run(0)).toBe(false);
});

it('G7: short texts count for what opening a scan costs, however little there is to read in them', async () => {
  const set = await compilePatterns([{ type: 'word', find: /needle/v }]);
  const plan = { listening: { set, patterns: [{ type: 'word', score: 1, detector: 'd' }] } } as unknown as TextPlan;
  const texts = Array.from({ length: 20_000 }, (_, n) => ({ segment: { path: `${n}`, text: 'a' }, found: [] }));
  const scan = new SegmentScan(plan, texts);
  let stretches = 1;
  while (!scan.run(SLICE_WORK)) stretches++;
  expect(stretches).toBeGreaterThan(60);
});

it('without patterns there is nothing to do', () => {
  expect(new SegmentScan({ listening: undefined } as unknown as TextPlan, []).run(0)).toBe(true);
});
