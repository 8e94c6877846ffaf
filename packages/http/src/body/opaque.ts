/** What becomes of bodies that cannot be read: of all of them, or by media type (`application/zip`, `text/*`, `*`). */
export type OpaqueBodies = 'block' | 'pass' | { readonly [type: string]: 'block' | 'pass' };

/**
 * True where a body that cannot be read leaves unjudged. The most exact entry counts; what no entry names, and what has
 * no type where none is for all (`*`), is blocked. Asked once for a body that cannot be read.
 */
export function passesUnread(opaque: OpaqueBodies | undefined, contentType: string | undefined): boolean {
  if (typeof opaque !== 'object') return opaque === 'pass';
  const type = contentType?.split(';')[0]!.trim().toLowerCase() ?? '';
  const slash = type.indexOf('/');
  const names = slash < 0 ? ['*'] : [type, `${type.slice(0, slash)}/*`, '*'];
  const name = names.find((one) => Object.hasOwn(opaque, one));
  return name !== undefined && opaque[name] === 'pass';
}

const TYPE = /^(?:\*|[a-z0-9!#$&^_.+-]+\/(?:\*|[a-z0-9!#$&^_.+-]+))$/;

/** True for what the option may be. */
export function isOpaqueBodies(value: unknown): value is OpaqueBodies {
  if (isOneOf(value)) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([type, one]) => TYPE.test(type) && isOneOf(one));
}

const isOneOf = (value: unknown): boolean => value === 'block' || value === 'pass';
