import type { Effect, Mode, OnError } from '../../contract/effect.ts';
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
  /** Where no control says otherwise. Default `enforce`. */
  readonly mode?: Mode;
  /** When a part that a rule needs cannot be evaluated. Default `block`. */
  readonly onError?: OnError;
  /** For everything one decision calls out to, together. Default `100ms`. */
  readonly deadline?: Duration;
  /** Longest segment accepted, in UTF-16 units. Default 1,048,576. */
  readonly maxInput?: number;
  /** Most text a stream may hold back, and what happens at that point. Default 65,536 units, `block`. */
  readonly maxHold?: { readonly units: number; readonly then?: 'block' | 'match' | 'release' };
  /** What a stage does with an event no rule objected to: one word for all stages, or by stage. Default `allow`. */
  readonly default?: 'allow' | 'block' | { readonly [S in Stage]?: 'allow' | 'block' };
  /** Requests that offer tools the provider runs, which rules on tools cannot govern. Default `refuse`. */
  readonly providerTools?: 'refuse' | 'allow';
  /** After a blocked tool call: the model reads the denial, or the run ends. Default `continue`. */
  readonly onBlock?: 'continue' | 'stop';
  /** A message that was stopped once and that the client sends again with each turn: masked, or it stops again. Default `withhold`. */
  readonly history?: 'withhold' | 'block';
  /** Events with media (pictures, sound, files that hold no text), which no detector reads. Default `pass`. */
  readonly media?: 'pass' | 'block';
  readonly detectors?: readonly DetectorDocument[];
  readonly rules?: readonly RuleDocument[];
  /** The ladders that strikes climb. */
  readonly cooldowns?: readonly LadderDocument[];
  readonly limits?: readonly LimitDocument[];
  /** Arguments of tools that records may contain: `tool.args.amount`. */
  readonly facts?: readonly string[];
  /**
   * How long labels live: with the interaction (default), or with the subject's session, kept in the store for 24 hours after the session
   * was last given one. `{ untrusted: 'session' }`.
   */
  readonly labels?: { readonly [label: string]: 'interaction' | 'session' };
  /** Masks by signal type, in place of the default. The closest type wins. */
  readonly masks?: { readonly [type: string]: string };
}

export type DetectorDocument =
  | {
      readonly use: string;
      readonly except?: OneOrMore<string>;
      /** Hosts that addresses may lead to, with or without data: `cdn.acme.example`, or `*.acme.example` for all below. */
      readonly allow_hosts?: OneOrMore<string>;
    }
  | { readonly id: string; readonly phrases: OneOrMore<string> }
  | {
      readonly id: string;
      readonly patterns: OneOrMore<string | { readonly pattern: string; readonly flags?: string }>;
      /** The engine that the patterns were written for. Default `js`. */
      readonly dialect?: Dialect;
      /** Read look-alikes and skip invisible characters, as phrases do. Default false. */
      readonly fold?: boolean;
    };

/** A signal type (and everything below it), with the least score that counts. Default of `min`: 0, any score. */
export type DetectDocument = string | { readonly type: string; readonly min?: number };

/** At these stages, for these resources, when this holds and one of these was detected: an effect, for a reason. */
export interface RuleDocument {
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
  /** While a detector that is code has not judged: hold the text (default), or let it go and judge behind it. */
  readonly stream?: 'hold' | 'trail';
  /** With `then: redact` on `tool_call`: arguments may be rewritten. */
  readonly editArgs?: boolean;
}

export interface LadderDocument {
  readonly id: string;
  /** Default `[tenant, user]`. */
  readonly key?: OneOrMore<KeyField>;
  readonly after: { readonly strikes: number; readonly within: Duration };
  /** First cooldown. */
  readonly for: Duration;
  /** Each further cooldown is `factor` (default 2) times longer, at most `max`; `forget` without one starts over. */
  readonly escalate?: { readonly factor?: number; readonly max: Duration; readonly forget: Duration };
}

export interface LimitDocument {
  readonly id: string;
  /** Default `[tenant, user]`. */
  readonly key?: OneOrMore<KeyField>;
  /** Default `input`. */
  readonly on?: OneOrMore<Stage>;
  /** Only calls and results of these tools. */
  readonly tool?: OneOrMore<string>;
  /**
   * `interactions` (default), `events`, `in_flight`, `repeats`, a number that is reported or reserved, or the argument of a tool call
   * that is reserved with it: `tool.args.amount`.
   */
  readonly unit?: string;
  readonly allow: number;
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
