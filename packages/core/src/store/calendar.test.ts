import { describe, expect, it } from 'vitest';
import { periodAt } from './calendar.ts';

const at = (text: string): number => Date.parse(text);
const iso = (calendar: Parameters<typeof periodAt>[0], now: string): readonly string[] => {
  const { start, end } = periodAt(calendar, at(now));
  return [new Date(start).toISOString(), new Date(end).toISOString()];
};

describe('periods of a calendar', () => {
  it('are days of the zone, 23 or 25 hours long where clocks are changed', () => {
    const day = { period: 'day', timeZone: 'Europe/Berlin' } as const;
    expect(iso(day, '2026-11-28T12:00:00Z')).toEqual(['2026-11-27T23:00:00.000Z', '2026-11-28T23:00:00.000Z']);
    expect(iso(day, '2026-03-29T12:00:00Z')).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
    expect(iso(day, '2026-10-25T12:00:00Z')).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
    expect(iso({ period: 'day', timeZone: 'Asia/Kathmandu' }, '2026-01-01T00:00:00Z')).toEqual([
      '2025-12-31T18:15:00.000Z',
      '2026-01-01T18:15:00.000Z',
    ]);
  });

  it('begin with the first moment of a day that has no midnight', () => {
    // Clocks went from 23:59:59 to 01:00.
    expect(iso({ period: 'day', timeZone: 'America/Sao_Paulo' }, '2018-11-04T12:00:00Z')).toEqual([
      '2018-11-04T03:00:00.000Z',
      '2018-11-05T02:00:00.000Z',
    ]);
  });

  it('are weeks from Monday on, and months', () => {
    expect(iso({ period: 'week', timeZone: 'UTC' }, '2026-11-28T12:00:00Z')).toEqual([
      '2026-11-23T00:00:00.000Z',
      '2026-11-30T00:00:00.000Z',
    ]);
    expect(iso({ period: 'month', timeZone: 'America/New_York' }, '2026-12-31T12:00:00Z')).toEqual([
      '2026-12-01T05:00:00.000Z',
      '2027-01-01T05:00:00.000Z',
    ]);
  });

  it('follow each other without a gap, and hold the moment they were asked for', () => {
    for (const timeZone of [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Asia/Kathmandu',
      'UTC',
    ]) {
      for (const period of ['day', 'week', 'month'] as const) {
        const from = at('2011-12-20T00:00:00Z');
        let now = from;
        for (let i = 0; i < 40; i++) {
          const found = periodAt({ period, timeZone }, now);
          expect(found.start).toBeLessThanOrEqual(now);
          expect(found.end).toBeGreaterThan(now);
          if (i > 0) expect(found.start).toBe(now);
          now = found.end;
        }
      }
    }
  });
});
