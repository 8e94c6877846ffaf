import { FlyballError } from '@flyball/core/evidence';
import type { Subject, SubjectKeys, SubjectScope } from './subject-keys.ts';

/** Whose records: by name, and where they are sealed by the ids of keys. */
export interface OfSubject {
  readonly tenant?: string;
  readonly user?: string;
  /** Ids of keys, in the place of names. */
  readonly sealed?: readonly string[];
  /** Those of them that a hold covers: counted, and not taken away. */
  readonly keptIds?: readonly string[];
}

/**
 * Forgets the keys of a subject, and answers what a log has to take away: from then on every copy of what was sealed is
 * unreadable, whatever becomes of the log.
 */
export async function forgetSubject(keys: SubjectKeys | undefined, subject: Subject): Promise<readonly OfSubject[]> {
  if (keys === undefined) return [subject];
  const { ids, held } = await keys.forget(subject);
  return [subject, { sealed: [...ids, ...held], keptIds: held }];
}

/** The scopes that a log has to hold: by name, and as sealed records name it. */
export async function holdScopes(keys: SubjectKeys | undefined, scope: SubjectScope): Promise<readonly SubjectScope[]> {
  const { tenant, user } = scope;
  if (keys === undefined || (tenant === undefined && user === undefined)) return [scope];
  if (tenant === undefined)
    throw new FlyballError('OPTIONS_INVALID', 'where records are sealed, a hold on a user names the tenant too');
  const [key] = await keys.keysOf([{ tenant, ...(user !== undefined && { user }) }]);
  // The id of a user by itself: when their tenant is forgotten they keep it, and the tenant gets another.
  return [scope, user === undefined ? { tenant: key!.tenantId } : { user: key!.id }];
}
