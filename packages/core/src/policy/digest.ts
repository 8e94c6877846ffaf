import type { DetectorInfo } from '../contract/detector.ts';
import type { NormalPolicy } from './normalise.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import { canonicalJson } from './canonical-json.ts';

/** Names the condition language in the digest: its profile, and the engine that reads it. */
export interface ConditionLanguage {
  readonly language: string;
  readonly profile: string;
  readonly engine: string;
}

/**
 * The behaviour version: `bv1_` and 128 bits of the SHA-256 of everything that can change a ruling.
 * Two policies with the same one rule alike on the same facts; order and duplicates are gone from the normal form.
 */
export async function behaviorVersion(
  policy: NormalPolicy,
  detectors: readonly DetectorInfo[],
  conditions: ConditionLanguage,
): Promise<string> {
  const material = canonicalJson({
    contract: CONTRACT_VERSION,
    policy,
    detectors: detectors.map(detectorMaterial),
    conditions,
  });
  return `bv1_${(await sha256(material)).slice(0, 32)}`;
}

/** SHA-256 of a value's canonical JSON, as hex digits. */
export function digestOf(value: unknown): Promise<string> {
  return sha256(canonicalJson(value));
}

async function sha256(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function detectorMaterial({ id, version, types, kind, content }: DetectorInfo): object {
  return { id, version, types: [...types].sort(), kind, content };
}
