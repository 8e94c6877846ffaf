import type { GovernedEvent, Stage } from './event.ts';

/** Fields a cooldown or a limit can be keyed by. */
export type KeyField = 'tenant' | 'user' | 'session' | 'agent' | 'tool' | 'model' | 'route';

export const KEY_FIELDS: readonly KeyField[] = ['tenant', 'user', 'session', 'agent', 'tool', 'model', 'route'];

/** The escalation a subject climbs when strikes add up. All times in milliseconds. */
export interface Ladder {
  readonly id: string;
  readonly key: readonly KeyField[];
  /** `strikes` points within `withinMs` start a cooldown. */
  readonly after: { readonly strikes: number; readonly withinMs: number };
  /** First cooldown. */
  readonly forMs: number;
  /**
   * Each further cooldown is `factor` times longer, at most `maxMs`; `forgetMs` without a cooldown clears the level.
   */
  readonly escalate?: { readonly factor: number; readonly maxMs: number; readonly forgetMs: number };
  /**
   * The same text counts each time it is sent anew, and not once per session. What is sent as history still counts
   * once.
   */
  readonly each?: true;
}

/** Periods that begin when a day, week or month does, in a time zone by its IANA name. */
export interface Calendar {
  readonly period: 'day' | 'week' | 'month';
  readonly timeZone: string;
}

/** How much a limit allows to whom, such as by the plan that an attribute names. */
export interface Allowance {
  /** As the policy has it: `attributes.plan == 'pro' ? 1000 : 20`. */
  readonly source: string;
  /** Throws where a fact it reads is missing or of another type. */
  evaluate(event: GovernedEvent): number;
}

/** A budget over a window. */
export interface Limit {
  readonly id: string;
  readonly key: readonly KeyField[];
  readonly on: readonly Stage[];
  /** Only calls and results of these tools. */
  readonly tool?: readonly string[];
  /**
   * `interactions`, `events`, `in_flight`, `repeats`, a number that is reported or reserved (`output_tokens`, `cost`),
   * or the argument of a tool call that is reserved with it: `tool.args.amount`.
   */
  readonly unit: string;
  /** How much, or how to work it out from what an event says. */
  readonly allow: number | Allowance;
  /** Length of the window; for `in_flight` the time after which a lost holder is released. */
  readonly perMs: number;
  readonly window: 'sliding' | 'fixed' | 'calendar';
  /** With `calendar`: which days, weeks or months. `perMs` is then the longest there are. */
  readonly calendar?: Calendar;
  readonly then: 'cooldown' | 'block';
}

const ARGUMENT = /^tool\.args((?:\.[A-Za-z_][A-Za-z0-9_]*)+)$/;

/** The path within the arguments that a unit names, `['transfer', 'amount']` for `tool.args.transfer.amount`. */
export function argumentOf(unit: string): readonly string[] | undefined {
  return ARGUMENT.exec(unit)?.[1]?.slice(1).split('.');
}

/** True when the limit is charged for the event, whose stage it names. */
export function limitFits({ tool }: Limit, event: Pick<GovernedEvent, 'resource'>): boolean {
  return tool === undefined || (event.resource.tool !== undefined && tool.includes(event.resource.tool));
}

/** The value an event has for a key field. */
export function keyValue(event: Pick<GovernedEvent, 'subject' | 'resource'>, field: KeyField): string | undefined {
  switch (field) {
    case 'tenant':
    case 'user':
    case 'session':
    case 'agent':
      return event.subject[field];
    default:
      return event.resource[field];
  }
}

/** A cooldown stops what a subject starts; it never cuts what is already running. */
export function cooldownStops(stage: Stage): boolean {
  return stage === 'input' || stage === 'tool_call';
}
