import { expect, it } from 'vitest';
import type { TextPlan } from '../detection/plan.ts';
import type { PatternSet, Scan } from '../scanner/types.ts';
import { ScanPair } from './scan-pair.ts';

/** Finds nothing, and does so much work for each unit. */
function set(workOfUnit: number): PatternSet {
  class Working implements Scan {
    position = 0;
    hold = 0;
    work = 0;
    readonly stopped = false;
    writeSome(text: string, from: number, most: number): number {
      const until = Math.min(text.length, from + Math.max(1, Math.ceil(most / workOfUnit)));
      this.write(text.slice(from, until));
      return until;
    }
    write(text: string): number {
      this.work += workOfUnit * text.length;
      this.position += text.length;
      this.hold = this.position;
      return text.length;
    }
    end(): void {}
    dropBefore(): void {}
    fork(): Scan {
      return new Working();
    }
  }
  const openTexts = (): never => {
    throw new Error('a gate reads streams');
  };
  return { size: 1, warnings: [], open: () => new Working(), openTexts, probe: () => false };
}

const planOf = (voting: number | undefined, listening: number | undefined): TextPlan => {
  const of = (work: number | undefined) => (work === undefined ? undefined : { set: set(work), patterns: [] });
  return { voting: of(voting), listening: of(listening), code: [] };
};
const pair = (voting: number | undefined, listening: number | undefined): ScanPair =>
  new ScanPair(
    planOf(voting, listening),
    () => false,
    () => undefined,
  );

it.each([
  ['the set that holds alone', 10, undefined, 10],
  ['the set that listens alone', undefined, 7, 7],
  ['both', 10, 7, 17],
  ['neither', undefined, undefined, 0],
] as const)('counts the work of %s', (_, voting, listening, ofUnit) => {
  const scans = pair(voting, listening);
  const allowance = { left: 1_000_000 };
  expect(scans.writeSome('x'.repeat(100), allowance)).toBe(100);
  expect([scans.work, 1_000_000 - allowance.left]).toEqual([100 * ofUnit, 100 * ofUnit]);
});

it('two sets take short turns where units are dear, so that a slice ends near its allowance', () => {
  const scans = pair(500, 500);
  let at = 0;
  // The first turns find out what a unit costs.
  for (let slice = 0; slice < 3; slice++) at += scans.writeSome('x'.repeat(400), { left: 5000 });
  const allowance = { left: 20_000 };
  const units = scans.writeSome('x'.repeat(400), allowance);
  expect(units).toBeGreaterThanOrEqual(20);
  expect(units).toBeLessThan(30);
  expect(allowance.left).toBe(20_000 - 1000 * units);
  expect(scans.work).toBe(1000 * (at + units));
});
