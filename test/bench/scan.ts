/**
 * The scanner: bulk text, tokens with redaction, compile time, memory, hostile text, latency and held text. Baselines
 * run in the same rounds: each `RegExp` over the whole text, and each `RegExp` over the last 256 characters for every
 * token, which is what a filter without a streaming matcher has to do. Times are the process's own, best of several
 * rounds, so that other work on the machine counts as little as possible; latencies are measured by the clock.
 */
import type { Pattern } from '../../packages/core/src/contract/detector.ts';
import type { PatternSet, Scan } from '../../packages/core/src/scanner/types.ts';
import { freshFigures } from './scan-fresh.ts';
import { cpuMs, memory, round } from './scan-measures.ts';
import { patternSet } from './scan-patterns.ts';
import { phrases, pieces, prose, secrets, seeded, tokens, vocabulary } from './scan-corpus.ts';

const SIZES = [10, 100, 1000] as const;
const UNITS = 1 << 20;
const SLICE = 32_768;
const ROUNDS = 7;
const WINDOW = 256;

type BySize = Record<string, number>;

export async function bench(): Promise<Record<string, unknown>> {
  const { compilePatterns } = await import('../../packages/core/src/scanner/compile.ts');
  const random = seeded(7);
  const words = vocabulary(random, 9000);
  const lines = phrases(random, words, 2000);
  const text = prose(random, words, UNITS, [...secrets(random), ...lines.slice(0, 100)]);
  const unseen = prose(random, vocabulary(random, 9000), UNITS / 4, secrets(random));
  const chunks = pieces(text, SLICE);
  const stream = tokens(random, text);

  const bulkRatio: BySize = {};
  const tokenRatio: BySize = {};
  const bulkMchars: BySize = {};
  const tokenNs: BySize = {};
  const compileMs: BySize = {};
  const memoryMb: Record<string, number | null> = {};
  const p999us: BySize = {};
  for (const size of SIZES) {
    const { patterns, expressions } = patternSet(size, lines);
    const compile = (): Promise<PatternSet> => compilePatterns(patterns);
    compileMs[size] = round(await compileTime(compile));
    p999us[size] = round(tokenLatency(await compile(), tokens(random, unseen)));
    memoryMb[size] = round(await memory(compile, (set) => scanBulk(set, chunks)));

    const set = await compile();
    const global = expressions.map(({ source, flags }) => new RegExp(source, `${flags}g`));
    const some = stream.slice(0, Math.max(100, Math.trunc(20_000 / size)));
    const times = interleaved({
      bulk: () => scanBulk(set, chunks),
      bulkBaseline: () => eachOver(global, text),
      tokens: () => redact(set, stream),
      tokensBaseline: () => eachOverWindow(global, some),
    });
    const perToken = (times.tokens * 1e6) / stream.length;
    bulkMchars[size] = round(text.length / times.bulk / 1e3);
    bulkRatio[size] = round(times.bulkBaseline / times.bulk);
    tokenNs[size] = round(perToken);
    tokenRatio[size] = round((times.tokensBaseline * 1e6) / some.length / perToken);
  }

  const hundred = patternSet(100, lines).patterns;
  const fresh = await freshFigures();
  const withoutAddresses = hundred.filter(({ find }) => !(find instanceof RegExp && /@/.test(find.source)));
  return {
    bulkRatio,
    tokenRatio,
    bulkMchars,
    tokenNs,
    ...fresh,
    compileMs: { ...compileMs, ...fresh.compileMs },
    memoryMb: { ...memoryMb, ...fresh.memoryMb },
    hostile64kMs: round(await hostile(hundred)),
    p999us: p999us['1000'],
    p999usBySize: p999us,
    meanHeld: round(meanHeld(await compilePatterns(hundred), stream)),
    meanHeldWithoutAddresses: round(meanHeld(await compilePatterns(withoutAddresses), stream)),
  };
}

