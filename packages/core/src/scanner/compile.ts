/**
 * From patterns to a set that any number of streams can be scanned with:
 * parse each → refuse what cannot be governed → one automaton → classes → cache, warmed up.
 */
import type { Pattern } from '../contract/detector.ts';
import { Breaks } from './build/breaks.ts';
import { Configs } from './build/configs.ts';
import type { Folding } from './unicode/fold.ts';
import { hasPilingRun, probe } from './build/poison.ts';
import { Nfa } from './build/nfa.ts';
import { parsePhrase } from './build/parse-phrase.ts';
import { parseRegExp } from './build/parse-regexp.ts';
import { Refusal } from '../dialects/refusal.ts';
import { isClosed } from './build/closed.ts';
import { refuseFragment, refuseTree } from './build/refuse.ts';
import { Refusals } from './build/refusals.ts';
import type { Tree } from './build/tree.ts';
import { buildPlan, type CompileOptions, heldPattern, isFolded, type Parsed, parsedOf, setOf } from './build-plan.ts';
import type { ScanPlan } from './run/plan.ts';
import type { PatternSet, PatternWarning } from './types.ts';

/**
 * Nodes that are walked over to look at one pattern: some tens of milliseconds. What people write needs some thousands.
 */
const MOST_EXPLORED = 400_000;

/**
 * Nodes of all patterns of a set with a counted run that may begin at every character. So many candidates may be alive
 * at once, and a single unit moves them all: two milliseconds of work.
 */
const MOST_PILING = 100_000;

/** Candidates of one pattern that are worth a warning. */
const MANY_CANDIDATES = 32;

/** A phrase of so many units has too few nodes to be refused, and nothing else can be wrong with it. */
const SURELY_SMALL = 500;

export type { CompileOptions } from './build-plan.ts';

/**
 * Compiles patterns into a set. Throws a `PatternError` for the first pattern that cannot be governed exactly; its
 * `all` has one for each. Cost: time and memory linear in the size of the patterns, plus the warming up of the cache.
 */
export async function compilePatterns(patterns: readonly Pattern[], options: CompileOptions = {}): Promise<PatternSet> {
  const { plan, warnings } = await compilePlan(patterns, options);
  return setOf(patterns.length, plan, warnings);
}

/** The insides of a set: what its streams share. For `compilePatterns`, tests and benchmarks. */
export async function compilePlan(
  patterns: readonly Pattern[],
  options: CompileOptions = {},
): Promise<{ readonly plan: ScanPlan; readonly warnings: readonly PatternWarning[] }> {
  const { folding, treeOf } = await reader(patterns);
  const warnings: PatternWarning[] = [];

  const breaks = new Breaks();
  const refusals = new Refusals();
  const readable: (Parsed | undefined)[] = [];
  for (const [index, pattern] of patterns.entries()) {
    if (breaks.isDue) await breaks.take();
    const one = refusals.try(index, pattern, (): Parsed => {
      const tree = treeOf(pattern);
      const held = heldPattern(pattern, options.refusable?.has(index) === true && !hasOneEnd(pattern, tree));
      refuseTree(tree, held);
      return parsedOf(held, tree);
    });
    readable.push(one);
  }
  const apart = await check(readable, folding, options, warnings, refusals, breaks);
  refusals.throwIfAny();
  const parsed = readable as readonly Parsed[];
  return { plan: await buildPlan(parsed, folding, options, apart, breaks), warnings };
}

/** What can be known of a pattern without those that it is scanned with. */
export interface ReadPattern {
  readonly tree: Tree;
  /** No match can go on behind its end. */
  readonly isClosed: boolean;
  /** It must have an automaton to itself. */
  readonly isApart: boolean;
}

/** Reads patterns that a policy was loaded with before, so that they can be scanned for without a parser. */
export async function readPatterns(patterns: readonly Pattern[]): Promise<readonly ReadPattern[]> {
  const { folding, treeOf } = await reader(patterns);
  return patterns.map((pattern) => {
    const one = parsedOf(pattern, treeOf(pattern));
    const isApart = !isSmall(one) && lookedAt(one, folding).isDear;
    return { tree: one.tree, isClosed: hasOneEnd(pattern, one.tree), isApart };
  });
}

/**
 * A phrase has one end for each start, however much white space is in it. Not so one that may end in an escape, whose
 * semicolon may be absent.
 */
function hasOneEnd({ find, escapes }: Pattern, tree: Tree): boolean {
  return ('phrase' in find && escapes !== true) || isClosed(tree);
}

