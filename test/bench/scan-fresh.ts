/**
 * The scanner on text it has never seen: every segment has a vocabulary of its own, in streams of 4,000 units. A
 * benchmark that scans its text twice measures the cache; people's text is new each time. Sets: the built-in packs,
 * 1,000 and 10,000 phrases, and each file `<name>.json` of the folder that FLYBALL_RULES names, a list of
 * `{ "pattern", "flags", "dialect" }` as their authors wrote them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pattern } from '../../packages/core/src/contract/detector.ts';
import {
  type ForeignPattern,
  ForeignPatternError,
  fromDialect,
} from '../../packages/core/src/dialects/from-dialect.ts';
import { detectorsFor } from '../../packages/core/src/detectors/catalogue.ts';
import { loadPacks } from '../../packages/core/src/detectors/packs.ts';
import { compileWithContext } from '../../packages/core/src/detection/compile-with-context.ts';
import { PatternError } from '../../packages/core/src/scanner/pattern-error.ts';
import { SLICE_WORK } from '../../packages/core/src/scanner/run/work.ts';
import type { PatternSet } from '../../packages/core/src/scanner/types.ts';
import { phrases, pieces, prose, type Random, secrets, seeded, vocabulary } from './scan-corpus.ts';
import { cpuMs, memory, round } from './scan-measures.ts';

const SEGMENT = 60_000;
const STREAM = 4000;
/** A complete text of usual length. */
const WHOLE = 400;
const ROUNDS = 9;
/** A rule that matches more often than this is measured by its reports, not by the search. */
const MOST_HITS_PER_THOUSAND = 1;

type BySet = Record<string, number | null>;

export interface FreshFigures {
  /** Nanoseconds per unit, median of the segments after the first. */
  readonly freshNs: BySet;
  /** The same on text in which there is nothing to find: what is found costs its questions and its own new states. */
  readonly freshCleanNs: BySet;
  /** The first segment of a set just compiled. */
  readonly freshFirstNs: BySet;
  /** How many times longer one `RegExp` for each pattern takes over the same text. */
  readonly freshRatio: BySet;
  /** Nanoseconds per unit for complete texts of 400 units, median of the segments after the first. */
  readonly freshWholeNs: BySet;
  readonly compileMs: BySet;
  readonly memoryMb: BySet;
  /**
   * The longest slice, by the clock or the process's own time, whichever is less: what else the machine does is not
   * counted.
   */
  readonly longestSliceMs: BySet;
  /** Rules that were refused, or that match all the time and were left out. */
  readonly leftOut: BySet;
}

export async function freshFigures(): Promise<FreshFigures> {
  const figures: FreshFigures = {
    freshNs: {},
    freshCleanNs: {},
    freshFirstNs: {},
    freshRatio: {},
    freshWholeNs: {},
    compileMs: {},
    memoryMb: {},
    longestSliceMs: {},
    leftOut: {},
  };
  for (const [name, patterns] of sets()) await measure(name, patterns, figures);
  return figures;
}

async function measure(name: string, all: readonly Pattern[], into: FreshFigures): Promise<void> {
  const random = seeded(41);
  const patterns = await usable(all, segment(random));
  const start = cpuMs();
  const set = await compileWithContext(patterns);
  into.compileMs[name] = round(cpuMs() - start);
  into.leftOut[name] = all.length - patterns.length;

  const times: number[] = [];
  const cleans: number[] = [];
  const wholes: number[] = [];
  const ratios: number[] = [];
  const expressions = patterns.map(expressionOf);
  let longest = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const text = segment(random);
    const streams = pieces(text, STREAM);
    const before = cpuMs();
    for (const stream of streams) longest = Math.max(longest, streamed(set, stream));
    times.push(((cpuMs() - before) * 1e6) / SEGMENT);
    if (i < 2) {
      const part = text.slice(0, patterns.length > 5000 ? SEGMENT / 10 : SEGMENT);
      const began = cpuMs();
      for (const expression of expressions) while (expression.exec(part) !== null);
      ratios.push(((cpuMs() - began) * 1e6) / part.length);
    }
    const cleanStreams = pieces(segment(random, ['nothing']), STREAM);
    const beforeClean = cpuMs();
    for (const stream of cleanStreams) longest = Math.max(longest, streamed(set, stream));
    cleans.push(((cpuMs() - beforeClean) * 1e6) / SEGMENT);
    const texts = pieces(segment(random), WHOLE);
    const beforeWhole = cpuMs();
    for (const whole of texts) readWhole(set, whole);
    wholes.push(((cpuMs() - beforeWhole) * 1e6) / SEGMENT);
  }
  into.freshFirstNs[name] = round(times[0]!);
  into.freshNs[name] = round(median(times.slice(1)));
  into.freshCleanNs[name] = round(median(cleans.slice(1)));
  into.freshRatio[name] = round(Math.min(...ratios) / median(times.slice(1)));
  into.freshWholeNs[name] = round(median(wholes.slice(1)));
  into.longestSliceMs[name] = round(longest);
  const seen = pieces(segment(random), STREAM);
  into.memoryMb[name] = round(
    await memory(
      () => compileWithContext(patterns),
      (made) => {
        for (const stream of seen) streamed(made, stream);
      },
    ),
  );
}

