/**
 * A pattern set whose patterns may look at the text around their matches. The scanner finds candidates; a `ContextScan`
 * keeps the text around them and asks. Patterns that look for the same expression are scanned once, however many there
 * are: a hundred kinds of numbers of eleven digits cost the scanner what one costs.
 */
import type { Pattern } from '../contract/detector.ts';
import type { CompileOptions } from '../scanner/build-plan.ts';
import { PatternError } from '../scanner/pattern-error.ts';
import type { MatchSink, PatternSet, PatternWarning, Scan } from '../scanner/types.ts';
import type { Folding } from '../scanner/unicode/fold.ts';
import type { Asking, ContextPlan, Shared } from './context-plan.ts';
import { ContextScan } from './context-scan.ts';

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
  if (patterns.every(({ context }) => context === undefined)) return maker.make(patterns, options);
  const { scanned, shared } = share(patterns);
  // What a plain pattern finds counts at once; where one that asks looks for the same, it does so on its own.
  const refusable = new Set(shared.flatMap(({ asking }, index) => (asking.length > 0 ? [index] : [])));
  const inner = await maker.make(scanned, { ...options, refusable }).catch((error: unknown) => {
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
  };
  return new ContextSet(patterns.length, plan);
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

/** Groups patterns by what the scanner would look for. */
function share(patterns: readonly Pattern[]): { readonly scanned: Pattern[]; readonly shared: Shared[] } {
  const scanned: Pattern[] = [];
  const shared: (Shared & { readonly asking: Asking[] })[] = [];
  const known = new Map<string, Asking[]>();
  for (const [index, { context, ...pattern }] of patterns.entries()) {
    const folded = pattern.fold ?? 'phrase' in pattern.find;
    if (context === undefined) {
      scanned.push(pattern);
      shared.push({ folded, plain: index, asking: [] });
      continue;
    }
    const key = keyOf(pattern);
    const same = key === undefined ? undefined : known.get(key);
    if (same !== undefined) {
      same.push({ index, context });
      continue;
    }
    const asking = [{ index, context }];
    scanned.push(pattern);
    shared.push({ folded, asking });
    if (key !== undefined) known.set(key, asking);
  }
  return { scanned, shared };
}

/** Equal for patterns that the scanner finds in the same places. `undefined` where a validator decides. */
function keyOf({ find, fold, insideWords, validate }: Pattern): string | undefined {
  if (validate !== undefined) return undefined;
  return JSON.stringify('phrase' in find ? [find.phrase, fold, insideWords] : [find.source, find.flags, fold]);
}

const firstOf = ({ plain, asking }: Shared): number => plain ?? asking[0]!.index;

/** The scanner counts the patterns it was given: the same refusal with the number that the caller knows. */
function aboutPattern(error: PatternError, patterns: readonly Pattern[], index: number): PatternError {
  const { find } = patterns[index]!;
  const source = 'phrase' in find ? find.phrase : String(find);
  return new PatternError(error.code, index, source, error.reason, error.suggestion, { cause: error.cause });
}
