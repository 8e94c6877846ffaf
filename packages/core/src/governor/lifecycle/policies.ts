import type { AssembledPolicy } from '../../assemble.ts';
import type { Detector } from '../../contract/detector.ts';
import type { GovernedEvent } from '../../contract/event.ts';
import { FlyballError } from '../../errors.ts';
import { isFile, readPolicy, watchFile, type PolicySource } from './policy-source.ts';

/** What became of a policy: loaded, or a new version of it refused while the old one keeps running. */
export interface PolicyChange {
  readonly policyId: string;
  readonly change: 'loaded' | 'POLICY_REJECTED';
  readonly behaviorVersion?: string;
  /** Why it was refused, one line per problem. */
  readonly problems?: readonly string[];
}

export interface Policies {
  readonly first: string;
  get(id: string): AssembledPolicy | undefined;
  all(): readonly AssembledPolicy[];
  close(): void;
}

/** Loads every policy, or rejects with what is wrong with them; then follows those that are watched. */
export async function openPolicies(
  sources: readonly PolicySource[],
  detectors: readonly Detector[],
  report: (change: PolicyChange) => void,
): Promise<Policies> {
  const loaded = new Map<string, AssembledPolicy>();
  const stops: (() => void)[] = [];
  // Loaded with the first policy: compilers cost a process that only imports the core too much.
  const { assemble } = await import('../../assemble.ts');
  const load = async (source: PolicySource): Promise<AssembledPolicy> => assemble(await readPolicy(source), detectors);
  let first: string | undefined;

  for (const source of sources) {
    const assembled = await load(source);
    const { id, behaviorVersion } = assembled.policy;
    if (loaded.has(id))
      throw new FlyballError('OPTIONS_INVALID', `two policies are named \`${id}\`: give each a name of its own`);
    loaded.set(id, assembled);
    first ??= id;
    report({ policyId: id, change: 'loaded', behaviorVersion });
    if (isFile(source) && source.watch === true) stops.push(await watchFile(source.file, follow(source, id)));
  }
  if (first === undefined)
    throw new FlyballError('OPTIONS_INVALID', 'no policy was given: pass `policy` to createGovernor');

  /** Reloads one after the other: of two changes the later one stays. */
  function follow(source: PolicySource, id: string): () => void {
    let queue = Promise.resolve();
    const reload = async (): Promise<void> => {
      try {
        const assembled = await load(source);
        const { policy } = assembled;
        if (policy.id !== id)
          throw new FlyballError('OPTIONS_INVALID', `the file now holds policy \`${policy.id}\`, not \`${id}\``);
        if (policy.behaviorVersion === loaded.get(id)?.policy.behaviorVersion) return;
        loaded.set(id, assembled);
        report({ policyId: id, change: 'loaded', behaviorVersion: policy.behaviorVersion });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        report({ policyId: id, change: 'POLICY_REJECTED', problems: message.split('\n') });
      }
    };
    return () => {
      queue = queue.then(reload);
    };
  }

  return {
    first,
    get: (id) => loaded.get(id),
    all: () => [...loaded.values()],
    close: () => {
      for (const stop of stops) stop();
    },
  };
}

/** Stages that the policy's rules name. */
export function stagesOf({ policy }: AssembledPolicy): readonly GovernedEvent['stage'][] {
  const stages = Object.keys(policy.stages) as GovernedEvent['stage'][];
  return stages.filter((stage) => policy.stages[stage].rules.length > 0);
}
