import type { Pack } from '@flyball/detectors';
import type { AssembledPolicy } from '../assemble.ts';
import type { Detector, DetectorInfo, Pattern } from '../contract/detector.ts';
import type { Json } from '../contract/json.ts';
import { withContext } from '../detection/context-set.ts';
import { type Found, planPatterns } from '../detection/found.ts';
import { guardedPattern } from '../detection/guarded-pattern.ts';
import type { PlanSet } from '../detection/plan.ts';
import { defineDetector, infoOf } from '../detectors/detector.ts';
import { keyOfProbe, type Probes } from '../detectors/exceptions.ts';
import type { Looking } from '../detectors/looking.ts';
import { phraseOptions } from '../detectors/phrases.ts';
import { detectorOf } from '../detectors/recogniser.ts';
import { type Plans, plansOf, prepareAll, type Sets } from '../plans.ts';
import { buildPolicy, buildRule } from '../policy/build.ts';
import type { CompiledPolicy, Condition } from '../policy/compiled.ts';
import { digestOf } from '../policy/digest.ts';
import { issueOf, objectLocator, rememberOrigin } from '../policy/document/locate.ts';
import { normalise } from '../policy/normalise.ts';
import { findText, FORMAT, mismatch, type PrecompiledDetector, type PrecompiledPolicy } from './format.ts';
import { KnownPatterns } from './known-patterns.ts';
import { readTrees } from './trees.ts';

/** What a compiled policy makes of its detectors. */
interface Made {
  readonly detector: Detector;
  readonly usedAs: string;
}

/**
 * Assembles a policy that was compiled before: the same rulings under the same behaviour version, without a parser.
 * Rejects with `PRECOMPILED_MISMATCH` where it was compiled by or for something else than what is there.
 */
export async function loadPrecompiled(
  source: PrecompiledPolicy,
  custom: readonly Detector[],
  ownPacks: readonly Pack[] = [],
): Promise<AssembledPolicy> {
  const { document } = source;
  const refuse = (why: string): never => {
    throw mismatch(document?.policy ?? 'policy', why);
  };
  if (source.precompiled !== FORMAT)
    refuse(`it is written in form ${String(source.precompiled)}, and this version of Flyball reads form ${FORMAT}`);
  for (const { name, version, compiledWith } of source.packs) {
    const there = ownPacks.find((pack) => pack.name === name)?.version ?? version;
    if (there !== compiledWith)
      refuse(`it was compiled with the pack \`${name}\` ${compiledWith}, and ${there ?? 'none'} is there`);
  }
  const infos = infosOf(source);
  requireCustom(infos, source, custom, refuse);

  const known = new KnownPatterns(readTrees(source.trees), source.folding?.());
  const probes = await probesOf(source, known);
  const tokens = source.tokens === undefined ? undefined : new RegExp(source.tokens);
  const packs = [...ownPacks, ...source.packs];
  const parts = { custom, packs, tokens, probes, known, looking: source.looking?.(), refuse };
  const made = source.detectors.map((one) => makeDetector(one, parts));
  const policy = await policyOf(source, infos, refuse);
  const patterns = made.flatMap(({ detector: { id, patterns: own = [] }, usedAs }) =>
    own.map((pattern): Found => ({ pattern: guardedPattern(pattern), detector: id, usedAs })),
  );
  const plans: Plans = await plansOf(
    policy,
    made.map(({ detector }) => detector),
    patterns,
    new KnownSets(known),
  );
  await prepareAll(plans.whole, plans.streams);
  const locator = objectLocator('policy');
  rememberOrigin(document, { locator, problems: [], broken: () => false, isUnsure: false });
  return {
    policy,
    ...plans,
    warnings: source.warnings,
    place: (section, id, said) =>
      issueOf(locator, { path: [section, (document[section] ?? []).findIndex((entry) => entry.id === id)], ...said }),
    material: { digest: await digestOf(document), document: document as unknown as Json, detectors: infos },
  };
}

function infosOf({ infos }: PrecompiledPolicy): readonly DetectorInfo[] {
  return infos.flatMap((run): readonly DetectorInfo[] => {
    if ('id' in run) return [run];
    const [version, kind, ids] = run;
    return ids.map((id) => ({ id, version, types: [id], kind }));
  });
}

/**
 * The application's detectors are part of the behaviour version: all that were there when it was compiled, and no
 * others.
 */
function requireCustom(
  infos: readonly DetectorInfo[],
  { custom: before }: PrecompiledPolicy,
  custom: readonly Detector[],
  refuse: (why: string) => never,
): void {
  for (const detector of custom) {
    const { id, version, kind, types } = infoOf(detector);
    const info = before.includes(id) ? infos.find((one) => one.id === id) : undefined;
    const isSame = info?.version === version && info.kind === kind && info.types.join() === types.join();
    if (!isSame)
      refuse(`it was compiled with ${named(id, info?.version)}, and the application has ${named(id, version)}`);
  }
  for (const id of before)
    if (!custom.some((detector) => detector.id === id))
      refuse(`it was compiled with the detector \`${id}\`: give it as \`detectors\``);
}

