import { mintId, RECORD_SCHEMA_VERSION, type Sink } from '@flyball/core/evidence';
import { AuditError } from '../log/audit-error.ts';
import type { Removed } from '../log/log-file.ts';
import type { LoggedRecord } from '../record/log-records.ts';
import { messageOf, warnings, type WarningOptions } from '../warnings.ts';
import { queueSettings, RecordQueue, type QueueSettings } from './record-queue.ts';
import { createRetention, retentionOf } from './retention.ts';

/** A sink with a queue in front of the place where its records are kept. */
export interface QueuedSink extends Sink {
  readonly offersDurable: true;
  /** Takes a record of the sink's own: that something was shredded, or held. */
  keep(record: Own): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

type Own = LoggedRecord extends infer R
  ? R extends unknown
    ? Omit<R, 'schemaVersion' | 'auditId' | 'at'>
    : never
  : never;

export interface QueuedSinkParts {
  readonly name: string;
  /** What warnings are about, such as "audit files in `/var/log`". */
  readonly about: string;
  /** Keeps records, as JSON, all or none; see `RecordQueue`. */
  write(bodies: readonly string[]): Promise<void>;
  /** After the last record: lets go of what the place needs. */
  end(): Promise<void>;
  /** For places that keep the declared time by themselves: from the first write on, and each hour. */
  readonly retention?: {
    /** `Infinity`: nothing goes. */
    readonly keepDays: number;
    /**
     * Takes some records away that are older than `before` (milliseconds since the epoch); asked again as long as there
     * were any.
     */
    sweep(before: number): Promise<readonly (Removed & { readonly log: string })[]>;
  };
}

/**
 * A sink out of a function that writes: bounded, in batches, tried again until it works, with `log` records of its
 * start and end.
 *
 *     const sink = queuedSink({}, { name: 'bucket', about: 'audit bucket', write: (bodies) => put(bodies), end: async () => {} });
 */
export function queuedSink(options: QueueSettings & WarningOptions, parts: QueuedSinkParts): QueuedSink {
  const say = warnings(options, parts.about);
  const queue = new RecordQueue({
    ...queueSettings(options),
    now: () => Date.now(),
    async write(bodies) {
      await parts.write(bodies);
      if (!hasWritten) void retention.run();
      hasWritten = true;
    },
    onState: (state, cause) =>
      say(state === 'well' ? 'records are written again' : `records cannot be written, and wait: ${messageOf(cause)}`),
    onRefused: ({ kind, auditId }, cause) =>
      say(`a record is refused, and a gap record stands in its place: ${kind} ${auditId}: ${messageOf(cause)}`),
  });
  const keep = async (record: Own): Promise<void> => {
    const at = Date.now();
    await queue.offer({ schemaVersion: RECORD_SCHEMA_VERSION, ...record, auditId: mintId('aud', at), at });
  };
  const { keepDays = Infinity, sweep } = parts.retention ?? {};
  const retention = createRetention({
    keepDays,
    say,
    async sweep(before) {
      const found = (await sweep?.(before)) ?? [];
      // Numbers are those of one log, and this may be the record of another.
      for (const { log, ...removed } of found) await keep({ kind: 'shred', ...retentionOf(keepDays, log), ...removed });
      return found.length > 0;
    },
  });
  let hasWritten = false;
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    await retention.stop();
    void keep({ kind: 'log', change: 'stopped' }).catch(() => {});
    try {
      await queue.flush();
    } finally {
      await parts.end();
    }
  }

  void keep({ kind: 'log', change: 'started' });
  return {
    name: parts.name,
    offersDurable: true,
    keep,
    accept(record, accepting) {
      if (closed !== undefined) throw new AuditError('LOG_CLOSED', 'the sink is closed: close the governor first');
      return queue.offer(record, accepting);
    },
    flush: () => queue.flush(),
    close: () => (closed ??= close()),
  };
}
