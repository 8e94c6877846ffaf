import { mintId, RECORD_SCHEMA_VERSION, type AcceptOptions, type OptionShape } from '@flyball/core/evidence';
import { oneOf, POSITIVE } from '../options.ts';
import type { LoggedRecord } from '../record/log-records.ts';
import { AuditError } from '../log/audit-error.ts';

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
}

export interface QueueOptions extends QueueSettings {
  now(): number;
  /**
   * Puts records, as JSON, where they belong: all or none. A batch that failed comes again as it was, record for
   * record, before any other: whoever cannot tell whether it arrived may keep it under the same numbers and ignore it
   * the second time.
   */
  write(bodies: readonly string[]): Promise<void>;
  /** Told once when writing begins to fail, and when it works again. */
  onState(state: 'failing' | 'well', cause: unknown): void;
}

/** What `QueueSettings` may be, for `checkOptions`. */
export const QUEUE_SETTINGS: { readonly [S in keyof QueueSettings]-?: OptionShape } = {
  durability: oneOf('queued', 'durable'),
  commitWindowMs: POSITIVE,
  capacity: POSITIVE,
  overflow: oneOf('refuse', 'shed'),
};

/** Those of some options that are a queue's, without what is not given. */
export function queueSettings({ durability, commitWindowMs, capacity, overflow }: QueueSettings): QueueSettings {
  return {
    ...(durability !== undefined && { durability }),
    ...(commitWindowMs !== undefined && { commitWindowMs }),
    ...(capacity !== undefined && { capacity }),
    ...(overflow !== undefined && { overflow }),
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
}

/** What is being written, kept as it is until it has arrived. */
interface Batch {
  readonly bodies: readonly string[];
  readonly records: readonly Queued[];
  readonly lost: Lost | undefined;
}

/**
 * Records on their way to where they are kept: bounded, written in batches, held until they have arrived. A batch that
 * fails stays in front and is tried again, so the order holds and nothing is lost but what the declared overflow sheds,
 * which a gap record says.
 */
export class RecordQueue {
  readonly #options: Required<QueueOptions>;
  #batch: Batch | undefined;
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
    return new Promise((done) => {
      this.#queue.push({ record, done });
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
    const { bodies, records, lost } = batch;
    const writing = this.#options.write(bodies).then(
      () => {
        this.#batch = undefined;
        this.#writing = undefined;
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
        if (!this.#failing) this.#options.onState('failing', error);
        this.#failing = true;
        throw error;
      },
    );
    return (this.#writing = writing);
  }

  #nextBatch(): Batch {
    const records = this.#queue.slice(0, BATCH);
    const lost = this.#lost;
    const bodies = records.map(({ record }) => JSON.stringify(record));
    if (lost !== undefined) bodies.push(JSON.stringify(this.#gapOf(lost)));
    return { bodies, records, lost };
  }

  #gapOf({ count, from, to }: Lost): LoggedRecord {
    const at = this.#options.now();
    return { schemaVersion: RECORD_SCHEMA_VERSION, kind: 'gap', auditId: mintId('aud', at), at, lost: count, from, to };
  }
}
