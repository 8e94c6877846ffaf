import type { Detector, DetectorInfo } from '../contract/detector.ts';
import { infoOf } from './detector.ts';
import { DetectorError, type DetectorErrorCode } from './detector-error.ts';
import { patternDetector, type WrittenPattern } from './patterns.ts';
import { phraseDetector } from './phrases.ts';
import { PII } from './pii/pack.ts';
import { detectorOf, matchesWhole, recogniserInfo, type Recogniser } from './recogniser.ts';
import { SECRETS } from './secrets/pack.ts';

/** A detector as a policy names it: a pack or one of a pack, or a list of its own. */
export type NamedDetector =
  | { readonly use: string; readonly except: readonly string[] }
  | { readonly id: string; readonly phrases: readonly string[] }
  | { readonly id: string; readonly patterns: readonly WrittenPattern[] };

/** Something in a policy's `detectors:` that cannot be. The loader knows the line. */
export interface DetectorProblem {
  /** Index of the entry. */
  readonly entry: number;
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
  readonly problems: readonly DetectorProblem[];
}

const PACKS: ReadonlyMap<string, readonly Recogniser[]> = new Map([
  ['pii', PII],
  ['secrets', SECRETS],
]);

/** Names that `use:` takes: the packs, and each type of each pack. */
export const BUILT_IN_NAMES: readonly string[] = [...PACKS].flatMap(([pack, members]) => [
  pack,
  ...members.map(({ type }) => type),
]);

/** Resolves the detectors that a policy names, beside those of the application. Problems are data: the loader reports them all. */
export function detectorsFor(entries: readonly NamedDetector[], custom: readonly Detector[]): Catalogue {
  const found = new Map<string, { readonly detector: Detector; readonly info: DetectorInfo }>();
  const problems: DetectorProblem[] = [];
  const add = (entry: number, detector: Detector, info: DetectorInfo): void => {
    if (!found.has(detector.id)) found.set(detector.id, { detector, info });
    else
      problems.push({
        entry,
        code: 'DETECTOR_DUPLICATE',
        message: `there is already a detector \`${detector.id}\`: name it once`,
      });
  };

  // An application's own detectors are there without being named.
  for (const detector of custom) {
    if (found.has(detector.id))
      throw new DetectorError('DETECTOR_DUPLICATE', `two detectors of the application have the id \`${detector.id}\``);
    found.set(detector.id, { detector, info: infoOf(detector) });
  }
  for (const [entry, named] of entries.entries()) {
    try {
      if ('use' in named) useBuiltIn(entry, named, found, problems, add);
      else if ('phrases' in named) add(entry, ...phraseEntry(named.id, named.phrases));
      else add(entry, ...patternEntry(named.id, named.patterns));
    } catch (error) {
      if (!(error instanceof DetectorError)) throw error;
      problems.push({ entry, code: error.code, message: error.message });
    }
  }
  const all = [...found.values()];
  return { detectors: all.map(({ detector }) => detector), infos: all.map(({ info }) => info), problems };
}

function useBuiltIn(
  entry: number,
  { use, except }: { readonly use: string; readonly except: readonly string[] },
  found: ReadonlyMap<string, unknown>,
  problems: DetectorProblem[],
  add: (entry: number, detector: Detector, info: DetectorInfo) => void,
): void {
  const members = PACKS.get(use) ?? [...PACKS.values()].flat().filter(({ type }) => type === use);
  if (members.length === 0) {
    // Naming a detector of the application changes nothing, but says in the policy what it relies on.
    if (found.has(use) && except.length === 0) return;
    const known = [...BUILT_IN_NAMES, ...found.keys()];
    problems.push({
      entry,
      code: 'DETECTOR_UNKNOWN',
      message: `there is no detector \`${use}\``,
      unknown: { name: use, known },
    });
    return;
  }
  for (const literal of except) {
    if (members.some((member) => member.exceptable && matchesWhole(member, literal.trim()))) continue;
    const able = members.filter(({ exceptable }) => exceptable).map(({ type }) => `\`${type}\``);
    const hint =
      able.length === 0 ? 'nothing can be excepted from it' : `it must be a whole match of ${able.join(', ')}`;
    problems.push({
      entry,
      code: 'EXCEPT_UNUSED',
      message: `excepting \`${literal}\` from \`${use}\` has no effect: ${hint}`,
    });
  }
  for (const member of members) {
    const mine = except.filter((literal) => member.exceptable && matchesWhole(member, literal.trim()));
    add(entry, detectorOf(member, mine), recogniserInfo(member, mine));
  }
}

function phraseEntry(id: string, phrases: readonly string[]): [Detector, DetectorInfo] {
  const detector = phraseDetector(id, phrases);
  return [detector, infoOf(detector, JSON.stringify([...new Set(phrases.map((phrase) => phrase.trim()))].toSorted()))];
}

function patternEntry(id: string, patterns: readonly WrittenPattern[]): [Detector, DetectorInfo] {
  const detector = patternDetector(id, patterns);
  const written = patterns.map(({ pattern, flags }) => `/${pattern}/${flags.split('').toSorted().join('')}`);
  return [detector, infoOf(detector, JSON.stringify([...new Set(written)].toSorted()))];
}
