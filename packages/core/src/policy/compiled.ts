import type { Effect, Mode, OnError } from '../contract/effect.ts';
import type { Channel, GovernedEvent, Role, Stage } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import type { Reason } from '../contract/reasons.ts';
import type { MatchedRule, Verdict } from '../contract/ruling.ts';
import type { Signal } from '../contract/signal.ts';
import type { Dialect } from '../dialects/syntax.ts';

/** One alternative of a rule's `detect`: a signal of this type (or below it) with at least this score. */
export interface DetectTerm {
  readonly type: string;
  readonly min: number;
}

/** What a condition reads. `labels` are those the interaction carried when the event was made. */
export interface ConditionFacts {
  readonly event: GovernedEvent;
  /** The signals that count for the rule: narrowed by its `role` and `channel`. */
  readonly signals: readonly Signal[];
  /** True for a type that a failed detector might have reported: reading it throws. Absent: every detector answered. */
  readonly unknown?: ((type: string) => boolean) | undefined;
}

/** A compiled `when`. Pure. */
export interface Condition {
  readonly source: string;
  /** False when the result is fixed once the event is known, whatever the text: it reads no signals. */
  readonly readsSignals: boolean;
  /** Signal types it reads through `signal(...)`, `count(...)` or `detected(...)`. */
  readonly signalTypes: readonly string[];
  /** It reads arguments of the call, which records may not hold. */
  readonly readsArgs: boolean;
  /** Throws when a fact it reads is missing or of another type: a failure, not a false. */
  evaluate(facts: ConditionFacts): boolean;
}

/** Plain selectors of a rule; all that are present must fit (AND), any value of a list does (OR). */
export interface Selectors {
  readonly tool?: readonly string[];
  readonly model?: readonly string[];
  readonly route?: readonly string[];
  readonly tenant?: readonly string[];
  /** `role` and `channel` narrow to segments: signals elsewhere do not count for the rule. */
  readonly role?: readonly Role[];
  readonly channel?: readonly Channel[];
}

/** A rule in the form that runs. */
export interface CompiledRule {
  readonly id: string;
  readonly on: readonly Stage[];
  readonly select: Selectors;
  /** Empty: the rule needs no detector. */
  readonly detect: readonly DetectTerm[];
  readonly when?: Condition;
  /** Absent: the rule labels or strikes and does not vote. */
  readonly then?: Effect;
  /** Present on every voting rule other than allow. */
  readonly reason?: Reason;
  /** The ladder that `then: cooldown` puts the subject on. */
  readonly ladder?: string;
  /** Points by ladder. */
  readonly strike: { readonly [ladder: string]: number };
  readonly label: readonly string[];
  /** Evaluated and recorded only. */
  readonly shadow: boolean;
  readonly onError: OnError;
  /** `redact` only: a fixed mask instead of the one by type. */
  readonly mask?: string;
  /** `redact` on `tool_call` only: arguments may be rewritten. */
  readonly editArgs: boolean;
  /** What a stream does while code detectors of this rule have not judged. */
  readonly stream: 'hold' | 'trail';
  /** How a ruling lists the rule, and what it says when the rule decides: made once, because rulings are made all the time. */
  readonly listed: MatchedRule;
  readonly verdict?: Verdict;
}

/** What a stage of a compiled policy looks like to those who run it. */
export interface CompiledStage {
  readonly default: 'allow' | 'block';
  /** Sorted by id in code-point order. */
  readonly rules: readonly CompiledRule[];
  readonly limits: readonly Limit[];
  /** Those whose cooldown stops the stage, sorted by id. */
  readonly ladders: readonly Ladder[];
  readonly index: StageIndex;
}

/** Rules that share a key of the index. */
export interface RuleBucket {
  /** Sorted by id. */
  readonly rules: readonly CompiledRule[];
  /** Those that need no detector. */
  readonly plain: readonly CompiledRule[];
  /** Those that a signal may concern, by its type: for every type that a detector of the policy reports. */
  readonly byType: ReadonlyMap<string, readonly CompiledRule[]>;
  /** A voting rule is here that has no selector besides the bucket's key: the bucket alone covers the event. */
  readonly covers: boolean;
}

/** The rules of a stage by their most telling selector: an event visits `always` and at most one bucket of each map. */
export interface StageIndex {
  readonly always: RuleBucket;
  /** `always` as a list: all that an event visits when no rule of the stage has a selector. */
  readonly alone: readonly RuleBucket[];
  readonly keyed: boolean;
  readonly tool: ReadonlyMap<string, RuleBucket>;
  readonly route: ReadonlyMap<string, RuleBucket>;
  readonly model: ReadonlyMap<string, RuleBucket>;
  readonly tenant: ReadonlyMap<string, RuleBucket>;
}

/** A policy, frozen, indexed and digested: the only form the governor runs. */
export interface CompiledPolicy {
  readonly id: string;
  readonly version: string;
  readonly behaviorVersion: string;
  readonly mode: Mode;
  readonly onError: OnError;
  /** Detectors and limits run side by side, each within it; then the strike, and the record. */
  readonly deadlineMs: number;
  /** Longest segment accepted, in UTF-16 units. */
  readonly maxInput: number;
  /** Most text a stream may hold back, in UTF-16 units, and what happens at that point. */
  readonly maxHold: { readonly units: number; readonly then: 'block' | 'match' | 'release' };
  readonly providerTools: 'refuse' | 'allow';
  /** What an earlier message does that was stopped before: it is masked, or stops again. */
  readonly history: 'withhold' | 'block';
  /** What happens to events with media that no detector reads. */
  readonly media: 'pass' | 'block';
  /** What a blocked tool call does to the run: the model reads the denial, or the run ends. */
  readonly onBlock: 'continue' | 'stop';
  readonly stages: { readonly [S in Stage]: CompiledStage };
  readonly ladders: { readonly [id: string]: Ladder };
  /** Argument paths that records may contain, such as `tool.args.amount`. */
  readonly facts: readonly string[];
  /** Labels that live as long as the subject's session, in the store. */
  readonly sessionLabels: ReadonlySet<string>;
  /** The mask of every type that a detector of the policy may report. */
  readonly masks: { readonly [type: string]: string };
  /** Detector configuration as written, for `assemble` to instantiate. */
  readonly detectors: readonly DetectorUse[];
  /** Every type a detector of this policy may report, by detector id: what is unknown when it fails. */
  readonly detectorTypes: ReadonlyMap<string, readonly string[]>;
}

/** A detector as a policy names it: one of a pack, or a list of phrases or patterns of its own. */
export type DetectorUse =
  | { readonly use: string; readonly except: readonly string[]; readonly allowHosts?: readonly string[] }
  | { readonly id: string; readonly phrases: readonly string[] }
  | {
      readonly id: string;
      readonly patterns: readonly { readonly pattern: string; readonly flags: string }[];
      readonly dialect?: Dialect;
      readonly fold?: boolean;
    };
