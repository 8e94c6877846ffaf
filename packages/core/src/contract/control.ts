import type { Mode } from './effect.ts';
import type { GovernedEvent } from './event.ts';
import type { Share } from './share.ts';

/** The fields a control or a cooldown can be narrowed to. An absent field covers everything. */
export interface Scope {
  readonly tenant?: string;
  readonly user?: string;
  readonly session?: string;
  readonly agent?: string;
  readonly model?: string;
  readonly tool?: string;
  readonly route?: string;
}

/** An operator's standing instruction: stop, or run in another mode. */
export interface Control {
  readonly id: string;
  readonly kind: 'halt' | 'mode';
  readonly scope: Scope;
  /** Only on `kind: 'mode'`. */
  readonly mode?: Mode;
  /**
   * Only on `kind: 'mode'`: it holds for this part of the subjects in its scope, and for the others it is not there.
   */
  readonly share?: Share;
  readonly who: string;
  readonly why: string;
  /** Milliseconds since the epoch on the store's clock. */
  readonly at: number;
  /** When the control ends by itself, on the store's clock. Absent: until it is resumed or replaced. */
  readonly expiresAt?: number;
}

export const SCOPE_FIELDS: readonly (keyof Scope)[] = ['tenant', 'user', 'session', 'agent', 'model', 'tool', 'route'];

/** The value an event has for a scope field. */
export function scopeValue(event: Pick<GovernedEvent, 'subject' | 'resource'>, field: keyof Scope): string | undefined {
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

/** A route as routers compare paths that are told nothing else: in any case, with a slash behind it or without. */
export function foldedRoute(route: string): string {
  const lower = route.toLowerCase();
  return lower.length > 1 && lower.endsWith('/') ? lower.slice(0, -1) : lower;
}

/**
 * True when every field the scope names has the event's value. The empty scope covers every event. Routes are compared
 * as routers do: a halt of `/chat` is not escaped by `/Chat/`.
 */
export function scopeCovers(scope: Scope, event: Pick<GovernedEvent, 'subject' | 'resource'>): boolean {
  for (const field of SCOPE_FIELDS) {
    const wanted = scope[field];
    if (wanted === undefined) continue;
    const value = scopeValue(event, field);
    if (wanted === value) continue;
    if (field !== 'route' || value === undefined || foldedRoute(wanted) !== foldedRoute(value)) return false;
  }
  return true;
}

/** How many fields a scope names: the more, the more specific. */
export function scopeSize(scope: Scope): number {
  let size = 0;
  for (const field of SCOPE_FIELDS) if (scope[field] !== undefined) size++;
  return size;
}
