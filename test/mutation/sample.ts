import { Random } from '../leaktest/random.ts';

/**
 * `size` of the items, drawn by the seed, in the order in which they are drawn; all of them where there are not more.
 * The first of a sample are a sample, too.
 */
export function sampleOf<T>(items: readonly T[], size: number, seed: number): readonly T[] {
  const random = new Random(seed);
  const drawn = [...items];
  for (let at = 0; at < Math.min(size, drawn.length); at++) {
    const other = random.between(at, drawn.length - 1);
    [drawn[at], drawn[other]] = [drawn[other]!, drawn[at]!];
  }
  return drawn.slice(0, size);
}
