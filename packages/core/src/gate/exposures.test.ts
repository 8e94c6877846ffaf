// Exact figures of how far text had gone on when it was judged: positions in UTF-16 units, times in milliseconds.
import { expect, it } from 'vitest';
import type { PlanCode } from '../detection/plan.ts';
import type { JudgedSpan } from '../detection/windowed-detection.ts';
import { Exposures } from './exposures.ts';

const code = (id: string): PlanCode => ({ detector: { id } }) as PlanCode;
const span = (from: number, to: number, beganAt: number, closedAt: number): JudgedSpan => ({
  from,
  to,
  beganAt,
  closedAt,
});

it('weighs what left by how far it had gone on', () => {
  const exposures = new Exposures();
  const judge = code('judge');
  // 40 units, of which the first had 100 behind it and the last 60: 80 in the mean. They came within 20 ms, 90 ms ago
  // in the mean.
  exposures.add(judge, span(0, 40, 1000, 1020), 100, 1100);
  expect(exposures.list).toEqual([{ detector: 'judge', mean: { units: 80, ms: 90 }, most: { units: 100, ms: 100 } }]);
  // 10 units with 15 behind them in the mean, 30 ms ago: (40 x 80 + 10 x 15) / 50 = 67, (40 x 90 + 10 x 30) / 50 = 78.
  exposures.add(judge, span(100, 110, 1170, 1190), 120, 1210);
  expect(exposures.list).toEqual([{ detector: 'judge', mean: { units: 67, ms: 78 }, most: { units: 100, ms: 100 } }]);
});

it('counts of a window only what has left', () => {
  const exposures = new Exposures();
  const judge = code('judge');
  // Of 40 units 10 have left: the first has 10 behind it, the last none.
  exposures.add(judge, span(0, 40, 0, 0), 10, 50);
  expect(exposures.list).toEqual([{ detector: 'judge', mean: { units: 5, ms: 50 }, most: { units: 10, ms: 50 } }]);
});

it.each([0, 20])('does not list a detector of which nothing left unjudged (released to %i)', (released) => {
  const exposures = new Exposures();
  exposures.add(code('judge'), span(20, 40, 0, 10), released, 50);
  expect(exposures.list).toEqual([]);
});

it('lists by detector, sorted, and rounds to whole units and milliseconds', () => {
  const exposures = new Exposures();
  exposures.add(code('b'), span(0, 3, 0, 1), 3, 10.4);
  exposures.add(code('a'), span(0, 1, 0.4, 0.4), 1, 1.2);
  exposures.add(code('c'), span(0, 1, 0, 0), 1, 0.4);
  expect(
    exposures.list.map(({ detector, mean, most }) => [detector, mean.units, mean.ms, most.units, most.ms]),
  ).toEqual([
    ['a', 1, 1, 1, 1],
    ['b', 2, 10, 3, 10],
    ['c', 1, 0, 1, 0],
  ]);
});

it('expects of a later stream what the process has seen, older windows counting less', () => {
  const judge = code('judge');
  const add = (units: number, ago: number): Exposures => {
    const exposures = new Exposures();
    exposures.add(judge, span(0, units, 0, 0), units, ago);
    return exposures;
  };
  expect(add(100, 10).list[0]!.expected).toBeUndefined();
  expect(add(100, 30).list[0]!.expected).toEqual({ units: 50, ms: 10 });
  // (100 x 0.99 x 10 + 100 x 30) / 199 = 20.05
  const third = add(100, 1000);
  expect(third.list[0]!.expected).toEqual({ units: 50, ms: 20 });
  // (0.99 x (0.99 x 1000 + 3000) + 100 000) / (0.99 x 199 + 100) = 350.0
  expect(add(100, 0).list[0]!.expected).toEqual({ units: 50, ms: 350 });
  // What a stream expects is what was known before its own first window.
  third.add(judge, span(100, 200, 0, 0), 200, 0);
  expect(third.list[0]!.expected).toEqual({ units: 50, ms: 20 });
});

it('keeps detectors apart, and takes none of another governor', () => {
  const [one, other] = [code('judge'), code('judge')];
  const first = new Exposures();
  first.add(one, span(0, 10, 0, 0), 10, 5);
  const second = new Exposures();
  second.add(other, span(0, 10, 0, 0), 10, 5);
  expect(second.list[0]!.expected).toBeUndefined();
});

it('learns nothing of a window of which nothing has left', () => {
  const judge = code('judge');
  const exposures = new Exposures();
  exposures.add(judge, span(20, 40, 0, 10), 10, 50);
  exposures.add(judge, span(20, 40, 0, 10), 20, 50);
  const later = new Exposures();
  later.add(judge, span(0, 1, 0, 0), 1, 0);
  expect(later.list).toEqual([{ detector: 'judge', mean: { units: 1, ms: 0 }, most: { units: 1, ms: 0 } }]);
  // And of what has left at once, no more than that.
  const last = new Exposures();
  last.add(judge, span(0, 1, 0, 0), 1, 0);
  expect(last.list[0]!.expected).toEqual({ units: 1, ms: 0 });
});

it('starts from nothing: what has gone on for less than a unit rounds to what it is', () => {
  const judge = code('judge');
  const first = new Exposures();
  first.add(judge, span(0, 0.25, 0, 0), 0.25, 0.1);
  expect(first.list[0]!.most).toEqual({ units: 0.25, ms: 0 });
  const second = new Exposures();
  second.add(judge, span(0, 1, 0, 0), 1, 0);
  expect(second.list[0]!.expected).toEqual({ units: 0, ms: 0 });
});