/** The parsers that these patterns need. */
async function reader(
  patterns: readonly Pattern[],
): Promise<{ readonly folding: Folding | undefined; readonly treeOf: (pattern: Pattern) => Tree }> {
  const parser = patterns.some(isRegExp) ? (await import('refa')).JS.Parser : undefined;
  const unicode =
    patterns.every(isRegExp) && !patterns.some(isFolded) ? undefined : await import('./unicode/unicode.ts');
  const folding = patterns.some(isFolded) ? unicode!.standardFolding() : undefined;
  const read = (pattern: Pattern): Tree => {
    const { find, insideWords = false, marks = false, escapes = false } = pattern;
    const read = isFolded(pattern) ? folding : undefined;
    if (!('phrase' in find)) return parseRegExp(parser!, find, read);
    const reading = { insideWords, marks, escapes, short: pattern.validate !== undefined, folding: read };
    return parsePhrase(find.phrase, reading, unicode!.unicodeTables());
  };
  const treeOf = (pattern: Pattern): Tree => {
    const { find, insideWords, marks, escapes, validate } = pattern;
    // Whoever owns the object may have changed it.
    const text = 'phrase' in find ? find.phrase : `${find.flags}/${find.source}`;
    const way = `${isFolded(pattern)}:${insideWords === true}:${marks === true}:${escapes === true}:${validate !== undefined}:${text}`;
    return remembered(readBefore, find, way, () => read(pattern));
  };
  return { folding, treeOf };
}

/** By expression, and the way it is read. The sets of a policy have most of their patterns in common. */
type Remembered<T> = WeakMap<object, Map<string, T>>;

const readBefore: Remembered<Tree> = new WeakMap();
const lookedAtBefore: Remembered<LookedAt> = new WeakMap();

function remembered<T>(known: Remembered<T>, about: object, way: string, make: () => T): T {
  let ways = known.get(about);
  if (ways === undefined) known.set(about, (ways = new Map<string, T>()));
  let found = ways.get(way);
  if (found === undefined) ways.set(way, (found = make()));
  return found;
}

const isSmall = ({ literal, size }: Parsed): boolean => literal && size <= SURELY_SMALL;

function alone(index: number, { tree, folded, literal }: Parsed): { readonly nfa: Nfa; readonly configs: Configs } {
  const nfa = new Nfa(false);
  nfa.add(index, tree, folded, literal);
  return { nfa, configs: new Configs(nfa, MOST_EXPLORED) };
}

/** What is found by looking at a pattern alone. */
interface LookedAt {
  readonly warnings: readonly string[];
  /** Nodes, if it counts a run that may begin at every character. */
  readonly piling: number;
  readonly isDear: boolean;
}

/** Looks at each pattern alone. Returns those that must be kept apart from the others. */
async function check(
  parsed: readonly (Parsed | undefined)[],
  folding: Folding | undefined,
  options: CompileOptions,
  warnings: PatternWarning[],
  refusals: Refusals,
  breaks: Breaks,
): Promise<ReadonlySet<number>> {
  const apart = new Set(options.keepApart);
  let piling = 0;
  for (const [index, one] of parsed.entries()) {
    if (one === undefined || isSmall(one)) continue;
    if (breaks.isDue) await breaks.take();
    refusals.try(index, one.pattern, () => {
      const looked = lookedAt(one, folding);
      piling += looked.piling;
      if (looked.piling > 0 && piling > MOST_PILING) throw tooManyAlive();
      for (const message of looked.warnings) warnings.push({ pattern: index, message });
      if (options.keepApart === undefined && looked.isDear) apart.add(index);
    });
  }
  return apart;
}

function lookedAt(one: Parsed, folding: Folding | undefined): LookedAt {
  return remembered(lookedAtBefore, one.tree, `${one.folded}:${one.literal}`, () => lookAt(one, folding));
}

function lookAt(one: Parsed, folding: Folding | undefined): LookedAt {
  const { nfa, configs } = alone(0, one);
  const warnings = refuseFragment(configs, nfa.fragments[0]!);
  if (!hasPilingRun(configs, nfa.fragments[0]!)) return { warnings, piling: 0, isDear: false };
  if (nfa.size > MOST_PILING) throw tooManyAlive();
  const { candidates, isDear } = probe(nfa, folding);
  if (candidates >= MANY_CANDIDATES) warnings.push(pilingWarning(candidates));
  return { warnings, piling: nfa.size, isDear };
}

function tooManyAlive(): Refusal {
  return new Refusal(
    'PATTERN_TOO_LARGE',
    `and the patterns before it count runs that may begin at every character, of ${MOST_PILING} characters together`,
    'begin the long ones with a boundary such as `\\b` or `(?<!\\w)`, or lower their counts',
  );
}

function pilingWarning(candidates: number): string {
  return (
    `counts a run that may begin at every character: on text of its own characters ${candidates} candidates or more are alive at once, ` +
    'and a character costs as much as it has candidates. Begin it with a boundary such as `\\b` or `(?<!\\w)`'
  );
}

function isRegExp(pattern: Pattern): boolean {
  return !('phrase' in pattern.find);
}
