import { FlyballError } from '../../errors.ts';

const MAX_NAME = 512;

/**
 * A name of an event or a subject: 1 to `max` characters. Half a surrogate pair becomes U+FFFD: names are compared,
 * hashed and recorded, and no record can hold the half. Throws `EVENT_INVALID` with its place.
 */
export function checkedName(place: string, value: unknown, max: number = MAX_NAME): string {
  if (isName(value, max)) return value.toWellFormed();
  throw invalidEvent(`\`${place}\` must be a string of 1 to ${max} characters`);
}

const isName = (value: unknown, max: number = MAX_NAME): value is string =>
  typeof value === 'string' && value !== '' && value.length <= max;

/** An object of such names under known fields, copied and frozen. */
export function checkedNames(
  place: string,
  value: unknown,
  fields: readonly string[],
): { readonly [field: string]: string } {
  if (!isRecord(value)) throw invalidEvent(`\`${place}\` must be an object`);
  const names = Object.keys(value);
  const [first, second] = names;
  // Nearly all of them: a literal costs a fraction of adding fields by their names.
  if (names.length === 1 && first === 'route' && fields.includes('route')) {
    const { route } = value;
    if (isName(route)) return Object.freeze({ route: route.toWellFormed() });
  }
  if (names.length === 2 && first === 'tenant' && second === 'user' && fields.includes('tenant')) {
    const { tenant, user } = value;
    if (isName(tenant) && isName(user))
      return Object.freeze({ tenant: tenant.toWellFormed(), user: user.toWellFormed() });
  }
  const checked: Record<string, string> = {};
  for (const field of names) {
    if (!fields.includes(field))
      throw invalidEvent(`\`${place}.${field}\` is not known; \`${place}\` has ${fields.join(', ')}`);
    const name = value[field];
    if (name === undefined) continue;
    // The place is named only where it is wrong: subjects are checked with every request.
    checked[field] = isName(name) ? name.toWellFormed() : checkedName(`${place}.${field}`, name);
  }
  return Object.freeze(checked);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalidEvent(message: string, cause?: unknown): FlyballError {
  return new FlyballError('EVENT_INVALID', message, cause === undefined ? undefined : { cause });
}