/** Scans a text as one stream, in slices; returns the milliseconds of the longest one. */
function streamed(set: PatternSet, text: string): number {
  const scan = set.open(() => undefined);
  let longest = 0;
  for (let at = 0; at < text.length;) {
    const own = cpuMs();
    const start = performance.now();
    at = scan.writeSome(text, at, SLICE_WORK);
    const elapsed = performance.now() - start;
    if (elapsed > longest) longest = Math.max(longest, Math.min(elapsed, cpuMs() - own));
  }
  scan.end();
  return longest;
}

/** Scans a complete text. */
function readWhole(set: PatternSet, text: string): void {
  const texts = set.openTexts(() => undefined);
  while (!texts.read(text, SLICE_WORK));
}

/** Text with words that no other segment has, and every 1,500 units something to find. */
function segment(random: Random, finds: readonly string[] = secrets(random)): string {
  return prose(random, vocabulary(random, 3000), SEGMENT, finds).slice(0, SEGMENT);
}

/** The patterns that are accepted, and that match no more than once in 1,000 units. */
async function usable(patterns: readonly Pattern[], text: string): Promise<Pattern[]> {
  let left = patterns;
  for (;;) {
    try {
      const set = await compileWithContext(left);
      const hits = left.map(() => 0);
      for (const stream of pieces(text, STREAM)) set.open((pattern) => void hits[pattern]!++).write(stream);
      return left.filter((_, index) => hits[index]! <= (text.length / 1000) * MOST_HITS_PER_THOUSAND);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const refused = new Set(error.all.map(({ pattern }) => pattern));
      left = left.filter((_, index) => !refused.has(index));
    }
  }
}

const PACKS = await loadPacks(['pii', 'secrets'], []);

function* sets(): Iterable<readonly [name: string, patterns: readonly Pattern[]]> {
  yield [
    'builtin',
    detectorsFor(
      ['pii', 'secrets'].map((use) => ({ use, except: [] })),
      [],
      PACKS,
    ).detectors.flatMap(patternsIn),
  ];
  const random = seeded(23);
  const lines = phrases(random, vocabulary(random, 9000), 10_000);
  for (const size of [1000, 10_000]) {
    yield [`phrases${size}`, lines.slice(0, size).map((phrase): Pattern => ({ type: 'phrase', find: { phrase } }))];
  }
  const folder = process.env['FLYBALL_RULES'];
  if (folder === undefined || !existsSync(folder)) {
    console.log('FLYBALL_RULES names no folder of rule files: public rule sets are not measured');
    return;
  }
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
    const rules = JSON.parse(readFileSync(join(folder, file), 'utf8')) as ForeignPattern[];
    yield [file.slice(0, -5), rules.flatMap((rule) => readable(rule))];
  }
}

/** Rules that cannot be read are left out, as those are that the scanner refuses. */
function readable(rule: ForeignPattern): readonly Pattern[] {
  try {
    return [{ type: 'rule', find: fromDialect(rule) }];
  } catch (error) {
    if (error instanceof ForeignPatternError) return [];
    throw error;
  }
}

function patternsIn({ patterns }: { readonly patterns?: readonly Pattern[] }): readonly Pattern[] {
  return patterns ?? [];
}

function expressionOf({ find }: Pattern): RegExp {
  return 'phrase' in find
    ? new RegExp(`\\b${find.phrase}\\b`, 'gi')
    : new RegExp(find.source, `${find.flags.replace('g', '')}g`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
