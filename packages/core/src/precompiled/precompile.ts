import type { Pack, Recogniser } from '@flyball/detectors';
import { assembleParts, type AssembledPolicy } from '../assemble.ts';
import type { DetectorInfo, Detector, Pattern } from '../contract/detector.ts';
import type { Catalogue } from '../detectors/catalogue.ts';
import { phraseOptions } from '../detectors/phrases.ts';
import { keyOfProbe } from '../detectors/exceptions.ts';
import { lookedFor } from '../detectors/looking.ts';
import { fromDialect } from '../dialects/from-dialect.ts';
import { STAGES } from '../contract/event.ts';
import type { ParsedCondition } from '../policy/condition/condition.ts';
import { celCompiler } from '../policy/condition/cel.ts';
import type { CelNode } from '../policy/condition/syntax.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import { normalise } from '../policy/normalise.ts';
import { isFolded } from '../scanner/build-plan.ts';
import { readPatterns } from '../scanner/compile.ts';
import {
  findText,
  FORMAT,
  type InfoRun,
  type PrecompiledDetector,
  type PrecompiledPack,
  type PrecompiledPattern,
  type PrecompiledPolicy,
  type PrecompiledProbe,
  readOf,
} from './format.ts';
import { TreeWriter } from './trees.ts';

/**
 * A compiled policy, and what it needs of the engine that others do without: that comes with the module that has the
 * policy.
 */
export interface Precompiled {
  readonly policy: Omit<PrecompiledPolicy, Need>;
  readonly needs: readonly Need[];
}

export type Need = 'folding' | 'looking' | 'expressions';

/** Compiles a policy for good. Rejects with a `PolicyError` that lists everything that is wrong with it. */
export async function precompile(
  document: PolicyDocument,
  custom: readonly Detector[],
  ownPacks: readonly Pack[],
): Promise<Precompiled> {
  const { assembled, catalogue } = await assembleParts(document, custom, ownPacks);
  const { policy, material, warnings } = assembled;
  const reader = new Reader();
  const read = idsRead(assembled);
  const packs = new Map<string, PrecompiledPack>();
  const detectors: PrecompiledDetector[] = [];
  for (const detector of catalogue.detectors) {
    if (!read.has(detector.id)) continue;
    detectors.push(await written(detector, { catalogue, custom, ownPacks, reader, packs }));
  }
  const probes: PrecompiledProbe[] = [];
  for (const { pattern, flags } of exceptPatterns(material.document as unknown as PolicyDocument)) {
    const find = fromDialect({ pattern, flags });
    const [tree] = await reader.read([{ type: 'except', find }]);
    probes.push({ pattern, flags, find: { source: find.source, flags: find.flags }, read: tree! });
  }
  const expressions = await expressionsOf(material.document as unknown as PolicyDocument);
  const isCode = detectors.some((one) => 'type' in one && catalogue.recognisers.get(one.type)?.used.recogniser.looking);
  const needs: Need[] = [];
  if (reader.folds) needs.push('folding');
  if (isCode) needs.push('looking');
  if (expressions.conditions.length + expressions.amounts.length > 0) needs.push('expressions');
  return {
    needs,
    policy: {
      precompiled: FORMAT,
      behaviorVersion: policy.behaviorVersion,
      document: material.document as unknown as PolicyDocument,
      warnings,
      packs: [...packs.values()],
      infos: runsOf(catalogue.infos),
      custom: custom.map(({ id }) => id),
      detectors,
      ...(catalogue.tokens !== undefined && { tokens: catalogue.tokens.source }),
      probes,
      ...expressions,
      trees: reader.table,
    },
  };
}

/** Reads patterns, each tree once. */
class Reader {
  folds = false;
  readonly #trees = new TreeWriter();
  /** Most tokens share one expression. */
  readonly #known = new Map<string, number>();

  get table(): PrecompiledPolicy['trees'] {
    return this.#trees.table;
  }

