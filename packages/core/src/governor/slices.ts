import { SLICE_WORK } from '../scanner/run/work.ts';

/** Work that is done without a break where that is all there is to do: some milliseconds at most. */
export const AT_ONCE: number = 2 * SLICE_WORK;

/** Lets the process do its other work first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
