import {
  mintId,
  RECORD_SCHEMA_VERSION,
  withMethods,
  type AcceptOptions,
  type OptionShape,
} from '@flyball/core/evidence';
import { oneOf, POSITIVE } from '../options.ts';
import type { LoggedRecord } from '../record/log-records.ts';
import { AuditError } from '../log/audit-error.ts';
import { bodyOf } from '../record/body.ts';
import { sealRecords } from '../subjects/seal.ts';
import type { SubjectKeys } from '../subjects/subject-keys.ts';

/** Records of one commit. Written as text in one go, so few enough to keep no decision waiting. */
const BATCH = 256;
/** After a failure the next attempt waits this long. */
const RETRY_MS = 1000;

/** What a user of a queued sink may choose; each has a default. */
export interface QueueSettings {
  /**
   * `queued`: a decision goes on once its record waits in memory, on disk within `commitWindowMs`. `durable`: on disk
   * first. Default `queued`.
   */
  readonly durability?: 'queued' | 'durable';
  /** Milliseconds. Default 100. */
  readonly commitWindowMs?: number;
  /** Records that may wait. Default 20,000. */
  readonly capacity?: number;
  /**
   * With more than that waiting: `refuse` (the governor applies `onError`) or `shed`, which a gap record says. Default
   * `refuse`.
   */
  readonly overflow?: 'refuse' | 'shed';
  /**
   * Seals each record about a subject with the key of that subject, before it is written: whoever forgets the key
   * shreds the subject in every copy. See `openSubjectKeys`. Default: records are written as they are.
   */
  readonly subjectKeys?: SubjectKeys;
}

export interface QueueOptions extends QueueSettings {
  now(): number;
  /**
   * Puts records, as JSON, where they belong: all or none. A batch that failed comes again as it was, record for
   * record, before any other: whoever cannot tell whether it arrived may keep it under the same numbers and ignore it
   * the second time.
   *
   * Rejects with an `AuditError` of code `RECORD_REFUSED` where nothing of the batch was kept because of what a record
   * holds, so that trying again would not help. The queue then finds the record, and puts a gap record in its place.
   */
  write(bodies: readonly string[]): Promise<void>;
  /** Told of each record that is refused for what it holds, and is lost. */
  onRefused(record: LoggedRecord, cause: unknown): void;
  /** Told once when writing begins to fail, and when it works again. */
  onState(state: 'failing' | 'well', cause: unknown): void;
}

/** What `QueueSettings` may be, for `checkOptions`. */
export const QUEUE_SETTINGS: { readonly [S in keyof QueueSettings]-?: OptionShape } = {
  durability: oneOf('queued', 'durable'),
  commitWindowMs: POSITIVE,
  capacity: POSITIVE,
  overflow: oneOf('refuse', 'shed'),
  subjectKeys: withMethods(
    'keys of subjects, such as `await openSubjectKeys({ file })`',
    ...['keysOf', 'forget', 'hold', 'release', 'close'],
  ),
};

/** Those of some options that are a queue's, without what is not given. */
export function queueSettings(settings: QueueSettings): QueueSettings {
  const { durability, commitWindowMs, capacity, overflow, subjectKeys } = settings;
  return {
    ...(durability !== undefined && { durability }),
    ...(commitWindowMs !== undefined && { commitWindowMs }),
    ...(capacity !== undefined && { capacity }),
    ...(overflow !== undefined && { overflow }),
    ...(subjectKeys !== undefined && { subjectKeys }),
  };
}

/** Records that were shed, and when. */
interface Lost {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

interface Queued {
  readonly record: LoggedRecord;
  done?(): void;
  refused?(cause: unknown): void;
}

/** What is being written, kept as it is until it has arrived. */
interface Batch {
  /** As JSON. Absent until it was made, which takes the keys of subjects where records are sealed. */
  bodies?: readonly string[];
  readonly records: readonly Queued[];
  readonly lost: Lost | undefined;
}

/**
 * Records on their way to where they are kept: bounded, written in batches, held until they have arrived. A batch that
 * fails stays in front and is tried again, so the order holds and nothing is lost but what the declared overflow sheds,
 * and what its place refuses for what it holds. A gap record says either.
 */
export class RecordQueue {
  readonly #options: Required<Omit<QueueOptions, 'subjectKeys'>> & Pick<QueueOptions, 'subjectKeys'>;
  #batch: Batch | undefined;
  /** Records of the next batch. Smaller while one is looked for that is refused. */
  #size = BATCH;
  #queue: Queued[] = [];
  #lost: Lost | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(options: QueueOptions) {
    this.#options = { durability: 'queued', commitWindowMs: 100, capacity: 20_000, overflow: 'refuse', ...options };
  }

  get size(): number {
    return this.#queue.length;
  }

