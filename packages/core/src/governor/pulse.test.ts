import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onPulse } from './pulse.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('all who listen hear one beat every 40 ms, and without anybody there is none', () => {
  for (let time = 0; time < 2; time++) {
    const heard: string[] = [];
    const stops = ['a', 'b'].map((name) => onPulse(() => heard.push(name)));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(39);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual(['a', 'b']);
    stops[0]!();
    vi.advanceTimersByTime(40);
    expect([heard.length, vi.getTimerCount()]).toEqual([3, 1]);
    stops[1]!();
    vi.advanceTimersByTime(400);
    expect([heard.length, vi.getTimerCount()]).toEqual([3, 0]);
  }
});
