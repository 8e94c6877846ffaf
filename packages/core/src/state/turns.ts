import { tenantPart } from '../store/keys.ts';

/**
 * One connection to the store serves everybody, and the store does what it reads in one go. So each tenant has only so
 * many calls under way; those beyond them wait here, and the tenant's users take turns. Whoever hammers waits for
 * himself, and everybody else finds the way free.
 */
export interface Turns {
  /**
   * Takes a place for a call about what lies under the key, or the next free one when the user's turn comes. None where
   * that is so late that the caller would hardly hear an answer.
   */
  take(key: string, deadlineMs: number): Turn;
}

export interface Turn {
  /** True once the call may be made. */
  readonly begun: boolean;
  /** Resolves when it may be made; `undefined` where that is at once. */
  readonly ready: Promise<void> | undefined;
  /** The call is over, or was never made because nobody waits for it any more. */
  over(): void;
}

/** Calls under way for a tenant, however near the store is. */
const FEWEST = 8;
/**
 * And this many for each millisecond of the way there and back: as many as a store can work off meanwhile, so that the
 * bound costs a tenant no throughput, and a call that finds them before it waits for no longer than it travels.
 */
const PER_MS = 40;

/**
 * Of these, what one user may have: where all of a user's calls are stuck, as behind a lock on one subject, the others
 * of the tenant still find a way.
 */
const OF_ONE_USER = 0.75;

/** Of its deadline, what a call may wait for its turn: the store needs the rest. */
const PATIENCE = 0.75;

/** How many calls of one tenant may be under way. */
export function roomFor(roundTripMs: number | undefined): number {
  return Math.max(FEWEST, Math.ceil((roundTripMs ?? 0) * PER_MS));
}

export function createTurns(room: () => number, now: () => number = () => performance.now()): Turns {
  const lanes = new Map<string, Lane>();

  return {
    take(key, deadlineMs) {
      const tenant = tenantPart(key);
      let lane = lanes.get(tenant);
      if (lane === undefined) lanes.set(tenant, (lane = new Lane(room, now, () => lanes.delete(tenant))));
      return new OneTurn(lane, key, now, deadlineMs);
    },
  };
}

/** The calls of one tenant. */
class Lane {
  #underWay = 0;
  readonly #underWayOf = new Map<string, number>();
  /** By user, in the order of their turns. */
  readonly #waiting = new Map<string, Set<OneTurn>>();
  readonly #room: () => number;
  readonly #now: () => number;
  readonly #onEmpty: () => void;

  constructor(room: () => number, now: () => number, onEmpty: () => void) {
    this.#room = room;
    this.#now = now;
    this.#onEmpty = onEmpty;
  }

  /** False: there is no room. */
  enter(user: string): boolean {
    const room = this.#room();
    if (this.#underWay >= room || !this.#hasRoom(user, room)) return false;
    this.#count(user, 1);
    return true;
  }

  leave(user: string): void {
    this.#count(user, -1);
    const room = this.#room();
    while (this.#underWay < room) {
      const turn = this.#next(room);
      if (turn === undefined) break;
      if (turn.until < this.#now()) continue;
      this.#count(turn.user, 1);
      turn.begin();
    }
    if (this.#underWay === 0) this.#onEmpty();
  }

  wait(turn: OneTurn): void {
    const own = this.#waiting.get(turn.user);
    if (own === undefined) this.#waiting.set(turn.user, new Set([turn]));
    else own.add(turn);
  }

  drop(turn: OneTurn): void {
    const own = this.#waiting.get(turn.user);
    own?.delete(turn);
    if (own?.size === 0) this.#waiting.delete(turn.user);
  }

  /** The oldest call of the user whose turn it is, of those who may have one more. */
  #next(room: number): OneTurn | undefined {
    for (const [user, own] of this.#waiting) {
      if (!this.#hasRoom(user, room)) continue;
      const turn = own.values().next().value!;
      own.delete(turn);
      this.#waiting.delete(user);
      // Behind all others: a map keeps the order in which its keys came.
      if (own.size > 0) this.#waiting.set(user, own);
      return turn;
    }
    return undefined;
  }

  #hasRoom(user: string, room: number): boolean {
    return (this.#underWayOf.get(user) ?? 0) < Math.ceil(room * OF_ONE_USER);
  }

  #count(user: string, more: 1 | -1): void {
    this.#underWay += more;
    const now = (this.#underWayOf.get(user) ?? 0) + more;
    if (now === 0) this.#underWayOf.delete(user);
    else this.#underWayOf.set(user, now);
  }
}

class OneTurn implements Turn {
  begun: boolean;
  readonly ready: Promise<void> | undefined;
  /** The last moment at which it may begin. */
  until = Infinity;
  readonly #lane: Lane;
  /** What tells the users of a tenant apart; where a key names none, everything that it does name. */
  readonly user: string;
  #start: (() => void) | undefined;

  constructor(lane: Lane, key: string, now: () => number, deadlineMs: number) {
    this.#lane = lane;
    this.user = /\/user=[^/]*/.exec(key)?.[0] ?? key;
    this.begun = lane.enter(this.user);
    if (!this.begun) {
      this.until = now() + PATIENCE * deadlineMs;
      this.ready = new Promise((resolve) => (this.#start = resolve));
      lane.wait(this);
    }
  }

  begin(): void {
    this.begun = true;
    this.#start?.();
  }

  over(): void {
    if (this.begun) this.#lane.leave(this.user);
    else this.#lane.drop(this);
  }
}
