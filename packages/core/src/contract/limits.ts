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
  /** Each further cooldown is `factor` times longer, at most `maxMs`; `forgetMs` without a cooldown clears the level. */
  readonly escalate?: { readonly factor: number; readonly maxMs: number; readonly forgetMs: number };
}

/** A budget over a window. */
export interface Limit {
  readonly id: string;
  readonly key: readonly KeyField[];
  readonly on: readonly Stage[];
  /** `interactions`, `events`, `in_flight`, `repeats`, or a number reported by the adapter: `output_tokens`, `cost`. */
  readonly unit: string;
  readonly allow: number;
  /** Length of the window; for `in_flight` the time after which a lost holder is released. */
  readonly perMs: number;
  readonly window: 'sliding' | 'fixed';
  readonly then: 'cooldown' | 'block';
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
