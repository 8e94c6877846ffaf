import type { Detector } from './contract/detector.ts';
import type { Json } from './contract/json.ts';
import type { PolicyMaterial } from './contract/record.ts';
import type { Pack } from '@flyball/detectors';
import { type Catalogue, detectorsFor, type DetectorProblem } from './detectors/catalogue.ts';
import { typeMatches } from './contract/signal.ts';
import { loadPacks } from './detectors/packs.ts';
import { guardedPattern } from './detection/guarded-pattern.ts';
import { type Found, knownPattern } from './detection/found.ts';
import type { StreamPlan } from './detection/plan.ts';
import { compileDraft } from './policy/compile.ts';
import { digestOf } from './policy/digest.ts';
import type { CompiledPolicy, DetectorUse } from './policy/compiled.ts';
import type { PolicyDocument } from './policy/document/document.ts';
import { issueOf, type Origin, originOf, policyError, type Problem } from './policy/document/locate.ts';
import type { PolicyWarning } from './policy/document/policy-error.ts';
import { typeCalled } from './policy/document/synonyms.ts';
import { normalDetector } from './policy/normalise.ts';
import { didYouMean, listed } from './suggest.ts';
import { plansOf, prepareAll, type Plans } from './plans.ts';
import { besideRefused, exceptProbes, SetCache } from './written-patterns.ts';

/** A policy with everything that runs it: rules, detectors and their compiled patterns. */
export interface AssembledPolicy extends Plans {
  readonly policy: CompiledPolicy;
  /** What loads and has no effect, or a cost that its author may not expect. */
  readonly warnings: readonly PolicyWarning[];
  /** A warning about an entry, which is found by its id. */
  place(section: 'limits' | 'exempt', id: string, said: Pick<PolicyWarning, 'code' | 'message'>): PolicyWarning;
  readonly material: PolicyMaterial;
}

/**
 * Joins a policy, its detectors and the scanner into the form that runs.
 * Everything is compiled here, so that nothing compiles inside an event.
 */
export async function assemble(
  source: PolicyDocument,
  custom: readonly Detector[],
  ownPacks: readonly Pack[] = [],
): Promise<AssembledPolicy> {
  return (await assembleParts(source, custom, ownPacks)).assembled;
}

/** The same with what it was made of. */
export async function assembleParts(
  source: PolicyDocument,
  custom: readonly Detector[],
  ownPacks: readonly Pack[] = [],
): Promise<{ readonly assembled: AssembledPolicy; readonly catalogue: Catalogue }> {
  const document =
    originOf(source) === undefined ? (await import('./policy/document/read.ts')).draftPolicy(source) : source;
  const { locator, problems: refused } = originOf(document)!;
  const named = (document.detectors ?? []).map(normalDetector);
  const packs = await loadPacks(
    named.flatMap((detector) => ('use' in detector ? detector.use : [])),
    ownPacks,
  );
  const { probes, problems: unmatchable } = await exceptProbes(document);
  const catalogue = detectorsFor(named, custom, packs, probes);
  const { detectors, infos, usedAs, builtIn, problems } = catalogue;
  // What the text says of a pattern it says better.
  const unsaid = problems
    .filter((problem) => !isShared(problem, originOf(document)!))
    .filter(({ entry }) => !refused.some(({ path }) => path[0] === 'detectors' && path[1] === entry));
  const compiled = await compileDraft(document, infos, {
    problems: [...unsaid.map(problemOf), ...unmatchable],
    available: packs.names,
    highest: highestScores(detectors),
    refused: problems
      .filter(({ code }) => code !== 'EXCEPT_UNUSED' && code !== 'DETECTOR_DUPLICATE')
      .map(({ entry }) => nameOf(named[entry]!)),
  });
  const { policy } = compiled;
  const patterns = detectors.flatMap(({ id, patterns: own = [] }, at) => {
    const { version, content = '' } = infos[at]!;
    const of = builtIn.has(id) ? `${id} ${version} ${content}` : undefined;
    return own.map((pattern, index): Found => {
      const known = knownPattern(pattern, of === undefined ? undefined : `${of} ${index}`);
      const found = { pattern: guardedPattern(pattern), detector: id, usedAs: usedAs.get(id)! };
      return known === undefined ? found : { ...found, known };
    });
  });
  const sets = new SetCache(document);
  const { whole, streams } = await plansOf(policy, detectors, patterns, sets);
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
  await prepareAll(whole, streams);
  const digest = await digestOf(document);
  const material = { digest, document: document as unknown as Json, detectors: infos };
  const warnings = [...compiled.warnings, ...sets.warnings].map((warning) => issueOf(locator, warning));
  const assembled: AssembledPolicy = {
    policy,
    whole,
    streams,
    warnings,
    place: (section, id, said) =>
      issueOf(locator, { path: [section, (document[section] ?? []).findIndex((entry) => entry.id === id)], ...said }),
    material,
  };
  return { assembled, catalogue };
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

/** `secrets` for `api_key`, which is called `secret` here; a pack has the name of many. */
function packCalled(wanted: string, known: readonly string[]): string | undefined {
  const called = typeCalled(wanted, [...known, ...known.map((name) => name.replace(/s$/, ''))]);
  return called === undefined || known.includes(called) ? called : `${called}s`;
}

/** The detector that was meant, or those that there are: packs by name, and how the rest is named. */
function detectorHint(wanted: string, known: readonly string[]): string {
  const last = wanted.toLowerCase();
  const near = known.find((name) => name.endsWith(`.${last}`) || name === `${last}s`) ?? packCalled(last, known);
  if (near !== undefined) return `; did you mean \`${near}\`?`;
  const packs = known.filter((name) => !/[./]/.test(name));
  return (
    didYouMean(wanted, known) || `; there are ${listed(packs)}, with their parts (\`pii/de\`) and types (\`pii.email\`)`
  );
}

/** How sure a finding of a type can be. Patterns have scores of their own; code may report any. */
function highestScores(detectors: readonly Detector[]): (wanted: string) => number {
  const scores = detectors.flatMap(({ types, patterns = [], detect }) =>
    detect === undefined
      ? patterns.map(({ type, score = 1 }) => ({ type, score }))
      : types.map((type) => ({ type, score: 1 })),
  );
  return (wanted) => {
    const of = scores.filter(({ type }) => typeMatches(type, wanted) || typeMatches(wanted, type));
    return of.length === 0 ? 1 : Math.max(...of.map(({ score }) => score));
  };
}

/** A list that the policy itself writes. */
const isOwn = ({ detectors = [] }: PolicyDocument, detector: string): boolean =>
  detectors.some((named) => 'id' in named && named.id === detector);

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
