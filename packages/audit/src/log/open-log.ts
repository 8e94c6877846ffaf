import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { checkOptions, mintId, RECORD_SCHEMA_VERSION, type Sink } from '@flyball/core/evidence';
import { openCheckpoint, splitNotes, type Checkpoint } from '../integrity/checkpoint.ts';
import { createSigner, type NoteSigner } from '../integrity/note.ts';
import { DAYS, TEXT } from '../options.ts';
import type { LoggedRecord } from '../record/log-records.ts';
import { messageOf, warnings, type WarningOptions } from '../warnings.ts';
import { AuditError } from './audit-error.ts';
import { checkpointPlaces, isEmpty, type CheckpointOptions } from './checkpoint-places.ts';
import type { Removed, Selection, SweepPlace } from './log-file.ts';
import { QUEUE_SETTINGS, queueSettings, RecordQueue, type QueueSettings } from '../sink/record-queue.ts';
import { createRetention, KEEP_DAYS, retentionOf } from '../sink/retention.ts';
import { WorkerClient, WorkFailed } from './worker-client.ts';
import { checkExpiry, checkScope } from '../subjects/check-request.ts';
import { forgetSubject, holdScopes } from '../subjects/erase.ts';
import type { Done, Work, WorkerSetup } from './worker.ts';

export interface LogOptions extends QueueSettings, WarningOptions {
  /** The SQLite file of this process. Beside it stand `-wal`, `-shm`, `-owner` and, unless a key is given, `.key`. */
  readonly file: string;
  /**
   * What the log is called in its checkpoints: a name of yours, such as `acme.example/prod-1`. Default `flyball.local/`
   * and the file's name.
   */
  readonly name?: string;
  /** 32 bytes of an Ed25519 key as hex digits. Default: those in `<file>.key`, made at the first start. */
  readonly key?: string;
  readonly checkpoints?: CheckpointOptions;
  /**
   * Records about subjects that are older go by themselves, at the start and each hour, and a `shred` record says so;
   * what a hold covers and the policies stay. `Infinity` keeps everything. Default 183.
   */
  readonly keepDays?: number;
}

export interface By {
  readonly who: string;
  readonly why: string;
}

/** A log on disk, as a sink of a governor. */
export interface AuditLog extends Sink {
  readonly file: string;
  /** Give this to those who verify. */
  readonly vkey: string;
  /** Resolves when everything that was accepted is on disk. */
  flush(): Promise<void>;
  /** Takes the records of one subject away for good; the tree still holds. Who and why are recorded. */
  shred(subject: { readonly tenant: string; readonly user?: string }, by: By): Promise<Removed>;
  /** Takes away records that are older than `days` (default 183), except what a hold keeps and the policies. */
  expire(options: { readonly days?: number }, by: By): Promise<Removed>;
  /** A legal hold: what it covers is neither shredded nor expired. The empty scope covers everything. */
  hold(scope: { readonly tenant?: string; readonly user?: string }, by: By): Promise<void>;
  /** Lifts the holds of exactly this scope. */
  release(scope: { readonly tenant?: string; readonly user?: string }, by: By): Promise<number>;
  close(): Promise<void>;
}

type LogWorker = WorkerClient<Work, Done>;
type Own = Pick<LoggedRecord, 'schemaVersion' | 'auditId' | 'at'>;

const DAY_MS = 86_400_000;
const BUSY = 5;
/** What SQLite says of a value: too big, not allowed by the table, of another type, out of range. */
const OF_THE_VALUE: readonly number[] = [18, 19, 20, 25];
/** The sources run as they are under Node's type stripping; what is published is compiled. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
const FROM_THE_START: SweepPlace = { at: -1, seq: -1 };

/**
 * Opens a log, or makes it: SQLite in a worker, in a file of this process.
 *
 *     const audit = await openLog({ file: 'flyball.db', checkpoints: { file: '/mnt/elsewhere/checkpoints' } });
 *     const governor = await createGovernor({ policy: { file: 'policy.yaml' }, audit });
 *
 * Rejects with an `AuditError`: `LOG_IN_USE` while another process has the file open, `LOG_BEHIND` if the file has
 * fewer records than a checkpoint in the second place (it was restored from a backup: begin a new file),
 * `LOG_NOT_OPENED` with the cause otherwise.
 */
