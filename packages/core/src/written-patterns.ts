// The patterns that a policy writes itself: compiled, and what is wrong with them told at their place.
import type { Pattern } from './contract/detector.ts';
import { keyOfProbe, type Probes } from './detectors/exceptions.ts';
import { compileWithContext } from './detection/compile-with-context.ts';
import { type Found, planPatterns } from './detection/found.ts';
import type { PlanSet } from './detection/plan.ts';
import { type ForeignPattern, ForeignPatternError, fromDialect } from './dialects/from-dialect.ts';
import type { DetectorDocument, PolicyDocument } from './policy/document/document.ts';
import type { Problem, Warning } from './policy/document/locate.ts';
import { listOf } from './policy/document/lists.ts';
import { compilePatterns } from './scanner/compile.ts';
import { PatternError } from './scanner/pattern-error.ts';
import type { PatternSet } from './scanner/types.ts';

/**
 * Compiles the expressions under `except`. One that the scanner cannot run is refused: nothing slower looks at a
 * stranger's text.
 */
export async function exceptProbes({
  detectors = [],
}: PolicyDocument): Promise<{ readonly probes: Probes; readonly problems: readonly Problem[] }> {
  const probes = new Map<string, (text: string) => boolean>();
  const problems: Problem[] = [];
  for (const [entry, detector] of detectors.entries()) {
    if (!('use' in detector)) continue;
    for (const [index, item] of listOf(detector.except).entries()) {
      if (typeof item === 'string' || !('pattern' in item)) continue;
      const written = { pattern: item.pattern, flags: [...new Set(item.flags ?? '')].sort().join('') };
      const path = ['detectors', entry, 'except', ...(Array.isArray(detector.except) ? [index] : []), 'pattern'];
      try {
        const set = await compilePatterns([{ type: 'except', find: fromDialect(written) }]);
        probes.set(keyOfProbe(written), (text) => set.probe(text));
      } catch (error) {
        if (!(error instanceof PatternError || error instanceof ForeignPatternError)) throw error;
        const { code, reason, suggestion } = error;
        problems.push({ path, code, message: `\`${written.pattern}\` ${reason}: ${suggestion}` });
      }
    }
  }
  return { probes, problems };
}

/** The patterns that can be read of detectors that were refused for another one: each is looked at. */
export function besideRefused({ detectors = [] }: PolicyDocument, entries: readonly number[]): readonly Found[] {
  return entries.flatMap((entry) => {
    const named = detectors[entry];
    if (named === undefined || !('patterns' in named)) return [];
    const { id, dialect = 'js', fold = false } = named;
    return listOf<string | { pattern: string; flags?: string }>(named.patterns).flatMap((item): readonly Found[] => {
      const written = typeof item === 'string' ? { pattern: item } : item;
      try {
        const pattern: Pattern = { type: id, find: fromDialect({ ...written, dialect }), fold };
        return [{ pattern, detector: id, usedAs: id }];
      } catch {
        return [];
      }
    });
  });
}

/**
 * Compiled sets, the one that was asked for last at the end: a policy that is loaded again, and another one with the
 * same packs and lists, share them. Patterns with code of the application are compiled each time.
 */
const knownSets = new Map<string, Promise<PatternSet>>();
const MOST_KNOWN = 16;

function compiledSet(found: readonly Found[]): Promise<PatternSet> {
  const compile = (): Promise<PatternSet> => compileWithContext(found.map(({ pattern }) => pattern));
  if (!found.every(({ known }) => known !== undefined)) return compile();
  const key = found.map(({ known }) => known).join('\n');
  const set = knownSets.get(key) ?? compile();
  knownSets.delete(key);
  knownSets.set(key, set);
  if (knownSets.size > MOST_KNOWN) knownSets.delete(knownSets.keys().next().value!);
  // What cannot be compiled is told to each who asks, and keeps nobody's place.
  set.catch(() => knownSets.delete(key));
  return set;
}

