import { expect, test } from 'vitest';
import type { TextPlan } from '../detection/plan.ts';
import { OPENING } from '../scanner/run/work.ts';
import { SegmentScan, type ScannedText } from './segment-scan.ts';

/** Texts of which each costs so much work, or stops in the middle of it. */
function scanOf(costs: readonly number[]) {
  const read: string[] = [];
  const texts = costs.map((_, at): ScannedText => ({ segment: { path: `p${at}`, text: `${at}` }, found: [] }));
  let rest = [...costs];
  let opened = 0;
  const openTexts = (found: (pattern: number, start: number, end: number) => void) => {
    opened++;
    return {
      work: 0,
      read(text: string, left: number): boolean {
        read.push(text);
        const at = Number(text);
        const done = Math.min(rest[at]!, left);
        this.work += done;
        rest = rest.with(at, rest[at]! - done);
        if (rest[at]! > 0) return false;
        found(0, at, at + 1);
        return true;
      },
    };
  };
  const plan = { listening: { set: { openTexts }, patterns: ['pattern'] } } as unknown as TextPlan;
  return { scan: new SegmentScan(plan, texts), texts, read, opened: () => opened };
}

test.each<readonly [budget: number, done: boolean, read: readonly string[]]>([
  [0, false, []],
  [1, false, ['0']],
  [OPENING + 1, false, ['0']],
  [OPENING + 2, false, ['0', '1']],
  [OPENING + 3, true, ['0', '1']],
])('a stretch with a budget of %i ends by the work done', (budget, done, read) => {
  const one = scanOf([1, 2]);
  expect([one.scan.run(budget), one.read]).toEqual([done, read]);
  for (let more = 0; more < 5; more++) one.scan.run(10);
  expect(one.scan.run(10)).toBe(true);
  expect(one.opened()).toBe(1);
  expect(one.texts.map(({ found }) => found)).toEqual([
    [{ source: 'pattern', start: 0, end: 1 }],
    [{ source: 'pattern', start: 1, end: 2 }],
  ]);
});

test('where nothing listens everything is scanned', () => {
  const { texts } = scanOf([1]);
  expect(new SegmentScan({ listening: undefined } as TextPlan, texts).run(0)).toBe(true);
});
