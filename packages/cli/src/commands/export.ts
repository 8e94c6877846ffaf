import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  AuditError,
  commitmentIn,
  createSigner,
  entryLeaf,
  entryLine,
  proofOf,
  newestCheckpoint,
  signedStatement,
  tileFiles,
  type LogEntry,
  type LoggedRecord,
  type LogReader,
} from '@flyball/audit';
import { csvHeader, csvLine } from '../export/csv.ts';
import { ocsfFinding } from '../export/ocsf.ts';
import { EXIT, messageOf, NotRun, type Answer, type Io } from '../io.ts';
import { keyIn, openLogs, openReader, sealedLine, watched, type Logs } from '../log.ts';
import { timeOf } from '../times.ts';

export interface ExportOptions {
  readonly format: 'entries' | 'tiles' | 'scitt' | 'jsonl' | 'csv' | 'ocsf';
  /** A file with the key of the log, where it is not beside it. */
  readonly signingKey?: string;
  readonly since?: string;
  /** Logs of other processes of the same service, for the forms that are files. */
  readonly also?: readonly string[];
  /** The file with the keys of subjects, for the forms that are files. */
  readonly subjectKeys?: string;
  /** One record with its proof, instead of all of them. */
  readonly proof?: string;
}

/** What is written as a folder, of one log. */
const FOLDERS: readonly string[] = ['entries', 'tiles', 'scitt'];
/** Lines written at once. */
const CHUNK = 1000;

/**
 * Writes a log for others: `entries` (a folder that anyone can verify), or a file of records as JSON lines, of
 * decisions as CSV, of findings as OCSF; or one record with its proof.
 */
export function exportLog(path: string, target: string, options: ExportOptions, io: Io): Answer {
  const { also = [] } = options;
  const isOne = options.proof !== undefined || FOLDERS.includes(options.format);
  if (!isOne) return exportLines([path, ...also], target, options, io);
  const reader = openReader(path);
  try {
    if (options.proof !== undefined) return exportProof(reader, target, options.proof);
    if (options.format === 'tiles') return exportTiles(reader, target, io);
    if (options.format === 'scitt') return exportStatements(reader, path, target, options, io);
    return exportEntries(reader, target, io);
  } finally {
    reader.close();
  }
}

function exportEntries(reader: LogReader, folder: string, io: Io): Answer {
  const written = writeLines(
    emptyFolder(folder),
    (function* () {
      for (const entry of watched(reader.entries(), io, reader.size, 'records')) yield entryLine(entry);
    })(),
  );
  writeFileSync(join(folder, 'checkpoint'), reader.checkpoints());
  const key = reader.vkey === undefined ? '' : ` --key '${reader.vkey}'`;
  return {
    exit: EXIT.yes,
    lines: [`${written} records in ${folder}`, `  verify it with: flyball verify ${folder}${key}`],
    json: { records: written, folder, key: reader.vkey },
  };
}

function exportTiles(reader: LogReader, folder: string, io: Io): Answer {
  const newest = newestCheckpoint(reader.checkpoints());
  if (newest === undefined)
    throw new NotRun('the log has no checkpoint yet: it signs one when it is closed, and every few seconds');
  const { size, note } = newest;
  // The records travel beside the tree, as far as it goes.
  const covered = function* (): Generator<string> {
    for (const entry of watched(reader.entries(), io, size, 'records')) {
      if (entry.seq === size) return;
      yield entryLine(entry);
    }
  };
  writeLines(emptyFolder(folder), covered());
  let files = 0;
  for (const { path, bytes } of tileFiles(watched(reader.entries(), io, size, 'records in tiles'), size)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    files++;
  }
  writeFileSync(join(folder, 'checkpoint'), note);
  return {
    exit: EXIT.yes,
    lines: [`${size} records and ${files} tiles in ${folder}: what \`${reader.name}\` serves to those who verify`],
    json: { records: size, tiles: files, folder, key: reader.vkey },
  };
}

function exportStatements(reader: LogReader, log: string, folder: string, options: ExportOptions, io: Io): Answer {
  const from = options.since === undefined ? 0 : timeOf(options.since);
  const file = options.signingKey ?? `${log}.key`;
  const signer = createSigner(reader.name, Buffer.from(keyIn(file), 'hex'));
  if (reader.vkey !== undefined && signer.vkey !== reader.vkey)
    throw new NotRun(`\`${file}\` is not the key of the log \`${reader.name}\``);
  closeSync(emptyFolder(folder, 'key'));
  writeFileSync(join(folder, 'key'), `${signer.vkey}\n`);
  let written = 0;
  for (const entry of watched(reader.entries(), io, reader.size, 'records')) {
    if (!('body' in entry)) continue;
    const record = signable(entry.body, { log: reader.name, seq: entry.seq });
    const { auditId, at } = record;
    if ((record.kind === 'sealed' ? record.of : record.kind) !== 'decision' || at < from) continue;
    writeFileSync(join(folder, `${auditId}.cose`), signedStatement({ auditId, body: entry.body }, signer));
    written++;
  }
  return {
    exit: EXIT.yes,
    lines: [`${written} signed statements in ${folder}, by the key in ${join(folder, 'key')}`],
    json: { records: written, folder, key: signer.vkey },
  };
}

