import { expect, it } from 'vitest';
import { JudgeError } from './judge-error.ts';
import { Resilience } from './resilience.ts';

const FAILED = { failure: 'UNAVAILABLE', again: true } as const;

it('a repetition is paid for once, and what comes after it costs nothing', async () => {
  const retry = { most: 1, share: 0.5 };
  const resilience = new Resilience('j', { calls: 1, waiting: 1, breaker: undefined, retry });
  const { signal } = new AbortController();
  // One is there from the beginning; four calls earn two more, and each that fails another half.
  for (let n = 0; n < 4; n++) await resilience.run(async () => undefined, signal);
  const calls: number[] = [];
  for (let n = 0; n < 7; n++) {
    let asked = 0;
    const failing = resilience.run(async () => {
      asked++;
      throw new JudgeError('JUDGE_UNREACHABLE', 'away', FAILED);
    }, signal);
    await expect(failing).rejects.toMatchObject({ code: 'JUDGE_UNREACHABLE' });
    calls.push(asked);
  }
  expect(calls).toEqual([2, 2, 2, 2, 2, 2, 1]);
  expect(resilience.repeated).toBe(6);
});
