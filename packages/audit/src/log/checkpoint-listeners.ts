import { checkOptions } from '@flyball/core/evidence';
import { newestCheckpoint } from '../integrity/checkpoint.ts';
import { POSITIVE, TEXT } from '../options.ts';

/**
 * Keeps a checkpoint somewhere else. What it rejects with is a warning; the next checkpoint covers what this one did.
 */
export type CheckpointListener = (note: string) => unknown;

/**
 * Checkpoints as lines of JSON on standard output, `{"checkpoint":"…"}`, for platforms that keep what a process prints
 * where the process cannot change it. `flyball verify --checkpoints` reads such lines.
 *
 *     const audit = await openLog({ file: 'flyball.db', checkpoints: { listener: checkpointsToStdout() } });
 */
export function checkpointsToStdout(): CheckpointListener {
  return (checkpoint) => process.stdout.write(`${JSON.stringify({ checkpoint })}\n`);
}

export interface OtlpCheckpointOptions {
  /** Where logs are posted: `http://127.0.0.1:4318/v1/logs`. */
  readonly url: string;
  /** Such as one with a token. */
  readonly headers?: { readonly [name: string]: string };
  /** A collector that has not answered for so long has failed, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
}

/**
 * Checkpoints as log records of OpenTelemetry (OTLP/HTTP in JSON), for collectors that keep logs where the process
 * cannot change them: event `flyball.checkpoint`, the note as body, the log and its size as attributes.
 *
 *     const listener = checkpointsToOtlp({ url: 'http://127.0.0.1:4318/v1/logs' });
 *     const audit = await openLog({ file: 'flyball.db', checkpoints: { listener } });
 */
export function checkpointsToOtlp(options: OtlpCheckpointOptions): CheckpointListener {
  checkOptions('checkpointsToOtlp', options, { url: TEXT, headers: 'object', timeoutMs: POSITIVE }, ['url']);
  const { url, headers = {}, timeoutMs = 10_000 } = options;
  return async (note) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(logOf(note, Date.now())),
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Nobody reads it, and unread it would keep its connection.
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  };
}

function logOf(note: string, at: number): object {
  const { size = 0 } = newestCheckpoint(Buffer.from(note)) ?? {};
  const record = {
    timeUnixNano: `${at}000000`,
    severityNumber: 9,
    severityText: 'INFO',
    eventName: 'flyball.checkpoint',
    body: { stringValue: note },
    attributes: [
      { key: 'flyball.log', value: { stringValue: note.slice(0, note.indexOf('\n')) } },
      { key: 'flyball.size', value: { intValue: String(size) } },
    ],
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'flyball' } }] };
  return { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: '@flyball/audit' }, logRecords: [record] }] }] };
}
