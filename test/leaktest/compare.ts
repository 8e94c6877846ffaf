import { release, type Arrival, type Release } from '../reference/release.ts';
import { fold, toReference, type GateCase } from './policy-case.ts';
import { placeOf, type GateRun } from './real-gate.ts';

/** How far a run of the gate is from what the reference says. */
export interface Difference {
  /** Units that left and must not have, or not yet. */
  readonly leakedChars: number;
  /** Moments at which text waited that nothing held. */
  readonly needlessHolds: number;
  /** The run ended differently: another text, stopped and not, half a pair left alone, or other facts. */
  readonly mismatch: boolean;
}

export const isEqual = ({ leakedChars, needlessHolds, mismatch }: Difference): boolean =>
  leakedChars === 0 && needlessHolds === 0 && !mismatch;

/** What the reference says about a case, however it is cut. */
export function expected({ patterns, reactions, arrivals, maxHold }: GateCase): Release {
  return release(patterns.map(toReference), (type) => reactions[type]!, arrivals, {
    fold,
    ...(maxHold === undefined ? {} : { maxHold }),
  });
}

/**
 * Compares a run over `arrivals` (a case's, cut into chunks) with what the reference says about the case, and with the
 * facts that the same text gives unit by unit.
 */
export function compare(
  reference: Release,
  arrivals: readonly Arrival[],
  run: GateRun,
  facts: string = run.facts,
): Difference {
  let leakedChars = 0;
  let needlessHolds = 0;
  let mismatch = run.stopped !== (reference.stoppedAt !== undefined) || run.cutPairs > 0 || run.facts !== facts;
  let moment = -1;
  const judge = (left: ReadonlyMap<string, string>): void => {
    const now = Math.min(moment, reference.moments - 1);
    for (const block of reference.blocks) {
      const text = left.get(placeOf(block)) ?? '';
      let common = 0;
      while (common < text.length && text[common] === block.text[common]) common++;
      const allowed = Math.min(common, block.most[now]!);
      if (text.length > allowed) leakedChars = Math.max(leakedChars, text.length - allowed);
      else if (text.length < block.least[now]!) needlessHolds++;
    }
  };
  for (const [index, arrival] of arrivals.entries()) {
    moment += 'ends' in arrival ? 1 : arrival.text.length;
    judge(run.moments[index]!);
  }
  moment = reference.moments - 1;
  const last = run.moments.at(-1)!;
  judge(last);
  for (const block of reference.blocks) {
    const text = last.get(placeOf(block)) ?? '';
    if (!block.text.startsWith(text) || text.length < block.least.at(-1)!) mismatch = true;
  }
  return { leakedChars, needlessHolds, mismatch };
}
