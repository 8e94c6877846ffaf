import type { Pack } from '@flyball/detectors';
import { assemble, type AssembledPolicy } from '../../assemble.ts';
import type { Detector } from '../../contract/detector.ts';
import { isPrecompiled } from '../../precompiled/format.ts';
import type { PolicySource } from './policy-file.ts';
import { readSource } from './policy-source.ts';
import type { FileListener } from './policy-text.ts';

/** From a source to what runs, with what the application brings. Rejects with everything that is wrong. */
export type LoadPolicy = (
  source: PolicySource,
  detectors: readonly Detector[],
  packs: readonly Pack[],
  onFile?: FileListener,
) => Promise<AssembledPolicy>;

/** Reads and compiles it, or builds what was compiled before. */
export const loadPolicy: LoadPolicy = async (source, detectors, packs, onFile) => {
  if (!isPrecompiled(source)) return assemble(await readSource(source, onFile), detectors, packs);
  const { loadPrecompiled } = await import('../../precompiled/load.ts');
  return loadPrecompiled(source, detectors, packs);
};
