import { NotRun } from './io.ts';

const UNIT_MS: { readonly [unit: string]: number } = { m: 6e4, h: 36e5, d: 864e5 };

/** `7d`, `12h`, `30m` before now, or a day: `2026-11-01`. Milliseconds since the epoch. */
export function timeOf(text: string): number {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return Date.now() - Number(count) * UNIT_MS[unit!]!;
  const time = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new NotRun(`\`${text}\` is no time: write \`7d\`, \`12h\` or \`2026-11-01\``);
  return time;
}