const named = (id: string, version: string | undefined): string =>
  version === undefined ? `no detector \`${id}\`` : `the detector \`${id}\` ${version}`;

async function probesOf({ probes }: PrecompiledPolicy, known: KnownPatterns): Promise<Probes> {
  const made = new Map<string, (text: string) => boolean>();
  for (const { pattern, flags, find, read } of probes) {
    const one: Pattern = { type: 'except', find: new RegExp(find.source, find.flags) };
    known.learn([one], [read]);
    const set = await known.make([one], {});
    made.set(keyOfProbe({ pattern, flags }), (text) => set.probe(text));
  }
  return made;
}

interface Parts {
  readonly custom: readonly Detector[];
  readonly packs: readonly Pack[];
  readonly tokens: RegExp | undefined;
  readonly probes: Probes;
  readonly known: KnownPatterns;
  readonly looking: Looking | undefined;
  readonly refuse: (why: string) => never;
}

function makeDetector(one: PrecompiledDetector, parts: Parts): Made {
  const { custom, packs, tokens, probes, known, looking, refuse } = parts;
  if ('own' in one) {
    const { own: id, reads } = one;
    const patterns = one.patterns.map(({ find, fold, marks, escapes }): Pattern => ({
      type: id,
      find: 'phrase' in find ? find : new RegExp(find.source, find.flags),
      ...(fold === true && { fold }),
      ...phraseOptions({ marks, escapes }),
    }));
    known.learn(patterns, reads);
    return { detector: defineDetector({ id, version: '1', types: [id], patterns }), usedAs: id };
  }
  if ('custom' in one) {
    const detector = custom.find(({ id }) => id === one.custom)!;
    const { patterns = [] } = detector;
    if (patterns.map(findText).join('\n') !== one.finds.join('\n'))
      refuse(`the patterns of the detector \`${one.custom}\` are others now: give it another \`version\``);
    known.learn(patterns, one.reads);
    return { detector, usedAs: one.custom };
  }
  const pack = packs.find(({ name }) => name === one.pack)!;
  const recogniser =
    one.recogniser ?? Object.values(pack.parts).flatMap((part) => part.filter(({ type }) => type === one.type))[0]!;
  const { usedAs } = one;
  if (recogniser.looking !== undefined) {
    known.learn(looking!.lookedFor(recogniser, pack), one.reads);
    return { detector: looking!.lookingDetector(recogniser, pack, (found) => withContext(known, found)), usedAs };
  }
  const detector = detectorOf({ ...one, recogniser, version: pack.version }, tokens, probes);
  known.learn(detector.patterns!, one.reads);
  return { detector, usedAs };
}

async function policyOf(
  source: PrecompiledPolicy,
  infos: readonly DetectorInfo[],
  refuse: (why: string) => never,
): Promise<CompiledPolicy> {
  const { document, behaviorVersion } = source;
  const expressions = source.expressions?.();
  const conditions = new Map(source.conditions.map((one) => [one.source, expressions!.conditionOf(one)]));
  const amounts = new Map(source.amounts.map((one) => [one.source, expressions!.amountOf(one.source, one.tree)]));
  const when = (written: string | undefined): Condition | undefined => conditions.get(written ?? '');
  const normal = normalise(document);
  const { cohort, ...share } = normal.share ?? { rest: 'shadow' as const };
  const condition = when(cohort);
  const policy = await buildPolicy(normal, infos, {
    rules: normal.rules.map((rule) => buildRule(rule, when(rule.when))),
    limits: normal.limits.map(({ allow, ...limit }) => ({
      ...limit,
      allow: typeof allow === 'number' ? allow : amounts.get(allow)!,
    })),
    share: normal.share && { ...share, ...(condition !== undefined && { cohort: condition }) },
    gates: new Map(
      (document.detectors ?? []).flatMap((detector) => {
        const gate = 'use' in detector ? when(detector.when) : undefined;
        return gate === undefined || !('use' in detector) ? [] : [[detector.use, gate] as const];
      }),
    ),
  });
  if (policy.behaviorVersion !== behaviorVersion)
    refuse(`it would behave as ${policy.behaviorVersion} here, and was compiled as ${behaviorVersion}`);
  return policy;
}

/** Equal lists of patterns share one set. */
class KnownSets implements Sets {
  readonly #made = new Map<string, Promise<PlanSet['set']>>();
  readonly #ids = new Map<Pattern, number>();
  readonly #known: KnownPatterns;

  constructor(known: KnownPatterns) {
    this.#known = known;
  }

  async get(found: readonly Found[]): Promise<PlanSet | undefined> {
    if (found.length === 0) return undefined;
    const patterns = found.map(({ pattern }) => pattern);
    const key = patterns.map((pattern) => this.#idOf(pattern)).join();
    let set = this.#made.get(key);
    if (set === undefined) this.#made.set(key, (set = withContext(this.#known, patterns)));
    return { set: await set, patterns: planPatterns(found) };
  }

  #idOf(pattern: Pattern): number {
    let id = this.#ids.get(pattern);
    if (id === undefined) this.#ids.set(pattern, (id = this.#ids.size));
    return id;
  }
}
