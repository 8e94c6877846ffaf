import { periodAt, StoreError, type Calendar, type Charge } from '@flyball/core/store';

/** What the library takes as a window. */
export interface Windows {
  of(terms: Pick<Charge, 'window' | 'calendar'>): string;
  /** Runs a call again if the server's clock turned out to be another one than this process thought. */
  agreeing<T>(run: () => Promise<T>): Promise<T>;
}

/**
 * Days of a calendar cannot be worked out inside the server: it gets the moments around now at which they begin, and
 * finds its own among them. Its clock decides (S3), and where it is a period or more away from this process's it says
 * so, and is asked again.
 */
export function createWindows(clock: () => number): Windows {
  let ahead = 0;
  const edges = new Map<string, { readonly start: number; readonly end: number; readonly text: string }>();

  function around(calendar: Calendar): string {
    const now = clock() + ahead;
    const key = `${calendar.period} ${calendar.timeZone}`;
    const known = edges.get(key);
    if (known !== undefined && known.start <= now && now < known.end) return known.text;
    const before = periodAt(calendar, periodAt(calendar, now).start - 1);
    const after = periodAt(calendar, periodAt(calendar, now).end);
    const { start, end } = periodAt(calendar, now);
    const text = [before.start, start, end, after.end].join(',');
    edges.set(key, { start, end, text });
    return text;
  }

  return {
    of: ({ window, calendar }) => (calendar === undefined ? window : around(calendar)),
    agreeing: (run) =>
      run().catch((error: unknown) => {
        const server = error instanceof StoreError ? /FLYBALLCLOCK (\d+)/.exec(error.message)?.[1] : undefined;
        if (server === undefined) throw error;
        ahead = Number(server) - clock();
        return run();
      }),
  };
}
