import type { Detector } from './contract/detector.ts';
import type { Channel, Stage } from './contract/event.ts';
import { CHANNELS, STAGES } from './contract/event.ts';
import type { Json } from './contract/json.ts';
import type { PolicyMaterial } from './contract/record.ts';
import { typeMatches } from './contract/signal.ts';
import type { Pack } from '@flyball/detectors';
import { detectorsFor, type DetectorProblem } from './detectors/catalogue.ts';
import { prepare } from './detectors/looking.ts';
import { loadPacks } from './detectors/packs.ts';
import { guardedPattern } from './detection/guarded-pattern.ts';
import {
  detectorIds,
  reachesStream,
  STREAMED_STAGES,
  timingOf,
  type DetectorGate,
  type PlanCode,
  type StreamedStage,
  type StreamPlan,
  type TextPlan,
} from './detection/plan.ts';
import { compileDraft } from './policy/compile.ts';
import { digestOf } from './policy/digest.ts';
import type { CompiledPolicy, CompiledRule, Condition, DetectorUse } from './policy/compiled.ts';
import type { PolicyDocument } from './policy/document/document.ts';
import { issueOf, type Origin, originOf, policyError, type Problem } from './policy/document/locate.ts';
import type { PolicyWarning } from './policy/document/policy-error.ts';
import { normalDetector } from './policy/normalise.ts';
import { didYouMean, listed } from './suggest.ts';
import { besideRefused, exceptProbes, type Found, SetCache } from './written-patterns.ts';

/** A policy with everything that runs it: rules, detectors and their compiled patterns. */
export interface AssembledPolicy {
  readonly policy: CompiledPolicy;
  /** How whole segments of a stage are scanned. */
  readonly whole: { readonly [S in Stage]: TextPlan };
  /** How streamed text of a stage is judged. */
  readonly streams: { readonly [S in StreamedStage]: StreamPlan };
  /** What loads and has no effect, or a cost that its author may not expect. */
  readonly warnings: readonly PolicyWarning[];
  /** A warning about an entry, which is found by its id. */
  place(section: 'limits' | 'exempt', id: string, said: Pick<PolicyWarning, 'code' | 'message'>): PolicyWarning;
  readonly material: PolicyMaterial;
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
  source: PolicyDocument,
  custom: readonly Detector[],
  ownPacks: readonly Pack[] = [],
): Promise<AssembledPolicy> {
  const document =
    originOf(source) === undefined ? (await import('./policy/document/read.ts')).draftPolicy(source) : source;
  const { locator, problems: refused } = originOf(document)!;
  const named = (document.detectors ?? []).map(normalDetector);
  const packs = await loadPacks(
    named.flatMap((detector) => ('use' in detector ? detector.use : [])),
    ownPacks,
  );
  const { probes, problems: unmatchable } = await exceptProbes(document);
  const { detectors, infos, usedAs, builtIn, problems } = detectorsFor(named, custom, packs, probes);
  // What the text says of a pattern it says better.
  const unsaid = problems
    .filter((problem) => !isShared(problem, originOf(document)!))
    .filter(({ entry }) => !refused.some(({ path }) => path[0] === 'detectors' && path[1] === entry));
  const compiled = await compileDraft(document, infos, {
    problems: [...unsaid.map(problemOf), ...unmatchable],
    available: packs.names,
    refused: problems
      .filter(({ code }) => code !== 'EXCEPT_UNUSED' && code !== 'DETECTOR_DUPLICATE')
      .map(({ entry }) => nameOf(named[entry]!)),
  });
  const { policy } = compiled;
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
  const sets = new SetCache(document);
  const whole = {} as { [S in Stage]: TextPlan };
  for (const stage of STAGES) {
    const code = codeOf(detectors, policy.stages[stage].rules, policy.gates);
    const reads = readsOf(policy.stages[stage].rules, code);
    const read = patterns.filter(({ pattern }) => reads.any(pattern.type));
    whole[stage] = { voting: undefined, listening: await sets.get(read), code };
  }
  const streams = {} as { [S in StreamedStage]: StreamPlan };
  for (const stage of STREAMED_STAGES) {
    const channels = {} as { [C in Channel]: TextPlan };
    for (const channel of CHANNELS) {
      const rules = policy.stages[stage].rules.filter((rule) => reachesStream(rule, stage, channel));
      channels[channel] =
        rules.length === 0 ? EMPTY_PLAN : await textPlan(rules, patterns, detectors, sets, policy.gates);
    }
    const plans = CHANNELS.map((channel) => channels[channel]);
    // What tools and retrievers bring is read by a program.
    const isRead = stage === 'output' && policy.pace === 'even';
    streams[stage] = { channels, detectors: detectorIds(...plans), ...timingOf(plans, isRead) };
  }
  // A pattern that no rule reads is compiled with the rest: what is wrong with it is wrong.
  const own = patterns.filter(({ detector }) => isOwn(document, detector));
  await sets.get([
    ...own,
    ...besideRefused(
      document,
      problems.map(({ entry }) => entry),
    ),
  ]);
  const wrong = [...compiled.problems, ...sets.problems];
  if (wrong.length === 0) wrong.push(...differentWindows(document, Object.values(streams)));
  if (wrong.length > 0) throw policyError(locator, wrong);
  const plans = [...Object.values(whole), ...Object.values(streams).flatMap(({ channels }) => Object.values(channels))];
  await Promise.all([...new Set(plans.flatMap(({ code }) => code.map(({ detector }) => detector)))].map(prepare));
  const digest = await digestOf(document);
  const material = { digest, document: document as unknown as Json, detectors: infos };
  const warnings = [...compiled.warnings, ...sets.warnings].map((warning) => issueOf(locator, warning));
  return {
    policy,
    whole,
    streams,
    warnings,
    place: (section, id, said) =>
      issueOf(locator, { path: [section, (document[section] ?? []).findIndex((entry) => entry.id === id)], ...said }),
    material,
  };
}

