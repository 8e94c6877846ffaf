import { PACKS, type Pack, type Recogniser } from '@flyball/detectors';
import type { Detector, DetectorInfo } from '../contract/detector.ts';
import { compileWithContext } from '../detection/compile-with-context.ts';
import { infoOf } from './detector.ts';
import { DetectorError, type DetectorErrorCode } from './detector-error.ts';
import { contentOf, patternDetector, type WrittenPatterns } from './patterns.ts';
import { lookingDetector } from './looking.ts';
import { phraseDetector, phraseOptions, type PhraseOptions } from './phrases.ts';
import { membersOf, type Packs } from './packs.ts';
import { hasDomain, type Probes } from './exceptions.ts';
import { detectorOf, isToken, leadsToHosts, matchesWhole, recogniserInfo, type UsedRecogniser } from './recogniser.ts';
import { tokenFind } from './token-find.ts';

/**
 * A pack, a part or a type, with what the policy lets through: texts, addresses of domains, and what expressions match
 * as a whole.
 */
export interface NamedUse {
  readonly use: string;
  readonly except: readonly string[];
  readonly exceptDomains?: readonly string[];
  readonly exceptPatterns?: readonly { readonly pattern: string; readonly flags: string; readonly type?: string }[];
  /** Hosts that addresses may lead to. */
  readonly allowHosts?: readonly string[];
  /** By type, how many units at the end of what is found stay. */
  readonly keepLast?: { readonly [type: string]: number };
}

/** A detector as a policy names it: a pack or one of a pack, or a list of its own. */
export type NamedDetector = NamedUse | NamedPhrases | WrittenPatterns;

interface NamedPhrases extends PhraseOptions {
  readonly id: string;
  readonly phrases: readonly string[];
}

/** Something in a policy's `detectors:` that cannot be. The loader knows the line. */
export interface DetectorProblem {
  /** Index of the entry. */
  readonly entry: number;
  /**
   * Index of the entry that has the name already, with `DETECTOR_DUPLICATE`, where it is nothing that the later one
   * changes.
   */
  readonly first?: number;
  /** Where in the entry. Absent: all of it. */
  readonly at?: readonly (string | number)[];
  readonly code: DetectorErrorCode;
  readonly message: string;
  /** The name nobody knows and those that exist, for a suggestion. */
  readonly unknown?: { readonly name: string; readonly known: readonly string[] };
}

export interface Catalogue {
  /** Everything that can report signals for the policy: what it names, and every detector of the application. */
  readonly detectors: readonly Detector[];
  /** The same, as the policy compiler sees it. */
  readonly infos: readonly DetectorInfo[];
  /** By id, the name under which the policy uses a detector: `pii` for `pii.email` of `use: pii`. */
  readonly usedAs: ReadonlyMap<string, string>;
  /** Ids of those that come with the governor. */
  readonly builtIn: ReadonlySet<string>;
  /** By id, the recognisers among them, each with its pack and what the policy says about it. */
  readonly recognisers: ReadonlyMap<string, { readonly pack: Pack; readonly used: UsedRecogniser }>;
  /** Finds the tokens of all of them. */
  readonly tokens: RegExp | undefined;
  readonly problems: readonly DetectorProblem[];
}

/** A detector, or a recogniser that becomes one when all that are used are known. */
interface Entry {
  readonly info: DetectorInfo;
  readonly usedAs: string;
  readonly make: (tokens: RegExp | undefined) => Detector;
  readonly recogniser?: { readonly pack: Pack; readonly used: UsedRecogniser };
  /** Index of the entry of the policy. Absent: the application's own. */
  readonly entry?: number;
  /** Its pack comes with the governor. */
  readonly builtIn?: boolean;
}

/** Adds an entry, or a problem where there is one of that id. */
type Add = (entry: number, id: string, made: Entry) => void;

/**
 * Resolves the detectors that a policy names, beside those of the application. Problems are data: the loader reports
 * them all.
 */
