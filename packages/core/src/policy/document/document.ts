import type { Effect, Mode, OnError, Outcome } from '../../contract/effect.ts';
import type { Channel, Role, Stage } from '../../contract/event.ts';
import type { Calendar, KeyField } from '../../contract/limits.ts';
import type { Dialect } from '../../dialects/syntax.ts';

/** A length of time: a whole number and its unit, `50ms`, `30s`, `10m`, `24h`, `7d`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** One value, or several of which any fits. */
export type OneOrMore<T> = T | readonly T[];

/** A policy as people write it. Everything that is absent has the default named here. */
export interface PolicyDocument {
  /** Name by which trusted code chooses the policy. */
  readonly policy: string;
  /** Whatever numbers the author's changes; part of the behaviour version. */
  readonly version: string | number;
  /**
   * Policies that this one builds upon, and can only make stricter: files beside it (`baseline.yaml`), files of
   * packages (`npm:@acme/policies/baseline.yaml`), or, in TypeScript, policies.
   */
  readonly extends?: OneOrMore<string | PolicyDocument>;
  /** Settings that a policy which builds upon this one may make weaker. */
  readonly overridable?: readonly OverridableSetting[];
  /** Where no control says otherwise. Default `enforce`. */
  readonly mode?: Mode;
  /** For whom `mode` holds, to roll a policy out. Default: for everybody. */
  readonly share?: ShareDocument;
  /** When a part that a rule needs cannot be evaluated. Default `block`. */
  readonly onError?: OnError;
  /** For everything one decision calls out to, together. Default `100ms`. */
  readonly deadline?: Duration;
  /** Longest segment accepted, in UTF-16 units. Default 1,048,576. */
  readonly maxInput?: number;
  /** Most text a stream may hold back, and what happens at that point. Default 65,536 units, `block`. */
  readonly maxHold?: { readonly units: number; readonly then?: 'block' | 'match' | 'release' };
  /**
   * How answers leave that a detector with windows holds: `even`, at the speed at which verdicts free them (default),
   * or `at_once`, in one jump with each verdict.
   */
  readonly pace?: 'even' | 'at_once';
  /** What a stage does with an event no rule objected to: one word for all stages, or by stage. Default `allow`. */
  readonly default?: 'allow' | 'block' | { readonly [S in Stage]?: 'allow' | 'block' };
  /** Requests that offer tools the provider runs, which rules on tools cannot govern. Default `refuse`. */
  readonly providerTools?: 'refuse' | 'allow';
  /** After a blocked tool call: the model reads the denial, or the run ends. Default `continue`. */
  readonly onBlock?: 'continue' | 'stop';
  /**
   * A message that was stopped once and that the client sends again with each turn: masked, or it stops again. Default
   * `withhold`.
   */
  readonly history?: 'withhold' | 'block';
  /** Events with media (pictures, sound, files that hold no text), which no detector reads. Default `pass`. */
  readonly media?: 'pass' | 'block';
  /** How decisions are recorded. */
  readonly audit?: AuditDocument;
  readonly detectors?: readonly DetectorDocument[];
  readonly rules?: readonly RuleDocument[];
  /** Who may do, for a time, what a rule would stop: findings that no rule counts. */
  readonly exempt?: readonly ExemptionDocument[];
  /** The ladders that strikes climb. */
  readonly cooldowns?: readonly LadderDocument[];
  readonly limits?: readonly LimitDocument[];
  /** Arguments of tools that records may contain: `tool.args.amount`. */
  readonly facts?: readonly string[];
  /**
   * How long labels live: with the interaction (default), or with the subject's session, kept in the store for 24 hours
   * after the session was last given one. `{ untrusted: 'session' }`.
   */
  readonly labels?: { readonly [label: string]: 'interaction' | 'session' };
  /** Masks by signal type, in place of the default. The closest type wins. */
  readonly masks?: { readonly [type: string]: string };
}

