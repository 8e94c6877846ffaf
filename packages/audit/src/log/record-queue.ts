import { mintId } from '@flyball/core/evidence';
import type { LoggedRecord } from '../record/log-records.ts';
import { AuditError } from './audit-error.ts';

/** Records of one commit. Written as text in one go, so few enough to keep no decision waiting. */
const BATCH = 256;
/** After a failure the next attempt waits this long. */
const RETRY_MS = 1000;

export interface QueueOptions {
  readonly durable: boolean;
  readonly commitWindowMs: number;
  readonly capacity: number;
  readonly overflow: 'refuse' | 'shed';
  now(): number;
  /** Puts texts on disk, all or none. */
  write(bodies: readonly string[]): Promise<void>;
  /** Told once when writing begins to fail, and when it works again. */
  onState(state: 'failing' | 'well', cause: unknown): void;
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

/**
 * Records on their way to the disk: bounded, written in batches, kept until the disk has them. A batch that fails stays in front and is
 * tried again, so the order holds and nothing is lost but what the declared overflow sheds, which a gap record says.
 */
export class RecordQueue {
  readonly #options: QueueOptions;
  #queue: Queued[] = [];
  #lost: Lost | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#queue.length;
  }

  /** Takes a record into care. Returns at once where that is all that was promised; throws where there is no room. */
  offer(record: LoggedRecord): void | Promise<void> {
    const { capacity, overflow, durable } = this.#options;
    if (this.#queue.length >= capacity) {
      if (overflow === 'refuse')
        throw new AuditError(
          'LOG_FULL',
          `${capacity} records wait for the disk: it does not keep up, or refuses to write`,
        );
      const at = this.#options.now();
      this.#lost = { count: (this.#lost?.count ?? 0) + 1, from: this.#lost?.from ?? at, to: at };
      return;
    }
    if (!durable) {
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
    const batch = this.#queue.slice(0, BATCH);
    const lost = this.#lost;
    const bodies = batch.map(({ record }) => JSON.stringify(record));
    if (lost !== undefined) bodies.push(JSON.stringify(this.#gapOf(lost)));
    const writing = this.#options.write(bodies).then(
      () => {
        this.#writing = undefined;
        this.#queue = this.#queue.slice(batch.length);
        if (lost !== undefined && this.#lost !== undefined) {
          const count = this.#lost.count - lost.count;
          this.#lost = count === 0 ? undefined : { count, from: lost.to, to: this.#lost.to };
        }
        if (this.#failing) this.#options.onState('well', undefined);
        this.#failing = false;
        for (const { done } of batch) done?.();
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

  #gapOf({ count, from, to }: Lost): LoggedRecord {
    const at = this.#options.now();
    return { kind: 'gap', auditId: mintId('aud', at), at, lost: count, from, to };
  }
}
