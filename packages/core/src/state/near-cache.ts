import type { Control } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder } from '../contract/limits.ts';
import type { ActiveCooldown } from '../contract/snapshot.ts';
import { indexControls, NO_CONTROLS, type ControlIndex, type TimedControl } from '../store/controls.ts';
import { controlKey, stateKey, subjectOfKey } from '../store/keys.ts';
import type { ControlChange, Mark, Push, SyncAnswer } from '../store/store.ts';

/** A control came to stand or ceased to, as seen by this process. */
export interface ControlNotice {
  readonly op: 'set' | 'lift';
  readonly control: Control;
  /** Who did it, and why. Absent when a lift was found by re-reading: the store's history knows. */
  readonly by?: { readonly who: string; readonly why: string };
}

/**
 * What this process knows of the store without asking it: active cooldowns, modes and halts, nothing about anyone clean.
 * A clean subject costs a look-up or two, and no key is made for it. Times are kept on this process's monotonic clock.
 */
export interface NearCache {
  controlsFor(event: Pick<GovernedEvent, 'subject' | 'resource'>): readonly Control[];
  readonly cooldownsFor: (
    ladders: readonly Ladder[],
    event: Pick<GovernedEvent, 'subject' | 'resource'>,
    shadow: boolean,
  ) => readonly ActiveCooldown[];
  controls(): readonly Control[];
  /** Takes a pushed change. `gap`: something before it was missed, ask the store. */
  push(push: Extract<Push, { kind: 'control' | 'cooldown' }>): 'taken' | 'gap';
  /** Takes an answer of the store. `old`: a newer change was pushed meanwhile, ask again. */
  sync(answer: SyncAnswer): 'taken' | 'old';
  /** A cooldown this process has just been told of, before any push. */
  cool(key: string, retryAfterMs: number): void;
  /** Lets a control stand in this process before the store knows it, and until it does: a halt does not wait. */
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
  /** Of these, by id, those that the store has not yet confirmed. */
  const unconfirmed = new Set<string>();
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
    event: Pick<GovernedEvent, 'subject' | 'resource'>,
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

  function put(control: Control, until: number, by: ControlNotice['by']): void {
    const key = controlKey(control.kind, control.scope);
    const known = controls.get(key)?.control.id === control.id;
    controls.set(key, { control, until });
    if (!known) onChange({ op: 'set', control, ...(by === undefined ? {} : { by }) });
  }

  function remove(key: string, by: ControlNotice['by']): void {
    const known = controls.get(key);
    controls.delete(key);
    if (known !== undefined) onChange({ op: 'lift', control: known.control, ...(by === undefined ? {} : { by }) });
  }

  /** From the moment a control is known to its end, on this process's clock. */
  const untilOf = ({ expiresAt }: Control, storeNow: number): number =>
    expiresAt === undefined ? Infinity : now() + (expiresAt - storeNow);

  function change({ op, control, who, why, at }: ControlChange): void {
    unconfirmed.delete(control.id);
    if (op === 'lift') remove(controlKey(control.kind, control.scope), { who, why });
    else put(control, untilOf(control, at), { who, why });
  }

  function replace(list: readonly Control[], storeNow: number): void {
    const standing = new Set(list.map((control) => controlKey(control.kind, control.scope)));
    for (const [key, { control }] of controls) {
      if (!standing.has(key) && !unconfirmed.has(control.id)) remove(key, undefined);
    }
    for (const control of list) {
      unconfirmed.delete(control.id);
      put(control, untilOf(control, storeNow), { who: control.who, why: control.why });
    }
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
      const epoch = push.kind === 'control' ? push.change.epoch : push.epoch;
      // INVARIANT: `mark` moves only along an unbroken sequence, so that a lost push is asked for and never assumed.
      if (epoch <= (mark?.epoch ?? 0)) return 'taken';
      newest = Math.max(newest, epoch);
      if (push.kind === 'cooldown') cool(push.key, push.retryAfterMs);
      else {
        change(push.change);
        index = indexControls(controls.values());
      }
      if (mark === undefined || epoch !== mark.epoch + 1) return 'gap';
      mark = { incarnation: mark.incarnation, epoch };
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
      if (answer.controls !== undefined) {
        replace(answer.controls, answer.now);
        index = indexControls(controls.values());
      }
      mark = { incarnation: answer.incarnation, epoch: answer.epoch };
      newest = answer.epoch;
      return 'taken';
    },

    cool,

    hold(control) {
      unconfirmed.add(control.id);
      put(control, Infinity, { who: control.who, why: control.why });
      index = indexControls(controls.values());
    },

    mark: () => mark,

    held: () =>
      [...controls.values()].map(({ control, until }) => ({
        control,
        ...(until === Infinity ? {} : { remainingMs: Math.max(0, Math.ceil(until - now())) }),
      })),
  };
}