export function detectorsFor(
  entries: readonly NamedDetector[],
  custom: readonly Detector[],
  packs: Packs,
  probes: Probes = new Map(),
): Catalogue {
  const found = new Map<string, Entry>();
  const problems: DetectorProblem[] = [];
  const add: Add = (entry, id, made) => {
    const before = found.get(id);
    if (before === undefined) found.set(id, { ...made, entry });
    else
      problems.push({
        entry,
        ...(before.entry !== undefined && made.info.content === undefined && { first: before.entry }),
        code: 'DETECTOR_DUPLICATE',
        message: `there is already a detector \`${id}\`: name it once`,
      });
  };

  // An application's own detectors are there without being named.
  for (const detector of custom) {
    if (found.has(detector.id))
      throw new DetectorError('DETECTOR_DUPLICATE', `two detectors of the application have the id \`${detector.id}\``);
    found.set(detector.id, { info: infoOf(detector), usedAs: detector.id, make: () => detector });
  }
  for (const [entry, named] of entries.entries()) {
    try {
      if ('use' in named) useOfPack(entry, named, { packs, probes }, found, problems, add);
      else if ('phrases' in named) add(entry, named.id, phraseEntry(named));
      else add(entry, named.id, patternEntry(named));
    } catch (error) {
      if (!(error instanceof DetectorError)) throw error;
      problems.push({ entry, code: error.code, message: error.message });
    }
  }
  const all = [...found.entries()];
  const tokens = all.flatMap(
    ([, { recogniser }]) => recogniser?.used.recogniser.forms.map(({ find }) => find).filter(isToken) ?? [],
  );
  const find = tokens.length === 0 ? undefined : tokenFind(tokens);
  return {
    detectors: all.map(([, { make }]) => make(find)),
    infos: all.map(([, { info }]) => info),
    builtIn: new Set(all.flatMap(([id, { builtIn }]) => (builtIn === true ? [id] : []))),
    usedAs: new Map(all.map(([id, { usedAs }]) => [id, usedAs])),
    recognisers: new Map(all.flatMap(([id, { recogniser }]) => (recogniser === undefined ? [] : [[id, recogniser]]))),
    tokens: find,
    problems,
  };
}

