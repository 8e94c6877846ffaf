// One record with the proof that it is in the log, in one file (C2SP tlog-proof v1).
import { openCheckpoint } from './checkpoint.ts';
import { commitmentIn, entryLeaf, entryLine, parseEntryLine, type LogEntry } from './entry.ts';
import { inclusionProof, verifyInclusion, type Subtree } from './merkle.ts';
import { NoteError, strictBase64, type NoteVerifier } from './note.ts';
import { rootOf } from './tiles.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';

/** A proof that does not hold: why, in a few words. */
export class ProofError extends Error {}

/**
 * The proof that an entry is under a checkpoint: `leaves` are the leaf hashes of all entries below the checkpoint's
 * size, in order.
 *
 *     writeFileSync('record.tlog-proof', proofOf(entry, leaves, note));
 */
export function proofOf(entry: LogEntry, leaves: readonly Buffer[], note: string): string {
  const read: Subtree = (height, index) => rootOf(leaves.slice(index * 2 ** height, (index + 1) * 2 ** height));
  const path = inclusionProof(read, entry.seq, leaves.length);
  return [
    HEADER,
    `extra ${Buffer.from(entryLine(entry)).toString('base64')}`,
    `index ${entry.seq}`,
    ...path.map((hash) => hash.toString('base64')),
    '',
    note,
  ].join('\n');
}

/** Checks a proof and answers its entry. Throws a `ProofError`. */
export function openProof(text: string, key: NoteVerifier): { readonly entry: LogEntry; readonly size: number } {
  const [head, ...rest] = text.split('\n\n');
  const [header, extra = '', index = '', ...hashes] = head!.split('\n');
  if (header !== HEADER || !extra.startsWith('extra ') || !/^index (?:0|[1-9]\d{0,15})$/.test(index))
    throw new ProofError('not a proof of a record');
  const entry = parseEntryLine(decoded(extra.slice(6)));
  if (entry === undefined || entry.seq !== Number(index.slice(6))) throw new ProofError('the record in it is none');
  const { size, root } = opened(Buffer.from(rest.join('\n\n')), key);
  const path = hashes.map((hash) => decoded(hash));
  if (!verifyInclusion(entryLeaf(commitmentIn(entry)), entry.seq, size, path, root))
    throw new ProofError(`the record is not under its checkpoint of ${size}`);
  return { entry, size };
}

function decoded(text: string): Buffer {
  try {
    return strictBase64(text);
  } catch {
    throw new ProofError('not base64');
  }
}

function opened(note: Buffer, key: NoteVerifier): ReturnType<typeof openCheckpoint> {
  try {
    const checkpoint = openCheckpoint(note, key);
    if (checkpoint.origin === key.name) return checkpoint;
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new ProofError(`the checkpoint does not hold: ${error.message}`);
  }
  throw new ProofError('the checkpoint is of another log');
}
