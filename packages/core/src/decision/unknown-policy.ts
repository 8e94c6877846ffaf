import type { Ruling, ScannedSegment } from '../contract/ruling.ts';
import { verdict } from './verdict.ts';

const NOTHING: readonly never[] = Object.freeze([]);
const POLICY_UNKNOWN = verdict('BLOCK', 'POLICY_UNKNOWN');

/** The ruling on an event that names a policy nobody loaded: there is nothing to ask, so it is blocked. Pure. */
export function unknownPolicyRuling(policyId: string, segments: readonly ScannedSegment[]): Ruling {
  return Object.freeze({
    ...POLICY_UNKNOWN,
    rules: NOTHING,
    verdict: POLICY_UNKNOWN,
    mode: 'enforce',
    edits: NOTHING,
    signals: NOTHING,
    labels: NOTHING,
    strikes: NOTHING,
    errors: NOTHING,
    coverage: { covered: false, detectors: NOTHING, segments, unjudged: NOTHING },
    onError: 'block',
    policyId,
    policyVersion: '',
    behaviorVersion: '',
  });
}
