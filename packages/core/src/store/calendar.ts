import type { Calendar } from '../contract/limits.ts';

/** A day, week or month of a time zone: from `start` on, before `end`, in milliseconds since the epoch. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

const DAY_MS = 86_400_000;
/** The period that was asked for last, by calendar: asking again costs a look-up. */
const latest = new Map<string, Period>();
const zones = new Map<string, Intl.DateTimeFormat>();

/**
 * The period that a moment lies in. A day begins with its first moment, which is not midnight where a clock is put
 * forward then; weeks begin on Monday (ISO 8601). Throws a `RangeError` for a time zone that the platform does not
 * know.
 */
export function periodAt(calendar: Calendar, now: number): Period {
  const key = `${calendar.period} ${calendar.timeZone}`;
  const known = latest.get(key);
  if (known !== undefined && known.start <= now && now < known.end) return known;
  const [first, next] = daysOf(calendar.period, localDay(calendar.timeZone, now));
  const period = { start: firstMoment(calendar.timeZone, first), end: firstMoment(calendar.timeZone, next) };
  latest.set(key, period);
  return period;
}

/** The days on which the period of a day and the next one begin, as days since the epoch. */
function daysOf(period: Calendar['period'], day: number): readonly [first: number, next: number] {
  if (period === 'day') return [day, day + 1];
  if (period === 'week') {
    // 1 January 1970 was a Thursday.
    const monday = day - ((((day + 3) % 7) + 7) % 7);
    return [monday, monday + 7];
  }
  const date = new Date(day * DAY_MS);
  const monthAt = (offset: number): number => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1) / DAY_MS;
  return [monthAt(0), monthAt(1)];
}

/** The date on a wall of the zone, as days since the epoch. */
function localDay(timeZone: string, at: number): number {
  let format = zones.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    });
    zones.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.get('year')!, parts.get('month')! - 1, parts.get('day')) / DAY_MS;
}

/** Zones are at most 14 hours from UTC. */
const FARTHEST_MS = 15 * 3_600_000;

/** Dates on a wall never go back past midnight, so it can be looked for by halves. */
function firstMoment(timeZone: string, day: number): number {
  let before = day * DAY_MS - FARTHEST_MS;
  let after = day * DAY_MS + FARTHEST_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDay(timeZone, middle) >= day) after = middle;
    else before = middle;
  }
  return after;
}