/** Best times in milliseconds. Contestants take turns, so that a busy machine hurts all alike. */
function interleaved<Name extends string>(contestants: Record<Name, () => void>): Record<Name, number> {
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let i = 0; i <= ROUNDS; i++) {
    for (const name of Object.keys(contestants) as Name[]) {
      const start = cpuMs();
      contestants[name]();
      // The first round warms up.
      if (i > 0) times[name].push(cpuMs() - start);
    }
  }
  return Object.fromEntries(Object.entries<number[]>(times).map(([name, list]) => [name, Math.min(...list)])) as Record<
    Name,
    number
  >;
}

function scanBulk(set: PatternSet, chunks: readonly string[]): void {
  const scan = set.open(() => undefined);
  for (const chunk of chunks) scan.write(chunk);
  scan.end();
}

/** The least that redaction needs: spans united, text released up to the hold point, strings built. */
function redact(set: PatternSet, chunks: readonly string[]): number {
  let spanStart = -1;
  let spanEnd = -1;
  let held = '';
  let from = 0;
  let released = 0;
  const scan: Scan = set.open((_, start, end) => {
    spanStart = spanStart < 0 ? start : Math.min(spanStart, start);
    spanEnd = Math.max(spanEnd, end);
  });
  for (const chunk of chunks) {
    scan.write(chunk);
    const { hold, position } = scan;
    if (held === '' && hold === position && spanStart < 0) {
      released += chunk.length;
      from = position;
      continue;
    }
    held += chunk;
    if (spanStart >= 0) {
      released += held.slice(0, Math.max(0, spanStart - from)).length + '[MASK]'.length;
      const cut = Math.min(held.length, spanEnd - from);
      held = held.slice(cut);
      from += cut;
      spanStart = -1;
      spanEnd = -1;
    }
    if (hold > from) {
      released += held.slice(0, hold - from).length;
      held = held.slice(hold - from);
      from = hold;
    }
  }
  return released;
}

function eachOver(expressions: readonly RegExp[], text: string): void {
  for (const expression of expressions) {
    expression.lastIndex = 0;
    while (expression.exec(text) !== null);
  }
}

function eachOverWindow(expressions: readonly RegExp[], chunks: readonly string[]): void {
  let window = '';
  for (const chunk of chunks) {
    window = (window + chunk).slice(-WINDOW);
    eachOver(expressions, window);
  }
}

/** Best of several compilations in a warm process. */
async function compileTime(compile: () => Promise<PatternSet>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3 + ROUNDS; i++) {
    const start = cpuMs();
    await compile();
    if (i >= 3) times.push(cpuMs() - start);
  }
  return Math.min(...times);
}

/** Microseconds per token, 99.9th percentile: a set just compiled, words it has never seen. */
function tokenLatency(set: PatternSet, chunks: readonly string[]): number {
  const scan = set.open(() => undefined);
  const times = new Float64Array(chunks.length);
  for (const [index, chunk] of chunks.entries()) {
    const start = performance.now();
    scan.write(chunk);
    times[index] = performance.now() - start;
  }
  times.sort();
  return times[Math.floor(times.length * 0.999)]! * 1e3;
}

/** Worst time over 64 K of the texts that make backtracking expressions quadratic, for a set that has not seen them. */
async function hostile(patterns: readonly Pattern[]): Promise<number> {
  const { compilePatterns } = await import('../../packages/core/src/scanner/compile.ts');
  const length = 65_536;
  const times = [];
  for (const unit of ['a.', 'a', '12 34-56.78 ', 'ignore ']) {
    const chunks = pieces(unit.repeat(Math.ceil(length / unit.length)).slice(0, length), SLICE);
    const runs: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const set = await compilePatterns(patterns);
      const start = cpuMs();
      scanBulk(set, chunks);
      runs.push(cpuMs() - start);
    }
    times.push(Math.min(...runs));
  }
  return Math.max(...times);
}

/** Units held back after each token, on average. */
function meanHeld(set: PatternSet, chunks: readonly string[]): number {
  const scan = set.open(() => undefined);
  let held = 0;
  for (const chunk of chunks) {
    scan.write(chunk);
    held += scan.position - scan.hold;
  }
  return held / chunks.length;
}
