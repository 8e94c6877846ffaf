import type { Mode } from '../contract/effect.ts';
import type { Reason } from '../contract/reasons.ts';
import type { Ruling } from '../contract/ruling.ts';
import { verdict } from './verdict.ts';

const NOTHING: readonly never[] = Object.freeze([]);
const OFF = verdict('NO_OP', 'GOVERNANCE_OFF');
const SHADOWED = verdict('NO_OP', 'SHADOWED');

/** Why an adapter stops something. */
export interface Refusal {
  readonly reason: Reason;
  /** Mode of the decision that the refusal stands in for, whatever an operator has set meanwhile. */
  readonly mode?: Mode;
}

/**
 * What an adapter cannot carry out is stopped, on top of what the state had to say: a halt keeps its own reason. Pure.
 */
export function refusalRuling(ruling: Ruling, { reason, mode: standsInFor }: Refusal): Ruling {
  if (ruling.reason === 'HALTED') return ruling;
  const mode = standsInFor ?? ruling.mode;
  const { ruleId: _, retryAfterMs: __, ...facts } = ruling;
  // Of one event strikes count once, and the decision has counted them.
  const rest = { ...facts, ...(standsInFor !== undefined && { strikes: NOTHING }), mode, edits: NOTHING };
  if (mode === 'off') return Object.freeze({ ...rest, ...OFF, verdict: OFF });
  const stopped = verdict('BLOCK', reason);
  return Object.freeze({ ...rest, ...(mode === 'enforce' ? stopped : SHADOWED), verdict: stopped });
}
