/**
 * From patterns that are parsed and found sound to what runs: one automaton → classes → cache, warmed up. Needs no
 * parser.
 */
import type { Pattern } from '../contract/detector.ts';
import type { Breaks } from './build/breaks.ts';
import { Configs } from './build/configs.ts';
import { Nfa } from './build/nfa.ts';
import { isSpace } from './build/parse-phrase.ts';
import { prewarm } from './build/prewarm.ts';
import { hasLook, type Tree } from './build/tree.ts';
import type { Validated } from './run/candidate-validator.ts';
import { Dfa } from './run/dfa.ts';
import { PhraseAutomaton } from './run/phrase-automaton.ts';
import { Probe } from './run/probe.ts';
import { ReverseMatcher } from './run/reverse.ts';
import { type ScanPlan, SetScan } from './run/scan.ts';
import type { PatternSet, PatternWarning } from './types.ts';
import type { Folding } from './unicode/fold.ts';

export interface CompileOptions {
  /**
   * States that the cache of an automaton may hold; default 20,000. Memory is bounded by it, speed suffers below it.
   */
  readonly maxStates?: number;
  /** Steps that a stream may compute beyond the usual before it goes on without the cache; default 16,384. */
  readonly patience?: number;
  /** Warm the cache up while compiling; default true. Without it the first text pays. */
  readonly prewarm?: boolean;
  /**
   * Phrases of one reading that are worth a complete automaton; default: 200, or 1 if all patterns are such phrases.
   */
  readonly phrasesApart?: number;
  /** Indexes of patterns that get an automaton to themselves; default: those that would poison the common one. */
  readonly keepApart?: readonly number[];
  /**
   * Indexes of patterns whose matches somebody else may refuse. A shorter match that is refused must not let out what a
   * longer one needs: their text is held until no longer match can come, as with a validator.
   */
  readonly refusable?: ReadonlySet<number>;
}

/** Phrases beside other patterns get an automaton of their own from this number on: it costs text a second pass. */
const ENOUGH_PHRASES = 200;

/** A pattern as the automaton needs it. */
export interface Parsed {
  readonly pattern: Pattern;
  readonly tree: Tree;
  readonly folded: boolean;
  readonly literal: boolean;
  /** Units of the phrase. */
  readonly size: number;
}

/** What the streams of a set share. `apart`: indexes of patterns that get an automaton to themselves. */
export async function buildPlan(
  parsed: readonly Parsed[],
  folding: Folding | undefined,
  options: CompileOptions,
  apart: ReadonlySet<number>,
  breaks: Breaks,
): Promise<ScanPlan> {
  const { automata, phrases } = await automataOf(parsed, folding, options, apart, breaks);
  if (options.prewarm !== false) {
    const words = parsed.flatMap(({ pattern: { find } }) => ('phrase' in find ? [find.phrase] : []));
    for (const automaton of automata) await prewarm(automaton, words, breaks);
  }
  return { automata, phrases, validated: validatedBy(parsed), folding };
}

export function setOf(size: number, plan: ScanPlan, warnings: readonly PatternWarning[]): PatternSet {
  let probe: Probe | undefined;
  return {
    size,
    warnings,
    open: (sink) => new SetScan(plan, sink),
    probe: (text) => (probe ??= new Probe(plan)).matches(text),
  };
}

export function parsedOf(pattern: Pattern, tree: Tree): Parsed {
  const literal = 'phrase' in pattern.find;
  const size = 'phrase' in pattern.find ? pattern.find.phrase.length : 0;
  return { pattern, tree, folded: isFolded(pattern), literal, size };
}

/**
 * A validator for a pattern whose matches somebody else may refuse: a shorter match that is refused must not let out
 * what a longer one needs.
 */
export function heldPattern(pattern: Pattern, isOpen: boolean): Pattern {
  return isOpen && pattern.validate === undefined ? { ...pattern, validate: ANY } : pattern;
}

const ANY = (): boolean => true;

