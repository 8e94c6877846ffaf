import { describe, expect, it } from 'vitest';
import type * as Ids from './ids.ts';

// A copy of its own: its time runs ahead here, and other tests of the process mint too.
const COPY = './ids.ts?alone';
const { mintId } = (await import(COPY)) as typeof Ids;

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

function bitsOf(id: string): bigint {
  return [...id.slice(4)].reduce((bits, digit) => (bits << 5n) | BigInt(DIGITS.indexOf(digit)), 0n);
}

describe('an identifier', () => {
  it('is a UUIDv7 in 26 digits behind its kind', () => {
    const now = 1_795_771_234_567;
    for (let n = 0; n < 1_000; n++) {
      const id = mintId('aud', now);
      expect(id).toMatch(/^aud_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
      const bits = bitsOf(id);
      expect((bits >> 76n) & 0xfn).toBe(7n);
      expect((bits >> 62n) & 3n).toBe(2n);
      expect(Number(bits >> 80n)).toBe(now);
    }
  });

  it('sorts in the order of making, also when a millisecond runs out and when the clock goes back', () => {
    const later = 1_895_771_234_567;
    const ids = Array.from({ length: 10_000 }, () => mintId('evt', later));
    ids.push(mintId('evt', later - 5_000), mintId('evt', later + 60_000));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    // Two counters' worth and more had to fit: the time ran ahead rather than repeat.
    expect(Number(bitsOf(ids[9_999]!) >> 80n)).toBeGreaterThan(later);
  });

  it('has 62 random bits, none of which stands still', () => {
    const mask = (1n << 62n) - 1n;
    let ones = 0n;
    let zeros = 0n;
    for (let n = 0; n < 200; n++) {
      const bits = bitsOf(mintId('int', 1_995_771_234_567)) & mask;
      ones |= bits;
      zeros |= ~bits & mask;
    }
    expect(ones).toBe(mask);
    expect(zeros).toBe(mask);
  });
});
