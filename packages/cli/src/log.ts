import { existsSync, readFileSync, statSync } from 'node:fs';
import {
  mergeLogs,
  readExport,
  readLog,
  readSubjectKeys,
  type LogReader,
  type MergedRecord,
  type ReadOptions,
  type SubjectKeyReader,
} from '@flyball/audit';
import { progressLine } from './charts.ts';
import { messageOf, NotRun, type Io } from './io.ts';

/** Opens a log, or the folder of an export, for reading, or says in one sentence why it cannot be read. */
export function openReader(path: string, options: ReadOptions = {}): LogReader {
  if (!existsSync(path))
    throw new NotRun(
      `there is no log \`${path}\`: give the file that \`openLog\` was given, or the folder of an export`,
    );
  try {
    return statSync(path).isDirectory() ? readExport(path, options) : readLog(path, options);
  } catch (error) {
    throw new NotRun(`\`${path}\` is no log that can be read: ${messageOf(error)}`);
  }
}

/** The logs of the processes of one service, read as one. */
export interface Logs {
  readonly readers: readonly LogReader[];
  /** Sealed records that were met, and that no key opened. */
  readonly sealed: number;
  /** By time; those of one log in their order. */
  records(from?: readonly number[]): Iterable<MergedRecord>;
  close(): void;
}

export interface OpenOptions {
  /** Whoever waits sees how far it is. */
  readonly io?: Io;
  /** The file with the keys of subjects: opens what was sealed. */
  readonly subjectKeys?: string | undefined;
}

export function openLogs(paths: readonly string[], { io, subjectKeys }: OpenOptions = {}): Logs {
  const readers: LogReader[] = [];
  const keys = subjectKeys === undefined ? undefined : keysIn(subjectKeys);
  const close = (): void => {
    for (const reader of readers) reader.close();
    keys?.close();
  };
  try {
    for (const path of paths) readers.push(openReader(path, keys === undefined ? {} : { subjectKeys: keys }));
  } catch (error) {
    close();
    throw error;
  }
  const sizes = readers.map(({ size }) => size);
  const whole = sizes.includes(undefined) ? undefined : sizes.reduce<number>((sum, size = 0) => sum + size, 0);
  let sealed = 0;
  function* records(from?: readonly number[]): Generator<MergedRecord> {
    const merged = mergeLogs(readers, from);
    for (const one of io === undefined ? merged : watched(merged, io, whole, 'records')) {
      if (one.record.kind === 'sealed') sealed++;
      yield one;
    }
  }
  return {
    readers,
    records,
    close,
    get sealed() {
      return sealed;
    },
  };
}

/** What was not read because nobody has its key; nothing where all was read. */
export const sealedLine = ({ sealed }: Logs): readonly string[] =>
  sealed === 0
    ? []
    : [`${sealed} records are sealed for their subjects and were not read: --subject-keys opens those not shredded`];

/** Opens the keys of subjects, or says in one sentence why they cannot be read. */
function keysIn(file: string): SubjectKeyReader {
  if (!existsSync(file)) throw new NotRun(`there are no keys of subjects \`${file}\``);
  try {
    return readSubjectKeys(file);
  } catch (error) {
    throw new NotRun(`cannot read the keys of subjects in \`${file}\`: ${messageOf(error)}`);
  }
}

const EVERY_MS = 250;

/** Tells of the progress now and then: often enough to be seen moving, seldom enough to cost nothing. */
export function* watched<T>(all: Iterable<T>, io: Io, whole: number | undefined, what: string): Generator<T> {
  let [done, told] = [0, -EVERY_MS];
  for (const one of all) {
    if (++done % 500 === 0 && performance.now() - told > EVERY_MS) {
      told = performance.now();
      io.progress(progressLine(done, whole, what));
    }
    yield one;
  }
}

/** A key out of a file: on a command line everybody on the machine could read it. */
export function keyIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new NotRun(`cannot read the key in \`${file}\`: ${messageOf(error)}`);
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new NotRun(`\`${file}\` has no key: it is 64 hex digits`);
  return text;
}
