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
import { type RequiredWord, requiredWords } from './build/required.ts';
import { hasLook, type Tree } from './build/tree.ts';
import type { Validated } from './run/candidate-validator.ts';
import { type CacheLimits, Dfa } from './run/dfa.ts';
import { PhraseAutomaton } from './run/phrase-automaton.ts';
import { Probe } from './run/probe.ts';
import { ReverseMatcher } from './run/reverse.ts';
import type { ScanPlan, TextPlan } from './run/plan.ts';
import { SetScan } from './run/scan.ts';
import { SetTextScan, Texts } from './run/text-scan.ts';
import type { PatternSet, PatternWarning } from './types.ts';
import { WordAutomaton } from './run/word-automaton.ts';
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
  /** Indexes of patterns about which `Beginnings` are asked; of all others they may begin anywhere. */
  readonly announced?: ReadonlySet<number>;
}

/** Phrases beside other patterns get an automaton of their own from this number on: it costs text a second pass. */
const ENOUGH_PHRASES = 200;

/** A pattern as the automaton needs it. */
export interface Parsed {
  readonly pattern: Pattern;
  readonly tree: Tree;
  readonly folded: boolean;
  readonly literal: boolean;
  /** Units of the phrase, with those that escapes of them have. */
  readonly size: number;
}

/** A character with all its escapes is so many. */
const ESCAPED = 100;

/** What the streams of a set share. `apart`: indexes of patterns that get an automaton to themselves. */
export async function buildPlan(
  parsed: readonly Parsed[],
  folding: Folding | undefined,
  options: CompileOptions,
  apart: ReadonlySet<number>,
  breaks: Breaks,
): Promise<ScanPlan> {
  const limits = { maxStates: options.maxStates ?? 20_000, patience: options.patience ?? 16_384 };
  const { phrases, covered } = await phraseAutomata(parsed, folding, options, breaks);
  const lazy = [...parsed.keys()].filter((index) => !covered.has(index));
  const automata: Dfa[] = [];
  for (const group of lazy.length === 0 && phrases.length > 0 ? [] : groupsOf(lazy, apart)) {
    automata.push(await automatonOf(parsed, group, folding, limits, breaks));
  }
  const plan: ScanPlan = { automata, phrases, validated: validatedBy(parsed, options.announced), folding };
  const text = await textPlanOf(parsed, plan, covered, apart, limits, breaks);
  if (options.prewarm !== false) {
    const words = parsed.flatMap(({ pattern: { find } }) => ('phrase' in find ? [find.phrase] : []));
    for (const automaton of [...automata, ...(text?.rest?.automata ?? [])]) await prewarm(automaton, words, breaks);
  }
  return { ...plan, text };
}

export function setOf(size: number, plan: ScanPlan, warnings: readonly PatternWarning[]): PatternSet {
  const texts = new Texts(plan);
  let probe: Probe | undefined;
  return {
    size,
    warnings,
    open: (sink, begins) => new SetScan(plan, sink, begins),
    openTexts: (sink, begins) => new SetTextScan(texts, sink, begins),
    probe: (text) => (probe ??= new Probe(plan)).matches(text),
  };
}

