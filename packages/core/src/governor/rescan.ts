import { assemble } from '../assemble.ts';
import type { Detector } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { DecisionRecord, KeptContent, PolicyMaterial } from '../contract/record.ts';
import type { Ruling } from '../contract/ruling.ts';
import { decide } from '../decision/decide.ts';
import { settle } from '../decision/settle.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import { readPolicy, type PolicySource } from './lifecycle/policy-source.ts';
import { ownDetectors } from './named-detectors.ts';
import { scanEvent } from './run-detectors.ts';

/** What another policy says of a recorded decision whose texts were captured. `undefined`: it cannot be said. */
export type Rescan = (record: DecisionRecord, content: KeptContent) => Promise<Ruling | undefined>;

/** Nobody waits for it but a person. */
const DEADLINE_MS = 10_000;

/**
 * Makes another policy ready to read captured texts. Detectors that the application brought itself are not there: what
 * needs one cannot be said. The store is not asked: its answers are those of the record. Throws a `PolicyError` if the
 * policy does not load.
 *
 *     const rescan = await compileRescan({ file: 'next.yaml' }, policyRecord.material);
 *     const ruling = await rescan(record, await open(record));
 */
export async function compileRescan(source: PolicySource, recorded: PolicyMaterial): Promise<Rescan> {
  const document = await readPolicy(source);
  const own = await ownDetectors(recorded.detectors, document, recorded.document as unknown as PolicyDocument);
  const assembled = await assemble(document, own.map(missing));
  return async (record, { texts, args }) => {
    const { segments, facts: _, ...rest } = record.event;
    // Of a stream there is one text for each channel. Where it had blocks or values of its own, they were judged apart.
    const isStream = record.inputs.by === 'gate';
    if (isStream && (segments.length !== texts.length || record.decision.coverage.ended !== undefined))
      return undefined;
    const event: GovernedEvent = {
      ...rest,
      interactionId: record.decision.interactionId,
      content: texts,
      ...(args !== undefined && { args }),
    };
    const at = record.snapshot.at ?? record.decision.at;
    const findings = await scanEvent(assembled, event, DEADLINE_MS, at);
    if (findings.errors.length > 0) return undefined;
    return settle(decide(assembled.policy, event, findings, { ...record.snapshot, at }), record.answers);
  };
}

function missing({ id, version, types }: PolicyMaterial['detectors'][number]): Detector {
  return {
    id,
    version,
    types,
    detect() {
      throw new Error('the code of the detector is not here');
    },
  };
}
