import { FlyballError } from '../../errors.ts';

const MAX_NAME = 512;

/**
 * A name of an event or a subject: 1 to `max` characters. Half a surrogate pair becomes U+FFFD: names are compared,
 * hashed and recorded, and no record can hold the half. Throws `EVENT_INVALID` with its place.
 */
export function checkedName(place: string, value: unknown, max: number = MAX_NAME): string {
  if (typeof value === 'string' && value !== '' && value.length <= max) return value.toWellFormed();
  throw invalidEvent(`\`${place}\` must be a string of 1 to ${max} characters`);
}

/** An object of such names under known fields, copied and frozen. */
export function checkedNames(
  place: string,
  value: unknown,
  fields: readonly string[],
): { readonly [field: string]: string } {
  if (!isRecord(value)) throw invalidEvent(`\`${place}\` must be an object`);
  const checked: Record<string, string> = {};
  for (const field of Object.keys(value)) {
    if (!fields.includes(field))
      throw invalidEvent(`\`${place}.${field}\` is not known; \`${place}\` has ${fields.join(', ')}`);
    if (value[field] !== undefined) checked[field] = checkedName(`${place}.${field}`, value[field]);
  }
  return Object.freeze(checked);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalidEvent(message: string, cause?: unknown): FlyballError {
  return new FlyballError('EVENT_INVALID', message, cause === undefined ? undefined : { cause });
}