  /** Takes a record into care. Returns at once where that is all that was asked for; throws where there is no room. */
  offer(record: LoggedRecord, { durable = false }: Partial<AcceptOptions> = {}): void | Promise<void> {
    const { capacity, overflow, durability } = this.#options;
    if (this.#queue.length >= capacity) {
      if (overflow === 'refuse')
        throw new AuditError(
          'LOG_FULL',
          `${capacity} records wait to be written: the disk or server does not keep up, or refuses`,
        );
      const at = this.#options.now();
      this.#lost = { count: (this.#lost?.count ?? 0) + 1, from: this.#lost?.from ?? at, to: at };
      return;
    }
    if (!durable && durability === 'queued') {
      this.#queue.push({ record });
      this.#schedule(this.#queue.length >= BATCH);
      return;
    }
    return new Promise((done, refused) => {
      this.#queue.push({ record, done, refused });
      this.#schedule(true);
    });
  }

  /** Writes everything that waits. Rejects with what kept it from being written. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#queue.length > 0 || this.#lost !== undefined || this.#writing !== undefined)
      await (this.#writing ?? this.#writeOne());
  }

  #schedule(now: boolean): void {
    if (this.#writing !== undefined || this.#failing || (this.#timer !== undefined && !now)) return;
    clearTimeout(this.#timer);
    // A commit takes its time too: half of the window is left for it.
    // It keeps the process: one that comes to its end writes what waits first.
    this.#timer = setTimeout(() => void this.#run(), now ? 0 : this.#options.commitWindowMs / 2);
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    try {
      while (this.#queue.length > 0 || this.#lost !== undefined) await (this.#writing ?? this.#writeOne());
    } catch {
      this.#timer = setTimeout(() => void this.#run(), RETRY_MS);
      // A disk that is gone keeps no process; the next start says that this one did not end well.
      this.#timer.unref();
    }
  }

  #writeOne(): Promise<void> {
    const batch = (this.#batch ??= this.#nextBatch());
    const { records, lost } = batch;
    const writing = this.#write(batch).then(
      () => {
        this.#batch = undefined;
        this.#writing = undefined;
        this.#size = Math.min(BATCH, this.#size * 2);
        this.#queue = this.#queue.slice(records.length);
        if (lost !== undefined && this.#lost !== undefined) {
          const count = this.#lost.count - lost.count;
          this.#lost = count === 0 ? undefined : { count, from: lost.to, to: this.#lost.to };
        }
        if (this.#failing) this.#options.onState('well', undefined);
        this.#failing = false;
        for (const { done } of records) done?.();
      },
      (error: unknown) => {
        this.#writing = undefined;
        if (isRefusal(error) && this.#narrow(batch, error)) return;
        if (!this.#failing) this.#options.onState('failing', error);
        this.#failing = true;
        throw error;
      },
    );
    return (this.#writing = writing);
  }

  /**
   * Nothing of the batch was kept, and never will be: looks for the record that is refused in halves, and puts a gap
   * record where it stood. Answers false if the gap record is refused too: then it is not the record.
   */
  #narrow({ records }: Batch, cause: unknown): boolean {
    const [first] = records;
    if (first === undefined || (records.length === 1 && first.record.kind === 'gap')) return false;
    this.#batch = undefined;
    this.#size = Math.ceil(records.length / 2);
    if (records.length > 1) return true;
    const { auditId, at } = first.record;
    this.#queue[0] = { record: this.#gapOf({ count: 1, from: at, to: at }, auditId) };
    this.#options.onRefused(first.record, cause);
    first.refused?.(cause);
    return true;
  }

  async #write(batch: Batch): Promise<void> {
    batch.bodies ??= await this.#bodiesOf(batch);
    await this.#options.write(batch.bodies);
  }

  async #bodiesOf({ records, lost }: Batch): Promise<readonly string[]> {
    const all = [...records.map(({ record }) => record), ...(lost === undefined ? [] : [this.#gapOf(lost)])];
    const keys = this.#options.subjectKeys;
    return keys === undefined ? all.map(bodyOf) : sealRecords(keys, all);
  }

  #nextBatch(): Batch {
    const records = this.#queue.slice(0, this.#size);
    // What was shed comes after what waits; alone, once a record is looked for that is refused.
    return { records, lost: records.length === 0 || this.#size === BATCH ? this.#lost : undefined };
  }

  #gapOf({ count, from, to }: Lost, refused?: string): LoggedRecord {
    const at = this.#options.now();
    return {
      ...{ schemaVersion: RECORD_SCHEMA_VERSION, kind: 'gap', auditId: mintId('aud', at), at, lost: count, from, to },
      ...(refused !== undefined && { refused }),
    };
  }
}

const isRefusal = (error: unknown): boolean => AuditError.isInstance(error) && error.code === 'RECORD_REFUSED';
