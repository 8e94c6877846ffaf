/**
 * Joins a policy with those that it builds upon. A baseline is a promise: a policy that builds upon it adds to it and
 * makes it stricter. What would make it weaker is refused with both places, unless the baseline says `overridable`.
 */
import type { DetectorDocument, OverridableSetting, PolicyDocument } from './document.ts';
import type { Locator, Origin, Part, Path, Problem } from './locate.ts';
import { lineageWith, nameOfDocument } from './lineage.ts';
import { listOf, sortedSet } from './lists.ts';
import { originOf, placeText, rememberOrigin } from './locate.ts';
import { blocksByDefault, SETTINGS } from './settings.ts';
import { structureProblems } from './structure.ts';

const SECTIONS = ['detectors', 'rules', 'exempt', 'cooldowns', 'limits'] as const;
type Section = (typeof SECTIONS)[number];
type EntryOf<S extends Section> = NonNullable<PolicyDocument[S]>[number];

/** An entry with the document it stands in. */
interface Placed<S extends Section> {
  readonly entry: EntryOf<S>;
  readonly origin: Origin;
  readonly index: number;
  /** Names in the lineage of all that have it. */
  readonly owners: readonly string[];
}

type Placements = { readonly [S in Section]: Placed<S>[] };

/** A document on its way: what it says, and whose each part of it is. */
interface Joined {
  readonly document: PolicyDocument;
  readonly entries: Placements;
  /** Whose a field at the top is. */
  readonly settings: ReadonlyMap<string, Origin>;
  readonly origins: readonly Origin[];
  readonly problems: readonly Problem[];
}

/** `document` is the one that builds upon the others. All of them were read by `draftPolicy`. */
export function composePolicies(document: PolicyDocument, baselines: readonly PolicyDocument[]): PolicyDocument {
  const [first, ...more] = baselines.map(partsOf);
  if (first === undefined) return document;
  const base = more.reduce((joined, next) => join(joined, next, false), first);
  const { entries, settings, origins, problems, document: joined } = join(base, partsOf(document), true);
  const own = originOf(document)!;
  const { extends: _, overridable: __, ...fields } = joined;
  const composed: PolicyDocument = Object.freeze({ ...fields, ...listsOf(entries) });

  const partOf = (section: string, index: number): Part => {
    const placed = (entries as { readonly [section: string]: readonly Placed<Section>[] })[section]?.[index];
    if (placed === undefined) return { locator: own.locator, index, owners: [nameOfDocument(document)] };
    const { origin, index: at, owners } = placed;
    return { ...(origin.partOf?.(section, at) ?? { locator: origin.locator, index: at }), owners };
  };
  const placed = (path: Path): { readonly origin: Origin; readonly path: Path } => {
    const [section, index, ...rest] = path;
    const entry =
      typeof index === 'number'
        ? (entries as { readonly [section: string]: readonly Placed<Section>[] })[String(section)]?.[index]
        : undefined;
    if (entry === undefined) return { origin: settings.get(String(section)) ?? own, path };
    return { origin: entry.origin, path: [section!, entry.index, ...rest] };
  };
  const broken = (path: Path): boolean => {
    const { origin, path: at } = placed(path);
    return origin.broken(at);
  };
  const locator: Locator = {
    file: own.locator.file,
    place(problem) {
      const { origin: its, path } = placed(problem.path);
      const { file = its.locator.file, path: at = path, ...place } = its.locator.place({ ...problem, path });
      return { ...place, file, path: at };
    },
  };
  const origin: Origin = {
    locator,
    problems: [
      ...origins.flatMap((each) => each.problems.map((problem) => ({ from: each.locator, ...problem }))),
      ...problems,
      ...structureProblems(composed, broken, (path) => placeText(locator, path)),
    ],
    broken,
    partOf,
    lineage: lineageWith(document, baselines),
    isUnsure: origins.some(({ isUnsure }) => isUnsure),
    isPart: true,
  };
  rememberOrigin(composed, origin);
  return composed;
}

function partsOf(document: PolicyDocument): Joined {
  const origin = originOf(document)!;
  const own = [nameOfDocument(document)];
  const ownersAt = (section: Section, index: number): readonly string[] =>
    origin.partOf?.(section, index).owners ?? own;
  const place = <S extends Section>(section: S): Placed<S>[] =>
    ((document[section] ?? []) as readonly EntryOf<S>[])
      .map((entry, index) => ({ entry, origin, index, owners: ownersAt(section, index) }))
      // What stands in the place of a refused entry is not there.
      .filter(({ entry }) => origin.problems.length === 0 || !('id' in entry ? entry.id : '').startsWith('unnamed'));
  return {
    document,
    entries: {
      detectors: place('detectors'),
      rules: place('rules'),
      exempt: place('exempt'),
      cooldowns: place('cooldowns'),
      limits: place('limits'),
    },
    settings: new Map(Object.keys(document).map((field) => [field, origin])),
    origins: [origin],
    problems: [],
  };
}

