import type { Detector, Pattern } from './contract/detector.ts';
import type { Channel, Stage } from './contract/event.ts';
import { CHANNELS, STAGES } from './contract/event.ts';
import type { Json } from './contract/json.ts';
import type { PolicyMaterial } from './contract/record.ts';
import { typeMatches } from './contract/signal.ts';
import type { Pack } from '@flyball/detectors';
import { detectorsFor, type DetectorProblem } from './detectors/catalogue.ts';
import { prepare } from './detectors/looking.ts';
import { loadPacks } from './detectors/packs.ts';
import { compileWithContext } from './detection/context-set.ts';
import { guardedPattern } from './detection/guarded-pattern.ts';
import {
  detectorIds,
  reachesStream,
  STREAMED_STAGES,
  type PlanCode,
  type PlanPattern,
  type PlanSet,
  type StreamedStage,
  type StreamPlan,
  type TextPlan,
} from './detection/plan.ts';
import { compilePolicy } from './policy/compile.ts';
import { digestOf } from './policy/digest.ts';
import type { CompiledPolicy, CompiledRule } from './policy/compiled.ts';
import type { DetectorDocument, PolicyDocument } from './policy/document/document.ts';
import { policyErrorOf, type Problem } from './policy/document/locate.ts';
import { normalDetector } from './policy/normalise.ts';
import { didYouMean } from './suggest.ts';
import { fromDialect } from './dialects/from-dialect.ts';
import { PatternError } from './scanner/pattern-error.ts';
import type { PatternSet } from './scanner/types.ts';

/** A policy with everything that runs it: rules, detectors and their compiled patterns. */
export interface AssembledPolicy {
  readonly policy: CompiledPolicy;
  /** How whole segments of a stage are scanned. */
  readonly whole: { readonly [S in Stage]: TextPlan };
  /** How streamed text of a stage is judged. */
  readonly streams: { readonly [S in StreamedStage]: StreamPlan };
  readonly warnings: readonly string[];
  readonly material: PolicyMaterial;
}

/** A pattern with the detector it belongs to. */
interface Found {
  readonly pattern: Pattern;
  readonly detector: string;
  readonly usedAs: string;
  /** Equal for patterns that find the same; only of packs that come with the governor. */
  readonly known?: string;
}

/** What the rules of one place read. */
interface Reads {
  /** Through `detect` of a voting rule: such matches hold text back. */
  voting(type: string, score: number): boolean;
  /** In any way. */
  any(type: string): boolean;
}

const EMPTY_PLAN: TextPlan = { voting: undefined, listening: undefined, code: [] };

/**
 * Joins a policy, its detectors and the scanner into the form that runs.
 * Everything is compiled here, so that nothing compiles inside an event.
 */
export async function assemble(
  document: PolicyDocument,
  custom: readonly Detector[],
  own: readonly Pack[] = [],
): Promise<AssembledPolicy> {
  const named = (document.detectors ?? []).map(normalDetector);
  const packs = await loadPacks(
    named.flatMap((detector) => ('use' in detector ? detector.use : [])),
    own,
  );
  const { detectors, infos, usedAs, builtIn, problems } = detectorsFor(named, custom, packs);
  const policy = await compilePolicy(document, infos, { problems: problems.map(problemOf), available: packs.names });
  const patterns = detectors.flatMap(({ id, patterns: own = [] }, at) => {
    const { version, content = '' } = infos[at]!;
    return own.map((pattern, index): Found => ({
      pattern: guardedPattern(pattern),
      detector: id,
      usedAs: usedAs.get(id)!,
      ...(builtIn.has(id) && {
        known: `${id} ${version} ${index} ${pattern.find instanceof RegExp ? String(pattern.find) : pattern.find.phrase} ${content}`,
      }),
    }));
  });
  const warnings = new Set<string>();
  const sets = new SetCache(warnings, document);
  const whole = {} as { [S in Stage]: TextPlan };
  for (const stage of STAGES) {
    const reads = readsOf(policy.stages[stage].rules);
    const read = patterns.filter(({ pattern }) => reads.any(pattern.type));
    whole[stage] = {
      voting: undefined,
      listening: await sets.get(read),
      code: codeOf(detectors, policy.stages[stage].rules),
    };
  }
  const streams = {} as { [S in StreamedStage]: StreamPlan };
  for (const stage of STREAMED_STAGES) {
    const channels = {} as { [C in Channel]: TextPlan };
    for (const channel of CHANNELS) {
      const rules = policy.stages[stage].rules.filter((rule) => reachesStream(rule, stage, channel));
      channels[channel] = rules.length === 0 ? EMPTY_PLAN : await textPlan(rules, patterns, detectors, sets);
    }
    streams[stage] = { channels, detectors: detectorIds(...CHANNELS.map((channel) => channels[channel])) };
  }
  sets.requireGood();
  const plans = [...Object.values(whole), ...Object.values(streams).flatMap(({ channels }) => Object.values(channels))];
  await Promise.all([...new Set(plans.flatMap(({ code }) => code.map(({ detector }) => detector)))].map(prepare));
  const digest = await digestOf(document);
  const material = { digest, document: document as unknown as Json, detectors: infos };
  return { policy, whole, streams, warnings: [...warnings], material };
}