function problemOf({ entry, code, message, unknown, at = [] }: DetectorProblem): Problem {
  const path = ['detectors', entry, ...at];
  return { path, code, message: unknown === undefined ? message : message + detectorHint(unknown.name, unknown.known) };
}

/** A detector that two parts of a policy name, each for itself: it is there once. */
function isShared({ code, entry, first }: DetectorProblem, { partOf }: Origin): boolean {
  if (code !== 'DETECTOR_DUPLICATE' || first === undefined || partOf === undefined) return false;
  return partOf('detectors', entry).locator !== partOf('detectors', first).locator;
}

const nameOf = (detector: DetectorUse): string => ('use' in detector ? detector.use : detector.id);

/** The detector that was meant, or those that there are: packs by name, and how the rest is named. */
function detectorHint(wanted: string, known: readonly string[]): string {
  const last = wanted.toLowerCase();
  const near = known.find((name) => name.endsWith(`.${last}`) || name === `${last}s`);
  if (near !== undefined) return `; did you mean \`${near}\`?`;
  const packs = known.filter((name) => !/[./]/.test(name));
  return (
    didYouMean(wanted, known) || `; there are ${listed(packs)}, with their parts (\`pii/de\`) and types (\`pii.email\`)`
  );
}

/** A list that the policy itself writes. */
const isOwn = ({ detectors = [] }: PolicyDocument, detector: string): boolean =>
  detectors.some((named) => 'id' in named && named.id === detector);

async function textPlan(
  rules: readonly CompiledRule[],
  patterns: readonly Found[],
  detectors: readonly Detector[],
  sets: SetCache,
  gates: ReadonlyMap<string, Condition>,
): Promise<TextPlan> {
  const code = codeOf(detectors, rules, gates);
  const reads = readsOf(rules, code);
  const voting = patterns.filter(({ pattern }) => reads.voting(pattern.type, pattern.score ?? 1));
  const listening = patterns.filter((found) => reads.any(found.pattern.type) && !voting.includes(found));
  return { voting: await sets.get(voting), listening: await sets.get(listening), code };
}

/** What rules read, and the conditions of the detectors that run for them. */
function readsOf(rules: readonly CompiledRule[], code: readonly PlanCode[] = []): Reads {
  const votingTerms = rules.filter(votes).flatMap((rule) => rule.detect);
  const types = [
    ...rules.flatMap((rule) => [...rule.detect.map((term) => term.type), ...(rule.when?.signalTypes ?? [])]),
    ...code.flatMap(({ gate }) => gate?.condition.signalTypes ?? []),
  ];
  return {
    voting: (type, score) => votingTerms.some((term) => typeMatches(type, term.type) && score >= term.min),
    any: (type) => types.some((wanted) => typeMatches(type, wanted)),
  };
}

/** In a stream a detector can wait for another only if both judge by windows, or both judge whole blocks. */
function differentWindows(document: PolicyDocument, streams: readonly StreamPlan[]): readonly Problem[] {
  const plans = streams.flatMap(({ channels }) => Object.values(channels));
  const problems = new Map<string, Problem>();
  for (const { code } of plans) {
    for (const { detector, gate } of code) {
      const other = code.find(
        (one) =>
          gate?.waitsFor.has(one.detector.id) === true &&
          (one.detector.window === undefined) !== (detector.window === undefined),
      );
      if (other === undefined) continue;
      const entry = (document.detectors ?? []).findIndex((named) => 'use' in named && named.use === detector.id);
      const message = `\`${detector.id}\` waits for \`${other.detector.id}\`, and only one of them has a window: give both one, or none`;
      problems.set(detector.id, { path: ['detectors', entry, 'when'], code: 'WINDOW_INVALID', message });
    }
  }
  return [...problems.values()];
}

/** The detectors that are code and that the rules read, with those that their conditions read. */
function codeOf(
  detectors: readonly Detector[],
  rules: readonly CompiledRule[],
  gates: ReadonlyMap<string, Condition>,
): readonly PlanCode[] {
  const code = detectors.filter(({ detect }) => detect !== undefined);
  const readersOf = ({ types }: Detector): readonly CompiledRule[] =>
    rules.filter((rule) => types.some((type) => readsOf([rule]).any(type)));
  const isRead = code.filter((detector) => readersOf(detector).length > 0);
  const plans = new Map<string, PlanCode>();
  const add = (detector: Detector, gate?: DetectorGate): void => {
    const voters = readersOf(detector).filter(votes);
    const hold = voters.some((rule) => rule.stream === 'hold');
    plans.set(detector.id, { detector, voting: voters.length > 0, hold, ...(gate !== undefined && { gate }) });
  };
  for (const detector of isRead) {
    const condition = gates.get(detector.id);
    if (condition === undefined) {
      add(detector);
      continue;
    }
    const read = code.filter(({ types }) => readsAny(condition, types));
    for (const other of read) if (!plans.has(other.id)) add(other);
    add(detector, { condition, waitsFor: new Set(read.map(({ id }) => id)) });
  }
  return [...plans.values()];
}

const readsAny = ({ signalTypes }: Condition, types: readonly string[]): boolean =>
  types.some((type) => signalTypes.some((read) => typeMatches(type, read)));

const votes = (rule: CompiledRule): boolean => rule.then !== undefined && !rule.shadow;
