import type { Effect, Mode, OnError, Outcome } from '../contract/effect.ts';
import type { Channel, GovernedEvent, Role, Stage } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import type { Reason } from '../contract/reasons.ts';
import type { MatchedRule, Verdict } from '../contract/ruling.ts';
import type { Share } from '../contract/share.ts';
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

/** A label that a condition reads. */
export interface ConditionLabel {
  readonly name: string;
  /** Place in the source. */
  readonly offset: number;
  /** The label can only make the condition true, never false: it stands under no `!`. */
  readonly isMonotone: boolean;
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
  /** Labels it reads through `label(...)`, each with its place in the source. */
  readonly labels: readonly ConditionLabel[];
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
  /** `redact` only: the whole value is masked in which a match stands. */
  readonly extent?: 'value';
  /** `redact` on `tool_call` only: arguments may be rewritten. */
  readonly editArgs: boolean;
  /** What a stream does while code detectors of this rule have not judged. */
  readonly stream: 'hold' | 'trail';
  /**
   * How a ruling lists the rule, and what it says when the rule decides: made once, because rulings are made all the
   * time.
   */
  readonly listed: MatchedRule;
  readonly verdict?: Verdict;
}

/** For whom, where and until when no rule counts signals of some types. */
export interface Exemption {
  readonly id: string;
  readonly on: readonly Stage[];
  readonly types: readonly string[];
  /** Fields of the subject; all that are present must fit, any value of a list does. */
  readonly who: { readonly [F in 'tenant' | 'user' | 'session' | 'agent']?: readonly string[] };
  readonly where: { readonly [F in 'tool' | 'model' | 'route']?: readonly string[] };
  /** Milliseconds since the epoch. Absent: it does not end. */
  readonly untilMs?: number;
}

/** What a stage of a compiled policy looks like to those who run it. */
export interface CompiledStage {
  readonly default: 'allow' | 'block';
  /** Sorted by id in code-point order. */
  readonly rules: readonly CompiledRule[];
  readonly limits: readonly Limit[];
  /** Sorted by id. */
  readonly exempt: readonly Exemption[];
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

/**
 * A part of the subjects, and the mode of all others. Of both ways to say who is in, those that are there must agree.
 */
export interface CompiledShare {
  readonly percent?: Share;
  readonly cohort?: Condition;
  readonly rest: Mode;
}

/** How decisions are recorded. */
export interface CompiledAudit {
  /** Outcomes whose records are on disk before the decision takes effect. */
  readonly durable: readonly Outcome[];
  /** Whether `NO_OP`s of what is off or not covered have records. */
  readonly noOp: 'record' | 'count';
  /** What is kept of texts. Absent: nothing. */
  readonly content?: 'hashed' | 'captured';
}

/** A policy, frozen, indexed and digested: the only form the governor runs. */
export interface CompiledPolicy {
  readonly id: string;
  readonly version: string;
  readonly behaviorVersion: string;
  readonly mode: Mode;
  /** For whom `mode` holds. Absent: for everybody. */
  readonly share?: CompiledShare;
  readonly onError: OnError;
  /** Detectors and limits run side by side, each within it; then the strike, and the record. */
  readonly deadlineMs: number;
  /** Longest segment accepted, in UTF-16 units. */
  readonly maxInput: number;
  /** Most text a stream may hold back, in UTF-16 units, and what happens at that point. */
  readonly maxHold: { readonly units: number; readonly then: 'block' | 'match' | 'release' };
  /** How text leaves that detectors with windows hold. */
  readonly pace: 'even' | 'at_once';
  readonly providerTools: 'refuse' | 'allow';
  /** What an earlier message does that was stopped before: it is masked, or stops again. */
  readonly history: 'withhold' | 'block';
  /** What happens to events with media that no detector reads. */
  readonly media: 'pass' | 'block';
  readonly audit: CompiledAudit;
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
  /** By id of a detector that is code: what must hold for it to be asked. */
  readonly gates: ReadonlyMap<string, Condition>;
  /** Detector configuration as written, for `assemble` to instantiate. */
  readonly detectors: readonly DetectorUse[];
  /** Every type a detector of this policy may report, by detector id: what is unknown when it fails. */
  readonly detectorTypes: ReadonlyMap<string, readonly string[]>;
}

/** Findings of a type that an expression matches as a whole, and that are none. */
export interface ExceptPattern {
  readonly pattern: string;
  readonly flags: string;
  /** Absent: of the one type that is used. */
  readonly type?: string;
}

/** A detector as a policy names it: one of a pack, or a list of phrases or patterns of its own. */
export type DetectorUse =
  | {
      readonly use: string;
      readonly except: readonly string[];
      /** Absent: none. */
      readonly exceptDomains?: readonly string[];
      readonly exceptPatterns?: readonly ExceptPattern[];
      readonly when?: string;
      readonly allowHosts?: readonly string[];
      /** By type, how many units at the end of what is found stay. */
      readonly keepLast?: { readonly [type: string]: number };
    }
  | {
      readonly id: string;
      readonly phrases: readonly string[];
      readonly marks?: boolean;
      readonly escapes?: boolean;
    }
  | {
      readonly id: string;
      readonly patterns: readonly { readonly pattern: string; readonly flags: string }[];
      readonly dialect?: Dialect;
      readonly fold?: boolean;
    };
