/**
 * A pattern set whose patterns may look at the text around their matches. The scanner finds candidates; a `ContextScan`
 * keeps the text around them and asks. Patterns that look for the same expression are scanned once, however many there
 * are: a hundred kinds of numbers of eleven digits cost the scanner what one costs.
 */
import type { Pattern } from '../contract/detector.ts';
import type { CompileOptions } from '../scanner/build-plan.ts';
import { PatternError } from '../scanner/pattern-error.ts';
import type { MatchSink, PatternSet, PatternWarning, Scan, TextScan } from '../scanner/types.ts';
import type { Folding } from '../scanner/unicode/fold.ts';
import type { Asking, ContextPlan, Shared } from './context-plan.ts';
import { ContextScan } from './context-scan.ts';
import { ContextTextScan } from './context-text-scan.ts';
import { type DigitRun, digitRunOf } from './digit-run.ts';
import { AskingByHead } from './heads.ts';
import { announcingLettersOf, keyLettersOf } from './key-worded.ts';
import { KeyWordWatch } from './key-word-watch.ts';

/** What makes sets of patterns that have no contexts: the scanner's compiler, or what was compiled before. */
export interface SetMaker {
  make(patterns: readonly Pattern[], options: CompileOptions): Promise<PatternSet>;
  folding(): Promise<Folding>;
}

/** A set of patterns with or without contexts. Throws a `PatternError` as `maker` does. */
export async function withContext(
  maker: SetMaker,
  patterns: readonly Pattern[],
  options: CompileOptions = {},
): Promise<PatternSet> {
  const set = await askingSet(maker, patterns, options);
  return patterns.some(({ keepLast }) => keepLast !== undefined) ? new KeepingSet(set, patterns) : set;
}

async function askingSet(maker: SetMaker, patterns: readonly Pattern[], options: CompileOptions): Promise<PatternSet> {
  if (patterns.every(({ context }) => context === undefined)) return maker.make(patterns, options);
  const { scanned, shared, lists, announcing } = share(patterns);
  // What a plain pattern finds counts at once; where one that asks looks for the same, it does so on its own.
  const refusable = new Set(shared.flatMap(({ asking }, index) => (asking.length > 0 ? [index] : [])));
  const announced = new Set(shared.flatMap((one, index) => (one.announced === undefined ? [] : [index])));
  const inner = await maker.make(scanned, { ...options, refusable, announced }).catch((error: unknown) => {
    if (!(error instanceof PatternError)) throw error;
    const all = error.all.map((one) => aboutPattern(one, patterns, firstOf(shared[one.pattern]!)));
    for (const one of all) one.all = all;
    throw all[0]!;
  });
  const contexts = patterns.flatMap(({ context }) => context ?? []);
  const plan: ContextPlan = {
    inner,
    shared,
    before: Math.max(...contexts.map(({ before }) => before)),
    looksAhead: contexts.some(({ after }) => after > 0),
    folding: shared.some(({ folded }) => folded) ? await maker.folding() : undefined,
    watch: watchOf(lists),
    announcing: announcing.length === 0 ? undefined : watchOf(announcing),
  };
  return new ContextSet(patterns.length, plan);
}

/** Most sets are never asked near a candidate. */
function watchOf(lists: readonly (readonly string[])[]): () => KeyWordWatch {
  let watch: KeyWordWatch | undefined;
  return () => (watch ??= new KeyWordWatch(lists));
}

/** Spans end before what their pattern keeps. */
class KeepingSet implements PatternSet {
  readonly size: number;
  readonly warnings: readonly PatternWarning[];
  readonly #set: PatternSet;
  readonly #kept: readonly number[];

  constructor(set: PatternSet, patterns: readonly Pattern[]) {
    this.size = set.size;
    this.warnings = set.warnings;
    this.#set = set;
    this.#kept = patterns.map(({ keepLast = 0 }) => keepLast);
  }

