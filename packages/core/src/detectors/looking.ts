import type { Pack, Recogniser } from '@flyball/detectors';
import type { Detector, Pattern } from '../contract/detector.ts';
import type { PatternSet } from '../scanner/types.ts';
import { decodedDetector } from './decoded/decoded-detector.ts';
import { promptDetector } from './overlap/prompt-detector.ts';
import { prepareWith } from './preparations.ts';
import { detectorOf } from './recogniser.ts';

/** By pack, version and parts: policies that name the same share what is compiled. */
const compiledSets = new Map<string, Promise<PatternSet>>();

/** What a decoded text is looked through for: the patterns of other parts of the pack. */
export function lookedFor({ looking }: Recogniser, { version, parts }: Pack): readonly Pattern[] {
  const members = looking?.for === 'decoded' ? looking.parts.flatMap((part) => parts[part] ?? []) : [];
  return members.flatMap((member): readonly Pattern[] =>
    member.looking === undefined ? detectorOf({ recogniser: member, version, except: [] }, undefined).patterns! : [],
  );
}

/**
 * A recogniser that is no form but something that code looks for. `compile` makes the set of what it looks for in
 * decoded texts.
 */
export function lookingDetector(
  recogniser: Recogniser,
  pack: Pack,
  compile: (patterns: readonly Pattern[]) => Promise<PatternSet>,
): Detector {
  const { name, version } = pack;
  const looking = recogniser.looking!;
  if (looking.for === 'prompt') return promptDetector(recogniser, version);
  const patterns = lookedFor(recogniser, pack);
  const key = `${name} ${version} ${looking.parts.join()}`;
  const compiled = (): Promise<PatternSet> => {
    let set = compiledSets.get(key);
    if (set === undefined) compiledSets.set(key, (set = compile(patterns)));
    return set;
  };
  const detector = decodedDetector(recogniser, version, patterns, compiled);
  prepareWith(detector, compiled);
  return detector;
}

/** What a compiled policy needs that has such a recogniser. */
export interface Looking {
  readonly lookedFor: typeof lookedFor;
  readonly lookingDetector: typeof lookingDetector;
}

export const standardLooking = (): Looking => ({ lookedFor, lookingDetector });
