import type { Ruling } from '../contract/ruling.ts';
import { verdict } from './verdict.ts';

const NOTHING: readonly never[] = Object.freeze([]);
const FAILED_CLOSED = verdict('BLOCK', 'FAILED_CLOSED');
const AUDIT_UNAVAILABLE = verdict('BLOCK', 'AUDIT_UNAVAILABLE');

export const isStop = ({ outcome }: Pick<Ruling, 'outcome'>): boolean => outcome === 'BLOCK' || outcome === 'COOLDOWN';

/**
 * INVARIANT: a stream that was cut is recorded as stopped. The gate cuts exactly where the rules say so; should the two
 * ever differ, the stricter one stands (E2).
 */
export function strengthened(ruling: Ruling): Ruling {
  if (isStop(ruling)) return ruling;
  const { ruleId: _, ...rest } = ruling;
  return Object.freeze({ ...rest, ...FAILED_CLOSED, verdict: FAILED_CLOSED, edits: NOTHING });
}

/** The ruling on a stream whose first record was refused. */
export function withoutRecord(ruling: Ruling): Ruling {
  return Object.freeze({ ...ruling, ...AUDIT_UNAVAILABLE, verdict: AUDIT_UNAVAILABLE, edits: NOTHING });
}
