import type { Arrival } from '../reference/release.ts';
import { compare, expected, isEqual, type Difference } from './compare.ts';
import { randomArrivals, randomPolicy, type CasePolicy } from './generate.ts';
import { chunked, type GateCase } from './policy-case.ts';
import { Random } from './random.ts';
import { RealGate } from './real-gate.ts';

/** What a number of cases came to. */
export interface Tally {
  cases: number;
  leakedChars: number;
  needlessHolds: number;
  mismatches: number;
  stopped: number;
  /** Policies that the scanner refused, by code. */
  readonly refused: Record<string, number>;
  /** The first few cases that went wrong, as they were. */
  readonly failures: { readonly case: GateCase; readonly difference: Difference }[];
}

/** Texts of one policy, and ways to cut each. One case is one policy, one text and one way of cutting it. */
const TEXTS = 6;
const CUTS = 3;
export const CASES_PER_POLICY: number = TEXTS * CUTS;

const KEPT_FAILURES = 3;

const unitByUnit = (arrivals: readonly Arrival[]): Arrival[] => chunked(arrivals, () => 1);

export function emptyTally(): Tally {
  return { cases: 0, leakedChars: 0, needlessHolds: 0, mismatches: 0, stopped: 0, refused: {}, failures: [] };
}

/**
 * Runs the cases of one policy. Its number and the seed name it: neither the order nor the number of processes matters.
 */
export async function runPolicy(
  seed: number,
  number: number,
  tally: Tally,
  most: number = CASES_PER_POLICY,
): Promise<void> {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b));
  const { policy, gate } = await compiledPolicy(random, tally);
  for (let i = 0; i < TEXTS && i * CUTS < most; i++) {
    const whole: GateCase = { ...policy.settings, arrivals: randomArrivals(random, policy.flavour) };
    const reference = expected(whole);
    if (reference.stoppedAt !== undefined) tally.stopped++;
    const { facts } = gate.run(unitByUnit(whole.arrivals));
    for (let cut = 0; cut < CUTS && i * CUTS + cut < most; cut++) {
      const longest = cut === 0 ? 1 : random.pick([2, 5, 100]);
      const arrivals = chunked(whole.arrivals, (left) => random.between(1, Math.min(left, longest)));
      const difference = compare(reference, arrivals, gate.run(arrivals), facts);
      tally.cases++;
      if (isEqual(difference)) continue;
      tally.leakedChars += difference.leakedChars;
      tally.needlessHolds += difference.needlessHolds;
      tally.mismatches += Number(difference.mismatch);
      if (tally.failures.length < KEPT_FAILURES) tally.failures.push({ case: { ...whole, arrivals }, difference });
    }
  }
}

/** A random policy that the scanner takes. */
async function compiledPolicy(
  random: Random,
  tally: Tally,
): Promise<{ readonly policy: CasePolicy; readonly gate: RealGate }> {
  for (;;) {
    const policy = randomPolicy(random);
    try {
      return { policy, gate: await RealGate.compile(policy.settings) };
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      // Only a refusal is an answer; anything else is a bug in the scanner.
      if (typeof code !== 'string' || !code.startsWith('PATTERN_')) throw error;
      tally.refused[code] = (tally.refused[code] ?? 0) + 1;
    }
  }
}

/**
 * Runs one case as it is: how it differs from what the reference says. `undefined` if the scanner refuses its patterns.
 */
export async function runCase(gateCase: GateCase): Promise<Difference | undefined> {
  let gate: RealGate;
  try {
    gate = await RealGate.compile(gateCase);
  } catch {
    return undefined;
  }
  const { facts } = gate.run(unitByUnit(gateCase.arrivals));
  return compare(expected(gateCase), gateCase.arrivals, gate.run(gateCase.arrivals), facts);
}
