/** Medians of each measure, taken in turns; the first rounds only warm the compiler. */
export async function medians(
  measures: readonly (() => Promise<number>)[],
  { warm, rounds }: { readonly warm: number; readonly rounds: number },
): Promise<readonly number[]> {
  const times = measures.map((): number[] => []);
  for (let round = -warm; round < rounds; round++) {
    for (const [at, measure] of measures.entries()) {
      const took = await measure();
      if (round >= 0) times[at]!.push(took);
    }
  }
  return times.map((values) => values.toSorted((a, b) => a - b)[values.length >> 1]!);
}