function listsOf(entries: Placements): Partial<PolicyDocument> {
  return Object.fromEntries(
    SECTIONS.filter((section) => entries[section].length > 0).map((section) => [
      section,
      Object.freeze(entries[section].map(({ entry }) => entry)),
    ]),
  );
}

/**
 * `isTeam`: the second builds upon the first. Otherwise both are baselines, and the stricter setting of the two stands.
 */
function join(base: Joined, over: Joined, isTeam: boolean): Joined {
  const problems = [...base.problems, ...over.problems];
  const settings = new Map([...base.settings, ...over.settings]);
  const may = (name: OverridableSetting): boolean => base.document.overridable?.includes(name) === true;
  const weakened = (path: Path, message: string, from: Origin): void =>
    void problems.push({ path, code: 'BASELINE_WEAKENED', message, from: from.locator });
  const placeOf = (joined: Joined, path: Path): string =>
    placeText((joined.settings.get(String(path[0])) ?? joined.origins[0]!).locator, path);
  const overOrigin = over.origins[0]!;

  let fields: Partial<PolicyDocument> = {};
  for (const setting of SETTINGS) {
    const { name } = setting;
    const isWeaker = setting.isWritten(over.document) && setting.compare(base.document, over.document) < 0;
    if (isWeaker && isTeam && !may(name)) {
      const message = `\`${setting.text(over.document)}\` is weaker than \`${setting.text(base.document)}\` of the baseline (${placeOf(base, [name])}), which does not list \`${name}\` under \`overridable\``;
      weakened([name], message, overOrigin);
    }
    // A policy that says nothing keeps what its baseline says; of two baselines also the default of one may be the
    // stricter.
    const isStricter = !isTeam && setting.compare(base.document, over.document) > 0;
    const overWins = isStricter || (setting.isWritten(over.document) && (!isWeaker || (isTeam && may(name))));
    const [wins, other] = overWins ? [over, base] : [base, over];
    const isReplaced = isWeaker && overWins && setting.replaced !== undefined;
    fields = {
      ...fields,
      ...(isReplaced ? setting.replaced!(base.document, over.document) : setting.joined(wins.document, other.document)),
    };
    if (setting.isWritten(wins.document)) settings.set(name, wins.settings.get(name) ?? overOrigin);
  }
  fields = {
    ...fields,
    ...joinedMaps(base, over, { isTeam, may, weakened, placeOf, overOrigin }),
    ...joinedFacts(base.document, over.document),
    ...joinedPace(base.document, over.document),
  };

  const entries: Placements = {
    detectors: joinedDetectors(base, over, isTeam, weakened),
    rules: joinedEntries('rules', base, over, isTeam, weakened),
    exempt: joinedEntries('exempt', base, over, isTeam, weakened),
    cooldowns: joinedEntries('cooldowns', base, over, isTeam, weakened),
    limits: joinedEntries('limits', base, over, isTeam, weakened),
  };
  allowedDespite(base, over, weakened);
  if (!isTeam) allowedDespite(over, base, weakened);
  const { policy, version, overridable } = over.document;
  return {
    document: { policy, version, ...(isTeam ? {} : { overridable: both(base.document, overridable) }), ...fields },
    entries,
    settings,
    origins: [...base.origins, ...over.origins],
    problems,
  };
}

/** Rules of one that allow what the default of the other blocks. */
function allowedDespite(keeps: Joined, allows: Joined, weakened: Weakened): void {
  if (keeps.document.overridable?.includes('default') === true) return;
  for (const { entry, index, origin } of allows.entries.rules) {
    const stage = listOf(entry.on).find((each) => blocksByDefault(keeps.document, each));
    if (entry.then !== 'allow' || stage === undefined || keeps.entries.rules.some((one) => isSame(one.entry, entry)))
      continue;
    const place = placeText((keeps.settings.get('default') ?? keeps.origins[0]!).locator, ['default']);
    const message = `the rule \`${entry.id}\` would allow what \`default: { ${stage}: block }\` of the baseline (${place}) blocks, which does not list \`default\` under \`overridable\``;
    weakened(['rules', index, 'then'], message, origin);
  }
}

/** Of several baselines none opens what another one keeps. */
function both(
  { overridable = [] }: PolicyDocument,
  other: PolicyDocument['overridable'] = [],
): readonly OverridableSetting[] {
  return overridable.filter((name) => other.includes(name));
}

type Weakened = (path: Path, message: string, from: Origin) => void;

interface MapContext {
  readonly isTeam: boolean;
  readonly may: (name: OverridableSetting) => boolean;
  readonly weakened: Weakened;
  readonly placeOf: (joined: Joined, path: Path) => string;
  readonly overOrigin: Origin;
}

