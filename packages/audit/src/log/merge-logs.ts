import type { LoggedRecord } from '../record/log-records.ts';
import type { LogReader } from './read-log.ts';

/** A record, and the log and number it stands under. */
export interface MergedRecord {
  /** Which of the readers it comes from. */
  readonly reader: number;
  readonly log: string;
  readonly seq: number;
  readonly record: LoggedRecord;
}

/**
 * The records of several processes of one service as if they had written one log: by time, among equals by the name of
 * the log. Records of one log stay in their order, whatever their times, so that a policy comes before what it decided.
 * Holds one record of each log. `from` is where to begin in each.
 *
 *     for (const { log, seq, record } of mergeLogs(files.map(readLog))) …
 */
export function* mergeLogs(readers: readonly LogReader[], from: readonly number[] = []): Generator<MergedRecord> {
  const heads: Head[] = [];
  try {
    for (const [at, reader] of readers.entries()) {
      const rest = reader.records(from[at]);
      const first = rest.next();
      if (first.done !== true) heads.push({ reader: at, log: reader.name, rest, next: first.value });
    }
    heads.sort((a, b) => (a.log < b.log ? -1 : a.log > b.log ? 1 : 0));
    while (heads.length > 0) {
      // A service has few processes: looking at each head costs less than a heap would.
      let first = 0;
      for (let i = 1; i < heads.length; i++) if (heads[i]!.next.record.at < heads[first]!.next.record.at) first = i;
      const head = heads[first]!;
      yield { reader: head.reader, log: head.log, ...head.next };
      const next = head.rest.next();
      if (next.done === true) heads.splice(first, 1);
      else head.next = next.value;
    }
  } finally {
    for (const { rest } of heads) rest.return(undefined);
  }
}

interface Head {
  readonly reader: number;
  readonly log: string;
  readonly rest: ReturnType<LogReader['records']>;
  next: Omit<MergedRecord, 'log' | 'reader'>;
}
