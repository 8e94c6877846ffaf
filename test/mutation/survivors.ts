import { readFileSync } from 'node:fs';
import type { Mutant } from './mutants.ts';

/** A mutant that no test can or need notice, and why. Found again by what its line says before and after the change. */
export interface Survivor {
  readonly file: string;
  readonly was: string;
  readonly now: string;
  readonly why: string;
}

export function readSurvivors(): readonly Survivor[] {
  return JSON.parse(readFileSync(new URL('survivors.json', import.meta.url), 'utf8')) as readonly Survivor[];
}

export const isSame = (survivor: Survivor, mutant: Mutant): boolean =>
  survivor.file === mutant.file && survivor.was === mutant.was && survivor.now === mutant.now;

/** A run against the list of accepted survivors. */
export interface Comparison {
  /** Nobody noticed, and nobody said why that is right. */
  readonly unexplained: readonly Mutant[];
  /** Accepted, and survived. */
  readonly accepted: readonly Mutant[];
  /** Tried and noticed by now: to be taken out of the list. */
  readonly outdated: readonly Survivor[];
}

export function compare(
  tried: readonly Mutant[],
  survived: readonly Mutant[],
  survivors: readonly Survivor[],
): Comparison {
  const known = (mutant: Mutant): boolean => survivors.some((survivor) => isSame(survivor, mutant));
  const isIn = (list: readonly Mutant[], survivor: Survivor): boolean =>
    list.some((mutant) => isSame(survivor, mutant));
  return {
    unexplained: survived.filter((mutant) => !known(mutant)),
    accepted: survived.filter(known),
    outdated: survivors.filter((survivor) => isIn(tried, survivor) && !isIn(survived, survivor)),
  };
}
