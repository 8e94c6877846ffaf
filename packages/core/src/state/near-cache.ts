import type { Control } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder } from '../contract/limits.ts';
import type { ActiveCooldown } from '../contract/snapshot.ts';
import { indexControls, NO_CONTROLS, type ControlIndex, type TimedControl } from './controls.ts';
import { controlKey, stateKey, subjectOfKey } from './keys.ts';
import type { Mark, Push, SyncAnswer } from './store.ts';

/** A control came to stand or ceased to, as seen by this process. */
export interface ControlNotice {
  readonly op: 'set' | 'lift';
  readonly control: Control;
}

/**
 * What this process knows of the store without asking it: active cooldowns, modes and halts, nothing about anyone clean.
 * A clean subject costs a look-up or two, and no key is made for it. Times are kept on this process's monotonic clock.
 */
export interface NearCache {
  controlsFor(event: Pick<GovernedEvent, 'subject' | 'resource'>): readonly Control[];
  readonly cooldownsFor: (
    ladders: readonly Ladder[],
    event: GovernedEvent,
    shadow: boolean,
  ) => readonly ActiveCooldown[];
  controls(): readonly Control[];
  /** Takes a pushed change. `gap`: something before it was missed, ask the store. */
  push(push: Extract<Push, { kind: 'control' | 'cooldown' }>): 'taken' | 'gap';
  /** Takes an answer of the store. `old`: a newer change was pushed meanwhile, ask again. */
  sync(answer: SyncAnswer): 'taken' | 'old';
  /** A cooldown this process has just been told of, before any push. */
  cool(key: string, retryAfterMs: number): void;
  /** Holds a control in this process until the store has answered: a halt does not wait for it. */
  hold(control: Control): void;
  /** How far the sequence of changes is known without a gap. */
  mark(): Mark | undefined;
  /** Everything held, with the time left: what a store that lost its memory can be told again. */
  held(): readonly { readonly control: Control; readonly remainingMs?: number }[];
}

/** Cooldowns of one tenant: user → key → end. Under `undefined` those whose key names no user. */
type Cooling = Map<string | undefined, Map<string, number>>;

const NO_COOLDOWNS: readonly ActiveCooldown[] = Object.freeze([]);

export function createNearCache(now: () => number, onChange: (notice: ControlNotice) => void): NearCache {
  /** By tenant. Shadow apart, so that no text has to be joined to look. */
  const live = new Map<string, Cooling>();
  const shadowed = new Map<string, Cooling>();
  const controls = new Map<string, TimedControl>();
  let index: ControlIndex = indexControls([]);
  let mark: Mark | undefined;
  /** Newest change seen, gaps or not. */
  let newest = 0;

  function cool(key: string, retryAfterMs: number): void {
    const { shadow, tenant, user } = subjectOfKey(key);
    const tenants = shadow ? shadowed : live;
    const cooling: Cooling = tenants.get(tenant) ?? new Map();
    const keys = cooling.get(user) ?? new Map<string, number>();
    tenants.set(tenant, cooling.set(user, keys.set(key, now() + retryAfterMs)));
    forgetSome(cooling);
  }

  /** A few of the oldest at each addition: what is kept stays close to what is active, without a timer. */
  function forgetSome(cooling: Cooling): void {
    let looked = 0;
    for (const [user, keys] of cooling) {
      for (const [key, until] of keys) if (until <= now()) keys.delete(key);
      cooling.delete(user);
      if (keys.size > 0) cooling.set(user, keys); // to the end: the others get their turn
      if (++looked === 4) return;
    }
  }

  /** Of the ladders, those whose key is among these and not over. */
  function active(
    keys: Map<string, number>,
    ladders: readonly Ladder[],
    event: GovernedEvent,
    shadow: boolean,
  ): ActiveCooldown[] {
    const found: ActiveCooldown[] = [];
    for (const { id, key: fields } of ladders) {
      const until = keys.get(stateKey('ladder', id, fields, event, shadow));
      const retryAfterMs = until === undefined ? 0 : Math.ceil(until - now());
      if (retryAfterMs > 0) found.push({ ladder: id, retryAfterMs });
    }
    return found;
  }

  function put(control: Control, storeNow: number): void {
    const until = control.expiresAt === undefined ? Infinity : now() + (control.expiresAt - storeNow);
    controls.set(controlKey(control.kind, control.scope), { control, until });
  }

  function replace(answer: SyncAnswer, list: readonly Control[]): void {
    const before = new Map(controls);
    controls.clear();
    for (const control of list) put(control, answer.now);
    index = indexControls(controls.values());
    for (const [key, { control }] of controls) {
      if (before.get(key)?.control.id !== control.id) onChange({ op: 'set', control });
    }
    for (const [key, { control }] of before) if (!controls.has(key)) onChange({ op: 'lift', control });
  }

  return {
    controlsFor: (event) => (index.size === 0 ? NO_CONTROLS : index.covering(event, now())),

    cooldownsFor(ladders, event, shadow) {
      const { tenant, user } = event.subject;
      const cooling = (shadow ? shadowed : live).get(tenant);
      if (cooling === undefined) return NO_COOLDOWNS;
      const own = user === undefined ? undefined : cooling.get(user);
      const others = cooling.get(undefined);
      if (own === undefined && others === undefined) return NO_COOLDOWNS;
      const found = own === undefined ? [] : active(own, ladders, event, shadow);
      if (others !== undefined) found.push(...active(others, ladders, event, shadow));
      return found.length === 0 ? NO_COOLDOWNS : found;
    },

    controls: () => [...controls.values()].filter(({ until }) => until > now()).map(({ control }) => control),

    push(push) {
      // INVARIANT: `mark` moves only along an unbroken sequence, so that a lost push is asked for and never assumed.
      if (push.epoch <= (mark?.epoch ?? 0)) return 'taken';
      newest = Math.max(newest, push.epoch);
      if (push.kind === 'cooldown') cool(push.key, push.retryAfterMs);
      else {
        const { op, control } = push.change;
        const key = controlKey(control.kind, control.scope);
        const known = controls.get(key)?.control.id === control.id;
        if (op === 'lift') controls.delete(key);
        else put(control, push.now);
        index = indexControls(controls.values());
        if (op === 'lift' || !known) onChange({ op: op === 'lift' ? 'lift' : 'set', control });
      }
      if (mark === undefined || push.epoch !== mark.epoch + 1) return 'gap';
      mark = { incarnation: mark.incarnation, epoch: push.epoch };
      return 'taken';
    },

    sync(answer) {
      if (answer.incarnation !== mark?.incarnation) newest = 0;
      if (answer.epoch < newest) return 'old';
      if (answer.full) {
        live.clear();
        shadowed.clear();
      }
      for (const { key, retryAfterMs } of answer.cooldowns) cool(key, retryAfterMs);
      if (answer.controls !== undefined) replace(answer, answer.controls);
      mark = { incarnation: answer.incarnation, epoch: answer.epoch };
      newest = answer.epoch;
      return 'taken';
    },

    cool,

    hold(control) {
      controls.set(controlKey(control.kind, control.scope), { control, until: Infinity });
      index = indexControls(controls.values());
      onChange({ op: 'set', control });
    },

    mark: () => mark,

    held: () =>
      [...controls.values()].map(({ control, until }) => ({
        control,
        ...(until === Infinity ? {} : { remainingMs: Math.max(0, Math.ceil(until - now())) }),
      })),
  };
}
