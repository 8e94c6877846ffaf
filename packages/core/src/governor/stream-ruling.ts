import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Coverage, Ruling } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { UNREAD } from '../detection/unread.ts';
import { decide } from '../decision/decide.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';

const NOTHING: readonly never[] = Object.freeze([]);

/** The ruling on what has arrived of a stream; `ended` says how it was cut, if it was. */
export function streamRuling(
  policy: CompiledPolicy,
  event: GovernedEvent,
  findings: Findings = UNREAD,
  snapshot: Snapshot,
  ended: Coverage['ended'],
): Ruling {
  const facts = ended === undefined ? findings : { ...findings, coverage: { ...findings.coverage, ended } };
  return decide(policy, event, facts, snapshot);
}

export const isStop = ({ outcome }: Pick<Ruling, 'outcome'>): boolean => outcome === 'BLOCK' || outcome === 'COOLDOWN';

/**
 * INVARIANT: a stream that was cut is recorded as stopped. The gate cuts exactly where the rules say so; should the two ever
 * differ, the stricter one stands (E2).
 */
export function strengthened(ruling: Ruling): Ruling {
  if (isStop(ruling)) return ruling;
  const { ruleId: _, ...rest } = ruling;
  const verdict = Object.freeze({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' } as const);
  return Object.freeze({ ...rest, ...verdict, verdict, edits: NOTHING });
}
