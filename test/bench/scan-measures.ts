/** How the scanner's benchmarks measure. */
import type { PatternSet } from '../../packages/core/src/scanner/types.ts';

/**
 * Milliseconds that this process has run. The kernel keeps the time of single threads by the tick, which is too coarse.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** Megabytes that a set keeps after use, the mean of several; `null` where the collector cannot be asked to run. */
export async function memory(
  compile: () => Promise<PatternSet>,
  use: (set: PatternSet) => void,
): Promise<number | null> {
  const collect = await collector();
  if (collect === undefined) return null;
  const used = async (): Promise<number> => {
    // What the last collection let go of may keep more alive until the next one.
    for (let i = 0; i < 5; i++) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 1e6;
  };
  const sets: PatternSet[] = [];
  const add = async (): Promise<void> => {
    const set = await compile();
    use(set);
    sets.push(set);
  };
  // What is made once for all sets is not counted.
  await add();
  const before = await used();
  for (let i = 0; i < 3; i++) await add();
  return ((await used()) - before) / (sets.length - 1);
}

async function collector(): Promise<(() => void) | undefined> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as (() => void) | undefined;
}

export function round(value: number): number;
export function round(value: number | null): number | null;
export function round(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(3));
}