export function parsedOf(pattern: Pattern, tree: Tree): Parsed {
  const literal = 'phrase' in pattern.find;
  const size = 'phrase' in pattern.find ? pattern.find.phrase.length * (pattern.escapes === true ? ESCAPED : 1) : 0;
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
function groupsOf(all: readonly number[], apart: ReadonlySet<number>): readonly (readonly number[])[] {
  const together = all.filter((index) => !apart.has(index));
  if (together.length === all.length || together.length === 0) return [all];
  return [together, all.filter((index) => apart.has(index))];
}

async function automatonOf(
  parsed: readonly Parsed[],
  group: readonly number[],
  folding: Folding | undefined,
  limits: CacheLimits,
  breaks: Breaks,
): Promise<Dfa> {
  const nfa = sharedNfa(parsed, group);
  if (breaks.isDue) await breaks.take();
  const configs = new Configs(nfa);
  if (breaks.isDue) await breaks.take();
  return new Dfa(configs, folding, limits);
}

/**
 * How complete texts are scanned for where their words are; `undefined` if too few patterns require a word that is
 * rare.
 */
async function textPlanOf(
  parsed: readonly Parsed[],
  plan: ScanPlan,
  covered: ReadonlySet<number>,
  apart: ReadonlySet<number>,
  limits: CacheLimits,
  breaks: Breaks,
): Promise<TextPlan | undefined> {
  const required = new Map<number, readonly RequiredWord[]>();
  const rest: number[] = [];
  const folds = parsed.some(({ folded }, index) => folded && !covered.has(index));
  const folding = folds ? plan.folding : undefined;
  const asRead = (unit: number): number => {
    const read = folding?.read(unit);
    return read?.length === 1 ? read[0]! : unit;
  };
  for (const [index, { tree, folded }] of parsed.entries()) {
    if (covered.has(index)) continue;
    if (breaks.isDue) await breaks.take();
    const words = requiredWords(tree, folded ? AS_IT_IS : asRead);
    if (words === undefined) rest.push(index);
    else required.set(index, words);
  }
  if (required.size === 0 || rest.length * LEAST_WITH_WORDS > required.size) return undefined;
  const beginning = [...required].flatMap(([index, words]) => (words.every(({ before }) => before === 0) ? index : []));
  const others = [...required.keys()].filter((index) => !beginning.includes(index));
  const groups = [beginning, others].filter(({ length }) => length > 0);
  const groupOf = new Uint8Array(parsed.length).fill(groups.length);
  for (const [group, patterns] of groups.entries()) for (const index of patterns) groupOf[index] = group;
  const words = await WordAutomaton.of(
    [...required].flatMap(([index, own]) =>
      own.map((word) => ({ ...word, folded: parsed[index]!.folded, group: groupOf[index]! })),
    ),
    folding,
    breaks,
  );
  if (words === undefined) return undefined;
  const automataOf = async (patterns: readonly number[]): Promise<Dfa[]> => {
    const automata: Dfa[] = [];
    for (const group of groupsOf(patterns, apart)) {
      automata.push(await automatonOf(parsed, group, plan.folding, limits, breaks));
    }
    return automata;
  };
  const near: ScanPlan[] = [];
  for (const patterns of groups) {
    // Those that begin with their words have few states without the others, who share what streams have computed.
    const isAlone = patterns === beginning && others.length > 0;
    near.push({ ...plan, automata: isAlone ? await automataOf(patterns) : plan.automata, phrases: [] });
  }
  const { phrases } = plan;
  const automata = rest.length === 0 ? [] : await automataOf(rest);
  return {
    words,
    near,
    rest: automata.length + phrases.length === 0 ? undefined : { ...plan, automata, phrases },
    groupOf,
  };
}

const AS_IT_IS = (unit: number): number => unit;

/** So many patterns with words for each one without are worth a pass of their own. */
const LEAST_WITH_WORDS = 32;

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
  if (tree.kind === 'sequence') return tree.items.every(isSteadyItem);
  return isSteadyItem(tree) && !isSpace(tree);
}

function isSteadyItem(item: Tree): boolean {
  if (item.kind === 'repeat') return item.max === Number.POSITIVE_INFINITY && item.item.kind === 'chars';
  // Marks and escapes are a choice.
  return item.kind === 'chars' || item.kind === 'look';
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
function validatedBy(parsed: readonly Parsed[], announced?: ReadonlySet<number>): (Validated | undefined)[] {
  if (parsed.every(({ pattern }) => pattern.validate === undefined)) return [];
  return parsed.map(({ pattern, tree, folded }, index) => {
    if (pattern.validate === undefined) return undefined;
    const reverse = new ReverseMatcher(tree, folded);
    const accepts = pattern.validate === ANY ? undefined : pattern.validate;
    const leftmostLongest = pattern.candidates === 'leftmost-longest';
    return { accepts, announced: announced?.has(index) === true, reverse, folded, leftmostLongest };
  });
}
