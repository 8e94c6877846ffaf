import { Random } from '../leaktest/random.ts';

/** `size` of the items, drawn by the seed, in the order in which they stand; all of them where there are not more. */
export function sampleOf<T>(items: readonly T[], size: number, seed: number): readonly T[] {
  const random = new Random(seed);
  const places = items.map((_, place) => place);
  for (let at = 0; at < Math.min(size, places.length); at++) {
    const other = random.between(at, places.length - 1);
    [places[at], places[other]] = [places[other]!, places[at]!];
  }
  return places
    .slice(0, size)
    .toSorted((a, b) => a - b)
    .map((place) => items[place]!);
}