  async read(patterns: readonly Pattern[]): Promise<readonly number[]> {
    this.folds ||= patterns.some(isFolded);
    const fresh = new Map(patterns.map((pattern) => [wayOf(pattern), pattern]));
    for (const way of this.#known.keys()) fresh.delete(way);
    const read = await readPatterns([...fresh.values()]);
    for (const [index, way] of [...fresh.keys()].entries()) {
      const { tree, isClosed, isApart } = read[index]!;
      this.#known.set(way, readOf(this.#trees.add(tree), isClosed, isApart));
    }
    return patterns.map((pattern) => this.#known.get(wayOf(pattern))!);
  }
}

/** Equal for patterns that are read alike. */
const wayOf = (pattern: Pattern): string =>
  `${'phrase' in pattern.find} ${isFolded(pattern)} ${pattern.insideWords === true} ${pattern.marks === true} ${pattern.escapes === true} ${pattern.validate !== undefined} ${findText(pattern)}`;

/** Detectors that something of the plans reads. */
function idsRead({ whole, streams }: AssembledPolicy): ReadonlySet<string> {
  const plans = [...Object.values(whole), ...Object.values(streams).flatMap(({ channels }) => Object.values(channels))];
  return new Set(
    plans.flatMap(({ voting, listening, code }) => [
      ...[voting, listening].flatMap((set) => set?.patterns.map(({ detector }) => detector) ?? []),
      ...code.map(({ detector }) => detector.id),
    ]),
  );
}

interface Among {
  readonly catalogue: Catalogue;
  readonly custom: readonly Detector[];
  readonly ownPacks: readonly Pack[];
  readonly reader: Reader;
  readonly packs: Map<string, PrecompiledPack>;
}

async function written(detector: Detector, among: Among): Promise<PrecompiledDetector> {
  const { catalogue, custom, ownPacks, reader, packs } = among;
  const { id, patterns = [] } = detector;
  const found = catalogue.recognisers.get(id);
  if (found === undefined) {
    const reads = await reader.read(patterns);
    if (custom.some((one) => one.id === id)) return { custom: id, finds: patterns.map(findText), reads };
    return { own: id, patterns: patterns.map(ownPattern), reads };
  }
  const { pack, used } = found;
  const { recogniser, except, domains, patterns: excepted, allowHosts, keepLast } = used;
  const isOwn = ownPacks.includes(pack);
  const { name, version } = pack;
  const { looking } = recogniser;
  const parts = looking?.for === 'decoded' ? looking.parts : [];
  packs.set(name, {
    name,
    version: isOwn ? '' : version,
    compiledWith: version,
    parts: {
      ...packs.get(name)?.parts,
      ...(!isOwn && Object.fromEntries(parts.map((part) => [part, pack.parts[part] ?? []]))),
    },
  });
  return {
    type: recogniser.type,
    pack: name,
    usedAs: catalogue.usedAs.get(id)!,
    ...(!isOwn && { recogniser }),
    except,
    ...(domains !== undefined && domains.length > 0 && { domains }),
    ...(excepted !== undefined &&
      excepted.length > 0 && { patterns: excepted.map(({ pattern, flags }) => ({ pattern, flags })) }),
    ...(allowHosts !== undefined && { allowHosts }),
    ...(keepLast !== undefined && { keepLast }),
    reads: await reader.read(looking === undefined ? patterns : lookedFor(recogniser, pack)),
  };
}

const ownPattern = ({ find, fold, marks, escapes }: Pattern): PrecompiledPattern => ({
  find: 'phrase' in find ? { phrase: find.phrase } : { source: find.source, flags: find.flags },
  ...(fold === true && { fold }),
  ...phraseOptions({ marks, escapes }),
});

function runsOf(infos: readonly DetectorInfo[]): readonly InfoRun[] {
  const runs: (readonly [string, DetectorInfo['kind'], string[]] | DetectorInfo)[] = [];
  for (const info of infos) {
    const { id, version, kind, types, content } = info;
    const last = runs.at(-1);
    if (content !== undefined || types.length !== 1 || types[0] !== id) runs.push(info);
    else if (last !== undefined && !('id' in last) && last[0] === version && last[1] === kind) last[2].push(id);
    else runs.push([version, kind, [id]]);
  }
  return runs;
}

/** What is under `except`, as `exceptProbes` finds it. */
function exceptPatterns(document: PolicyDocument): readonly { readonly pattern: string; readonly flags: string }[] {
  const all = normalise(document).detectors.flatMap((one) => ('use' in one ? (one.exceptPatterns ?? []) : []));
  return [...new Map(all.map(({ pattern, flags }) => [keyOfProbe({ pattern, flags }), { pattern, flags }])).values()];
}

/** Every condition and amount of the policy, each once. */
async function expressionsOf(document: PolicyDocument): Promise<Pick<PrecompiledPolicy, 'conditions' | 'amounts'>> {
  const { rules, limits, share } = normalise(document);
  const gates = (document.detectors ?? []).map((one) => ('use' in one ? one.when : undefined));
  const sources = new Set([...rules.map(({ when }) => when), ...gates, share?.cohort]);
  const amounts = new Set(limits.map(({ allow }) => allow));
  const compiler = await celCompiler();
  return {
    conditions: [...sources].flatMap((source): readonly ParsedCondition[] => {
      if (source === undefined) return [];
      const parsed = compiler.compile(source, { adviseType: () => undefined, stages: STAGES }).parsed!;
      return [{ ...parsed, tree: plainTree(parsed.tree) }];
    }),
    amounts: [...amounts].flatMap((source) =>
      typeof source === 'number' ? [] : [{ source, tree: plainTree(compiler.compileAmount(source, STAGES).tree!) }],
    ),
  };
}

/** The engine's nodes have more than what conditions are made of. */
function plainTree(node: CelNode): CelNode {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    return typeof value === 'object' && value !== null && 'op' in value ? plainTree(value as CelNode) : value;
  };
  const { op, start, end } = node;
  return { op, args: plain(node.args), start, end } as CelNode;
}

/** The packs and recognisers that a module has to import, in the order of their first use. */
export function recognisersIn({ detectors, packs }: Precompiled['policy']): ReadonlyMap<Recogniser, string> {
  const found = new Map<Recogniser, string>();
  for (const one of detectors) if ('type' in one && one.recogniser !== undefined) found.set(one.recogniser, one.pack);
  for (const { name, parts } of packs)
    for (const part of Object.values(parts)) for (const one of part) found.set(one, name);
  return found;
}
