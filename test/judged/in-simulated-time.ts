import { vi } from 'vitest';

/** Lets simulated time go on until `work` is done. */
export async function inSimulatedTime<T>(work: Promise<T>): Promise<T> {
  const state = { over: false };
  const done = (): void => void (state.over = true);
  work.then(done, done);
  while (!state.over) await vi.advanceTimersByTimeAsync(1000);
  return work;
}
