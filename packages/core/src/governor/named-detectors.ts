import type { DetectorInfo } from '../contract/detector.ts';
import { detectorsFor } from '../detectors/catalogue.ts';
import { loadPacks } from '../detectors/packs.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import { normalDetector } from '../policy/normalise.ts';

/** What a policy brings without the application: packs, phrases and patterns. */
export async function namedDetectors(document: PolicyDocument): Promise<readonly DetectorInfo[]> {
  const named = (document.detectors ?? []).map(normalDetector);
  const packs = await loadPacks(
    named.flatMap((detector) => ('use' in detector ? detector.use : [])),
    [],
  );
  return detectorsFor(named, [], packs).infos;
}

/** Recorded detectors that the application brought itself: neither the recorded policy nor the other one has them. */
export async function ownDetectors(
  recorded: readonly DetectorInfo[],
  ...documents: readonly PolicyDocument[]
): Promise<readonly DetectorInfo[]> {
  const named = await Promise.all(documents.map(namedDetectors));
  const ids = new Set(named.flat().map(({ id }) => id));
  return recorded.filter(({ id }) => !ids.has(id));
}
