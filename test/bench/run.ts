// `npm run bench -- <name> [--json]`: runs `test/bench/<name>.ts` against the built packages and prints its figures.
// With `--json` the last line of stdout is one JSON object; what could not be measured is `null`, never invented.
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { readWords } from '../usage.ts';

/** Figures by name. Times carry their unit in the name; a figure that could not be measured is `null`. */
export type Figures = Readonly<Record<string, unknown>>;

interface Benchmark {
  readonly bench: () => Promise<Figures>;
}

/** Files here that export `bench`; what they share lies beside them. */
function names(): readonly string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts'))
    .filter((file) =>
      /^export (?:async function|function|const) bench\b/m.test(readFileSync(join(import.meta.dirname, file), 'utf8')),
    )
    .map((file) => file.replace(/\.ts$/, ''))
    .toSorted();
}

async function main(): Promise<number> {
  const usage = [
    'npm run bench -- <name> [--json]',
    '  measures the built packages and prints the figures',
    `  names: ${names().join(', ')}`,
  ];
  const { values, positionals } = readWords(usage, { json: { type: 'boolean', default: false } }, { most: 1 });
  const [name] = positionals;
  if (name === undefined || !names().includes(name)) {
    const problem = name === undefined ? 'name a benchmark' : `no benchmark \`${name}\``;
    console.error([problem, ...usage].join('\n'));
    return 2;
  }
  console.log(
    `${name} on Node ${process.version}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}`,
  );
  const { bench } = (await import(`./${name}.ts`)) as Benchmark;
  const start = performance.now();
  const figures = await bench();
  for (const line of table(figures)) console.log(line);
  console.log(`took ${((performance.now() - start) / 1000).toFixed(1)} s`);
  if (values.json) console.log(JSON.stringify(figures));
  return 0;
}

/** One figure per line; objects, such as figures by pattern count, on lines of their own below their name. */
function table(figures: Figures, indent = '  '): string[] {
  const width = Math.max(0, ...Object.keys(figures).map((name) => name.length));
  return Object.entries(figures).flatMap(([name, value]) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return [`${indent}${name}`, ...table(value as Figures, `${indent}  `)];
    }
    return [`${indent}${name.padEnd(width)}  ${formatted(value)}`];
  });
}

function formatted(value: unknown): string {
  if (value === null || value === undefined) return 'not measured';
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
  if (Number.isInteger(value)) return value.toLocaleString('en-GB');
  return value >= 1000 ? Math.round(value).toLocaleString('en-GB') : String(Number(value.toPrecision(4)));
}

process.exitCode = await main();