export interface AuditDocument {
  /**
   * Outcomes whose records are on disk before the decision takes effect; `all` for every one. Default: none, a record
   * waits in a bounded queue. Does not load with a sink that cannot do it, or without one.
   */
  readonly durable?: 'all' | OneOrMore<Outcome>;
  /** Decisions of mode off, and of what nothing covers: a record each (default), or counted in `status()` alone. */
  readonly noOp?: 'record' | 'count';
  /**
   * What records keep of texts. `hashed`: a keyed hash of each. `captured`: besides, the texts themselves, encrypted
   * with the governor's `contentKey`; does not load without one. Default: nothing.
   */
  readonly content?: 'hashed' | 'captured';
}

/** Settings whose strictness is compared with that of a baseline. */
export type OverridableSetting =
  | 'mode'
  | 'onError'
  | 'deadline'
  | 'maxInput'
  | 'maxHold'
  | 'default'
  | 'providerTools'
  | 'onBlock'
  | 'history'
  | 'media'
  | 'share'
  | 'audit'
  | 'labels'
  | 'masks';

/** An entry that a policy which builds upon this one may replace. */
export interface Overridable {
  /** Default false: a policy that builds upon this one can only add to it. */
  readonly overridable?: boolean;
}

export type DetectorDocument =
  | ({
      readonly use: string;
      readonly except?: OneOrMore<string | ExceptDocument>;
      /** A detector that is code is asked only where this condition holds: `signal("injection") > 0.3`. */
      readonly when?: string;
      /**
       * Hosts that addresses may lead to, with or without data: `cdn.acme.example`, or `*.acme.example` for all below.
       */
      readonly allow_hosts?: OneOrMore<string>;
      /** By type, how many units at the end of what is found stay: `{ pii.card: 4 }`. */
      readonly keep_last?: { readonly [type: string]: number };
    } & Overridable)
  | {
      readonly id: string;
      readonly phrases: OneOrMore<string>;
      /** Marks of Markdown and HTML, and punctuation, may stand at the borders of words. Default false. */
      readonly marks?: boolean;
      /** Characters may be written as escapes of HTML, JSON and URLs. Default false. */
      readonly escapes?: boolean;
    }
  | {
      readonly id: string;
      readonly patterns: OneOrMore<string | { readonly pattern: string; readonly flags?: string }>;
      /** The engine that the patterns were written for. Default `js`. */
      readonly dialect?: Dialect;
      /** Read look-alikes and skip invisible characters, as phrases do. Default false. */
      readonly fold?: boolean;
    };

/** Findings that are none: of a domain, or those that a pattern matches as a whole. */
export type ExceptDocument =
  /** `acme.example`, or `*.acme.example` for everything below it. */
  | { readonly domain: OneOrMore<string> }
  /** A regular expression for the whole finding. `type` says whose findings, where `use` names several types. */
  | { readonly pattern: string; readonly flags?: string; readonly type?: string };

/** For these subjects, at these stages and places, no rule counts signals of these types, until that day. */
export interface ExemptionDocument {
  /** Named in every ruling that it changed. */
  readonly id: string;
  readonly on: OneOrMore<Stage>;
  /** The types (and everything below them) that do not count. */
  readonly detect: OneOrMore<string>;
  readonly tenant?: OneOrMore<string>;
  readonly user?: OneOrMore<string>;
  readonly session?: OneOrMore<string>;
  readonly agent?: OneOrMore<string>;
  readonly tool?: OneOrMore<string>;
  readonly model?: OneOrMore<string>;
  readonly route?: OneOrMore<string>;
  /** The last day, in UTC: `2027-03-31`; or `never`. */
  readonly until: string;
  /** Why it is right. */
  readonly why: string;
  /** Who answers for it. */
  readonly owner: string;
}

/** A signal type (and everything below it), with the least score that counts. Default of `min`: 0, any score. */
export type DetectDocument = string | { readonly type: string; readonly min?: number };