export async function openLog(options: LogOptions): Promise<AuditLog> {
  checkOptions(
    'openLog',
    options,
    {
      ...{ file: TEXT, name: TEXT, onWarning: 'function', ...QUEUE_SETTINGS },
      key: { is: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value), words: '64 hex digits' },
      checkpoints: 'object',
      keepDays: DAYS,
    },
    ['file'],
  );
  const { file, checkpoints = {}, keepDays = KEEP_DAYS, subjectKeys } = options;
  const { everyRecords = 1000, everyMs = 10_000 } = checkpoints;
  const name = options.name ?? `flyball.local/${basename(file).replace(/[^\w.-]/g, '-')}`;
  const signer = createSigner(name, await seedOf(options));
  const setup: WorkerSetup = { file, name, seed: signer.seed, everyRecords };
  const worker: LogWorker = new WorkerClient(WORKER, setup);
  const say = warnings(options, `audit log \`${file}\``);

  const places = checkpointPlaces(checkpoints, say);
  const publish = async ({ appended }: Done): Promise<void> => {
    if (appended?.note !== undefined) await places(appended.note);
  };

  const queue = new RecordQueue({
    ...queueSettings(options),
    now: () => Date.now(),
    write: async (bodies) => publish(await worker.ask({ op: 'append', bodies }).catch(refusal)),
    onState: (state, cause) =>
      say(state === 'well' ? 'records are written again' : `records cannot be written, and wait: ${messageOf(cause)}`),
    onRefused: ({ kind, auditId }, cause) =>
      say(`a record is refused, and a gap record stands in its place: ${kind} ${auditId}: ${messageOf(cause)}`),
  });
  const keep = (record: LoggedRecord): void => void Promise.resolve(queue.offer(record)).catch(() => {});
  const own = (): Own => {
    const at = Date.now();
    return { schemaVersion: RECORD_SCHEMA_VERSION, auditId: mintId('aud', at), at };
  };

  const first = await worker.ask({ op: 'open' }).catch((error: unknown) => notOpened(worker, file, error));
  await checkBehind(checkpoints.file, signer, first.appended?.size ?? 0).catch(async (error: unknown) => {
    await worker.ask({ op: 'close' });
    await worker.end();
    throw error;
  });
  keep({ kind: 'log', ...own(), change: 'started', ...(first.unclean === true && { reason: 'UNCLEAN_START' }) });
  const timer = setInterval(() => {
    worker.ask({ op: 'checkpoint' }).then(publish, () => {});
  }, everyMs);
  timer.unref();
  let closed: Promise<void> | undefined;

  async function remove(selections: readonly Selection[], { who, why }: By): Promise<Removed> {
    const { removed } = await worker.ask({ op: 'remove', selections });
    await Promise.resolve(queue.offer({ kind: 'shred', ...own(), who, why, ...removed! }));
    await queue.flush();
    return removed!;
  }

  /** Sealed records name nobody: without the keys nothing of them would be found. */
  async function needsKeys(): Promise<void> {
    if (subjectKeys === undefined && (await worker.ask({ op: 'open' })).hasSealed === true)
      throw new AuditError(
        'KEYS_MISSING',
        `records of \`${file}\` are sealed for their subjects: open it with the \`subjectKeys\` they were written with`,
      );
  }

  async function shred(subject: Parameters<AuditLog['shred']>[0], by: By): Promise<Removed> {
    checkScope('shred', subject, by, ['tenant']);
    await queue.flush();
    await needsKeys();
    return remove(await forgetSubject(subjectKeys, subject), by);
  }

  let swept: SweepPlace = FROM_THE_START;
  const retention = createRetention({
    keepDays,
    say,
    async sweep(before) {
      const { removed, next } = await worker.ask({ op: 'sweep', before, after: swept });
      swept = next ?? swept;
      if (removed!.removed > 0) keep({ kind: 'shred', ...own(), ...retentionOf(keepDays), ...removed! });
      return next !== undefined;
    },
  });
  void retention.run();

  async function close(): Promise<void> {
    clearInterval(timer);
    await retention.stop();
    keep({ kind: 'log', ...own(), change: 'stopped' });
    try {
      await queue.flush();
      await publish(await worker.ask({ op: 'checkpoint' }));
      await worker.ask({ op: 'close' });
    } finally {
      await worker.end();
    }
  }

  return {
    name: 'log',
    offersDurable: true,
    file,
    vkey: signer.vkey,
    accept(record, accepting) {
      if (closed !== undefined) throw new AuditError('LOG_CLOSED', 'the log is closed: close the governor first');
      return queue.offer(record, accepting);
    },
    flush: () => queue.flush(),
    shred,
    async expire(options, by) {
      checkExpiry(options, by);
      const { days = KEEP_DAYS } = options;
      await queue.flush();
      return remove([{ before: Date.now() - days * DAY_MS }], by);
    },
    async hold(scope, by) {
      checkScope('hold', scope, by);
      if (isNamed(scope)) await needsKeys();
      const { who, why } = by;
      const scopes = await holdScopes(subjectKeys, scope);
      await subjectKeys?.hold(scope);
      for (const one of scopes) await worker.ask({ op: 'hold', scope: one, who, why });
      keep({ kind: 'hold', ...own(), change: 'set', scope, who, why });
      await queue.flush();
    },
    async release(scope, by) {
      checkScope('release', scope, by);
      if (isNamed(scope)) await needsKeys();
      const { who, why } = by;
      const scopes = await holdScopes(subjectKeys, scope);
      await subjectKeys?.release(scope);
      let released = 0;
      // The first is the scope by name, which is what its holds are counted by.
      for (const one of scopes.toReversed()) ({ released = 0 } = await worker.ask({ op: 'release', scope: one }));
      if (released > 0) keep({ kind: 'hold', ...own(), change: 'lifted', scope, who, why });
      // What it kept may be too old by now.
      swept = FROM_THE_START;
      await queue.flush();
      return released;
    },
    close: () => (closed ??= close()),
  };
}

