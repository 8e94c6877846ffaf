import type { Pack } from '@flyball/detectors';
import { assemble, type AssembledPolicy } from '../../assemble.ts';
import type { Detector } from '../../contract/detector.ts';
import { isPrecompiled } from '../../precompiled/format.ts';
import type { PolicySource } from './policy-file.ts';
import { readPolicy } from './policy-source.ts';

/** From a source to what runs, with what the application brings. Rejects with everything that is wrong. */
export type LoadPolicy = (
  source: PolicySource,
  detectors: readonly Detector[],
  packs: readonly Pack[],
) => Promise<AssembledPolicy>;

/** Reads and compiles it, or builds what was compiled before. */
export const loadPolicy: LoadPolicy = async (source, detectors, packs) => {
  if (!isPrecompiled(source)) return assemble(await readPolicy(source), detectors, packs);
  const { loadPrecompiled } = await import('../../precompiled/load.ts');
  return loadPrecompiled(source, detectors, packs);
};
