/** Units scanned without a break: some tenths of a millisecond. */
export const SLICE: number = 32 * 1024;

/** Lets the process do its other work first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