/** At these stages, for these resources, when this holds and one of these was detected: an effect, for a reason. */
export interface RuleDocument extends Overridable {
  readonly id: string;
  readonly on: OneOrMore<Stage>;
  readonly tool?: OneOrMore<string>;
  readonly model?: OneOrMore<string>;
  readonly route?: OneOrMore<string>;
  readonly tenant?: OneOrMore<string>;
  /** Only signals in segments of this role count. */
  readonly role?: OneOrMore<Role>;
  /** Only signals in segments of this channel count. */
  readonly channel?: OneOrMore<Channel>;
  readonly detect?: OneOrMore<DetectDocument>;
  /** A condition; see `docs/reference/conditions.md`. */
  readonly when?: string;
  /** Absent: the rule labels or strikes and does not vote. */
  readonly then?: Effect;
  /** Stable code, `P_...`. Required with every effect other than `allow`. */
  readonly reason?: string;
  /** Points by ladder. */
  readonly strike?: { readonly [ladder: string]: number };
  /** Added to the interaction. */
  readonly label?: OneOrMore<string>;
  /** With `then: cooldown`: the ladder the subject is put on. */
  readonly ladder?: string;
  /** Evaluated and recorded only. */
  readonly mode?: 'shadow';
  readonly onError?: OnError;
  /** With `then: redact`: a fixed text in place of the mask by type. */
  readonly mask?: string;
  /**
   * With `then: redact`: what the mask covers. The match (default), or the whole value in which it stands: a review, a
   * field of a result.
   */
  readonly extent?: 'match' | 'value';
  /** While a detector that is code has not judged: hold the text (default), or let it go and judge behind it. */
  readonly stream?: 'hold' | 'trail';
  /** With `then: redact` on `tool_call`: arguments may be rewritten. */
  readonly editArgs?: boolean;
}

export interface LadderDocument extends Overridable {
  readonly id: string;
  /** Default `[tenant, user]`. */
  readonly key?: OneOrMore<KeyField>;
  readonly after: { readonly strikes: number; readonly within: Duration };
  /** First cooldown. */
  readonly for: Duration;
  /** Each further cooldown is `factor` (default 2) times longer, at most `max`; `forget` without one starts over. */
  readonly escalate?: { readonly factor?: number; readonly max: Duration; readonly forget: Duration };
  /**
   * The same text in one session counts once (default), or each time it is sent anew; as part of the history it still
   * counts once.
   */
  readonly count?: 'once' | 'each';
}

/**
 * For whom the policy's mode holds: a part of the subjects, or a cohort. Where both are said, for those who are in
 * both.
 */
export interface ShareDocument {
  /** From 0 to 100. */
  readonly percent?: number;
  /** With `percent`: what is in or out as a whole. Default `[tenant, user]`. */
  readonly by?: OneOrMore<KeyField>;
  /** With `percent`: another text draws another part. Default: the name of the policy. */
  readonly seed?: string;
  /** A condition on the event in CEL, without signals: `attributes.ring == 'canary'`. */
  readonly cohort?: string;
  /** The mode of all others. Default `shadow`. */
  readonly rest?: Mode;
}

export interface LimitDocument extends Overridable {
  readonly id: string;
  /** Default `[tenant, user]`. */
  readonly key?: OneOrMore<KeyField>;
  /** Default `input`. */
  readonly on?: OneOrMore<Stage>;
  /** Only calls and results of these tools. */
  readonly tool?: OneOrMore<string>;
  /**
   * `interactions` (default), `events`, `in_flight`, `repeats`, a number that is reported or reserved, or the argument
   * of a tool call that is reserved with it: `tool.args.amount`.
   */
  readonly unit?: string;
  /** A number, or a CEL expression with a number as its value: `attributes.plan == 'pro' ? 1000 : 20`. */
  readonly allow: number | string;
  /** A length of time, or a day, week or month of the calendar in `timeZone`. */
  readonly per: Duration | Calendar['period'];
  /** With a period of the calendar: whose, by its IANA name, such as `Europe/Berlin`. */
  readonly timeZone?: string;
  /** Default `sliding`. */
  readonly window?: 'sliding' | 'fixed';
  /** Default `cooldown`, which waits for the window and climbs no ladder. */
  readonly then?: 'cooldown' | 'block';
}

/** Types a policy written in TypeScript; it is checked when it is loaded, like any other. */
export function definePolicy(document: PolicyDocument): PolicyDocument {
  return document;
}