function problemOf({ entry, message, unknown }: DetectorProblem): Problem {
  return {
    path: ['detectors', entry],
    message: unknown === undefined ? message : message + didYouMean(unknown.name, unknown.known),
  };
}

async function textPlan(
  rules: readonly CompiledRule[],
  patterns: readonly Found[],
  detectors: readonly Detector[],
  sets: SetCache,
): Promise<TextPlan> {
  const reads = readsOf(rules);
  const voting = patterns.filter(({ pattern }) => reads.voting(pattern.type, pattern.score ?? 1));
  const listening = patterns.filter((found) => reads.any(found.pattern.type) && !voting.includes(found));
  return { voting: await sets.get(voting), listening: await sets.get(listening), code: codeOf(detectors, rules) };
}

function readsOf(rules: readonly CompiledRule[]): Reads {
  const votingTerms = rules.filter(votes).flatMap((rule) => rule.detect);
  const types = rules.flatMap((rule) => [...rule.detect.map((term) => term.type), ...(rule.when?.signalTypes ?? [])]);
  return {
    voting: (type, score) => votingTerms.some((term) => typeMatches(type, term.type) && score >= term.min),
    any: (type) => types.some((wanted) => typeMatches(type, wanted)),
  };
}

function codeOf(detectors: readonly Detector[], rules: readonly CompiledRule[]): readonly PlanCode[] {
  const plans: PlanCode[] = [];
  for (const detector of detectors) {
    if (detector.detect === undefined) continue;
    const readers = rules.filter((rule) => {
      const reads = readsOf([rule]);
      return detector.types.some((type) => reads.any(type));
    });
    if (readers.length === 0) continue;
    const voters = readers.filter(votes);
    plans.push({ detector, voting: voters.length > 0, hold: voters.some((rule) => rule.stream === 'hold') });
  }
  return plans;
}

const votes = (rule: CompiledRule): boolean => rule.then !== undefined && !rule.shadow;

/**
 * Compiled sets of patterns that come with the governor: a policy that is loaded again, and another one that names the same packs, share
 * them. Those of an application are compiled each time, since nobody knows whether equal names mean equal code.
 */
const knownSets = new Map<string, Promise<PatternSet>>();
const MOST_KNOWN = 16;

function compiledSet(found: readonly Found[]): Promise<PatternSet> {
  const compile = (): Promise<PatternSet> => compileWithContext(found.map(({ pattern }) => pattern));
  if (!found.every(({ known }) => known !== undefined)) return compile();
  const key = found.map(({ known }) => known).join('\n');
  let set = knownSets.get(key);
  if (set === undefined) {
    if (knownSets.size >= MOST_KNOWN) knownSets.delete(knownSets.keys().next().value!);
    knownSets.set(key, (set = compile()));
  }
  return set;
}

/** Equal lists of patterns share one compiled set. */
class SetCache {
  readonly #sets = new Map<string, Promise<PatternSet | undefined>>();
  readonly #ids = new Map<Pattern, number>();
  readonly #warnings: Set<string>;
  readonly #document: PolicyDocument;
  /** What is wrong with patterns of the policy. All of it is told at once. */
  readonly #problems: Problem[] = [];

  constructor(warnings: Set<string>, document: PolicyDocument) {
    this.#warnings = warnings;
    this.#document = document;
  }

  async get(found: readonly Found[]): Promise<PlanSet | undefined> {
    if (found.length === 0) return undefined;
    const key = found.map(({ pattern }) => this.#idOf(pattern)).join();
    let compiled = this.#sets.get(key);
    if (compiled === undefined) this.#sets.set(key, (compiled = this.#compile(found)));
    const set = await compiled;
    if (set === undefined) return undefined;
    for (const { pattern, message } of set.warnings) {
      const { detector, pattern: spec } = found[pattern]!;
      this.#warnings.add(`detector \`${detector}\`, type \`${spec.type}\`: ${message}`);
    }
    const patterns = found.map(({ pattern, detector, usedAs }): PlanPattern => ({
      type: pattern.type,
      score: pattern.score ?? 1,
      detector,
      usedAs,
    }));
    return { set, patterns };
  }

  /** Throws what is wrong with the policy's patterns, if anything is. */
  requireGood(): void {
    if (this.#problems.length > 0) throw policyErrorOf(this.#document, this.#problems);
  }

  /** A pattern that cannot be governed exactly is a problem of the policy that names it, at its place. */
  async #compile(found: readonly Found[]): Promise<PatternSet | undefined> {
    try {
      return await compiledSet(found);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      for (const one of error.all) this.#problems.push(this.#problemOf(found[one.pattern]!, one));
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
    return { path: ['detectors', entry, ...placeInList(detectors[entry]!, pattern)], message };
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
    return find instanceof RegExp && String(fromDialect({ pattern, flags, dialect })) === String(find);
  });
}

function placeOf<T>(field: string, list: T | readonly T[], isIt: (item: T) => boolean): readonly (string | number)[] {
  if (!Array.isArray(list)) return [field];
  const index = (list as readonly T[]).findIndex(isIt);
  return index < 0 ? [field] : [field, index];
}
