/** A share with the bounds between which it lies with 95 % confidence (Wilson). */
export type Share = Readonly<Record<'value' | 'from' | 'to' | 'of', number>>;

/** `null` of nothing. */
export function share(hits: number, of: number, scale = 1): Share | null {
  if (of === 0) return null;
  const z = 1.96;
  const p = hits / of;
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const reach = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return { value: p * scale, from: Math.max(0, centre - reach) * scale, to: Math.min(1, centre + reach) * scale, of };
}

/** What was found of what is there, and what else. */
export interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly wrong: number;
}

export interface Scores {
  readonly precision: Share | null;
  readonly recall: Share | null;
  /** Its bounds are those of the two together. */
  readonly f1: Share | null;
}

export function scores({ hits, misses, wrong }: Counts): Scores {
  const precision = share(hits, hits + wrong);
  const recall = share(hits, hits + misses);
  if (precision === null || recall === null) return { precision, recall, f1: null };
  const mean = (a: number, b: number): number => (a + b === 0 ? 0 : (2 * a * b) / (a + b));
  const f1 = {
    value: mean(precision.value, recall.value),
    from: mean(precision.from, recall.from),
    to: mean(precision.to, recall.to),
    of: hits + misses + wrong,
  };
  return { precision, recall, f1 };
}
