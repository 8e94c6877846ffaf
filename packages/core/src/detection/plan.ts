import type { Detector } from '../contract/detector.ts';
import type { Channel, Role, Stage } from '../contract/event.ts';
import type { CompiledRule, Condition } from '../policy/compiled.ts';
import type { PatternSet } from '../scanner/types.ts';

/** One pattern of a set, as the rules see it. */
export interface PlanPattern {
  readonly type: string;
  readonly score: number;
  readonly detector: string;
  /** The name under which the policy uses the detector: a pack of hundreds is one line of a record's coverage. */
  readonly usedAs: string;
}

/** A pattern set with the meaning of its indices. */
export interface PlanSet {
  readonly set: PatternSet;
  readonly patterns: readonly PlanPattern[];
}

/** How one text is judged: compiled with the policy, shared by all its streams. */
export interface TextPlan {
  /** Patterns that a voting rule reads: they hold text back. */
  readonly voting: PlanSet | undefined;
  /** Patterns that only label, strike or are evaluated in shadow: they never hold. */
  readonly listening: PlanSet | undefined;
  readonly code: readonly PlanCode[];
}

/** A detector that is code. */
export interface PlanCode {
  readonly detector: Detector;
  /** A voting rule reads it. */
  readonly voting: boolean;
  /** Some voting rule that reads it wants nothing to leave unjudged. */
  readonly hold: boolean;
  /** It is asked only about text for which its condition holds. */
  readonly gate?: DetectorGate;
}

/** When a detector that is code is asked at all. */
export interface DetectorGate {
  readonly condition: Condition;
  /** Ids of the code detectors whose signals the condition reads: they judge first. */
  readonly waitsFor: ReadonlySet<string>;
}

/** Stages whose text may arrive piece by piece. The others are decided on complete events. */
export type StreamedStage = Extract<Stage, 'output' | 'tool_result' | 'retrieval'>;

export const STREAMED_STAGES: readonly StreamedStage[] = ['output', 'tool_result', 'retrieval'];

/** How the streamed text of one stage is judged. */
export interface StreamPlan {
  readonly channels: { readonly [C in Channel]: TextPlan };
  /** Names of all detectors that the channels run, as the policy uses them, sorted. */
  readonly detectors: readonly string[];
  /** It leaves evenly: windows that grow hold it, so that verdicts free it in jumps, and people read it as it comes. */
  readonly paced: boolean;
  /** Some window has a clock. */
  readonly clocked: boolean;
}

/** How time concerns a stream that these plans judge. `isRead`: by people, and not by a program. */
export function timingOf(plans: readonly TextPlan[], isRead: boolean): Pick<StreamPlan, 'paced' | 'clocked'> {
  const growing = plans
    .flatMap(({ code }) => code)
    .flatMap(({ hold, detector: { window } }) => (window !== undefined && 'step' in window ? { hold, window } : []));
  return {
    paced: isRead && growing.some(({ hold }) => hold),
    clocked: growing.some(({ window }) => window.clockMs !== undefined),
  };
}

/** Who wrote the text that streams at a stage: a model its answers, a tool or retriever the rest. */
export const STREAM_ROLE: { readonly [S in StreamedStage]: Role } = {
  output: 'assistant',
  tool_result: 'tool',
  retrieval: 'tool',
};

/** True when a rule of the stage can concern streamed text of this channel. */
export function reachesStream(rule: CompiledRule, stage: StreamedStage, channel: Channel): boolean {
  // Streamed tool input belongs to its tool call: that is decided, not the stream.
  if (channel === 'tool_input') return false;
  const { channel: channels, role } = rule.select;
  return (
    (channels === undefined || channels.includes(channel)) && (role === undefined || role.includes(STREAM_ROLE[stage]))
  );
}

/** Names of the detectors that the plans run, as the policy uses them, sorted. */
export function detectorIds(...plans: readonly TextPlan[]): readonly string[] {
  const ids = new Set<string>();
  for (const plan of plans) {
    for (const set of [plan.voting, plan.listening]) for (const pattern of set?.patterns ?? []) ids.add(pattern.usedAs);
    for (const code of plan.code) ids.add(code.detector.id);
  }
  return Object.freeze([...ids].sort());
}

const typesOf = new WeakMap<TextPlan, readonly string[]>();

/** Signal types that a plan looks for, sorted: those of its patterns, and all that its code may report. */
export function lookedForBy(plan: TextPlan, wasAsked?: (detector: string) => boolean): readonly string[] {
  if (wasAsked !== undefined && !plan.code.every(({ detector }) => wasAsked(detector.id)))
    return typesLookedFor({ ...plan, code: plan.code.filter(({ detector }) => wasAsked(detector.id)) });
  let types = typesOf.get(plan);
  if (types === undefined) typesOf.set(plan, (types = Object.freeze(typesLookedFor(plan))));
  return types;
}

function typesLookedFor(plan: TextPlan): string[] {
  const found = new Set<string>();
  for (const set of [plan.voting, plan.listening]) for (const { type } of set?.patterns ?? []) found.add(type);
  for (const { detector } of plan.code) for (const type of detector.types) found.add(type);
  return [...found].sort();
}

const NOTHING: readonly string[] = Object.freeze([]);

const commonTo = new WeakMap<TextPlan, WeakMap<TextPlan, readonly string[]>>();

/**
 * What every one of the plans looks for: a type that one text was not searched for is not claimed for all, and none of
 * a detector that was not asked about all of the text.
 */
export function lookedForByAll(
  plans: ReadonlySet<TextPlan>,
  wasAsked?: (detector: string) => boolean,
): readonly string[] {
  const [first, second] = plans;
  if (first === undefined) return NOTHING;
  // A stage streams text and reasoning: no stream has a third plan.
  if (second === undefined) return lookedForBy(first, wasAsked);
  return wasAsked === undefined
    ? lookedForByBoth(first, second)
    : common(lookedForBy(first, wasAsked), lookedForBy(second, wasAsked));
}

function lookedForByBoth(first: TextPlan, second: TextPlan): readonly string[] {
  let seconds = commonTo.get(first);
  if (seconds === undefined) commonTo.set(first, (seconds = new WeakMap()));
  let types = seconds.get(second);
  if (types === undefined) seconds.set(second, (types = common(lookedForBy(first), lookedForBy(second))));
  return types;
}

function common(types: readonly string[], others: readonly string[]): readonly string[] {
  const wanted = new Set(others);
  return Object.freeze(types.filter((type) => wanted.has(type)));
}
