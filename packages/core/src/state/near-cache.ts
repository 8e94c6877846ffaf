import type { Control } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder } from '../contract/limits.ts';
import type { ActiveCooldown } from '../contract/snapshot.ts';
import { notify } from '../outside/notify.ts';
import { createControlIndex, NO_CONTROLS } from '../store/controls.ts';
import { controlKey } from '../store/keys.ts';
import { createShelf } from '../store/shelf.ts';
import type { ControlChange, Push, SyncAnswer, SyncCursor } from '../store/store.ts';
import { createActiveCooldowns } from './active-cooldowns.ts';

/** A control came to stand or ceased to, as seen by this process. */
export interface ControlNotice {
  readonly op: 'set' | 'lift';
  readonly control: Control;
  /** Who did it, and why. Absent when a lift was found by re-reading: the store's history knows. */
  readonly by?: { readonly who: string; readonly why: string };
}

export type ControlListener = (notice: ControlNotice) => unknown;

type ChangePush = Extract<Push, { kind: 'control' | 'cooldown' }>;

/** A question to the store that is under way, and what this process has heard since it was asked. */
export interface Question {
  /** What the store is asked for: everything after this cursor, or everything. */
  readonly since: SyncCursor | undefined;
  /** The cursor at that time, and the newest change seen, gaps or not. */
  readonly known: SyncCursor | undefined;
  readonly newest: number;
  readonly heard: { readonly push: ChangePush; readonly at: number }[];
  readonly cooled: { readonly key: string; readonly until: number; readonly since: number }[];
}

/** What a store that lost its memory has to be told. */
export interface Forgotten {
  readonly restore: readonly { readonly control: Control; readonly remainingMs?: number }[];
  /** Controls that stand there again though this process knows that they were lifted. */
  readonly lift: readonly { readonly control: Control; readonly who: string; readonly why: string }[];
}

/**
 * What this process knows of the store without asking it: active cooldowns, modes and halts, nothing about anyone
 * clean. Times are kept on this process's monotonic clock. Listeners are told after everything is in force, so none of
 * them can undo it.
 */
export interface NearCache {
  controlsFor(event: Pick<GovernedEvent, 'subject' | 'resource'>): readonly Control[];
  readonly cooldownsFor: (
    ladders: readonly Ladder[],
    event: GovernedEvent,
    shadow: boolean,
  ) => readonly ActiveCooldown[];
  controls(): readonly Control[];
  /**
   * Takes a pushed change. `gap`: something before it was missed, ask the store. `other`: it is a change of another
   * store.
   */
  push(push: ChangePush): 'taken' | 'gap' | 'other';
  /** Begins a question; the one before it is given up. `everything`: do not rely on what is known. */
  ask(everything?: boolean): Question;
  /**
   * Takes its answer. `gap`: taken, and something after it was missed. `refused`: it cannot be trusted, ask for
   * everything.
   */
  take(answer: SyncAnswer, question: Question): 'taken' | 'gap' | 'refused';
  /** What an answer shows the store to have forgotten. Nothing, unless the answer is everything. */
  forgotten(answer: SyncAnswer): Forgotten;
  /**
   * A cooldown this process has just been told of, before any push, by an answer to what it asked at `askedAt`. An
   * operator may have lifted it meanwhile: then it is left to the store's next word.
   */
  cool(key: string, retryAfterMs: number, askedAt?: number): void;
  /** True when an operator was heard, after that moment, to have let go of what waits under the key. */
  releasedSince(key: string, at: number): boolean;
  /** Keys and remaining milliseconds of the cooldowns that run. */
  cooling(): readonly { readonly key: string; readonly retryAfterMs: number }[];
  /** Lets a control stand in this process before the store knows it, and until it does: a halt does not wait. */
  hold(control: Control, forMs?: number): void;
  /** From now on the control stands here only as long as the store says so. */
  leaveToStore(id: string): void;
  /** True when such a control stands here. */
  stands(kind: Control['kind'], scope: Control['scope']): boolean;
  /** How far the sequence of changes is known without a gap. */
  cursor(): SyncCursor | undefined;
}

/** Changes that are remembered in case the store forgets them. As many as stores keep. */
const MAX_REMEMBERED = 1000;
/** Most changes remembered while a question is under way; above them its answer is refused. */
const MAX_HEARD = 100_000;
/** Most stores remembered that speak on the same channel. */
const MAX_OTHERS = 100;
/** Longer than an answer may be under way that was given before a release. */
const RELEASED_MS = 60_000;

/**
 * `released` hears of keys under which nothing has to wait any more, whatever was known; without a key: of none is
 * known what waits.
 */
