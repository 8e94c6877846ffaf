// Small pictures of numbers, for terminals.
const BARS = '▁▂▃▄▅▆▇█';

/** One column for each number, as high as it is beside the highest: `▁▁▂▁█`. */
export function sparkline(numbers: readonly number[]): string {
  const most = Math.max(0, ...numbers);
  return numbers.map((n) => (most === 0 ? BARS[0]! : BARS[Math.round((n / most) * (BARS.length - 1))]!)).join('');
}

/** Rows in columns of their own width: the first to the left, numbers to the right. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    `${indent}${row.map((cell, at) => (isNumber(cell) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join('  ')}`.trimEnd(),
  );
}

const isNumber = (cell: string): boolean => /^[\d.,]+(?: %)?$/.test(cell);

const WIDTH = 20;

/** How far something is: `█████▌               27 %  27,000 records`; without the whole the number alone. */
export function progressLine(done: number, whole: number | undefined, what: string): string {
  const count = `${grouped(done)} ${what}`;
  if (whole === undefined || whole === 0) return count;
  const share = Math.min(1, done / whole);
  const eighths = Math.round(share * WIDTH * 8);
  const bar = '█'.repeat(Math.floor(eighths / 8)) + (' ▏▎▍▌▋▊▉'[eighths % 8] ?? '').trim();
  return `${bar.padEnd(WIDTH)} ${String(Math.floor(share * 100)).padStart(3)} %  ${count}`;
}

/** `12,345`. */
export const grouped = (n: number): string => n.toLocaleString('en-US');

/** Part of a whole, to two decimals: `0.11 %`. */
export const percent = (part: number, whole: number): string =>
  `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(2)} %`;

const MOST = 5;

/** The largest of some counts: `acme 71 %, globex 29 %`, and how many more there are. */
export function shares(counts: { readonly [name: string]: number }): string {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const all = sorted.reduce((sum, [, count]) => sum + count, 0);
  const more = sorted.length > MOST ? [`and ${sorted.length - MOST} more`] : [];
  return [
    ...sorted.slice(0, MOST).map(([name, count]) => `${name} ${Math.round((count / all) * 100)} %`),
    ...more,
  ].join(', ');
}