/** A record whose id can be a name of a file. Throws `RECORD_UNREADABLE` for what was not written so. */
function signable(body: string, place: { readonly log: string; readonly seq: number }): LoggedRecord {
  let record: Partial<LoggedRecord> | null = null;
  try {
    record = JSON.parse(body) as Partial<LoggedRecord> | null;
  } catch {
    // No JSON, no record.
  }
  if (typeof record?.kind === 'string' && /^\w{1,64}$/.test(String(record.auditId))) return record as LoggedRecord;
  const message = `record ${place.seq} of \`${place.log}\` cannot be opened: it is not what was written; verify the log`;
  throw new AuditError('RECORD_UNREADABLE', message, { place });
}

function exportLines(paths: readonly string[], file: string, options: ExportOptions, io: Io): Answer {
  const { format, since, subjectKeys } = options;
  const from = since === undefined ? 0 : timeOf(since);
  const logs = openLogs(paths, { io, subjectKeys });
  try {
    const written = writeLines(newFile(file), linesOf(logs, format, from)) - (format === 'csv' ? 1 : 0);
    const lines = [`${written} records in ${file}`, ...sealedLine(logs)];
    return { exit: EXIT.yes, lines, json: { records: written, sealed: logs.sealed, file } };
  } finally {
    logs.close();
  }
}

function* linesOf(logs: Logs, format: ExportOptions['format'], from: number): Generator<string> {
  if (format === 'csv') yield csvHeader;
  for (const { log, seq, record } of logs.records()) {
    if (record.at < from) continue;
    if (format === 'jsonl') yield JSON.stringify({ log, seq, ...record });
    if (record.kind !== 'decision') continue;
    if (format === 'csv') yield csvLine(record);
    const finding = format === 'ocsf' ? ocsfFinding(record, log) : undefined;
    if (finding !== undefined) yield JSON.stringify(finding);
  }
}

function exportProof(reader: LogReader, file: string, auditId: string): Answer {
  const seq = reader.find(auditId)?.seq;
  if (seq === undefined) throw new NotRun(`the log has no record \`${auditId}\``);
  const newest = newestCheckpoint(reader.checkpoints());
  if (newest === undefined || newest.size <= seq)
    throw new NotRun(
      `record ${seq} is not under a checkpoint yet: the log signs one when it is closed, and every few seconds`,
    );
  const leaves: Buffer[] = [];
  let entry: LogEntry | undefined;
  for (const one of reader.entries()) {
    if (one.seq === newest.size) break;
    leaves.push(entryLeaf(commitmentIn(one)));
    if (one.seq === seq) entry = one;
  }
  const handle = newFile(file);
  writeSync(handle, proofOf(entry!, leaves, newest.note));
  closeSync(handle);
  const key = reader.vkey === undefined ? '' : ` --key '${reader.vkey}'`;
  return {
    exit: EXIT.yes,
    lines: [`record ${seq} and its proof in ${file}`, `  verify it with: flyball verify ${file}${key}`],
    json: { seq, file, key: reader.vkey },
  };
}

function writeLines(handle: number, all: Iterable<string>): number {
  let written = 0;
  let lines: string[] = [];
  const write = (): void => {
    if (lines.length > 0) writeSync(handle, `${lines.join('\n')}\n`);
    written += lines.length;
    lines = [];
  };
  for (const line of all) {
    lines.push(line);
    if (lines.length === CHUNK) write();
  }
  write();
  closeSync(handle);
  return written;
}

function newFile(file: string): number {
  if (existsSync(file)) throw new NotRun(`\`${file}\` is there already: give a new file`);
  return opened(file, () => openSync(file, 'wx'));
}

function emptyFolder(folder: string, first = 'entries.jsonl'): number {
  return opened(folder, () => {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length > 0) throw new NotRun(`\`${folder}\` is not empty: give a new folder`);
    return openSync(join(folder, first), 'w');
  });
}

function opened(path: string, open: () => number): number {
  try {
    return open();
  } catch (error) {
    if (error instanceof NotRun) throw error;
    throw new NotRun(`cannot write to \`${path}\`: ${messageOf(error)}`);
  }
}