/** Equal lists of patterns share one compiled set. */
export class SetCache {
  readonly #sets = new Map<string, Promise<PatternSet | undefined>>();
  readonly #ids = new Map<Pattern, number>();
  readonly #document: PolicyDocument;
  /** What is wrong with patterns of the policy, by its text: a pattern is in several sets. */
  readonly #problems = new Map<string, Problem>();
  readonly #warnings = new Map<string, Warning>();

  constructor(document: PolicyDocument) {
    this.#document = document;
  }

  get problems(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  get warnings(): readonly Warning[] {
    return [...this.#warnings.values()];
  }

  async get(found: readonly Found[]): Promise<PlanSet | undefined> {
    if (found.length === 0) return undefined;
    const key = found.map(({ pattern }) => this.#idOf(pattern)).join();
    let compiled = this.#sets.get(key);
    if (compiled === undefined) this.#sets.set(key, (compiled = this.#compile(found)));
    const set = await compiled;
    if (set === undefined) return undefined;
    for (const { pattern, message } of set.warnings) {
      const { detector, usedAs, pattern: spec } = found[pattern]!;
      const said = `detector \`${detector}\`, type \`${spec.type}\`: ${message}`;
      const entry = (this.#document.detectors ?? []).findIndex(
        (named) => ('use' in named ? named.use : named.id) === usedAs,
      );
      this.#warnings.set(said, { path: entry < 0 ? [] : ['detectors', entry], code: 'PATTERN_COST', message: said });
    }
    return { set, patterns: planPatterns(found) };
  }

  /** A pattern that cannot be governed exactly is a problem of the policy that names it, at its place. */
  async #compile(found: readonly Found[]): Promise<PatternSet | undefined> {
    try {
      return await compiledSet(found);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      for (const one of error.all) {
        const problem = this.#problemOf(found[one.pattern]!, one);
        this.#problems.set(JSON.stringify(problem), problem);
      }
      return undefined;
    }
  }

  /** A detector of the application is no part of the document: its error is thrown as it is. */
  #problemOf({ detector, pattern }: Found, error: PatternError): Problem {
    const detectors = this.#document.detectors ?? [];
    const entry = detectors.findIndex((named) => 'id' in named && named.id === detector);
    if (entry < 0) throw error;
    const { code, source, reason, suggestion } = error;
    const message = `detector \`${detector}\`: \`${source}\` ${reason}: ${suggestion} (${code})`;
    return { path: ['detectors', entry, ...placeInList(detectors[entry]!, pattern)], code, message };
  }

  #idOf(pattern: Pattern): number {
    let id = this.#ids.get(pattern);
    if (id === undefined) this.#ids.set(pattern, (id = this.#ids.size));
    return id;
  }
}

/** Where a pattern stands in the list of its detector. */
function placeInList(detector: DetectorDocument, { find }: Pattern): readonly (string | number)[] {
  if ('phrases' in detector) {
    const wanted = 'phrase' in find ? find.phrase : '';
    return placeOf('phrases', detector.phrases, (phrase) => phrase.trim() === wanted);
  }
  if (!('patterns' in detector)) return [];
  const { dialect = 'js' } = detector;
  return placeOf('patterns', detector.patterns, (item) => {
    const { pattern, flags = '' } = typeof item === 'string' ? { pattern: item } : item;
    return find instanceof RegExp && readAs({ pattern, flags, dialect }) === String(find);
  });
}

function readAs(pattern: ForeignPattern): string | undefined {
  try {
    return String(fromDialect(pattern));
  } catch {
    return undefined;
  }
}

function placeOf<T>(field: string, list: T | readonly T[], isIt: (item: T) => boolean): readonly (string | number)[] {
  if (!Array.isArray(list)) return [field];
  const index = (list as readonly T[]).findIndex(isIt);
  return index < 0 ? [field] : [field, index];
}