function useOfPack(
  entry: number,
  named: NamedUse,
  { packs, probes }: { readonly packs: Packs; readonly probes: Probes },
  found: ReadonlyMap<string, unknown>,
  problems: DetectorProblem[],
  add: Add,
): void {
  const { use, except, exceptDomains = [], exceptPatterns = [], allowHosts = [], keepLast = {} } = named;
  const members = membersOf(use, packs.loaded);
  if (members.length === 0) {
    // Naming a detector of the application changes nothing, but says in the policy what it relies on.
    if (
      found.has(use) &&
      except.length +
        exceptDomains.length +
        exceptPatterns.length +
        allowHosts.length +
        Object.keys(keepLast).length ===
        0
    )
      return;
    const known = [...packs.names, ...found.keys()];
    problems.push({
      entry,
      code: 'DETECTOR_UNKNOWN',
      message: `there is no detector \`${use}\``,
      unknown: { name: use, known },
    });
    return;
  }
  const unused = (what: string, why: string): void =>
    void problems.push({
      entry,
      code: 'EXCEPT_UNUSED',
      message: `excepting ${what} from \`${use}\` has no effect: ${why}`,
    });
  const able = members.map(({ recogniser }) => recogniser).filter(({ exceptable = true }) => exceptable);
  for (const literal of except) {
    if (!able.some((recogniser) => matchesWhole(recogniser, literal.trim()))) unused(`\`${literal}\``, hintFor(able));
  }
  if (exceptDomains.length > 0 && !able.some(hasDomain))
    unused(`the domain \`${exceptDomains[0]}\``, 'no type of it that can be excepted from is an address with a domain');
  const patterns = exceptPatterns.map((written) => ({ ...written, type: written.type ?? typeMeant(use, members) }));
  for (const { pattern, type } of patterns) {
    if (able.length === 0) unused(`the pattern \`${pattern}\``, OPEN_ENDED);
    else if (type === undefined) {
      const message = `the pattern \`${pattern}\` needs \`type\`: whose findings it lets through, such as \`type: ${able[0]!.type}\``;
      problems.push({ entry, code: 'EXCEPT_UNUSED', message });
    } else if (!able.some((recogniser) => recogniser.type === type)) {
      const why = members.some(({ recogniser }) => recogniser.type === type) ? OPEN_ENDED : hintFor(able);
      unused(`the pattern \`${pattern}\` of \`${type}\``, why);
    }
  }
  const leading = members.filter(({ recogniser }) => leadsToHosts(recogniser));
  if (allowHosts.length > 0 && leading.length === 0) {
    const message = `\`allow_hosts\` has no effect on \`${use}\`: nothing of it reads addresses, as \`exfiltration\` does`;
    problems.push({ entry, code: 'ALLOW_HOSTS_UNUSED', message });
  }
  for (const type of Object.keys(keepLast)) {
    if (able.some((recogniser) => recogniser.type === type)) continue;
    const why = members.some(({ recogniser }) => recogniser.type === type) ? OPEN_ENDED : `it is no type of \`${use}\``;
    problems.push({
      entry,
      at: ['keep_last', type],
      code: 'KEEP_LAST_UNUSED',
      message: `keeping the last units of \`${type}\` is not possible: ${why}`,
    });
  }
  for (const { pack, recogniser } of members) {
    const may = able.includes(recogniser);
    const used: UsedRecogniser = {
      recogniser,
      version: pack.version,
      except: may ? except.filter((literal) => matchesWhole(recogniser, literal.trim())) : [],
      domains: may && hasDomain(recogniser) ? exceptDomains : [],
      patterns: may ? patterns.filter(({ type }) => type === recogniser.type) : [],
      ...(allowHosts.length > 0 && leadsToHosts(recogniser) && { allowHosts }),
      ...(may && keepLast[recogniser.type] !== undefined && { keepLast: keepLast[recogniser.type]! }),
    };
    add(entry, recogniser.type, {
      info: recogniserInfo(used),
      usedAs: use,
      make: (tokens) =>
        recogniser.looking === undefined
          ? detectorOf(used, tokens, probes)
          : lookingDetector(recogniser, pack, compileWithContext),
      recogniser: { pack, used },
      builtIn: PACKS.includes(pack.name),
    });
  }
}

/** The type that an exception without `type` is for: the one that is used. */
function typeMeant(use: string, members: readonly { readonly recogniser: Recogniser }[]): string | undefined {
  const types = members.map(({ recogniser }) => recogniser.type);
  return types.length === 1 ? types[0] : types.find((type) => type === use);
}

const OPEN_ENDED = 'its findings have no fixed end, so they are reported before there is a whole to compare';

/** Types named to somebody whose literal is a match of none. */
const MOST_NAMED = 8;

function hintFor(able: readonly Recogniser[]): string {
  if (able.length === 0) return OPEN_ENDED;
  const names = able.slice(0, MOST_NAMED).map(({ type }) => `\`${type}\``);
  const more = able.length > MOST_NAMED ? ` or another of its ${able.length} types` : '';
  return `it must be a whole match of ${names.join(', ')}${more}`;
}

function phraseEntry({ id, phrases, ...options }: NamedPhrases): Entry {
  const detector = phraseDetector(id, phrases, options);
  const written: readonly unknown[] = [...new Set(phrases.map((phrase) => phrase.trim()))].toSorted();
  const said = phraseOptions(options);
  return ownEntry(detector, JSON.stringify(Object.keys(said).length === 0 ? written : [...written, said]));
}

function patternEntry(written: WrittenPatterns): Entry {
  return ownEntry(patternDetector(written), contentOf(written));
}

/** A list that the policy itself writes: what it says is part of the behaviour version. */
function ownEntry(detector: Detector, content: string): Entry {
  const info = infoOf(detector, content);
  return { info, usedAs: detector.id, make: () => detector };
}
