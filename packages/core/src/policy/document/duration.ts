import type { Duration } from './document.ts';

const UNIT_MS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration that the schema accepted. */
export function durationMs(duration: Duration): number {
  const digits = Number.parseInt(duration, 10);
  return digits * (UNIT_MS[duration.slice(String(digits).length)] ?? Number.NaN);
}
