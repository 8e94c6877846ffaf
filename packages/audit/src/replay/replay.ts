import { canonicalJson, ruleAgain, rulingIn, type DecisionRecord } from '@flyball/core/evidence';
import type { LoggedRecord } from '../record/log-records.ts';
import { keptPolicies, type KeptPolicies } from './policies.ts';

/** What became of the decisions of a log when they were made again. */
export interface Replay {
  readonly decisions: number;
  /** Byte for byte. */
  readonly same: number;
  readonly differ: number;
  /** No policy of their behaviour version can be made any more: nothing is said of them. */
  readonly unverifiable: number;
  /** The first that differ, or could not be verified, and how. */
  readonly examples: readonly ReplayExample[];
}

export interface ReplayExample {
  readonly auditId: string;
  readonly seq: number;
  /** Of records of several logs: which. */
  readonly log?: string;
  readonly what: 'differs' | 'unverifiable';
  /** What the record says, and what was made again; or why nothing could be. */
  readonly recorded: string;
  readonly again: string;
}

const MAX_EXAMPLES = 10;

/**
 * Makes every decision of a log again out of its record and the policy kept with it (A4). Reads no store and no text.
 *
 *     const { same, differ } = await replay(readLog('flyball.db').records());
 */
export async function replay(
  records: Iterable<{ readonly log?: string; readonly seq: number; readonly record: LoggedRecord }>,
  onProgress?: (decisions: number) => void,
): Promise<Replay> {
  const policies = keptPolicies();
  const counts = { same: 0, differs: 0, unverifiable: 0 };
  const examples: ReplayExample[] = [];
  let decisions = 0;
  for (const { log, seq, record } of records) {
    if (record.kind === 'policy') await policies.add(record);
    if (record.kind !== 'decision') continue;
    const found = replayOne(record, policies);
    counts[found.what]++;
    if (found.what !== 'same' && examples.length < MAX_EXAMPLES)
      examples.push({ auditId: record.auditId, seq, ...(log !== undefined && { log }), ...found });
    if (++decisions % 1000 === 0) onProgress?.(decisions);
  }
  const { same, differs: differ, unverifiable } = counts;
  return { decisions, same, differ, unverifiable, examples };
}

type Found =
  | { readonly what: 'same' }
  | { readonly what: 'differs' | 'unverifiable'; readonly recorded: string; readonly again: string };

function replayOne(record: DecisionRecord, policies: KeptPolicies): Found {
  const recorded = rulingIn(record.decision);
  const known = record.inputs.by !== 'unknown_policy';
  const kept = known ? policies.get(recorded.behaviorVersion) : undefined;
  if (known && kept === undefined)
    return { what: 'unverifiable', recorded: recorded.behaviorVersion, again: policies.why(recorded.behaviorVersion) };
  const again = ruleAgain(kept?.policy, record);
  if (canonicalJson(again) === canonicalJson(recorded)) return { what: 'same' };
  return { what: 'differs', recorded: inShort(recorded), again: inShort(again) };
}

const inShort = ({ outcome, reason, ruleId }: DecisionRecord['decision'] | ReturnType<typeof ruleAgain>): string =>
  [outcome, reason, ...(ruleId === undefined ? [] : [`by ${ruleId}`])].join(' ');
