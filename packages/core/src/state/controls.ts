import { scopeCovers, type Control } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import { controlKey } from './keys.ts';
import type { ControlChange, ControlRequest } from './store.ts';

/** How long a lifted control blocks the return of an older copy of itself, and how many changes are remembered. */
const LIFTED_MS = 24 * 60 * 60 * 1000;
export const HISTORY_LENGTH = 1000;

/** The controls of a store that keeps them itself: one halt and one mode per scope, and the history of both. */
export interface ControlBook {
  /** `changed` is false for a repeated request, which answers as the first did. */
  apply(
    request: ControlRequest,
    now: number,
  ): { readonly change: ControlChange; readonly changed: boolean } | undefined;
  active(now: number): readonly Control[];
  /** Newest first. */
  history(limit: number): readonly ControlChange[];
}

export function createControlBook(): ControlBook {
  /** The last change of each control; a `lift` stays as a mark so that nothing older can be restored over it. */
  const slots = new Map<string, { readonly requestId: string; readonly change: ControlChange }>();
  const past: ControlChange[] = [];

  function record(key: string, requestId: string, change: ControlChange): { change: ControlChange; changed: boolean } {
    slots.set(key, { requestId, change });
    past.unshift(change);
    if (past.length > HISTORY_LENGTH) past.pop();
    for (const [other, slot] of slots) if (forgettable(slot.change, change.at)) slots.delete(other);
    return { change, changed: true };
  }

  return {
    apply(request, now) {
      const { kind, scope, id } = request.op === 'lift' ? request : request.control;
      const key = controlKey(kind, scope);
      const slot = slots.get(key);
      if (slot !== undefined && slot.requestId === id) return { change: slot.change, changed: false };
      switch (request.op) {
        case 'set': {
          const expiry = request.forMs === undefined ? {} : { expiresAt: now + request.forMs };
          const control: Control = Object.freeze({ ...request.control, at: now, ...expiry });
          return record(key, id, { op: 'set', control, who: control.who, why: control.why, at: now });
        }
        case 'lift': {
          if (slot === undefined || !stands(slot.change, now)) return undefined;
          const { who, why } = request;
          return record(key, id, { op: 'lift', control: slot.change.control, who, why, at: now });
        }
        case 'restore': {
          if (slot !== undefined) return undefined;
          const { expiresAt: _, ...terms } = request.control;
          const expiry = request.remainingMs === undefined ? {} : { expiresAt: now + request.remainingMs };
          const control: Control = Object.freeze({ ...terms, ...expiry });
          return record(key, id, { op: 'restore', control, who: control.who, why: control.why, at: now });
        }
      }
    },
    active(now) {
      const found: Control[] = [];
      for (const { change } of slots.values()) if (stands(change, now)) found.push(change.control);
      return found;
    },
    history: (limit) => past.slice(0, limit),
  };
}

function stands(change: ControlChange, now: number): boolean {
  return change.op !== 'lift' && (change.control.expiresAt ?? Infinity) > now;
}

function forgettable(change: ControlChange, now: number): boolean {
  const over = change.op === 'lift' ? change.at : (change.control.expiresAt ?? Infinity);
  return now >= over + LIFTED_MS;
}

/** A control with the moment it ends on the reader's own clock. */
export interface TimedControl {
  readonly control: Control;
  readonly until: number;
}

/** Controls indexed by the tenant they name, so that ten thousand tenants with modes of their own cost an event nothing. */
export interface ControlIndex {
  readonly size: number;
  covering(event: Pick<GovernedEvent, 'subject' | 'resource'>, now: number): readonly Control[];
}

export const NO_CONTROLS: readonly Control[] = Object.freeze([]);

export function indexControls(controls: Iterable<TimedControl>): ControlIndex {
  const byTenant = new Map<string | undefined, TimedControl[]>();
  let size = 0;
  for (const timed of controls) {
    const { tenant } = timed.control.scope;
    const list = byTenant.get(tenant);
    if (list === undefined) byTenant.set(tenant, [timed]);
    else list.push(timed);
    size++;
  }
  const everyTenant = byTenant.get(undefined) ?? [];
  return {
    size,
    covering(event, now) {
      const own = byTenant.get(event.subject.tenant);
      if (own === undefined && everyTenant.length === 0) return NO_CONTROLS;
      const found: Control[] = [];
      for (const list of own === undefined ? [everyTenant] : [everyTenant, own]) {
        for (const { control, until } of list)
          if (until > now && scopeCovers(control.scope, event)) found.push(control);
      }
      return found.length === 0 ? NO_CONTROLS : found;
    },
  };
}
