import { checkOptions } from '@flyball/core/evidence';
import { DAYS, POSITIVE, TEXT } from '../options.ts';
import type { WarningOptions } from '../warnings.ts';
import { LineFiles } from './line-files.ts';
import { queuedSink, type QueuedSink } from './queued-sink.ts';
import { KEEP_DAYS } from './retention.ts';
import { QUEUE_SETTINGS, type QueueSettings } from './record-queue.ts';

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
 * Records as JSON, one on each line, in files that a shipper of logs follows (`audit-*.jsonl`): a new one each day
 * (UTC) and each `maxBytes`. For evidence that shows changes, keep a log (`openLog`) beside it: see `teeSinks`.
 *
 *     const governor = await createGovernor({ policy, audit: createJsonLinesSink({ folder: '/var/log/flyball' }) });
 *
 * A process that is killed may leave half a line at the end of its last file: nobody was told that its record was
 * written. A file whose last record is not `log stopped` is of a process that still runs, or did not end well.
 */
export function createJsonLinesSink(options: JsonLinesOptions): QueuedSink {
  checkOptions(
    'createJsonLinesSink',
    options,
    {
      ...{ folder: TEXT, maxBytes: POSITIVE, onWarning: 'function', ...QUEUE_SETTINGS },
      keepDays: DAYS,
    },
    ['folder'],
  );
  const { folder, maxBytes = 64 * MIB, keepDays = KEEP_DAYS } = options;
  const files = new LineFiles({ folder, maxBytes, keepDays, now: () => Date.now() });
  return queuedSink(options, {
    name: 'json lines',
    about: `audit files in \`${folder}\``,
    write: (bodies) => files.write(bodies),
    end: () => files.close(),
  });
}
