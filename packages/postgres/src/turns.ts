import { StoreError } from '@flyball/core/store';

/** Runs work on rows, one at a time for each row, in the order of arrival. */
export type Turns = <T>(rows: readonly string[], work: () => Promise<T>) => Promise<T>;

/**
 * Locks are taken in the database. But whoever waits for one holds a connection, and a subject that hammers would hold
 * them all: so each process has one at most at work on a row, and the others wait here. What waits for longer than its
 * caller does is not done at all.
 */
export function createTurns(patienceMs: number): Turns {
  const last = new Map<string, Promise<void>>();

  return (rows, work) => {
    const giveUpAt = performance.now() + patienceMs;
    const before = rows.flatMap((row) => last.get(row) ?? []);
    const done = Promise.all(before).then(() => {
      // The database is there: only this subject is asked about more than it takes.
      if (performance.now() > giveUpAt) {
        throw new StoreError('STORE_CROWDED', `others were at work on the same subject for ${patienceMs} ms`, {
          failure: 'TIMEOUT',
        });
      }
      return work();
    });
    const over = done.then(nothing, nothing).then(() => {
      for (const row of rows) if (last.get(row) === over) last.delete(row);
    });
    for (const row of rows) last.set(row, over);
    return done;
  };
}

function nothing(): void {
  // How it went is for its caller.
}
