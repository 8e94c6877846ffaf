import type { Pack, Recogniser } from '@flyball/detectors';
import type { Detector, Pattern } from '../contract/detector.ts';
import { compileWithContext } from '../detection/compile-with-context.ts';
import type { PatternSet } from '../scanner/types.ts';
import { decodedDetector } from './decoded/decoded-detector.ts';
import { promptDetector } from './overlap/prompt-detector.ts';
import { detectorOf } from './recogniser.ts';

/** What must be compiled before a detector that is code may be asked. */
const preparations = new WeakMap<Detector, () => Promise<unknown>>();

/** Prepares a detector for its first event: nothing is compiled inside one. */
export async function prepare(detector: Detector): Promise<void> {
  await preparations.get(detector)?.();
}

/** By pack, version and parts: policies that name the same share what is compiled. */
const compiledSets = new Map<string, Promise<PatternSet>>();

/** A recogniser that is no form but something that code looks for. */
export function lookingDetector(recogniser: Recogniser, { name, version, parts }: Pack): Detector {
  const looking = recogniser.looking!;
  if (looking.for === 'prompt') return promptDetector(recogniser, version);
  const members = looking.parts.flatMap((part) => parts[part] ?? []);
  const patterns = members.flatMap((member): readonly Pattern[] =>
    member.looking === undefined ? detectorOf({ recogniser: member, version, except: [] }, undefined).patterns! : [],
  );
  const key = `${name} ${version} ${looking.parts.join()}`;
  const compiled = (): Promise<PatternSet> => {
    let set = compiledSets.get(key);
    if (set === undefined) compiledSets.set(key, (set = compileWithContext(patterns)));
    return set;
  };
  const detector = decodedDetector(recogniser, version, patterns, compiled);
  preparations.set(detector, compiled);
  return detector;
}
