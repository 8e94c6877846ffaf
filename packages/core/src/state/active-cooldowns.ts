import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder } from '../contract/limits.ts';
import type { ActiveCooldown } from '../contract/snapshot.ts';
import { stateKey, subjectOfKey } from '../store/keys.ts';
import { createShelf } from '../store/shelf.ts';

/**
 * The cooldowns that are running, of real state and of shadow. A clean subject costs a look-up or two, and no key is
 * made for it. Constant work per cooldown, whatever ladders are keyed by; what has ended is freed while others start.
 */
export interface ActiveCooldowns {
  /** `until` is a time on this process's clock. A cooldown that is known already never gets shorter. */
  start(key: string, until: number): void;
  /** What is known of the key counts no more. */
  end(key: string): void;
  /** Keys and ends of all that run. */
  active(): Iterable<readonly [key: string, until: number]>;
  find(ladders: readonly Ladder[], event: GovernedEvent, shadow: boolean): readonly ActiveCooldown[];
  clear(): void;
  /** Held, those included that have ended and were not yet freed. */
  readonly size: number;
}

/** Key → its end. */
type Ends = Map<string, number>;
/** User → cooldowns. Under `undefined` those whose key names no user. */
type ByUser = Map<string | undefined, Ends>;
type ByTenant = Map<string, ByUser>;

interface Place {
  readonly tenants: ByTenant;
  readonly tenant: string;
  readonly user: string | undefined;
}

const NO_COOLDOWNS: readonly ActiveCooldown[] = Object.freeze([]);

export function createActiveCooldowns(now: () => number): ActiveCooldowns {
  // Shadow apart, so that no text has to be joined to look.
  const live: ByTenant = new Map();
  const shadowed: ByTenant = new Map();
  const all = createShelf<Place>(now, remove);

  function remove(key: string, { tenants, tenant, user }: Place): void {
    const users = tenants.get(tenant);
    const ends = users?.get(user);
    ends?.delete(key);
    if (ends?.size === 0) users?.delete(user);
    if (users?.size === 0) tenants.delete(tenant);
  }

  function active(ends: Ends, ladders: readonly Ladder[], event: GovernedEvent, shadow: boolean): ActiveCooldown[] {
    const found: ActiveCooldown[] = [];
    for (const { id, key: fields } of ladders) {
      const until = ends.get(stateKey('ladder', id, fields, event, shadow));
      const retryAfterMs = until === undefined ? 0 : Math.ceil(until - now());
      if (retryAfterMs > 0) found.push({ ladder: id, retryAfterMs });
    }
    return found;
  }

  return {
    start(key, until) {
      const { shadow, tenant, user } = subjectOfKey(key);
      const tenants = shadow ? shadowed : live;
      let users = tenants.get(tenant);
      if (users === undefined) tenants.set(tenant, (users = new Map()));
      let ends = users.get(user);
      if (ends === undefined) users.set(user, (ends = new Map()));
      const end = Math.max(until, ends.get(key) ?? until);
      ends.set(key, end);
      all.set(key, { tenants, tenant, user }, end);
    },

    end(key) {
      const place = all.get(key);
      if (place !== undefined) remove(key, place);
      all.delete(key);
    },

    *active() {
      for (const [key, { tenants, tenant, user }] of all.active()) {
        yield [key, tenants.get(tenant)?.get(user)?.get(key) ?? 0] as const;
      }
    },

    find(ladders, event, shadow) {
      const { tenant, user } = event.subject;
      const users = (shadow ? shadowed : live).get(tenant);
      if (users === undefined) return NO_COOLDOWNS;
      const own = user === undefined ? undefined : users.get(user);
      const others = users.get(undefined);
      if (own === undefined && others === undefined) return NO_COOLDOWNS;
      const found = own === undefined ? [] : active(own, ladders, event, shadow);
      if (others !== undefined) found.push(...active(others, ladders, event, shadow));
      return found.length === 0 ? NO_COOLDOWNS : found;
    },

    clear() {
      live.clear();
      shadowed.clear();
      all.clear();
    },

    get size() {
      return all.size;
    },
  };
}
