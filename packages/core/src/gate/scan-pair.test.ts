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

/** A scan that says what it was asked to do, and stops behind the unit `!`. */
function told(name: string, log: string[]): PatternSet {
  class Told implements Scan {
    position = 0;
    hold = 0;
    readonly work = 0;
    stopped = false;
    readonly #of: string;
    constructor(of: string) {
      this.#of = of;
      log.push(`${of} opened`);
    }
    writeSome(text: string): number {
      return this.write(text);
    }
    write(text: string): number {
      const end = text.indexOf('!') + 1;
      const read = name === 'voting' && end > 0 ? text.slice(0, end) : text;
      log.push(`${this.#of} ${read}`);
      this.hold += read.length - 1;
      return read.length;
    }
    end(): void {
      log.push(`${this.#of} ended`);
    }
    dropBefore(position: number): void {
      log.push(`${this.#of} dropped ${position}`);
    }
    fork(): Scan {
      return new Told(`${this.#of}'`);
    }
  }
  const openTexts = (): never => {
    throw new Error('a gate reads streams');
  };
  return { size: 1, warnings: [], open: () => new Told(name), openTexts, probe: () => false };
}

it.each([
  ['both', true, true],
  ['the set that holds alone', true, false],
  ['the set that listens alone', false, true],
  ['neither', false, false],
] as const)(
  '%s reads what the other one reads, up to the unit that stopped it, and ends and forks with it',
  (_, v, l) => {
    const log: string[] = [];
    const plan: TextPlan = {
      voting: v ? { set: told('voting', log), patterns: [] } : undefined,
      listening: l ? { set: told('listening', log), patterns: [] } : undefined,
      code: [],
    };
    const sinks = [() => false, () => undefined] as const;
    const scans = new ScanPair(plan, ...sinks);
    const read = (text: string, by: ScanPair): number => by.writeSome(text, { left: 1000 });
    expect([read('abc', scans), read('de!f', scans)]).toEqual([3, v ? 3 : 4]);
    expect(scans.write('ghi!jk')).toBe(v ? 4 : 6);
    expect([scans.hold(99), scans.listensFrom(99)]).toEqual([v ? 2 + 2 + 3 : 99, l ? (v ? 7 : 10) : 99]);
    scans.dropBefore(5);
    const fork = new ScanPair(plan, ...sinks, scans);
    fork.write('z');
    scans.end();
    const lines = (name: string, texts: readonly string[], more: readonly string[]): readonly string[] => [
      `${name} opened`,
      ...texts.map((text) => `${name} ${text}`),
      ...more,
      `${name}' opened`,
      `${name}' z`,
      `${name} ended`,
    ];
    const of = (name: string): readonly string[] => log.filter((line) => line.startsWith(name));
    expect(of('voting')).toEqual(v ? lines('voting', ['abc', 'de!', 'ghi!'], ['voting dropped 5']) : []);
    expect(of('listening')).toEqual(
      l ? lines('listening', v ? ['abc', 'de!', 'ghi!'] : ['abc', 'de!f', 'ghi!jk'], []) : [],
    );
  },
);

it('two sets go on while there is allowance, and stop when none is left', () => {
  const scans = pair(1, 1);
  scans.writeSome('x'.repeat(512), { left: 1_000_000 });
  for (const [left, taken] of [
    [1, 512],
    [1024, 512],
    [1025, 1024],
    [1_000_000, 2000],
  ] as const)
    expect([left, scans.writeSome('x'.repeat(2000), { left })]).toEqual([left, taken]);
});