/** Masks and how long labels live: united, and equal where both name the same. */
function joinedMaps(
  base: Joined,
  over: Joined,
  { isTeam, may, weakened, placeOf, overOrigin }: MapContext,
): Partial<PolicyDocument> {
  const fields: Record<string, { readonly [name: string]: string }> = {};
  for (const field of ['masks', 'labels'] as const) {
    const [ours, theirs]: readonly { readonly [name: string]: string }[] = [
      base.document[field] ?? {},
      over.document[field] ?? {},
    ];
    const joined: Record<string, string> = { ...ours };
    for (const [name, value] of Object.entries(theirs!)) {
      const before = ours![name];
      const isStricter = field === 'labels' && value === 'session';
      if (before !== undefined && before !== value && !isStricter && !(isTeam && may(field))) {
        const message = `the baseline says \`${name}: ${before}\` (${placeOf(base, [field, name])}), and does not list \`${field}\` under \`overridable\``;
        weakened([field, name], message, overOrigin);
        continue;
      }
      joined[name] = value;
    }
    if (Object.keys(joined).length > 0) fields[field] = Object.freeze(joined);
  }
  return fields;
}

/** When text leaves and not what: the policy that builds upon the other may choose. */
function joinedPace({ pace }: PolicyDocument, { pace: over = pace }: PolicyDocument): Partial<PolicyDocument> {
  return over === undefined ? {} : { pace: over };
}

function joinedFacts({ facts = [] }: PolicyDocument, { facts: more = [] }: PolicyDocument): Partial<PolicyDocument> {
  return facts.length + more.length === 0 ? {} : { facts: sortedSet([...facts, ...more]) };
}

const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One entry of two documents. */
const sharedBy = <S extends Section>(one: Placed<S>, other: Placed<S>): Placed<S> => ({
  ...one,
  owners: [...new Set([...one.owners, ...other.owners])],
});

/** Entries with ids: of one id there is one, which a policy may replace where its baseline says so. */
function joinedEntries<S extends Exclude<Section, 'detectors'>>(
  section: S,
  base: Joined,
  over: Joined,
  isTeam: boolean,
  weakened: Weakened,
): Placed<S>[] {
  const joined: Placed<S>[] = [...(base.entries[section] as Placed<S>[])];
  for (const placed of over.entries[section] as Placed<S>[]) {
    const at = joined.findIndex(({ entry }) => entry.id === placed.entry.id);
    const before = joined[at];
    if (before === undefined) joined.push(placed);
    else if (isSame(before.entry, placed.entry)) joined[at] = sharedBy(before, placed);
    else if (isTeam && (before.entry as { readonly overridable?: boolean }).overridable === true) joined[at] = placed;
    else {
      const message = `\`${placed.entry.id}\` is an entry of the baseline (${placeText(before.origin.locator, [section, before.index])}), which is not \`overridable\`; give yours another id`;
      weakened([section, placed.index, 'id'], message, placed.origin);
    }
  }
  return joined;
}

const nameOf = (detector: DetectorDocument): string => ('use' in detector ? detector.use : detector.id);

/** What lets through something of a detector. */
const OPENING = ['except', 'when', 'allow_hosts', 'keep_last'] as const;

const opensBy = (entry: DetectorDocument): (typeof OPENING)[number] | undefined =>
  'use' in entry ? OPENING.find((field) => entry[field] !== undefined) : undefined;

/** One of each name. What a baseline reports, exceptions of others do not make less. */
function joinedDetectors(base: Joined, over: Joined, isTeam: boolean, weakened: Weakened): Placed<'detectors'>[] {
  const joined = [...base.entries.detectors];
  for (const placed of over.entries.detectors) {
    const { entry } = placed;
    const at = joined.findIndex((before) => nameOf(before.entry) === nameOf(entry));
    const before = joined[at];
    if (before === undefined) joined.push(placed);
    else if (isSame(before.entry, entry)) joined[at] = sharedBy(before, placed);
    // A policy that names what its baseline names keeps what that says of it.
    else if (opensBy(entry) === undefined && 'use' in entry && (isTeam || opensBy(before.entry) === undefined))
      continue;
    else if (isTeam && 'use' in before.entry && before.entry.overridable === true)
      joined[at] = { ...placed, owners: sharedBy(before, placed).owners };
    else {
      const [opening, kept] = opensBy(entry) === undefined && !isTeam ? [before, placed] : [placed, before];
      const place = placeText(kept.origin.locator, ['detectors', kept.index]);
      const field = opensBy(opening.entry) ?? 'id';
      const message =
        field === 'id'
          ? `\`${nameOf(entry)}\` is a detector of the baseline (${place}); give yours another id`
          : `\`${field}\` would let through what the baseline reports (${place}), whose entry is not \`overridable\``;
      weakened(['detectors', opening.index, field], message, opening.origin);
    }
  }
  return joined;
}
