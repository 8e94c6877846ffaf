import { scopeCovers, type Control } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import { controlKey } from './keys.ts';
import { createShelf } from './shelf.ts';
import type { ControlChange, ControlRequest } from './store.ts';

/** How long a lifted control blocks the return of an older copy of itself, and how many changes are remembered. */
const LIFTED_MS = 24 * 60 * 60 * 1000;
export const HISTORY_LENGTH = 1000;

/**
 * The controls of a store that keeps them itself: one halt and one mode per scope, and the history of both. A change is
 * constant work.
 */
export interface ControlBook {
  /** `changed` is false for a repeated request, which answers as the first did. */
  apply(request: ControlRequest): { readonly change: ControlChange; readonly changed: boolean } | undefined;
  active(): readonly Control[];
  /** The last change of each control that changed after the epoch. */
  since(epoch: number): readonly ControlChange[];
  /** Newest first. */
  history(limit: number): readonly ControlChange[];
}

export function createControlBook(nextEpoch: () => number, now: () => number): ControlBook {
  /** The last change of each control; a `lift` stays as a sign that nothing older may be restored over it. */
  const slots = createShelf<ControlChange>(now);
  /** The newest changes by their request, oldest first: history, and what a repeated request is known by. */
  const past = new Map<string, ControlChange>();

  function record(key: string, requestId: string, change: ControlChange): { change: ControlChange; changed: boolean } {
    slots.set(key, change, forgottenAt(change));
    past.set(requestId, change);
    for (const oldest of past.keys()) {
      if (past.size <= HISTORY_LENGTH) break;
      past.delete(oldest);
    }
    return { change, changed: true };
  }

  return {
    apply(request) {
      const at = now();
      const { kind, scope, id } = request.op === 'lift' ? request : request.control;
      const made = past.get(id);
      if (made !== undefined) return { change: made, changed: false };

      const key = controlKey(kind, scope);
      const change = nextChange(request, slots.get(key), at);
      return change === undefined ? undefined : record(key, id, { epoch: nextEpoch(), ...change });
    },
    active() {
      const at = now();
      return [...slots.active()].flatMap(([, change]) => (stands(change, at) ? [change.control] : []));
    },
    since: (epoch) => [...slots.active()].flatMap(([, change]) => (change.epoch > epoch ? [change] : [])),
    history: (limit) => [...past.values()].reverse().slice(0, limit),
  };
}

/**
 * What a request that was not made before changes, given the last change of its control that is not forgotten;
 * `undefined`: nothing. The store gives it its place in the sequence.
 */
export function nextChange(
  request: ControlRequest,
  slot: ControlChange | undefined,
  now: number,
): Omit<ControlChange, 'epoch'> | undefined {
  const { who, why } = request.op === 'lift' ? request : request.control;
  const change = (control: Control): Omit<ControlChange, 'epoch'> => ({
    ...{ op: request.op, control: Object.freeze(control), who, why },
    at: now,
  });
  switch (request.op) {
    case 'set':
      return change({ ...request.control, at: now, ...ending(now, request.forMs) });
    case 'lift':
      if (slot === undefined || !stands(slot, now)) return undefined;
      return request.only !== undefined && request.only !== slot.control.id ? undefined : change(slot.control);
    case 'restore': {
      if (slot !== undefined) return undefined;
      const { expiresAt: _, ...terms } = request.control;
      return change({ ...terms, ...ending(now, request.remainingMs) });
    }
  }
}

function ending(now: number, ms: number | undefined): { readonly expiresAt?: number } {
  return ms === undefined ? {} : { expiresAt: now + ms };
}

/** True while the control of a change is in force, if the change is the last of its control. */
export function stands(change: ControlChange, now: number): boolean {
  return change.op !== 'lift' && (change.control.expiresAt ?? Infinity) > now;
}

/** When a change no longer matters to anything that may still come: from then on it may be deleted. */
export function forgottenAt(change: ControlChange): number {
  return (change.op === 'lift' ? change.at : (change.control.expiresAt ?? Infinity)) + LIFTED_MS;
}

/** A control with the moment it ends on the reader's own clock. */
export interface TimedControl {
  readonly control: Control;
  readonly until: number;
}

/**
 * Controls by the tenant and the user that they name: ten thousand of them cost an event, and a change, no more than
 * one. Keys are those of `controlKey`.
 */
export interface ControlIndex {
  readonly size: number;
  get(key: string): TimedControl | undefined;
  put(key: string, timed: TimedControl): void;
  remove(key: string): void;
  entries(): Iterable<readonly [key: string, timed: TimedControl]>;
  /** Those whose scope covers the event and whose time has not come. */
  covering(event: Pick<GovernedEvent, 'subject' | 'resource'>, now: number): readonly Control[];
}

export const NO_CONTROLS: readonly Control[] = Object.freeze([]);

type Name = string | undefined;
type Bucket = Map<string, TimedControl>;

export function createControlIndex(): ControlIndex {
  const all: Bucket = new Map();
  const tenants = new Map<Name, Map<Name, Bucket>>();

  function remove(key: string): void {
    const known = all.get(key);
    if (known === undefined) return;
    const { tenant, user } = known.control.scope;
    const users = tenants.get(tenant);
    const bucket = users?.get(user);
    all.delete(key);
    bucket?.delete(key);
    if (bucket?.size === 0) users?.delete(user);
    if (users?.size === 0) tenants.delete(tenant);
  }

  function gather(
    tenant: Name,
    event: Pick<GovernedEvent, 'subject' | 'resource'>,
    now: number,
    found: Control[],
  ): void {
    const users = tenants.get(tenant);
    if (users === undefined) return;
    const { user } = event.subject;
    for (const name of user === undefined ? [undefined] : [undefined, user]) {
      for (const { control, until } of users.get(name)?.values() ?? []) {
        if (until > now && scopeCovers(control.scope, event)) found.push(control);
      }
    }
  }

  return {
    get size() {
      return all.size;
    },
    get: (key) => all.get(key),
    put(key, timed) {
      // One key is one scope, and so one place.
      all.set(key, timed);
      const { tenant, user } = timed.control.scope;
      const users = tenants.get(tenant) ?? new Map<Name, Bucket>();
      tenants.set(tenant, users);
      const bucket = users.get(user) ?? (new Map() as Bucket);
      users.set(user, bucket.set(key, timed));
    },
    remove,
    entries: () => all.entries(),
    covering(event, now) {
      const { tenant } = event.subject;
      if (!tenants.has(undefined) && !tenants.has(tenant)) return NO_CONTROLS;
      const found: Control[] = [];
      gather(undefined, event, now, found);
      gather(tenant, event, now, found);
      return found.length === 0 ? NO_CONTROLS : found;
    },
  };
}
