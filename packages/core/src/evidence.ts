// For those who keep records and make decisions again: the records, and the pure decision.
import type { PolicyMaterial } from './contract/record.ts';
import { compilePolicy } from './policy/compile.ts';
import type { CompiledPolicy } from './policy/compiled.ts';
import type { PolicyDocument } from './policy/document/document.ts';

export type { Sink } from './audit/sink.ts';
export { checkOptions, withMethods, type OptionShape } from './check-options.ts';
export type { DetectorInfo } from './contract/detector.ts';
export type { Json } from './contract/json.ts';
export type {
  AuditRecord,
  ControlRecord,
  DecisionRecord,
  OpenedRecord,
  PolicyMaterial,
  PolicyRecord,
  RecordedEvent,
  RecordedSegment,
  RulingInputs,
  RulingPath,
} from './contract/record.ts';
export type { Decision, Failure, FailureCode, Ruling } from './contract/ruling.ts';
export { CONTRACT_VERSION } from './contract/version.ts';
export { ruleAgain, rulingIn } from './decision/rule-again.ts';
export { FlyballError } from './errors.ts';
export { mintId } from './ids.ts';
export { call, type Answer } from './outside/call.ts';
export { notify } from './outside/notify.ts';
export { canonicalJson } from './policy/canonical-json.ts';
export type { CompiledPolicy } from './policy/compiled.ts';

/**
 * Compiles a policy out of its record: with the same package it has the behaviour version that the record names, and no detector's code
 * is needed. Throws a `PolicyError` if the document does not load any more.
 *
 *     const policy = await compileMaterial(record.material);
 *     const again = ruleAgain(policy, decisionRecord);
 */
export async function compileMaterial({ document, detectors }: PolicyMaterial): Promise<CompiledPolicy> {
  return compilePolicy(document as unknown as PolicyDocument, detectors);
}
