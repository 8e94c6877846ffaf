import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Coverage, Ruling } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { UNREAD } from '../detection/unread.ts';
import { decide } from '../decision/decide.ts';
import { strengthened } from '../decision/stops.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { RulingSource } from './record.ts';

/** A ruling on a stream, and what it was made from. */
export interface StreamRuling {
  readonly ruling: Ruling;
  readonly source: RulingSource;
}

/** The ruling on what has arrived of a stream; `ended` says how it was cut, if it was. */
export function streamRuling(
  policy: CompiledPolicy,
  event: GovernedEvent,
  findings: Findings = UNREAD,
  snapshot: Snapshot,
  ended: Coverage['ended'],
): StreamRuling {
  const facts = ended === undefined ? findings : { ...findings, coverage: { ...findings.coverage, ended } };
  return { ruling: decide(policy, event, facts, snapshot), source: { by: 'gate', findings: facts } };
}

/** What is recorded of a stream that was cut. */
export function cutRuling({ ruling, source }: StreamRuling): StreamRuling {
  const stopped = strengthened(ruling);
  return stopped === ruling ? { ruling, source } : { ruling: stopped, source: { ...source, strengthened: true } };
}
