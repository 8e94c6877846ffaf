import { expandExample, type Pack } from '@flyball/detectors';
import type { PolicyDocument } from '../policy/document/document.ts';
import { normalDetector } from '../policy/normalise.ts';
import { loadPacks, membersOf } from './packs.ts';

/** A text in which something of a type is found. */
export interface ExampleText {
  readonly type: string;
  readonly text: string;
}

/**
 * Texts in which a policy's detectors find something: the examples of packs, and phrases. What patterns of the policy's own, or detectors
 * that are code, would find is not known without them.
 *
 *     await exampleTexts(document); // [{ type: 'pii.iban', text: 'pay to DE89 3704 …' }, …]
 */
export async function exampleTexts(
  document: PolicyDocument,
  own: readonly Pack[] = [],
): Promise<readonly ExampleText[]> {
  const detectors = (document.detectors ?? []).map(normalDetector);
  const uses = detectors.flatMap((detector) => ('use' in detector ? detector.use : []));
  const { loaded } = await loadPacks(uses, own);
  const found = uses.flatMap((use) =>
    membersOf(use, loaded).map(({ recogniser: { type, finds } }) => ({ type, text: expandExample(finds[0]!).text })),
  );
  const phrases = detectors.flatMap((detector) =>
    'phrases' in detector ? [{ type: detector.id, text: detector.phrases[0]! }] : [],
  );
  return [...found, ...phrases];
}
