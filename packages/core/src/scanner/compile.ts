/**
 * From patterns to a set that any number of streams can be scanned with:
 * parse each → refuse what cannot be governed → one automaton → classes → cache, warmed up.
 */
import type { Pattern } from '../contract/detector.ts';
import { Configs } from './build/configs.ts';
import { Dfa } from './run/dfa.ts';
import type { Folding } from './unicode/fold.ts';
import type { Validated } from './run/candidate-validator.ts';
import { hasPilingRun, poisons } from './build/poison.ts';
import { Nfa } from './build/nfa.ts';
import { parsePhrase } from './build/parse-phrase.ts';
import { parseRegExp } from './build/parse-regexp.ts';
import { PatternError, Refusal } from './pattern-error.ts';
import { prewarm } from './build/prewarm.ts';
import { ReverseMatcher } from './run/reverse.ts';
import { refuseFragment, refuseTree } from './build/refuse.ts';
import { Probe } from './run/probe.ts';
import { type ScanPlan, SetScan } from './run/scan.ts';
import type { Tree } from './build/tree.ts';
import type { PatternSet, PatternWarning } from './types.ts';

export interface CompileOptions {
  /** States that the cache of an automaton may hold; default 20,000. Memory is bounded by it, speed suffers below it. */
  readonly maxStates?: number;
  /** Steps that a stream may compute beyond the usual before it goes on without the cache; default 16,384. */
  readonly patience?: number;
  /** Warm the cache up while compiling; default true. Without it the first text pays. */
  readonly prewarm?: boolean;
  /** Indexes of patterns that get an automaton to themselves; default: those that would poison the common one. */
  readonly keepApart?: readonly number[];
}

/** A pattern as the automaton needs it. */
interface Parsed {
  readonly pattern: Pattern;
  readonly tree: Tree;
  readonly folded: boolean;
  readonly literal: boolean;
}

/**
 * Compiles patterns into a set. Throws a `PatternError` for the first pattern that cannot be governed exactly.
 * Cost: time and memory linear in the size of the patterns, plus the warming up of the cache.
 */
export async function compilePatterns(patterns: readonly Pattern[], options: CompileOptions = {}): Promise<PatternSet> {
  const { plan, warnings } = await compilePlan(patterns, options);
  let probe: Probe | undefined;
  return {
    size: patterns.length,
    warnings,
    open: (sink) => new SetScan(plan, sink),
    probe: (text) => (probe ??= new Probe(plan)).matches(text),
  };
}

/** The insides of a set: what its streams share. For `compilePatterns`, tests and benchmarks. */
export async function compilePlan(
  patterns: readonly Pattern[],
  options: CompileOptions = {},
): Promise<{ readonly plan: ScanPlan; readonly warnings: readonly PatternWarning[] }> {
  const parser = patterns.some(isRegExp) ? (await import('refa')).JS.Parser : undefined;
  const unicode =
    patterns.every(isRegExp) && !patterns.some(isFolded) ? undefined : await import('./unicode/unicode.ts');
  const folding = patterns.some(isFolded) ? unicode!.standardFolding() : undefined;
  const warnings: PatternWarning[] = [];

  const parsed = patterns.map((pattern, index): Parsed => {
    return refusing(index, pattern, () => {
      const { find } = pattern;
      const folded = isFolded(pattern);
      const tree =
        'phrase' in find
          ? parsePhrase(
              find.phrase,
              pattern.insideWords === true,
              folded ? folding : undefined,
              unicode!.unicodeTables(),
            )
          : parseRegExp(parser!, find, folded ? folding : undefined);
      refuseTree(tree, pattern);
      return { pattern, tree, folded, literal: 'phrase' in find };
    });
  });
  const automata = build(parsed, folding, options, warnings);
  if (options.prewarm !== false) for (const automaton of automata) prewarm(automaton, phrasesOf(patterns));
  return { plan: { automata, validated: validatedBy(parsed), folding }, warnings };
}

/** One automaton for all patterns, or one for most and one for those that must be kept apart. */
function build(
  parsed: readonly Parsed[],
  folding: Folding | undefined,
  options: CompileOptions,
  warnings: PatternWarning[],
): Dfa[] {
  const limits = { maxStates: options.maxStates ?? 20_000, patience: options.patience ?? 16_384 };
  const all = parsed.map((_, index) => index);
  const configs = new Configs(nfaOf(parsed, all));
  const apart = new Set(options.keepApart);
  for (const fragment of configs.nfa.fragments) {
    const index = fragment.pattern;
    const messages = refusing(index, parsed[index]!.pattern, () => refuseFragment(configs, fragment));
    for (const message of messages) warnings.push({ pattern: index, message });
    if (options.keepApart !== undefined || !hasPilingRun(configs, fragment)) continue;
    if (poisons(nfaOf(parsed, [index]), folding)) apart.add(index);
  }
  if (apart.size === 0 || apart.size === parsed.length) return [new Dfa(configs, folding, limits)];
  const together = all.filter((index) => !apart.has(index));
  return [together, [...apart]].map((group) => new Dfa(new Configs(nfaOf(parsed, group)), folding, limits));
}

function nfaOf(parsed: readonly Parsed[], group: readonly number[]): Nfa {
  const nfa = new Nfa(false);
  for (const index of group) {
    const { pattern, tree, folded, literal } = parsed[index]!;
    refusing(index, pattern, () => nfa.add(index, tree, folded, literal));
  }
  return nfa;
}

/** By pattern, its validator and the reversed pattern that finds what to ask it. Empty if no pattern has one. */
function validatedBy(parsed: readonly Parsed[]): (Validated | undefined)[] {
  if (parsed.every(({ pattern }) => pattern.validate === undefined)) return [];
  return parsed.map(({ pattern, tree, folded }) => {
    if (pattern.validate === undefined) return undefined;
    const reverse = new ReverseMatcher(tree, folded);
    return { accepts: pattern.validate, reverse, folded, leftmostLongest: pattern.candidates === 'leftmost-longest' };
  });
}

/** Adds to a refusal which pattern it is about. */
function refusing<T>(index: number, pattern: Pattern, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const source = 'phrase' in pattern.find ? pattern.find.phrase : String(pattern.find);
    throw new PatternError(error.code, index, source, error.message, error.suggestion, { cause: error.cause });
  }
}

function phrasesOf(patterns: readonly Pattern[]): string[] {
  return patterns.flatMap(({ find }) => ('phrase' in find ? [find.phrase] : []));
}

function isRegExp(pattern: Pattern): boolean {
  return !('phrase' in pattern.find);
}

function isFolded(pattern: Pattern): boolean {
  return pattern.fold ?? 'phrase' in pattern.find;
}
