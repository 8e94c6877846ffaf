import { describe, expect, it } from 'vitest';
import { complement, contains, countOf, intersect, type Ranges, SECOND, union, unitForms } from './symbols.ts';

const members = (ranges: Ranges, to: number): boolean[] => Array.from({ length: to }, (_, i) => contains(ranges, i));

describe('ranges', () => {
  // Every pair of sets over a small universe, as ranges of their members.
  const universe = 6;
  const sets = Array.from({ length: 2 ** universe }, (_, bits): Ranges => {
    return union(
      Array.from({ length: universe }, (_, i) => i)
        .filter((i) => (bits >> i) & 1)
        .map((i) => [i, i] as const),
    );
  });

  it('are sorted, disjoint and not adjacent, whatever they were made from', () => {
    for (const set of sets) {
      for (const [index, [from, to]] of set.entries()) {
        expect(from).toBeLessThanOrEqual(to);
        if (index > 0) expect(from).toBeGreaterThan(set[index - 1]![1] + 1);
      }
    }
  });

  it('combine as sets do', () => {
    for (const a of sets) {
      const inA = members(a, universe);
      expect(members(complement(a, universe - 1), universe)).toEqual(inA.map((is) => !is));
      expect(countOf(a)).toBe(inA.filter(Boolean).length);
      for (const b of sets) {
        const inB = members(b, universe);
        expect(members(union(a, b), universe)).toEqual(inA.map((is, i) => is || inB[i]!));
        expect(members(intersect(a, b), universe)).toEqual(inA.map((is, i) => is && inB[i]!));
      }
    }
  });
});

describe('units of a pattern without the flag u', () => {
  it('match the halves of pairs that contain them', () => {
    const { alone, pairs } = unitForms([[0xde00, 0xde00]]);
    expect(pairs).toEqual([]);
    expect(contains(alone, 0xde00)).toBe(true);
    expect(contains(alone, 0x1f600 + SECOND)).toBe(true);
    expect(contains(alone, 0x1f601 + SECOND)).toBe(false);
    expect(contains(alone, 0x1f600)).toBe(false);
    expect(contains(unitForms([[0xd83d, 0xd83d]]).alone, 0x1f600)).toBe(true);
  });
});
