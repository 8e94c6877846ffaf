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
import type { PolicyWarning } from '../../policy/document/policy-error.ts';
import { PolicyError } from '../../policy/document/policy-error.ts';
import { isFile, watchFile, type PolicyFile, type PolicySource } from './policy-file.ts';
import type { FileListener } from './policy-text.ts';

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
  /** Set while the file of a policy holds what does not load, so that what runs is older. */
  refused(id: string): PolicyWarning | undefined;
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
  const load = async (source: PolicySource, onFile?: FileListener): Promise<AssembledPolicy> => {
    const assembled = await loadPolicy(source, own, ownPacks, onFile);
    requireSink(assembled, audit);
    requireContentKey(assembled, contentKey);
    return assembled;
  };

  const loaded = new Map<string, AssembledPolicy>();
  const watched: Watched[] = [];
  for (const source of sources) {
    const files = new Set<string>();
    const assembled = await load(source, (file) => void files.add(file));
    const { id } = assembled.policy;
    if (loaded.has(id))
      throw new FlyballError('OPTIONS_INVALID', `two policies are named \`${id}\`: give each a name of its own`);
    loaded.set(id, assembled);
    if (isFile(source) && source.watch === true) watched.push({ source, id, files });
  }
  const [first] = loaded.keys();
  if (first === undefined)
    throw new FlyballError('OPTIONS_INVALID', 'no policy was given: pass `policy` to createGovernor');

  /** One after the other: of two changes the later one stays. */
  const reloads = new Map<string, Promise<void>>();
  const refused = new Map<string, Refusal>();
  /** Ends the waiting for a file that may be being written. */
  const waiting = new Map<Watched, () => void>();
  let following = false;
  let closed = false;
  const reload = (one: Watched): void => {
    if (!following || closed) return;
    const unfinished = waiting.get(one);
    if (unfinished !== undefined) return unfinished();
    const after = (reloads.get(one.id) ?? Promise.resolve()).then(async () => {
      const change = await reloaded(one);
      if (change !== undefined && !closed) report(change);
    });
    reloads.set(one.id, after);
  };

  async function reloaded(one: Watched): Promise<PolicyChange | undefined> {
    const { id } = one;
    const { assembled, refusal } = await settled(one);
    if (assembled === undefined) {
      const isKnown = refused.get(id)?.message === refusal.message;
      refused.set(id, refusal);
      return isKnown ? undefined : { policyId: id, change: 'rejected', problems: refusal.message.split('\n') };
    }
    // After a refusal it is told as well that the file holds what runs.
    const isKnown = !refused.delete(id) && assembled.policy.behaviorVersion === loaded.get(id)?.policy.behaviorVersion;
    if (isKnown) return undefined;
    loaded.set(id, assembled);
    return loadedChange(assembled);
  }

  /** A file that is written in place is empty, or half there, for a moment: it is refused once it has stayed so. */
  async function settled(one: Watched): Promise<Attempt> {
    for (let step = 1, isQuiet = false; ; step++) {
      const attempt = await attempted(one);
      if (attempt.assembled !== undefined || isQuiet || step >= MOST_STEPS) return attempt;
      isQuiet = await quiet(one);
      if (closed) return attempt;
    }
  }

  /** True after a while in which the file did not change, false as soon as it has. */
  function quiet(one: Watched): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isQuiet: boolean): void => {
        clearTimeout(timer);
        waiting.delete(one);
        resolve(isQuiet);
      };
      const timer = setTimeout(end, UNFINISHED_MS, true);
      (timer as { unref?: () => void }).unref?.();
      waiting.set(one, () => end(false));
    });
  }

  async function attempted(one: Watched): Promise<Attempt> {
    try {
      const assembled = await load(one.source, (file) => watch(one, file));
      const { id } = assembled.policy;
      if (id === one.id) return { assembled };
      throw new FlyballError('OPTIONS_INVALID', `the file now holds policy \`${id}\`, not \`${one.id}\``);
    } catch (error) {
      return { refusal: refusalOf(error, one.source.file) };
    }
  }

  // Watched only now: a start that fails leaves no watcher behind.
  const stops: (() => void)[] = [];
  for (const one of watched) for (const file of one.files) stops.push(watchFile(file, () => reload(one)));

  /** Of a policy that does not load as well: what is wrong may be in a file that it has not built upon before. */
  function watch(one: Watched, file: string): void {
    if (closed || one.files.has(file)) return;
    one.files.add(file);
    stops.push(watchFile(file, () => reload(one)));
  }
  for (const assembled of loaded.values()) report(loadedChange(assembled));

  return {
    first,
    get: (id) => loaded.get(id),
    all: () => [...loaded.values()],
    refused: (id) => refused.get(id)?.warning,
    follow() {
      following = true;
      // What changed while the governor was being made.
      for (const one of watched) reload(one);
    },
    close() {
      closed = true;
      for (const end of waiting.values()) end();
      for (const stop of stops) stop();
    },
  };
}

interface Watched {
  readonly source: PolicyFile;
  readonly id: string;
  /** The policy's file, and those of the policies that it builds upon. */
  readonly files: Set<string>;
}

/** How long a file that is being written may stay as it is, and in how many steps it may be written. */
const UNFINISHED_MS = 500;
const MOST_STEPS = 20;

type Attempt =
  | { readonly assembled: AssembledPolicy; readonly refusal?: undefined }
  | { readonly assembled?: undefined; readonly refusal: Refusal };

/** Why a version was not taken. */
interface Refusal {
  readonly message: string;
  readonly warning: PolicyWarning;
}

function refusalOf(error: unknown, source: string): Refusal {
  const said = (error instanceof Error ? error.message : String(error)).toWellFormed();
  const [issue] = error instanceof PolicyError ? error.issues : [];
  const { file = source, line = 0, column = 0, path = '', message: why = said } = issue ?? {};
  const message = `the version that the file holds does not load, so the one before it runs: ${why}`;
  return { message: said, warning: { file, line, column, path, code: 'VERSION_REFUSED', message } };
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