const isNamed = (scope: object): boolean => Object.keys(scope).length > 0;

/** INVARIANT: the append was rolled back, so nothing of the batch is there. */
function refusal(error: unknown): never {
  if (error instanceof WorkFailed && OF_THE_VALUE.includes(error.code))
    throw new AuditError('RECORD_REFUSED', `SQLite refuses what a record holds: ${error.message}`, { cause: error });
  throw error;
}

async function notOpened(worker: LogWorker, file: string, error: unknown): Promise<never> {
  await worker.end();
  if (error instanceof WorkFailed && error.code === BUSY)
    throw new AuditError(
      'LOG_IN_USE',
      `another process has the log \`${file}\` open: give each process a file of its own`,
      { cause: error },
    );
  throw new AuditError('LOG_NOT_OPENED', `cannot open the log \`${file}\`: ${messageOf(error)}`, { cause: error });
}

/** INVARIANT: a log never signs what contradicts a checkpoint that is out of its hands. */
async function checkBehind(second: string | undefined, signer: NoteSigner, size: number): Promise<void> {
  if (second === undefined || (await isEmpty(second))) return;
  for (const note of splitNotes(await readFile(second))) {
    const checkpoint = readCheckpoint(note, signer, second);
    if (checkpoint.size > size)
      throw new AuditError(
        'LOG_BEHIND',
        `the log has ${size} records and \`${second}\` a checkpoint of ${checkpoint.size}: it was cut or restored; keep both, and begin a new file`,
      );
  }
}

function readCheckpoint(note: Buffer, signer: NoteSigner, file: string): Checkpoint {
  try {
    return openCheckpoint(note, signer);
  } catch (cause) {
    throw new AuditError('LOG_NOT_OPENED', `\`${file}\` has a checkpoint that is not this log's: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** The key that was given, or the one beside the file. */
async function seedOf({ file, key }: LogOptions): Promise<Buffer> {
  if (key !== undefined) return Buffer.from(key, 'hex');
  try {
    return Buffer.from((await readFile(`${file}.key`, 'utf8')).trim(), 'hex');
  } catch {
    const { seed } = createSigner('new');
    try {
      const made = await open(`${file}.key`, 'wx', 0o600);
      await made.writeFile(`${seed.toString('hex')}\n`);
      await made.close();
      return seed;
    } catch (cause) {
      throw new AuditError('LOG_NOT_OPENED', `cannot write \`${file}.key\`: ${messageOf(cause)}`, { cause });
    }
  }
}
