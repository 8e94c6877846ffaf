import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Regions, type Span } from './regions.ts';

const LENGTH = 30;

/** One letter per unit: the mask that stands for it, or `.`. */
function drawn(regions: Regions): string {
  let out = '';
  for (let at = 0; at < LENGTH; at++) {
    const region = regions.at(at);
    out += region !== undefined && region.start <= at ? region.best.mask : '.';
  }
  return out;
}

/** By looking at every span again and again until nothing joins any more. */
function expected(spans: readonly Span[]): string {
  let groups: Span[][] = spans.map((span) => [span]);
  const start = (group: readonly Span[]): number => Math.min(...group.map((span) => span.start));
  const end = (group: readonly Span[]): number => Math.max(...group.map((span) => span.end));
  for (let joined = true; joined;) {
    joined = false;
    for (const one of groups) {
      const other = groups.find((group) => group !== one && start(group) <= end(one) && start(one) <= end(group));
      if (other === undefined) continue;
      groups = [...groups.filter((group) => group !== one && group !== other), [...one, ...other]];
      joined = true;
      break;
    }
  }
  const units = Array.from({ length: LENGTH }, () => '.');
  for (const group of groups) {
    const [best] = group.toSorted((a, b) => a.end - b.end || a.start - b.start || (a.type < b.type ? -1 : 1));
    units.fill(best!.mask, start(group), end(group));
  }
  return units.join('');
}

const SPANS = fc.array(
  fc.record({
    start: fc.nat(LENGTH - 6),
    length: fc.integer({ min: 1, max: 5 }),
    type: fc.constantFrom('a', 'b', 'c', 'd'),
  }),
  { maxLength: 12 },
);

describe('regions', () => {
  it('are the unions of overlapping and touching spans, masked as the match with the smallest end, start and type', () => {
    fc.assert(
      fc.property(SPANS, (given) => {
        const spans = given.map(({ start, length, type }) => ({ start, end: start + length, type, mask: type }));
        const regions = new Regions();
        for (const span of spans) regions.add(span);
        expect(drawn(regions)).toBe(expected(spans));
        // Each region is one: a list that keeps what it has joined would answer the same, and grow.
        expect(regions.size).toBe(new Set(spans.map((span) => JSON.stringify(regionAt(regions, span.start)))).size);
      }),
    );
  });

  it('that are copied go on apart', () => {
    const regions = new Regions();
    regions.add({ start: 2, end: 4, type: 'a', mask: 'a' });
    const copy = regions.copy();
    copy.add({ start: 4, end: 6, type: 'b', mask: 'b' });
    regions.add({ start: 9, end: 10, type: 'c', mask: 'c' });
    expect([drawn(regions).slice(0, 12), drawn(copy).slice(0, 12)]).toEqual(['..aa.....c..', '..aaaa......']);
  });

  it('are forgotten when nothing can touch them any more, and not before', () => {
    const regions = new Regions();
    for (const [start, end] of [
      [0, 2],
      [4, 6],
      [8, 9],
    ] as const)
      regions.add({ start, end, type: 'a', mask: 'a' });
    regions.dropBefore(6);
    expect(regions.size).toBe(2);
    // A span that touches the end of the second still joins it.
    regions.add({ start: 6, end: 7, type: 'b', mask: 'b' });
    expect(regions.at(4)).toMatchObject({ start: 4, end: 7, best: { mask: 'a' } });
    regions.dropBefore(100);
    expect([regions.size, regions.at(0)]).toEqual([0, undefined]);
  });
});

function regionAt(regions: Regions, at: number): unknown {
  const region = regions.at(at);
  return region === undefined ? undefined : [region.start, region.end];
}
