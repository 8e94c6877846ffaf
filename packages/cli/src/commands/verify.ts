import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  entriesInFile,
  joinNotes,
  NoteError,
  openProof,
  parseVerifier,
  ProofError,
  verifyLog,
  type LogEntry,
  type LogReader,
  type NoteVerifier,
} from '@flyball/audit';
import { EXIT, NotRun, type Answer, type Io } from '../io.ts';
import { openReader, watched } from '../log.ts';

export interface VerifyOptions {
  readonly checkpoints?: string;
  readonly key?: string;
  readonly maxTail?: number;
  /** Keys of witnesses, each of which must have cosigned a checkpoint. */
  readonly witness?: readonly string[];
}

/** Is the log, or an export of it, what its checkpoints were signed for? */
export function verify(
  path: string,
  { checkpoints: elsewhere, key: given, maxTail, witness = [] }: VerifyOptions,
  io: Io,
): Answer {
  if (path.endsWith('.tlog-proof')) return verifyProof(path, given);
  const source = openReader(path);
  try {
    const key = keyOf(given ?? source.vkey);
    if (elsewhere !== undefined && !existsSync(elsewhere))
      throw new NotRun(`there is no file of checkpoints \`${elsewhere}\``);
    const notes = elsewhere === undefined ? source.checkpoints() : notesIn(readFileSync(elsewhere));
    const checked = verifyLog(
      watched(entriesAt(path, source), io, source.size, 'records'),
      notes,
      key,
      witness.map(keyOf),
    );
    const misfiled = checked.ok ? source.misfiled?.() : undefined;
    const found = misfiled === undefined ? checked : { ...checked, ok: false, problem: `filed: ${misfiled}` };
    const { ok, size, covered, shredded, problem, witnessed = {} } = found;
    const unseen = Object.keys(witnessed).filter((name) => witnessed[name] === 0);
    const tail = size - covered;
    const long = ok && maxTail !== undefined && tail > maxTail;
    const from = elsewhere ?? "the log's own copies";
    const lines = [
      ok
        ? `sound: ${covered} records agree with the checkpoints in ${from}`
        : `not sound: ${inWords(problem ?? '')} (checkpoints: ${from})`,
      `  ${shredded} shredded; ${ok ? tail : '?'} records after the newest checkpoint, of which nothing is proven`,
      ...Object.entries(witnessed).map(([name, upTo]) =>
        upTo === 0 ? `  not cosigned by ${name}` : `  cosigned by ${name} up to record ${upTo - 1}`,
      ),
      ...(elsewhere === undefined
        ? ['  its own copies prove nothing against whoever has the key: use --checkpoints with a copy kept elsewhere']
        : []),
      ...(given === undefined ? ['  the key came with the log: pass --key with the one you were given'] : []),
    ];
    const exit = !ok || unseen.length > 0 ? EXIT.no : long ? EXIT.cannotSay : EXIT.yes;
    return { exit, lines, json: { ...found, tail, checkpoints: elsewhere ?? 'own', key: key.vkey } };
  } finally {
    source.close();
  }
}

/** Notes as a log writes them, or lines of JSON as a process prints them, between whatever else it printed. */
function notesIn(bytes: Buffer): Buffer {
  if (!/^\{|\n\{/.test(bytes.toString('latin1'))) return bytes;
  const notes = bytes
    .toString()
    .split('\n')
    .flatMap((line) => (line.includes('"checkpoint"') ? noteIn(line) : []));
  return Buffer.from(joinNotes(notes));
}

function noteIn(line: string): readonly string[] {
  try {
    const { checkpoint } = JSON.parse(line) as { readonly checkpoint?: unknown };
    return typeof checkpoint === 'string' ? [checkpoint] : [];
  } catch {
    return [];
  }
}

function inWords(problem: string): string {
  const [kind, what = ''] = problem.split(': ', 2);
  if (kind === 'entry') return `record ${what} is missing, out of its place, or no record`;
  if (kind === 'root') return `the first ${what} records are not those that the checkpoint of ${what} was signed for`;
  if (kind === 'filed')
    return `record ${what} stands under another id, kind, time or name than it says, and would be searched and shredded by that`;
  if (kind === 'truncated') return `records are missing: there is ${what}`;
  return `the checkpoints do not hold: ${what}`;
}

/** One record with its proof: the checkpoint travels with it, so the key alone is needed. */
function verifyProof(path: string, given: string | undefined): Answer {
  if (!existsSync(path)) throw new NotRun(`there is no proof \`${path}\``);
  const key = keyOf(given);
  try {
    const { entry, size } = openProof(readFileSync(path, 'utf8'), key);
    const record = 'body' in entry ? entry.body : 'shredded: its commitment is all that is left';
    const lines = [`sound: record ${entry.seq} is under the checkpoint of ${size} of ${key.name}`, `  ${record}`];
    return { exit: EXIT.yes, lines, json: { seq: entry.seq, size, log: key.name, record } };
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    return { exit: EXIT.no, lines: [`not sound: ${error.message}`], json: { problem: error.message } };
  }
}

/** What is no entry is found by the verifier, which says where. */
function entriesAt(path: string, reader: LogReader): Iterable<LogEntry | undefined> {
  return statSync(path).isDirectory() ? entriesInFile(join(path, 'entries.jsonl')) : reader.entries();
}

function keyOf(vkey: string | undefined): NoteVerifier {
  if (vkey === undefined) throw new NotRun('it does not say its key: pass --key with the one you were given');
  try {
    return parseVerifier(vkey);
  } catch (error) {
    throw new NotRun(`\`${vkey}\` is no key of a log: ${error instanceof NoteError ? error.message : String(error)}`);
  }
}
