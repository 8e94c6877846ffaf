import { subjectOfKey, tenantPart } from './keys.ts';

/**
 * Who takes how much room in a store of bounded size. Whoever takes most meets the bound first: a user may hold as many
 * subjects as there are places left, a tenant eight times as many. So one user alone takes half of the store at most,
 * two that flood it a third each, one tenant eight ninths, and there is always room for everybody else. Subjects whose
 * key names no user count as one user.
 */
export interface Shares {
  readonly held: number;
  /** Why there is no place for one more subject under this key; `undefined` when there is. */
  refuses(key: string): 'store' | 'tenant' | 'user' | undefined;
  enter(key: string): void;
  leave(key: string): void;
  /** The oldest count of the user whom the key names: what gives way where the store evicts. */
  oldestCount(key: string): string | undefined;
}

const TENANT_FACTOR = 8;

interface User {
  held: number;
  /** Keys of limits, oldest first. */
  readonly counts: Set<string>;
}

interface Tenant {
  held: number;
  readonly users: Map<string | undefined, User>;
}

export function createShares(max: number): Shares {
  const tenants = new Map<string, Tenant>();
  let held = 0;

  const tenantOf = (key: string): Tenant | undefined => tenants.get(tenantPart(key));
  const userOf = (key: string): User | undefined => tenantOf(key)?.users.get(subjectOfKey(key).user);

  return {
    get held() {
      return held;
    },
    refuses(key) {
      const free = max - held;
      if (free <= 0) return 'store';
      if ((userOf(key)?.held ?? 0) >= free) return 'user';
      return (tenantOf(key)?.held ?? 0) >= TENANT_FACTOR * free ? 'tenant' : undefined;
    },
    enter(key) {
      let tenant = tenantOf(key);
      if (tenant === undefined) tenants.set(tenantPart(key), (tenant = { held: 0, users: new Map() }));
      const { user: name } = subjectOfKey(key);
      let user = tenant.users.get(name);
      if (user === undefined) tenant.users.set(name, (user = { held: 0, counts: new Set() }));
      held++;
      tenant.held++;
      user.held++;
      if (isCount(key)) user.counts.add(key);
    },
    leave(key) {
      const tenant = tenantOf(key);
      const { user: name } = subjectOfKey(key);
      const user = tenant?.users.get(name);
      if (tenant === undefined || user === undefined) return;
      held--;
      tenant.held--;
      user.held--;
      user.counts.delete(key);
      if (user.held === 0) tenant.users.delete(name);
      if (tenant.held === 0) tenants.delete(tenantPart(key));
    },
    oldestCount: (key) => userOf(key)?.counts.values().next().value,
  };
}

function isCount(key: string): boolean {
  return key.startsWith('/limit/', tenantPart(key).length);
}
