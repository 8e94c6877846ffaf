const DAY_MS = 86_400_000;

/** Milliseconds since the epoch at which a day, `2027-03-31`, is over in UTC. `undefined` for what is no day. */
export function untilMs(day: string): number | undefined {
  const start = Date.parse(`${day}T00:00:00Z`);
  // `2027-02-30` would be read as a day of March.
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day) return undefined;
  return start + DAY_MS;
}
