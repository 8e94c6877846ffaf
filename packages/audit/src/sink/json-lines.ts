import { checkOptions, mintId, type Sink } from '@flyball/core/evidence';
import { AuditError } from '../log/audit-error.ts';
import { POSITIVE, TEXT } from '../options.ts';
import type { LoggedRecord } from '../record/log-records.ts';
import { messageOf, warnings, type WarningOptions } from '../warnings.ts';
import { LineFiles } from './line-files.ts';
import { QUEUE_SETTINGS, queueSettings, RecordQueue, type QueueSettings } from './record-queue.ts';

export interface JsonLinesOptions extends QueueSettings, WarningOptions {
  /** Where the files are made. Several processes may share it: each writes files of its own. */
  readonly folder: string;
  /** A file that has so many bytes is left as it is, and the next is begun. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Files of earlier days that are older are removed; `Infinity` keeps all. Default 183. */
  readonly keepDays?: number;
}

const MIB = 2 ** 20;

/**
 * Records as JSON, one on each line, in files that a shipper of logs follows (`audit-*.jsonl`): a new one each day (UTC) and each
 * `maxBytes`. For evidence that shows changes, keep a log (`openLog`) beside it: see `teeSinks`.
 *
 *     const governor = await createGovernor({ policy, audit: createJsonLinesSink({ folder: '/var/log/flyball' }) });
 *
 * A process that is killed may leave half a line at the end of its last file: nobody was told that its record was written. A file whose
 * last record is not `log stopped` is of a process that still runs, or did not end well.
 */
export function createJsonLinesSink(
  options: JsonLinesOptions,
): Sink & { flush(): Promise<void>; close(): Promise<void> } {
  checkOptions(
    'createJsonLinesSink',
    options,
    {
      ...{ folder: TEXT, maxBytes: POSITIVE, onWarning: 'function', ...QUEUE_SETTINGS },
      keepDays: { is: (value) => typeof value === 'number' && value > 0, words: 'a number of days above 0' },
    },
    ['folder'],
  );
  const { folder, maxBytes = 64 * MIB, keepDays = 183 } = options;
  const files = new LineFiles({ folder, maxBytes, keepDays, now: () => Date.now() });
  const say = warnings(options, `audit files in \`${folder}\``);
  const queue = new RecordQueue({
    ...queueSettings(options),
    now: () => Date.now(),
    write: (bodies) => files.write(bodies),
    onState: (state, cause) =>
      say(state === 'well' ? 'records are written again' : `records cannot be written, and wait: ${messageOf(cause)}`),
  });
  const keep = (change: 'started' | 'stopped'): void => {
    const at = Date.now();
    const record: LoggedRecord = { kind: 'log', auditId: mintId('aud', at), at, change };
    void Promise.resolve(queue.offer(record)).catch(() => {});
  };
  keep('started');
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    keep('stopped');
    try {
      await queue.flush();
    } finally {
      await files.close();
    }
  }

  return {
    name: 'json lines',
    offersDurable: true,
    accept(record, accepting) {
      if (closed !== undefined) throw new AuditError('LOG_CLOSED', 'the sink is closed: close the governor first');
      return queue.offer(record, accepting);
    },
    flush: () => queue.flush(),
    close: () => (closed ??= close()),
  };
}
