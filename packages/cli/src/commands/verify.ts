import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf, NoteError, parseVerifier, verifyLog, type LogEntry, type NoteVerifier } from '@flyball/audit';
import { EXIT, NotRun, type Answer } from '../io.ts';
import { openReader } from '../log.ts';

export interface VerifyOptions {
  readonly checkpoints?: string;
  readonly key?: string;
  readonly maxTail?: number;
}

interface Source {
  readonly entries: Iterable<LogEntry | undefined>;
  readonly checkpoints: Buffer;
  readonly vkey: string | undefined;
  close(): void;
}

/** Is the log, or an export of it, what its checkpoints were signed for? */
export function verify(path: string, { checkpoints: elsewhere, key: given, maxTail }: VerifyOptions): Answer {
  const source = open(path);
  try {
    const key = keyOf(given ?? source.vkey);
    if (elsewhere !== undefined && !existsSync(elsewhere))
      throw new NotRun(`there is no file of checkpoints \`${elsewhere}\``);
    const notes = elsewhere === undefined ? source.checkpoints : readFileSync(elsewhere);
    const found = verifyLog(source.entries, notes, key);
    const { ok, size, covered, shredded, problem } = found;
    const tail = size - covered;
    const long = ok && maxTail !== undefined && tail > maxTail;
    const from = elsewhere ?? "the log's own copies";
    const lines = [
      ok
        ? `sound: ${covered} records agree with the checkpoints in ${from}`
        : `not sound: ${inWords(problem ?? '')} (checkpoints: ${from})`,
      `  ${shredded} shredded; ${ok ? tail : '?'} records after the newest checkpoint, of which nothing is proven`,
      ...(elsewhere === undefined
        ? ['  its own copies prove nothing against whoever has the key: use --checkpoints with a copy kept elsewhere']
        : []),
      ...(given === undefined ? ['  the key came with the log: pass --key with the one you were given'] : []),
    ];
    const exit = !ok ? EXIT.no : long ? EXIT.cannotSay : EXIT.yes;
    return { exit, lines, json: { ...found, tail, checkpoints: elsewhere ?? 'own', key: key.vkey } };
  } finally {
    source.close();
  }
}

function inWords(problem: string): string {
  const [kind, what = ''] = problem.split(': ', 2);
  if (kind === 'entry') return `record ${what} is missing, out of its place, or no record`;
  if (kind === 'root') return `the first ${what} records are not those that the checkpoint of ${what} was signed for`;
  if (kind === 'truncated') return `records are missing: there is ${what}`;
  return `the checkpoints do not hold: ${what}`;
}

function open(path: string): Source {
  if (!existsSync(path)) throw new NotRun(`there is no log \`${path}\`: give its file, or the folder of an export`);
  if (statSync(path).isDirectory()) {
    const [entries, checkpoint] = [join(path, 'entries.jsonl'), join(path, 'checkpoint')];
    if (!existsSync(entries) || !existsSync(checkpoint))
      throw new NotRun(`\`${path}\` is no export: it has no \`entries.jsonl\` and \`checkpoint\``);
    return {
      entries: entriesOf(readFileSync(entries)),
      checkpoints: readFileSync(checkpoint),
      vkey: undefined,
      close() {},
    };
  }
  const reader = openReader(path);
  return {
    entries: reader.entries(),
    checkpoints: reader.checkpoints(),
    vkey: reader.vkey,
    close: () => reader.close(),
  };
}

function keyOf(vkey: string | undefined): NoteVerifier {
  if (vkey === undefined) throw new NotRun('an export does not say its key: pass --key with the one you were given');
  try {
    return parseVerifier(vkey);
  } catch (error) {
    throw new NotRun(`\`${vkey}\` is no key of a log: ${error instanceof NoteError ? error.message : String(error)}`);
  }
}