  open(sink: MatchSink): Scan {
    return this.#set.open(this.#shortened(sink));
  }

  openTexts(sink: MatchSink): TextScan {
    return this.#set.openTexts(this.#shortened(sink));
  }

  probe(text: string): boolean {
    return this.#set.probe(text);
  }

  #shortened(sink: MatchSink): MatchSink {
    return (pattern, start, end, seen) => {
      const kept = this.#kept[pattern]!;
      return sink(pattern, start, end - start < 3 * kept ? end : end - kept, seen);
    };
  }
}

class ContextSet implements PatternSet {
  readonly size: number;
  readonly warnings: readonly PatternWarning[];
  readonly #plan: ContextPlan;

  constructor(size: number, plan: ContextPlan) {
    this.size = size;
    this.#plan = plan;
    this.warnings = plan.inner.warnings.map(({ pattern, message }) => ({
      pattern: firstOf(plan.shared[pattern]!),
      message,
    }));
  }

  open(sink: MatchSink): Scan {
    return new ContextScan(this.#plan, sink);
  }

  openTexts(sink: MatchSink): TextScan {
    return new ContextTextScan(this.#plan, sink);
  }

  probe(text: string): boolean {
    let whole = false;
    const scan = this.open((_, start, end) => {
      whole ||= start === 0 && end === text.length;
    });
    scan.write(text);
    scan.end();
    return whole;
  }
}

interface SharedPatterns {
  readonly scanned: Pattern[];
  readonly shared: Shared[];
  /** Letters of key words, by the number of the list. */
  readonly lists: readonly (readonly string[])[];
  /** The same of what announces matches. */
  readonly announcing: readonly (readonly string[])[];
}

/** Patterns that look for the same, before their lists have numbers. */
type OfOneFind = Pick<Shared, 'folded' | 'plain' | 'announced'> & { readonly asking: Asking[] };

/** Groups patterns by what the scanner would look for. */
function share(patterns: readonly Pattern[]): SharedPatterns {
  const scanned: Pattern[] = [];
  const shared: OfOneFind[] = [];
  const known = new KnownFinds();
  const runs = patterns.map(runOf);
  const hosts = [...runs.entries()].flatMap(([index, run]) => (run?.run.isAny === true ? [{ index, ...run }] : []));
  const announcing = new KeyWordLists();
  const riders: { readonly host: Pattern; readonly asking: Asking }[] = [];
  for (const [index, { context, ...pattern }] of patterns.entries()) {
    const folded = isFolded(pattern);
    if (context === undefined) {
      scanned.push(pattern);
      shared.push({ folded, plain: index, asking: [], announced: undefined });
      continue;
    }
    const digits = runs[index];
    const host = digits === undefined ? index : hostOf(index, digits, hosts);
    if (host !== index) {
      riders.push({ host: patterns[host]!, asking: { index, context, digits: digits!.run } });
      continue;
    }
    const same = known.get(pattern);
    if (same !== undefined) {
      same.push({ index, context });
      continue;
    }
    const asking = [{ index, context }];
    scanned.push(pattern);
    const letters = pattern.validate === undefined ? undefined : announcingLettersOf(context);
    const announced = letters && announcing.numberOf(letters);
    shared.push({ folded, plain: undefined, asking, announced });
    known.set(pattern, asking);
  }
  for (const { host, asking } of riders) known.get(host)!.push(asking);
  const lists = new KeyWordLists();
  return {
    scanned,
    // One shape for all: they are read for every candidate.
    shared: shared.map(({ folded, plain, asking: own, announced }) => {
      const byHead = folded ? undefined : AskingByHead.of(own);
      const { asking, near } = byHead === undefined ? lists.numbered(own) : { asking: own, near: undefined };
      return { folded, plain, asking, near, announced, byHead };
    }),
    lists: lists.all,
    announcing: announcing.all,
  };
}

/** Gives each list of key words a number. */
class KeyWordLists {
  readonly all: (readonly string[])[] = [];
  readonly #numbers: Map<readonly string[], number> = new Map();

  numbered(asking: readonly Asking[]): Pick<Shared, 'asking' | 'near'> {
    const all = asking.map(({ index, context, digits }): Asking => {
      const letters = keyLettersOf(context);
      return { index, context, digits, list: letters && this.numberOf(letters) };
    });
    const listed = all.filter(({ list }) => list !== undefined);
    const others = all.filter(({ list }) => list === undefined);
    // Those who wait together are asked in their order; where others may wait, too, everybody is asked at once.
    if (listed.length === 0 || others.some(({ context }) => context.after > 0)) return { asking, near: undefined };
    return { asking: all, near: { listed, others, likely: 0 } };
  }

  numberOf(letters: readonly string[]): number {
    let number = this.#numbers.get(letters);
    if (number === undefined) {
      number = this.all.push(letters) - 1;
      this.#numbers.set(letters, number);
    }
    return number;
  }
}

interface Run {
  readonly run: DigitRun;
  /** Equal for runs that are read alike and have the same around them. */
  readonly kind: string;
}

/** A run of digits that somebody asks about with its context, as it is read. */
function runOf(pattern: Pattern): Run | undefined {
  const { find, context, validate } = pattern;
  if (context === undefined || context.asWritten === true || validate !== undefined || 'phrase' in find)
    return undefined;
  const run = digitRunOf(find);
  return run && { run, kind: `${isFolded(pattern)}:${run.around}` };
}

/** The pattern that finds all that a run of digits means: the widest, or the first of the widest. */
function hostOf(index: number, own: Run, hosts: readonly (Run & { readonly index: number })[]): number {
  let host = index;
  let widest = own.run.isAny ? widthOf(own.run) : -1;
  for (const { index: other, kind, run } of hosts) {
    if (kind !== own.kind || run.least > own.run.least || run.most < own.run.most) continue;
    const width = widthOf(run);
    if (width < widest || (width === widest && other >= host)) continue;
    host = other;
    widest = width;
  }
  return host;
}

const widthOf = ({ least, most }: DigitRun): number => most - least;

const isFolded = ({ find, fold }: Pattern): boolean => fold ?? 'phrase' in find;

/**
 * Who asks about patterns that the scanner finds in the same places; nobody shares one that a validator decides. By
 * expression first: that of all tokens is long, and many have it.
 */
class KnownFinds {
  readonly #byText = new Map<string, Map<string, Asking[]>>();

  get(pattern: Pattern): Asking[] | undefined {
    if (pattern.validate !== undefined) return undefined;
    return this.#byText.get(textOf(pattern))?.get(wayOf(pattern));
  }

  set(pattern: Pattern, asking: Asking[]): void {
    if (pattern.validate !== undefined) return;
    const text = textOf(pattern);
    const ways = this.#byText.get(text);
    if (ways === undefined) this.#byText.set(text, new Map([[wayOf(pattern), asking]]));
    else ways.set(wayOf(pattern), asking);
  }
}

const textOf = ({ find }: Pattern): string => ('phrase' in find ? find.phrase : find.source);

const wayOf = ({ find, fold, insideWords, marks, escapes }: Pattern): string =>
  'phrase' in find ? `phrase:${fold}:${insideWords}:${marks}:${escapes}` : `${find.flags}:${fold}`;

const firstOf = ({ plain, asking }: Shared): number => plain ?? asking[0]!.index;

/** The scanner counts the patterns it was given: the same refusal with the number that the caller knows. */
function aboutPattern(error: PatternError, patterns: readonly Pattern[], index: number): PatternError {
  const { find } = patterns[index]!;
  const source = 'phrase' in find ? find.phrase : String(find);
  return new PatternError(error.code, index, source, error.reason, error.suggestion, { cause: error.cause });
}
