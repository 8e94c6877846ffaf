/**
 * From patterns to a set that any number of streams can be scanned with:
 * parse each → refuse what cannot be governed → one automaton → classes → cache, warmed up.
 */
import type { Pattern } from '../contract/detector.ts';
import { Alphabet } from './alphabet.ts';
import { Configs } from './configs.ts';
import { Dfa } from './dfa.ts';
import type { Folding } from './fold.ts';
import type { Validated } from './judge.ts';
import { Nfa } from './nfa.ts';
import { parsePhrase } from './parse-phrase.ts';
import { parseRegExp } from './parse-regexp.ts';
import { PatternError, Refusal } from './pattern-error.ts';
import { ReverseMatcher } from './reverse.ts';
import { refuseFragment, refuseTree } from './refuse.ts';
import { type ScanPlan, SetScan } from './scan.ts';
import type { Tree } from './tree.ts';
import type { PatternSet, PatternWarning } from './types.ts';

export interface CompileOptions {
  /** States that the cache of an automaton may hold; default 20,000. Memory is bounded by it, speed suffers below it. */
  readonly maxStates?: number;
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
  const parser = patterns.some(isRegExp) ? (await import('refa')).JS.Parser : undefined;
  const unicode = patterns.every(isRegExp) && !patterns.some(isFolded) ? undefined : await import('./unicode.ts');
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
          : parseRegExp(parser!, find);
      refuseTree(tree, pattern);
      return { pattern, tree, folded, literal: 'phrase' in find };
    });
  });
  const automaton = build(parsed, folding, options, warnings);
  const plan: ScanPlan = { automata: [automaton], validated: validatedBy(parsed, folding), folding };
  return {
    size: patterns.length,
    warnings,
    open: (sink) => new SetScan(plan, sink),
  };
}

function build(
  parsed: readonly Parsed[],
  folding: Folding | undefined,
  options: CompileOptions,
  warnings: PatternWarning[],
): Dfa {
  const nfa = new Nfa(false);
  for (const [index, { pattern, tree, folded, literal }] of parsed.entries()) {
    refusing(index, pattern, () => nfa.add(index, tree, folded, literal));
  }
  const configs = new Configs(nfa, new Alphabet(nfa, folding));
  for (const fragment of nfa.fragments) {
    const { pattern } = parsed[fragment.pattern]!;
    for (const message of refusing(fragment.pattern, pattern, () => refuseFragment(configs, fragment))) {
      warnings.push({ pattern: fragment.pattern, message });
    }
  }
  return new Dfa(configs, options.maxStates ?? 20_000);
}

/** By pattern, its validator and the reversed pattern that finds what to ask it. Empty if no pattern has one. */
function validatedBy(parsed: readonly Parsed[], folding: Folding | undefined): (Validated | undefined)[] {
  if (parsed.every(({ pattern }) => pattern.validate === undefined)) return [];
  return parsed.map(({ pattern, tree, folded }) => {
    if (pattern.validate === undefined) return undefined;
    const reverse = new ReverseMatcher(tree, folded, folding);
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

function isRegExp(pattern: Pattern): boolean {
  return !('phrase' in pattern.find);
}

function isFolded(pattern: Pattern): boolean {
  return pattern.fold ?? 'phrase' in pattern.find;
}
