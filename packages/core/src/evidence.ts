// For those who keep records and make decisions again: the records, and the pure decision.
import { expandExample } from '@flyball/detectors';
import type { DetectorInfo } from './contract/detector.ts';
import type { PolicyMaterial } from './contract/record.ts';
import { loadPacks, membersOf } from './detectors/packs.ts';
import { namedDetectors, ownDetectors } from './governor/named-detectors.ts';
import { readPolicy, type PolicySource } from './governor/lifecycle/policy-source.ts';
import { compilePolicy } from './policy/compile.ts';
import type { CompiledPolicy } from './policy/compiled.ts';
import type { PolicyDocument } from './policy/document/document.ts';
import { normalDetector } from './policy/normalise.ts';

export type { AcceptOptions, Sink } from './audit/sink.ts';
export { contentOpener } from './audit/content-key.ts';
export { checkOptions, withMethods, type OptionShape } from './check-options.ts';
export type { DetectorInfo } from './contract/detector.ts';
export type { Json } from './contract/json.ts';
export {
  RECORD_SCHEMA_VERSION,
  type AuditRecord,
  type ControlRecord,
  type SubjectRecord,
  type CapturedContent,
  type DecisionRecord,
  type KeptContent,
  type RecordedContent,
  type OpenedRecord,
  type PolicyMaterial,
  type PolicyRecord,
  type RecordedEvent,
  type RecordedSegment,
  type RulingInputs,
  type RulingPath,
} from './contract/record.ts';
export type { Decision, Failure, FailureCode, Ruling } from './contract/ruling.ts';
export { CONTRACT_VERSION } from './contract/version.ts';
export { ruleAgain, rulingIn } from './decision/rule-again.ts';
export { FlyballError } from './errors.ts';
export { mintId } from './ids.ts';
export { call, type Answer } from './outside/call.ts';
export { notify } from './outside/notify.ts';
export { canonicalJson } from './policy/canonical-json.ts';
export type { CompiledPolicy, CompiledRule } from './policy/compiled.ts';
export { rulesFor } from './policy/rule-index.ts';
export { typeMatches } from './contract/signal.ts';
export { compileRescan, type Rescan } from './governor/rescan.ts';
export { readPolicy, type PolicySource } from './governor/lifecycle/policy-source.ts';

/**
 * Compiles a policy out of its record: with the same package it has the behaviour version that the record names, and no
 * detector's code is needed. Throws a `PolicyError` if the document does not load any more.
 *
 *     const policy = await compileMaterial(record.material);
 *     const again = ruleAgain(policy, decisionRecord);
 */
export async function compileMaterial({ document, detectors }: PolicyMaterial): Promise<CompiledPolicy> {
  return compilePolicy(document as unknown as PolicyDocument, detectors);
}

/** A policy that did not run, compiled against the detectors that there were, and what may report signals for it. */
export interface Candidate {
  readonly policy: CompiledPolicy;
  readonly detectors: readonly DetectorInfo[];
}

/**
 * Compiles another policy for a recorded one's traffic. Detectors that the application brought itself are taken from
 * the record: their names and types are enough to load a policy. Throws a `PolicyError` if it does not load.
 */
export async function compileCandidate(source: PolicySource, recorded: PolicyMaterial): Promise<Candidate> {
  const document = await readPolicy(source);
  const before = recorded.document as unknown as PolicyDocument;
  const own = await ownDetectors(recorded.detectors, document, before);
  const detectors = [...(await namedDetectors(document)), ...own];
  return { policy: await compilePolicy(document, detectors), detectors };
}

/** A text in which something of a type is found. */
export interface ExampleText {
  readonly type: string;
  readonly text: string;
}

/**
 * Texts in which a policy's detectors find something: the examples of packs, and phrases. What patterns of the policy's
 * own, or detectors that are code, would find is not known without them.
 *
 *     await exampleTexts(document); // [{ type: 'pii.iban', text: 'pay to DE89 3704 …' }, …]
 */
export async function exampleTexts(document: PolicyDocument): Promise<readonly ExampleText[]> {
  const detectors = (document.detectors ?? []).map(normalDetector);
  const uses = detectors.flatMap((detector) => ('use' in detector ? detector.use : []));
  const { loaded } = await loadPacks(uses, []);
  const found = uses.flatMap((use) =>
    membersOf(use, loaded).map(({ recogniser: { type, finds } }) => ({ type, text: expandExample(finds[0]!).text })),
  );
  const phrases = detectors.flatMap((detector) =>
    'phrases' in detector ? [{ type: detector.id, text: detector.phrases[0]! }] : [],
  );
  return [...found, ...phrases];
}
