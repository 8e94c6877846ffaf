import type { Detector } from '../contract/detector.ts';
import type { Channel } from '../contract/event.ts';
import type { CompiledRule } from '../policy/compiled.ts';
import type { PatternSet } from '../scanner/types.ts';

/** One pattern of a set, as the rules see it. */
export interface PlanPattern {
  readonly type: string;
  readonly score: number;
  readonly detector: string;
}

/** A pattern set with the meaning of its indices. */
export interface PlanSet {
  readonly set: PatternSet;
  readonly patterns: readonly PlanPattern[];
}

/** How one kind of text of one stage is looked at: compiled with the policy, shared by all its streams. */
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

/** True when a rule of the output stage can concern text of this channel, which an assistant wrote. */
export function reachesOutput(rule: CompiledRule, channel: Channel): boolean {
  const { channel: channels, role } = rule.select;
  return (channels === undefined || channels.includes(channel)) && (role === undefined || role.includes('assistant'));
}
