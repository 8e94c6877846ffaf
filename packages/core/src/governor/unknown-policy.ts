import type { GovernedEvent } from '../contract/event.ts';
import { EMPTY_SNAPSHOT } from '../contract/snapshot.ts';
import type { Ruling } from '../contract/ruling.ts';
import { unknownPolicyRuling } from '../decision/unknown-policy.ts';
import { UNREAD } from '../detection/unread.ts';
import type { PendingDecision } from './commit.ts';
import type { RulingSource } from './record.ts';

/** The decision on an event that names a policy nobody loaded: there is nothing to ask, so it is blocked. */
export function unknownPolicy(policyId: string, event: GovernedEvent, startedAt: number): PendingDecision {
  const segments = event.content.map(({ path, text }) => ({ path, length: text.length, scanned: 0 }));
  const ruling = unknownPolicyRuling(policyId, segments);
  const source: RulingSource = { by: 'unknown_policy', findings: UNREAD };
  return { policy: undefined, event, ruling, source, snapshot: EMPTY_SNAPSHOT, startedAt };
}

/** Reasons that stop a stream before its first unit, whatever the text would be. */
const AT_ONCE: ReadonlySet<string> = new Set(['HALTED', 'COOLDOWN_ACTIVE', 'LIMIT_EXCEEDED', 'FAILED_CLOSED']);

/** The ruling on a stream that has no text yet, if it already says that there will be none. */
export function refusedRuling(ruling: Ruling): Ruling | undefined {
  const stops = ruling.outcome === 'BLOCK' || ruling.outcome === 'COOLDOWN';
  return stops && AT_ONCE.has(ruling.reason) ? ruling : undefined;
}
