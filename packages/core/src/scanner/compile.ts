/**
 * From patterns to a set that any number of streams can be scanned with:
 * parse each → refuse what cannot be governed → one automaton → classes → cache, warmed up.
 */
import type { Pattern } from '../contract/detector.ts';
import { Breaks } from './build/breaks.ts';
import { Configs } from './build/configs.ts';
import { Dfa } from './run/dfa.ts';
import type { Folding } from './unicode/fold.ts';
import type { Validated } from './run/candidate-validator.ts';
import { hasPilingRun, probe } from './build/poison.ts';
import { Nfa } from './build/nfa.ts';
import { isSpace, parsePhrase } from './build/parse-phrase.ts';
import { parseRegExp } from './build/parse-regexp.ts';
import { Refusal } from '../dialects/refusal.ts';
import { isClosed } from './build/closed.ts';
import { prewarm } from './build/prewarm.ts';
import { ReverseMatcher } from './run/reverse.ts';
import { refuseFragment, refuseTree } from './build/refuse.ts';
import { Refusals } from './build/refusals.ts';
import { PhraseAutomaton } from './run/phrase-automaton.ts';
import { Probe } from './run/probe.ts';
import { type ScanPlan, SetScan } from './run/scan.ts';
import { hasLook, type Tree } from './build/tree.ts';
import type { PatternSet, PatternWarning } from './types.ts';

export interface CompileOptions {
  /** States that the cache of an automaton may hold; default 20,000. Memory is bounded by it, speed suffers below it. */
  readonly maxStates?: number;
  /** Steps that a stream may compute beyond the usual before it goes on without the cache; default 16,384. */
  readonly patience?: number;
  /** Warm the cache up while compiling; default true. Without it the first text pays. */
  readonly prewarm?: boolean;
  /** Phrases of one reading that are worth a complete automaton; default: 200, or 1 if all patterns are such phrases. */
  readonly phrasesApart?: number;
  /** Indexes of patterns that get an automaton to themselves; default: those that would poison the common one. */
  readonly keepApart?: readonly number[];
  /**
   * Indexes of patterns whose matches somebody else may refuse. A shorter match that is refused must not let out what a longer one
   * needs: their text is held until no longer match can come, as with a validator.
   */
  readonly refusable?: ReadonlySet<number>;
}

/** Phrases beside other patterns get an automaton of their own from this number on: it costs text a second pass. */
const ENOUGH_PHRASES = 200;

/** Nodes that are walked over to look at one pattern: some tens of milliseconds. What people write needs some thousands. */
const MOST_EXPLORED = 400_000;

/**
 * Nodes of all patterns of a set with a counted run that may begin at every character. So many candidates may be alive at once, and a
 * single unit moves them all: two milliseconds of work.
 */
const MOST_PILING = 100_000;

/** Candidates of one pattern that are worth a warning. */
const MANY_CANDIDATES = 32;

/** A phrase of so many units has too few nodes to be refused, and nothing else can be wrong with it. */
const SURELY_SMALL = 500;

const ANY = (): boolean => true;

/** A pattern as the automaton needs it. */
interface Parsed {
  readonly pattern: Pattern;
  readonly tree: Tree;
  readonly folded: boolean;
  readonly literal: boolean;
  /** Units of the phrase. */
  readonly size: number;
}

/**
 * Compiles patterns into a set. Throws a `PatternError` for the first pattern that cannot be governed exactly; its `all` has one for each.
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

  const breaks = new Breaks();
  const refusals = new Refusals();
  const readable: (Parsed | undefined)[] = [];
  for (const [index, pattern] of patterns.entries()) {
    if (breaks.isDue) await breaks.take();
    const { find } = pattern;
    const one = refusals.try(index, pattern, (): Parsed => {
      const folded = isFolded(pattern);
      const tree =
        'phrase' in find
          ? parsePhrase(
              find.phrase,
              pattern.insideWords === true,
              pattern.validate !== undefined,
              folded ? folding : undefined,
              unicode!.unicodeTables(),
            )
          : parseRegExp(parser!, find, folded ? folding : undefined);
      const literal = 'phrase' in find;
      // A phrase has one end for each start, however much white space is in it.
      const isOpen = options.refusable?.has(index) === true && !literal && !isClosed(tree);
      const held = isOpen && pattern.validate === undefined ? { ...pattern, validate: ANY } : pattern;
      refuseTree(tree, held);
      return { pattern: held, tree, folded, literal, size: literal ? find.phrase.length : 0 };
    });
    readable.push(one);
  }
  const apart = await check(readable, folding, options, warnings, refusals, breaks);
  refusals.throwIfAny();
  const parsed = readable as readonly Parsed[];
  const { automata, phrases } = await build(parsed, folding, options, apart, breaks);
  if (options.prewarm !== false) {
    for (const automaton of automata) await prewarm(automaton, phrasesOf(patterns), breaks);
  }
  return { plan: { automata, phrases, validated: validatedBy(parsed), folding }, warnings };
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
    if (one === undefined || (one.literal && one.size <= SURELY_SMALL)) continue;
    if (breaks.isDue) await breaks.take();
    const warn = (message: string): void => void warnings.push({ pattern: index, message });
    refusals.try(index, one.pattern, () => {
      const nfa = new Nfa(false);
      nfa.add(index, one.tree, one.folded, one.literal);
      const configs = new Configs(nfa, MOST_EXPLORED);
      const [fragment] = nfa.fragments;
      for (const message of refuseFragment(configs, fragment!)) warn(message);
      if (!hasPilingRun(configs, fragment!)) return;
      piling += nfa.size;
      if (piling > MOST_PILING) throw tooManyAlive();
      const { candidates, isDear } = probe(nfa, folding);
      if (candidates >= MANY_CANDIDATES) warn(pilingWarning(candidates));
      if (options.keepApart === undefined && isDear) apart.add(index);
    });
  }
  return apart;
}

/** One automaton for all patterns, or one for most and one for those that must be kept apart. */
async function build(
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

/** White space of a bounded length would need states of its own, and white space alone is reported more than once in a row. */
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

function phrasesOf(patterns: readonly Pattern[]): string[] {
  return patterns.flatMap(({ find }) => ('phrase' in find ? [find.phrase] : []));
}

function isRegExp(pattern: Pattern): boolean {
  return !('phrase' in pattern.find);
}

function isFolded(pattern: Pattern): boolean {
  return pattern.fold ?? 'phrase' in pattern.find;
}
