import { mkdir, open, readdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

export interface LineFilesOptions {
  readonly folder: string;
  readonly maxBytes: number;
  readonly keepDays: number;
  now(): number;
}

interface Current {
  readonly path: string;
  readonly handle: FileHandle;
  readonly day: string;
  readonly inode: number;
  /** Bytes that are known to be whole lines. */
  size: number;
}

/** `audit-2026-11-28-<host>-<process>-<start>-<number>.jsonl` */
const NAME = /^audit-(\d{4}-\d{2}-\d{2})-.*\.jsonl$/;
const DAY_MS = 86_400_000;

/** Files of lines, of this process alone: a new one each day and each `maxBytes`. */
export class LineFiles {
  readonly #options: LineFilesOptions;
  readonly #process: string;
  #current: Current | undefined;
  #made = 0;

  constructor(options: LineFilesOptions) {
    this.#options = options;
    // Processes in containers have the same few numbers: the time tells them apart.
    this.#process = `${hostname().replace(/[^\w.]/g, '-')}-${process.pid}-${options.now().toString(36)}`;
  }

  /** On disk when it resolves. After a failure no half of it is left where that could be undone. */
  async write(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    const current = await this.#fileFor(bytes.length);
    try {
      await current.handle.appendFile(bytes);
      await current.handle.datasync();
      current.size += bytes.length;
    } catch (error) {
      this.#current = undefined;
      const isClean = await current.handle.truncate(current.size).then(
        () => true,
        () => false,
      );
      // Each attempt on a full disk has a file of its own: none of them is left.
      if (isClean && current.size === 0 && (await isThere(current))) await unlink(current.path).catch(() => {});
      await current.handle.close().catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.handle.close();
  }

  async #fileFor(bytes: number): Promise<Current> {
    const day = new Date(this.#options.now()).toISOString().slice(0, 10);
    const current = this.#current;
    if (current !== undefined) {
      const isFull = current.size > 0 && current.size + bytes > this.#options.maxBytes;
      if (current.day === day && !isFull && (await isThere(current))) return current;
      this.#current = undefined;
      await current.handle.close();
    }
    return (this.#current = await this.#next(day));
  }

  async #next(day: string): Promise<Current> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true });
    await this.#removeOld();
    const path = join(folder, `audit-${day}-${this.#process}-${this.#made++}.jsonl`);
    // Records name subjects: not for everybody on the machine.
    const handle = await open(path, 'ax', 0o640);
    const { ino: inode } = await handle.stat();
    return { path, handle, day, inode, size: 0 };
  }

  async #removeOld(): Promise<void> {
    const { folder, keepDays, now } = this.#options;
    for (const name of await readdir(folder)) {
      const day = NAME.exec(name)?.[1];
      if (day === undefined || now() - Date.parse(day) < (keepDays + 1) * DAY_MS) continue;
      // Another process may have been first.
      await unlink(join(folder, name)).catch(() => {});
    }
  }
}

/** A shipper that moves a file away would leave us writing where nobody looks. */
async function isThere({ path, inode }: Current): Promise<boolean> {
  try {
    return (await stat(path)).ino === inode;
  } catch {
    return false;
  }
}
