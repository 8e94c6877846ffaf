import type { Detector } from '../../contract/detector.ts';
import type { Pack } from '@flyball/detectors';
import type { AssembledPolicy } from '../../assemble.ts';
import type { Sink } from '../../audit/sink.ts';
import type { GovernedEvent } from '../../contract/event.ts';
import type { PolicyMaterial } from '../../contract/record.ts';
import { defineDetector } from '../../detectors/detector.ts';
import { definePack } from '../../detectors/define-pack.ts';
import { FlyballError } from '../../errors.ts';
import { originOf, policyError } from '../../policy/document/locate.ts';
import type { LoadPolicy } from './load-policy.ts';
import { isFile, watchFile, type PolicyFile, type PolicySource } from './policy-file.ts';

/** What became of a policy: loaded, or a new version of it refused while the old one keeps running. */
export interface PolicyChange {
  readonly policyId: string;
  readonly change: 'loaded' | 'rejected';
  readonly behaviorVersion?: string;
  /** Present with `loaded`: from it the behaviour version can be made again. */
  readonly material?: PolicyMaterial;
  /** Why it was refused, one line per problem. */
  readonly problems?: readonly string[];
}

export interface Policies {
  readonly first: string;
  get(id: string): AssembledPolicy | undefined;
  all(): readonly AssembledPolicy[];
  /** From now on changes of watched files are taken: the governor is there to decide by them. */
  follow(): void;
  close(): void;
}

/** What an application brings that a policy may ask for. */
export interface OwnParts {
  readonly detectors?: readonly Detector[];
  readonly packs?: readonly Pack[];
  readonly audit?: Sink;
  readonly contentKey?: string;
}

/** Loads every policy, or rejects with what is wrong with them and leaves nothing behind. `report` must not throw. */
export async function openPolicies(
  loadPolicy: LoadPolicy,
  given: PolicySource | readonly PolicySource[],
  { detectors = [], packs = [], audit, contentKey }: OwnParts,
  report: (change: PolicyChange) => void,
): Promise<Policies> {
  const sources = Array.isArray(given) ? (given as readonly PolicySource[]) : [given as PolicySource];
  const own = detectors.map((detector) => defineDetector(detector));
  const ownPacks = packs.map((pack) => definePack(pack));
  const load = async (source: PolicySource): Promise<AssembledPolicy> => {
    const assembled = await loadPolicy(source, own, ownPacks);
    requireSink(assembled, audit);
    requireContentKey(assembled, contentKey);
    return assembled;
  };

  const loaded = new Map<string, AssembledPolicy>();
  const watched: { readonly source: PolicyFile; readonly id: string }[] = [];
  for (const source of sources) {
    const assembled = await load(source);
    const { id } = assembled.policy;
    if (loaded.has(id))
      throw new FlyballError('OPTIONS_INVALID', `two policies are named \`${id}\`: give each a name of its own`);
    loaded.set(id, assembled);
    if (isFile(source) && source.watch === true) watched.push({ source, id });
  }
  const [first] = loaded.keys();
  if (first === undefined)
    throw new FlyballError('OPTIONS_INVALID', 'no policy was given: pass `policy` to createGovernor');

  /** One after the other: of two changes the later one stays. */
  const reloads = new Map<string, Promise<void>>();
  let following = false;
  let closed = false;
  const reload = ({ source, id }: (typeof watched)[number]): void => {
    if (!following || closed) return;
    const after = (reloads.get(id) ?? Promise.resolve()).then(async () => {
      const change = await reloaded(source, id);
      // It may build upon other files than before. One that cannot be watched was read: the others still are.
      await watchAll({ source, id }).catch(() => undefined);
      if (change !== undefined && !closed) report(change);
    });
    reloads.set(id, after);
  };

  async function reloaded(source: PolicySource, id: string): Promise<PolicyChange | undefined> {
    try {
      const assembled = await load(source);
      const { policy } = assembled;
      if (policy.id !== id)
        throw new FlyballError('OPTIONS_INVALID', `the file now holds policy \`${policy.id}\`, not \`${id}\``);
      if (policy.behaviorVersion === loaded.get(id)?.policy.behaviorVersion) return undefined;
      loaded.set(id, assembled);
      return loadedChange(assembled);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { policyId: id, change: 'rejected', problems: message.toWellFormed().split('\n') };
    }
  }

  // Watched only now: a start that fails leaves no watcher behind.
  const stops: (() => void)[] = [];
  const followed = new Set<string>();
  /** The policy's file, and those of the policies that it builds upon. */
  async function watchAll(one: (typeof watched)[number]): Promise<void> {
    const { document } = loaded.get(one.id)!.material;
    const { files = [] } = originOf(document as object) ?? {};
    for (const file of new Set([one.source.file, ...files])) {
      const key = `${one.id}\n${file}`;
      if (closed || followed.has(key)) continue;
      followed.add(key);
      stops.push(await watchFile(file, () => reload(one)));
    }
  }
  try {
    for (const one of watched) await watchAll(one);
  } catch (error) {
    for (const stop of stops) stop();
    throw error;
  }
  for (const assembled of loaded.values()) report(loadedChange(assembled));

  return {
    first,
    get: (id) => loaded.get(id),
    all: () => [...loaded.values()],
    follow() {
      following = true;
      // What changed while the governor was being made.
      for (const one of watched) reload(one);
    },
    close() {
      closed = true;
      for (const stop of stops) stop();
    },
  };
}

/** A1: a policy that asks for more than its sink offers does not load. */
function requireSink({ policy, material }: AssembledPolicy, sink: Sink | undefined): void {
  if (policy.audit.durable.length === 0 || sink?.offersDurable === true) return;
  const has = sink === undefined ? 'there is no sink' : `the sink \`${sink.name}\` keeps none`;
  const message = `records on disk before the decision takes effect: ${has}. Give \`audit\` a log (\`openLog\`) or another sink that offers it`;
  const { locator } = originOf(material.document as object)!;
  throw policyError(locator, [{ path: ['audit', 'durable'], code: 'SINK_INSUFFICIENT', message }]);
}

/** A2: texts are kept for those who have the operator's key, or not at all. */
function requireContentKey({ policy, material }: AssembledPolicy, key: string | undefined): void {
  if (policy.audit.content !== 'captured' || key !== undefined) return;
  const message = 'text is captured for those who have a key, and there is none: give the governor a `contentKey`';
  const { locator } = originOf(material.document as object)!;
  throw policyError(locator, [{ path: ['audit', 'content'], code: 'CONTENT_KEY_MISSING', message }]);
}

function loadedChange({ policy, material }: AssembledPolicy): PolicyChange {
  return { policyId: policy.id, change: 'loaded', behaviorVersion: policy.behaviorVersion, material };
}

/** Stages that the policy's rules name. */
export function stagesOf({ policy }: AssembledPolicy): readonly GovernedEvent['stage'][] {
  const stages = Object.keys(policy.stages) as GovernedEvent['stage'][];
  return stages.filter((stage) => policy.stages[stage].rules.length > 0);
}
