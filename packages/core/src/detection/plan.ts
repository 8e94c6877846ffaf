import type { Detector } from '../contract/detector.ts';
import type { Channel, Role, Stage } from '../contract/event.ts';
import type { CompiledRule } from '../policy/compiled.ts';
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
}

/** Stages whose text may arrive piece by piece. The others are decided on complete events. */
export type StreamedStage = Extract<Stage, 'output' | 'tool_result' | 'retrieval'>;

export const STREAMED_STAGES: readonly StreamedStage[] = ['output', 'tool_result', 'retrieval'];

/** How the streamed text of one stage is judged. */
export interface StreamPlan {
  readonly channels: { readonly [C in Channel]: TextPlan };
  /** Names of all detectors that the channels run, as the policy uses them, sorted. */
  readonly detectors: readonly string[];
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
export function lookedForBy(plan: TextPlan): readonly string[] {
  let types = typesOf.get(plan);
  if (types === undefined) {
    const found = new Set<string>();
    for (const set of [plan.voting, plan.listening]) for (const { type } of set?.patterns ?? []) found.add(type);
    for (const { detector } of plan.code) for (const type of detector.types) found.add(type);
    typesOf.set(plan, (types = Object.freeze([...found].sort())));
  }
  return types;
}

const NOTHING: readonly string[] = Object.freeze([]);

const commonTo = new WeakMap<TextPlan, WeakMap<TextPlan, readonly string[]>>();

/** What every one of the plans looks for: a type that one text was not searched for is not claimed for all. */
export function lookedForByAll(plans: ReadonlySet<TextPlan>): readonly string[] {
  const [first, second] = plans;
  if (first === undefined) return NOTHING;
  // A stage streams text and reasoning: no stream has a third plan.
  return second === undefined ? lookedForBy(first) : lookedForByBoth(first, second);
}

function lookedForByBoth(first: TextPlan, second: TextPlan): readonly string[] {
  let seconds = commonTo.get(first);
  if (seconds === undefined) commonTo.set(first, (seconds = new WeakMap()));
  let types = seconds.get(second);
  if (types === undefined) {
    const others = new Set(lookedForBy(second));
    seconds.set(second, (types = Object.freeze(lookedForBy(first).filter((type) => others.has(type)))));
  }
  return types;
}
