/**
 * What of a policy looks at the texts of each stage: the patterns and detectors that its rules there read, and how they
 * hold streams.
 */
import type { Detector } from './contract/detector.ts';
import { type Channel, CHANNELS, type Stage, STAGES } from './contract/event.ts';
import { typeMatches } from './contract/signal.ts';
import {
  detectorIds,
  type DetectorGate,
  type PlanCode,
  type PlanSet,
  reachesStream,
  STREAMED_STAGES,
  type StreamedStage,
  type StreamPlan,
  type TextPlan,
  timingOf,
} from './detection/plan.ts';
import { EscapedSet } from './detection/escaped-set.ts';
import { prepare } from './detectors/preparations.ts';
import type { CompiledPolicy, CompiledRule, Condition } from './policy/compiled.ts';
import type { Found } from './detection/found.ts';

export interface Plans {
  /** How whole segments of a stage are scanned. */
  readonly whole: { readonly [S in Stage]: TextPlan };
  /** How streamed text of a stage is judged. */
  readonly streams: { readonly [S in StreamedStage]: StreamPlan };
}

/** Patterns as a set that is scanned with; `undefined` where there are none. */
export interface Sets {
  get(found: readonly Found[]): Promise<PlanSet | undefined>;
}

/** What the rules of one place read. */
interface Reads {
  /** Through `detect` of a voting rule: such matches hold text back. */
  voting(type: string, score: number): boolean;
  /** In any way. */
  any(type: string): boolean;
}

const EMPTY_PLAN: TextPlan = { voting: undefined, listening: undefined, code: [] };

export async function plansOf(
  policy: CompiledPolicy,
  detectors: readonly Detector[],
  patterns: readonly Found[],
  plain: Sets,
): Promise<Plans> {
  const sets: Sets = {
    async get(found) {
      const known = await plain.get(found);
      return known && { set: new EscapedSet(known.set), patterns: known.patterns };
    },
  };
  const whole = {} as { [S in Stage]: TextPlan };
  for (const stage of STAGES) {
    const code = codeOf(detectors, policy.stages[stage].rules, policy.gates);
    const reads = readsOf(policy.stages[stage].rules, code);
    const read = patterns.filter(({ pattern }) => reads.any(pattern.type));
    whole[stage] = { voting: undefined, listening: await sets.get(read), code };
  }
  const streams = {} as { [S in StreamedStage]: StreamPlan };
  for (const stage of STREAMED_STAGES) {
    const channels = {} as { [C in Channel]: TextPlan };
    for (const channel of CHANNELS) {
      const rules = policy.stages[stage].rules.filter((rule) => reachesStream(rule, stage, channel));
      channels[channel] =
        rules.length === 0 ? EMPTY_PLAN : await textPlan(rules, patterns, detectors, sets, policy.gates);
    }
    const plans = CHANNELS.map((channel) => channels[channel]);
    // What tools and retrievers bring is read by a program.
    const isRead = stage === 'output' && policy.pace === 'even';
    streams[stage] = { channels, detectors: detectorIds(...plans), ...timingOf(plans, isRead) };
  }
  return { whole, streams };
}

/** Compiles what detectors that are code need before their first event. */
export async function prepareAll(whole: Plans['whole'], streams: Plans['streams']): Promise<void> {
  const plans = [...Object.values(whole), ...Object.values(streams).flatMap(({ channels }) => Object.values(channels))];
  await Promise.all([...new Set(plans.flatMap(({ code }) => code.map(({ detector }) => detector)))].map(prepare));
}

async function textPlan(
  rules: readonly CompiledRule[],
  patterns: readonly Found[],
  detectors: readonly Detector[],
  sets: Sets,
  gates: ReadonlyMap<string, Condition>,
): Promise<TextPlan> {
  const code = codeOf(detectors, rules, gates);
  const reads = readsOf(rules, code);
  const voting = patterns.filter(({ pattern }) => reads.voting(pattern.type, pattern.score ?? 1));
  const listening = patterns.filter((found) => reads.any(found.pattern.type) && !voting.includes(found));
  return { voting: await sets.get(voting), listening: await sets.get(listening), code };
}

/** What rules read, and the conditions of the detectors that run for them. */
function readsOf(rules: readonly CompiledRule[], code: readonly PlanCode[] = []): Reads {
  const votingTerms = rules.filter(votes).flatMap((rule) => rule.detect);
  const types = [
    ...rules.flatMap((rule) => [...rule.detect.map((term) => term.type), ...(rule.when?.signalTypes ?? [])]),
    ...code.flatMap(({ gate }) => gate?.condition.signalTypes ?? []),
  ];
  return {
    voting: (type, score) => votingTerms.some((term) => typeMatches(type, term.type) && score >= term.min),
    any: (type) => types.some((wanted) => typeMatches(type, wanted)),
  };
}

/** The detectors that are code and that the rules read, with those that their conditions read. */
function codeOf(
  detectors: readonly Detector[],
  rules: readonly CompiledRule[],
  gates: ReadonlyMap<string, Condition>,
): readonly PlanCode[] {
  const code = detectors.filter(({ detect }) => detect !== undefined);
  const readersOf = ({ types }: Detector): readonly CompiledRule[] =>
    rules.filter((rule) => types.some((type) => readsOf([rule]).any(type)));
  const isRead = code.filter((detector) => readersOf(detector).length > 0);
  const plans = new Map<string, PlanCode>();
  const add = (detector: Detector, gate?: DetectorGate): void => {
    const voters = readersOf(detector).filter(votes);
    const hold = voters.some((rule) => rule.stream === 'hold');
    plans.set(detector.id, { detector, voting: voters.length > 0, hold, ...(gate !== undefined && { gate }) });
  };
  for (const detector of isRead) {
    const condition = gates.get(detector.id);
    if (condition === undefined) {
      add(detector);
      continue;
    }
    const read = code.filter(({ types }) => readsAny(condition, types));
    for (const other of read) if (!plans.has(other.id)) add(other);
    add(detector, { condition, waitsFor: new Set(read.map(({ id }) => id)) });
  }
  return [...plans.values()];
}

const readsAny = ({ signalTypes }: Condition, types: readonly string[]): boolean =>
  types.some((type) => signalTypes.some((read) => typeMatches(type, read)));

const votes = (rule: CompiledRule): boolean => rule.then !== undefined && !rule.shadow;
