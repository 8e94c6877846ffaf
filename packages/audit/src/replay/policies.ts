import { compileMaterial, type CompiledPolicy, type PolicyMaterial, type PolicyRecord } from '@flyball/core/evidence';

/** A policy as a log kept it, and compiled again. */
export interface KeptPolicy {
  readonly behaviorVersion: string;
  readonly material: PolicyMaterial;
  readonly policy: CompiledPolicy;
}

/** The policies of a log, by the behaviour version that its decisions name. */
export interface KeptPolicies {
  /** Learns of a policy record. */
  add(record: PolicyRecord): Promise<void>;
  get(behaviorVersion: string): KeptPolicy | undefined;
  /** Why a behaviour version cannot be made again. */
  why(behaviorVersion: string): string;
}

/**
 * INVARIANT: a policy that compiles to another behaviour version than its record names is not used. It would decide in
 * another way, and nobody could tell a change of the log from a change of the package.
 */
export function keptPolicies(): KeptPolicies {
  const kept = new Map<string, KeptPolicy>();
  const refused = new Map<string, string>();
  return {
    async add({ behaviorVersion, material }) {
      if (behaviorVersion === undefined || material === undefined || kept.has(behaviorVersion)) return;
      try {
        const policy = await compileMaterial(material);
        if (policy.behaviorVersion === behaviorVersion)
          kept.set(behaviorVersion, { behaviorVersion, material, policy });
        else refused.set(behaviorVersion, `this version of the package makes ${policy.behaviorVersion} of its policy`);
      } catch (error) {
        refused.set(
          behaviorVersion,
          `its policy does not load: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    },
    get: (behaviorVersion) => kept.get(behaviorVersion),
    why: (behaviorVersion) => refused.get(behaviorVersion) ?? 'the log has no record of its policy',
  };
}
