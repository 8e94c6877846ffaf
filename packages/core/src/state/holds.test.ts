import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Charge } from '../store/store.ts';
import { createHolds } from './holds.ts';

const hold = (id: string, perMs = 3000): Charge => ({
  key: 'acme/limit/at once',
  id,
  kind: 'hold',
  allow: 1,
  perMs,
  window: 'sliding',
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('holds', () => {
  const renewed: string[] = [];
  const make = () => {
    renewed.length = 0;
    return createHolds(
      () => Date.now(),
      ({ id }) => renewed.push(id),
    );
  };

  it('are renewed three times per window until they are dropped', () => {
    const holds = make();
    const [slow, quick] = [hold('slow', 6000), hold('quick', 3000)];
    holds.keep([slow, quick]);
    vi.advanceTimersByTime(6000);
    expect(renewed.filter((id) => id === 'quick')).toHaveLength(6);
    expect(renewed.filter((id) => id === 'slow')).toHaveLength(3);
    holds.drop([quick]);
    vi.advanceTimersByTime(2000);
    expect(renewed.filter((id) => id === 'quick')).toHaveLength(6);
    expect(renewed.filter((id) => id === 'slow')).toHaveLength(4);
    holds.close();
    vi.advanceTimersByTime(60_000);
    expect(renewed).toHaveLength(10);
  });

  it('that are kept later and renewed more rarely hold up none that were there before', () => {
    const holds = make();
    const [slow, quick] = [hold('slow', 6000), hold('quick', 3000)];
    holds.keep([quick, slow]);
    vi.advanceTimersByTime(1000);
    expect(renewed).toEqual(['quick']);
    holds.close();
  });

  it('that nobody refers to any more are not renewed', () => {
    vi.stubGlobal(
      'WeakRef',
      class {
        deref(): undefined {
          return undefined;
        }
      },
    );
    const holds = make();
    holds.keep([hold('forgotten')]);
    vi.advanceTimersByTime(10_000);
    expect(renewed).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('with a very short window are renewed in rounds, not in a busy loop', () => {
    const holds = make();
    const short = hold('a', 3);
    holds.keep([short]);
    vi.advanceTimersByTime(50);
    expect(renewed).toEqual([short.id]);
    vi.advanceTimersByTime(950);
    expect(renewed.length).toBeLessThanOrEqual(20);
    holds.close();
  });

  it('are renewed when a third of their window is over, those within a moment together, and keep no process alive', () => {
    const holds = make();
    const at: number[] = [];
    const timed = createHolds(Date.now, () => at.push(Date.now()));
    vi.setSystemTime(0);
    timed.keep([hold('a', 3000)]);
    vi.advanceTimersByTime(3000);
    expect(at).toEqual([1000, 2000, 3000]);
    holds.keep([hold('quick', 30)]);
    vi.advanceTimersByTime(49);
    expect(renewed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(renewed).toEqual(['quick']);
    for (const one of [holds, timed]) one.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    const alive = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = alive();
    const real = make();
    real.keep([hold('real', 60_000)]);
    expect(alive()).toBe(before);
    real.close();
  });
});
