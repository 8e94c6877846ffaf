/** Freezes plain data to the bottom. A map stays writable; no reference to one leaves the compiler. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (value instanceof Map) for (const member of value.values()) freeze(member);
  else for (const member of Object.values(value)) freeze(member);
  return value;
}
