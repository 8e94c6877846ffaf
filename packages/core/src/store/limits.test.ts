import { describe, expect, it } from 'vitest';
import { afterStepBack, emptyTally, roomIn, take, waitFor, windowStart, type Tally } from './limits.ts';
import type { Charge } from './store.ts';

const charge = (id: string, more: Partial<Charge> = {}): Charge => ({
  key: 'acme/limit/q',
  id,
  kind: 'count',
  allow: 2,
  perMs: 100,
  window: 'sliding',
  ...more,
});

/** A tally of what was admitted, `[id, at]`, oldest first. */
function tallyOf(...admitted: readonly (readonly [id: string, at: number])[]): Tally {
  const tally = emptyTally();
  for (const [id, at] of admitted) take(tally, charge(id), at);
  return tally;
}

describe('limits on what is counted', () => {
  it('S1: admit as many as they allow, and say how long until the oldest of them leaves', () => {
    expect(waitFor(tallyOf(['a', 1000]), charge('c'), 1040)).toBe(0);
    expect(waitFor(tallyOf(['a', 1000], ['b', 1030]), charge('c'), 1040)).toBe(60);
    expect(waitFor(tallyOf(['a', 1000], ['b', 1030]), charge('c'), 1099)).toBe(1);
    expect(waitFor(tallyOf(['a', 1000], ['b', 1030]), charge('c'), 1100)).toBe(0);
  });

  it('wait longer than a second where the window is longer', () => {
    expect(waitFor(tallyOf(['a', 1000], ['b', 1000]), charge('c', { perMs: 60_000 }), 1010)).toBe(59_990);
  });

  it('wait for as many to leave as are too many', () => {
    const tally = tallyOf(['a', 1000], ['b', 1010], ['c', 1020]);
    expect([3, 2, 1].map((allow) => waitFor(tally, charge('d', { allow }), 1050))).toEqual([50, 60, 70]);
    expect(waitFor(tally, charge('d', { allow: 0 }), 1050)).toBe(100);
  });

  it('start a fixed window at a multiple of its length, and wait for its end', () => {
    const fixed = charge('c', { window: 'fixed' });
    expect(windowStart(fixed, 1230)).toBe(1200);
    expect(waitFor(tallyOf(['a', 1200], ['b', 1210]), fixed, 1230)).toBe(70);
    // Not when the oldest has been there for the length of a window.
    expect(waitFor(tallyOf(['a', 1210], ['b', 1220]), fixed, 1230)).toBe(70);
    expect(waitFor(tallyOf(['a', 1199], ['b', 1210]), fixed, 1230)).toBe(0);
  });

  it('drop what has left the window, and nothing else', () => {
    const tally = tallyOf(['a', 1000], ['b', 1001]);
    waitFor(tally, charge('c'), 1100);
    expect([...tally]).toEqual([['b', 1001]]);
  });

  it('S2: know an id for as long as it is in the window', () => {
    const tally = tallyOf(['a', 1000], ['b', 1000]);
    expect(waitFor(tally, charge('a'), 1099)).toBe(0);
    expect(take(tally, charge('a'), 1099)).toBe(false);
    expect(tally.get('a')).toBe(1000);
    expect(take(tally, charge('c'), 1099)).toBe(true);
  });

  it('hold a place from its last charge, in the order of times, and ask to come back within a second', () => {
    const hold = (id: string): Charge => charge(id, { kind: 'hold', perMs: 60_000 });
    const tally = tallyOf(['a', 1000], ['b', 1010]);
    expect(take(tally, hold('a'), 1020)).toBe(false);
    expect([...tally]).toEqual([
      ['b', 1010],
      ['a', 1020],
    ]);
    expect(waitFor(tally, hold('c'), 1030)).toBe(1000);
    expect(waitFor(tally, hold('c'), 60_500)).toBe(510);
  });

  it('say how many more fit, and when the oldest that counts leaves, without dropping anything', () => {
    const tally = tallyOf(['a', 1000], ['b', 1030]);
    const room = (now: number, more: Partial<Charge> = {}) => roomIn(tally, charge('c', { allow: 5, ...more }), now);
    expect(room(1040)).toEqual({ remaining: 3, resetMs: 60 });
    // The last millisecond in which the oldest counts, and the first in which it does not.
    expect(room(1099)).toEqual({ remaining: 3, resetMs: 1 });
    expect(room(1100)).toEqual({ remaining: 4, resetMs: 30 });
    expect(room(1130)).toEqual({ remaining: 5, resetMs: 0 });
    expect(room(1040, { allow: 1 }).remaining).toBe(0);
    expect(room(1040, { kind: 'hold' })).toEqual({ remaining: 3, resetMs: 0 });
    expect(room(1040, { window: 'fixed' })).toEqual({ remaining: 3, resetMs: 60 });
    expect(room(1090, { window: 'fixed' })).toEqual({ remaining: 3, resetMs: 10 });
    expect([...tally.keys()]).toEqual(['a', 'b']);
    expect(roomIn(emptyTally(), charge('c', { window: 'fixed' }), 1040)).toEqual({ remaining: 2, resetMs: 0 });
  });

  it('count what lies in the future from now on, when a clock was set back', () => {
    const tally = afterStepBack(tallyOf(['a', 1000], ['b', 1040], ['c', 1080]), 1040);
    expect([...tally]).toEqual([
      ['a', 1000],
      ['b', 1040],
      ['c', 1040],
    ]);
    expect(waitFor(tally, charge('d', { allow: 3 }), 1050)).toBe(50);
  });
});
