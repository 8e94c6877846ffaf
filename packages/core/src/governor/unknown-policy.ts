import type { GovernedEvent } from '../contract/event.ts';
import { EMPTY_SNAPSHOT } from '../contract/snapshot.ts';
import type { Ruling } from '../contract/ruling.ts';
import type { PendingDecision } from './commit.ts';

const NOTHING: readonly never[] = Object.freeze([]);

/** The decision on an event that names a policy nobody loaded: there is nothing to ask, so it is blocked. */
export function unknownPolicy(policyId: string, event: GovernedEvent, startedAt: number): PendingDecision {
  const verdict = Object.freeze({ outcome: 'BLOCK', reason: 'POLICY_UNKNOWN' } as const);
  const segments = event.content.map(({ path, text }) => ({ path, length: text.length, scanned: 0 }));
  const ruling: Ruling = Object.freeze({
    ...verdict,
    rules: NOTHING,
    verdict,
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
  return { policy: undefined, event, ruling, snapshot: EMPTY_SNAPSHOT, startedAt };
}

/** Reasons that stop a stream before its first unit, whatever the text would be. */
const AT_ONCE: ReadonlySet<string> = new Set(['HALTED', 'COOLDOWN_ACTIVE', 'LIMIT_EXCEEDED', 'FAILED_CLOSED']);

/** The ruling on a stream that has no text yet, if it already says that there will be none. */
export function refusedRuling(ruling: Ruling): Ruling | undefined {
  const stops = ruling.outcome === 'BLOCK' || ruling.outcome === 'COOLDOWN';
  return stops && AT_ONCE.has(ruling.reason) ? ruling : undefined;
}