export function isFolded(pattern: Pattern): boolean {
  return pattern.fold ?? 'phrase' in pattern.find;
}

/** One automaton for all patterns, or one for most and one for those that must be kept apart. */
async function automataOf(
  parsed: readonly Parsed[],
  folding: Folding | undefined,
  options: CompileOptions,
  apart: ReadonlySet<number>,
  breaks: Breaks,
): Promise<Pick<ScanPlan, 'automata' | 'phrases'>> {
  const limits = { maxStates: options.maxStates ?? 20_000, patience: options.patience ?? 16_384 };
  const { phrases, covered } = await phraseAutomata(parsed, folding, options, breaks);
  const all = [...parsed.keys()].filter((index) => !covered.has(index));
  if (all.length === 0 && phrases.length > 0) return { automata: [], phrases };
  const together = all.filter((index) => !apart.has(index));
  const groups =
    together.length === all.length || together.length === 0
      ? [all]
      : [together, all.filter((index) => apart.has(index))];
  const automata: Dfa[] = [];
  for (const group of groups) {
    const nfa = sharedNfa(parsed, group);
    if (breaks.isDue) await breaks.take();
    const configs = new Configs(nfa);
    if (breaks.isDue) await breaks.take();
    automata.push(new Dfa(configs, folding, limits));
  }
  return { automata, phrases };
}

/** Complete automata for phrases, one for each reading, where there are enough of them to be worth a pass. */
async function phraseAutomata(
  parsed: readonly Parsed[],
  folding: Folding | undefined,
  options: CompileOptions,
  breaks: Breaks,
): Promise<{ readonly phrases: readonly PhraseAutomaton[]; readonly covered: ReadonlySet<number> }> {
  const phrases: PhraseAutomaton[] = [];
  const covered = new Set<number>();
  for (const reading of [false, true]) {
    const own = [...parsed.entries()].filter(
      ([, one]) => one.literal && one.folded === reading && !isLongest(one) && isSteady(one),
    );
    const isAll = own.length === parsed.length;
    if (own.length === 0 || own.length < (options.phrasesApart ?? (isAll ? 1 : ENOUGH_PHRASES))) continue;
    const automaton = await PhraseAutomaton.of(
      own.map(([pattern, { tree }]) => ({ pattern, tree })),
      reading,
      folding,
      breaks,
    );
    if (automaton === undefined) continue;
    phrases.push(automaton);
    for (const [pattern] of own) covered.add(pattern);
  }
  return { phrases, covered };
}

/**
 * White space of a bounded length would need states of its own, and white space alone is reported more than once in a
 * row.
 */
function isSteady({ tree }: Parsed): boolean {
  if (tree.kind === 'sequence')
    return tree.items.every((item) => item.kind !== 'repeat' || item.max === Number.POSITIVE_INFINITY);
  return !isSpace(tree);
}

function isLongest({ pattern }: Parsed): boolean {
  return pattern.validate !== undefined && pattern.candidates === 'leftmost-longest';
}

/** The patterns of a group in one automaton; those of one kind share their beginnings. */
function sharedNfa(parsed: readonly Parsed[], group: readonly number[]): Nfa {
  const nfa = new Nfa(false);
  const kinds = new Map<string, { readonly pattern: number; readonly tree: Tree }[]>();
  for (const index of group) {
    const { tree, folded, literal } = parsed[index]!;
    if (isLongest(parsed[index]!)) {
      // Such a pattern is asked whether a thread of its own is alive.
      nfa.add(index, tree, folded, literal);
      continue;
    }
    // A pattern with assertions costs all patterns that it shares nodes with a finer look at what is alive.
    const key = `${folded}:${literal}:${hasLook(tree)}`;
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, [{ pattern: index, tree }]);
    else kind.push({ pattern: index, tree });
  }
  for (const kind of kinds.values()) {
    const { folded, literal } = parsed[kind[0]!.pattern]!;
    nfa.addShared(kind, folded, literal);
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