export function createNearCache(
  now: () => number,
  listeners: Iterable<ControlListener>,
  released: (key?: string) => void = () => undefined,
): NearCache {
  const cooldowns = createActiveCooldowns(now);
  /** Keys that were lately released, and when this process heard of it. */
  const releasedAt = createShelf<number>(now);
  const controls = createControlIndex();
  /** Of the controls, by id, those that the store has not yet confirmed. */
  const unconfirmed = new Set<string>();
  const lifted = new Map<string, { readonly who: string; readonly why: string }>();
  /**
   * Epoch of the last change of a control, for those since the cursor: a push that comes late does not undo a newer
   * one.
   */
  const changedAt = new Map<string, number>();
  let cursor: SyncCursor | undefined;
  /** Newest change seen, gaps or not. */
  let newest = 0;
  /**
   * What the newest changes were, by epoch: a store that uses a number again for something else has come back older.
   */
  const numbered = new Map<number, string>();
  /** Other incarnations that were heard of, and the question from which on they are known to be another store's. */
  const others = new Map<string, number>();
  let asked = 0;
  let answered = 0;
  let question: Question | undefined;
  let notices: ControlNotice[] = [];

  // INVARIANT: only called when the caches are whole. A listener may call back in here, or throw.
  function tell(): void {
    const told = notices;
    notices = [];
    for (const notice of told) notify(listeners, [notice]);
  }

  function put(control: Control, until: number, by: ControlNotice['by']): void {
    const key = controlKey(control.kind, control.scope);
    const known = controls.get(key)?.control.id === control.id;
    controls.put(key, { control, until });
    lifted.delete(control.id);
    if (!known) notices.push({ op: 'set', control, ...(by === undefined ? {} : { by }) });
  }

  function remove(key: string, by: ControlNotice['by']): void {
    const known = controls.get(key);
    if (known === undefined) return;
    controls.remove(key);
    notices.push({ op: 'lift', control: known.control, ...(by === undefined ? {} : { by }) });
  }

  /** Nothing of the sequence counts any more: the next question is for everything. */
  function forget(): void {
    cursor = undefined;
    newest = 0;
    question = undefined;
    numbered.clear();
    changedAt.clear();
  }

  /** From the moment a control was heard of to its end, on this process's clock. */
  const untilOf = ({ expiresAt }: Control, storeNow: number, at: number): number =>
    expiresAt === undefined ? Infinity : at + (expiresAt - storeNow);

  /** `storeNow`: the store's time when it said so. */
  function change({ epoch, op, control, who, why }: ControlChange, storeNow: number, heardAt: number): void {
    unconfirmed.delete(control.id);
    if (op === 'lift') remember(lifted, control.id, { who, why });
    const key = controlKey(control.kind, control.scope);
    if (epoch <= (changedAt.get(key) ?? 0)) return;
    changedAt.set(key, epoch);
    if (op === 'lift') remove(key, { who, why });
    else put(control, untilOf(control, storeNow, heardAt), { who, why });
  }

  function cooldown(key: string, retryAfterMs: number, heardAt: number): void {
    if (retryAfterMs > 0) {
      cooldowns.start(key, heardAt + retryAfterMs);
      return;
    }
    cooldowns.end(key);
    releasedAt.set(key, heardAt, heardAt + RELEASED_MS);
    released(key);
  }

  function cooled(key: string, until: number, askedAt: number): void {
    if (!releasedSince(key, askedAt)) cooldowns.start(key, until);
  }

  const releasedSince = (key: string, at: number): boolean => (releasedAt.get(key) ?? -Infinity) > at;

  function replace(list: readonly Control[], storeNow: number): void {
    const standing = new Set(list.map((control) => controlKey(control.kind, control.scope)));
    for (const [key, { control }] of controls.entries()) {
      if (!standing.has(key) && !unconfirmed.has(control.id)) remove(key, undefined);
    }
    for (const control of list) {
      unconfirmed.delete(control.id);
      put(control, untilOf(control, storeNow, now()), { who: control.who, why: control.why });
    }
  }

  /** Databases of one server share its channels. It may be this store as well, that has become another one since. */
  function fromElsewhere(incarnation: string): 'gap' | 'other' {
    const from = others.get(incarnation);
    if (from !== undefined) return answered >= from ? 'other' : 'gap';
    if (others.size >= MAX_OTHERS) others.clear();
    others.set(incarnation, asked + 1);
    return 'gap';
  }

  function apply(push: ChangePush, heardAt: number): 'taken' | 'gap' | 'other' {
    const { incarnation } = push;
    if (incarnation !== undefined && incarnation !== cursor?.incarnation) return fromElsewhere(incarnation);
    const epoch = epochOf(push);
    const what = push.kind === 'control' ? push.change.control.id + push.change.op : push.key;
    // INVARIANT: `cursor` moves only along an unbroken sequence, so that a lost push is asked for and never assumed.
    if (epoch <= (cursor?.epoch ?? 0)) {
      if ((numbered.get(epoch) ?? what) === what) return 'taken';
      forget();
    }
    remember(numbered, epoch, what);
    newest = Math.max(newest, epoch);
    if (push.kind === 'cooldown') cooldown(push.key, push.retryAfterMs, heardAt);
    else change(push.change, push.change.at, heardAt);
    if (cursor === undefined || epoch !== cursor.epoch + 1) return 'gap';
    cursor = { incarnation: cursor.incarnation, epoch };
    return 'taken';
  }

  return {
    // Most of the time there is none, and reading the clock would cost more than all the rest.
    controlsFor: (event) => (controls.size === 0 ? NO_CONTROLS : controls.covering(event, now())),
    cooldownsFor: cooldowns.find,
    // Most of the time there is none, and adapters ask with every request.
    controls: () =>
      controls.size === 0
        ? NO_CONTROLS
        : [...controls.entries()].filter(([, { until }]) => until > now()).map(([, { control }]) => control),

    push(push) {
      const at = now();
      question?.heard.push({ push, at });
      const known = apply(push, at);
      tell();
      return known;
    },

    ask(everything = false) {
      asked++;
      question = { since: everything ? undefined : cursor, known: cursor, newest, heard: [], cooled: [] };
      return question;
    },

    take(answer, given) {
      if (given !== question) return 'refused';
      question = undefined;
      const { heard, cooled: told } = given;
      // INVARIANT: a store whose sequence is shorter than what it has told before has lost changes. It is another one:
      // nothing that is known of the old sequence counts, and only an answer that is everything can be taken.
      const other = answer.incarnation !== given.known?.incarnation || answer.epoch < given.newest;
      if ((other && !answer.full) || heard.length > MAX_HEARD) {
        forget();
        return 'refused';
      }
      if (other) numbered.clear();
      if (answer.full) {
        cooldowns.clear();
        released();
      }
      for (const { key, retryAfterMs } of answer.cooldowns) {
        // What the store says now is not what it said before: a cooldown that was lifted may have been followed by a
        // shorter one.
        if (!answer.full) cooldowns.end(key);
        cooldown(key, retryAfterMs, now());
      }
      if (answer.controls !== undefined) replace(answer.controls, answer.now);
      for (const one of answer.changes ?? []) change(one, answer.now, now());
      cursor = { incarnation: answer.incarnation, epoch: answer.epoch };
      newest = answer.epoch;
      answered = asked;
      changedAt.clear();
      // What was heard while the question was under way may be newer than its answer.
      let missed = false;
      for (const { push, at } of heard) if (apply(push, at) === 'gap') missed = true;
      for (const { key, until, since } of told) cooled(key, until, since);
      tell();
      return missed ? 'gap' : 'taken';
    },

    forgotten({ full, controls: there = [] }) {
      if (!full) return NOTHING_FORGOTTEN;
      const ids = new Set(there.map(({ id }) => id));
      const restore = [];
      for (const [, { control, until }] of controls.entries()) {
        const remainingMs = Math.ceil(until - now());
        if (ids.has(control.id) || unconfirmed.has(control.id) || remainingMs <= 0) continue;
        restore.push({ control, ...(until === Infinity ? {} : { remainingMs }) });
      }
      const lift = there.flatMap((control) => {
        const by = lifted.get(control.id);
        return by === undefined ? [] : [{ control, ...by }];
      });
      return { restore, lift };
    },

    cool(key, retryAfterMs, askedAt = now()) {
      const until = now() + retryAfterMs;
      question?.cooled.push({ key, until, since: askedAt });
      cooled(key, until, askedAt);
    },

    releasedSince,

    cooling() {
      const at = now();
      return [...cooldowns.active()].map(([key, until]) => ({ key, retryAfterMs: Math.ceil(until - at) }));
    },

    hold(control, forMs = Infinity) {
      const known = controls.get(controlKey(control.kind, control.scope));
      const until = known?.control.id === control.id ? known.until : now() + forMs;
      unconfirmed.add(control.id);
      put(control, until, { who: control.who, why: control.why });
      tell();
    },

    leaveToStore: (id) => void unconfirmed.delete(id),
    stands: (kind, scope) => (controls.get(controlKey(kind, scope))?.until ?? 0) > now(),
    cursor: () => cursor,
  };
}

const NOTHING_FORGOTTEN: Forgotten = Object.freeze({ restore: [], lift: [] });

/** Puts the entry last, and lets the first ones go. */
function remember<K, V>(entries: Map<K, V>, key: K, value: V): void {
  entries.delete(key);
  entries.set(key, value);
  for (const first of entries.keys()) {
    if (entries.size <= MAX_REMEMBERED) return;
    entries.delete(first);
  }
}

function epochOf(push: ChangePush): number {
  return push.kind === 'control' ? push.change.epoch : push.epoch;
}
