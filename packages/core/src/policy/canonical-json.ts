/**
 * JSON in the one form of RFC 8785 (JCS): keys sorted by UTF-16 units, no white space, numbers as ECMAScript writes
 * them. Refuses what has no such form or would read back as something else: NaN, infinities, -0, lone surrogates,
 * `undefined`.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (/\p{Surrogate}/u.test(value))
        throw new TypeError('a string with half a surrogate pair has no canonical JSON');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value) || Object.is(value, -0))
        throw new TypeError(`the number \`${value}\` has no canonical JSON`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
      return `{${members(value)}}`;
    default:
      throw new TypeError(`a ${typeof value} has no canonical JSON`);
  }
}

function members(value: object): string {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${canonicalJson(key)}:${canonicalJson(member)}`)
    .join(',');
}
