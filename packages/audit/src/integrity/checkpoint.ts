import { NoteError, openNote, signNote, strictBase64, type NoteSigner, type NoteVerifier } from './note.ts';

/** What a log promises to be: the root over its first `size` entries (C2SP tlog-checkpoint v1.0.0). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** Between two notes of one file. No line of a note can be this. */
const SEPARATOR = '==\n';

export function signCheckpoint(size: number, root: Buffer, signer: NoteSigner): string {
  return signNote(`${signer.name}\n${size}\n${root.toString('base64')}\n`, signer);
}

/** Reads the text of a checkpoint. Throws a `NoteError`. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin = '', size = '', root = ''] = lines;
  if (lines.at(-1) !== '' || lines.length < 4 || lines.slice(0, -1).includes('') || !/^(?:0|[1-9]\d{0,15})$/.test(size))
    throw new NoteError('not a checkpoint');
  const hash = strictBase64(root);
  if (hash.length !== 32 || !Number.isSafeInteger(Number(size))) throw new NoteError('not a checkpoint');
  return { origin, size: Number(size), root: hash };
}

/** Opens a signed checkpoint of the log whose key this is. */
export function openCheckpoint(
  note: Uint8Array,
  key: NoteVerifier,
  witnesses: readonly NoteVerifier[] = [],
): Checkpoint {
  const { text, signedBy } = openNote(note, [key, ...witnesses]);
  if (!signedBy.some(({ name }) => name === key.name)) throw new NoteError('no signature of the log');
  return parseCheckpoint(text);
}

/** Checkpoints as one file: notes, each after the first behind a line `==`. */
export function joinNotes(notes: readonly string[]): string {
  return notes.join(SEPARATOR);
}

export function splitNotes(bytes: Buffer): Buffer[] {
  const notes: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at) + 1 || bytes.length;
    if (bytes.subarray(at, end).equals(SEPARATOR_BYTES)) {
      notes.push(bytes.subarray(from, at));
      from = end;
    }
    at = end;
  }
  if (from < bytes.length) notes.push(bytes.subarray(from));
  return notes;
}

/** The newest of a file of checkpoints, unopened: what it says of itself. */
export function newestCheckpoint(bytes: Buffer): { readonly size: number; readonly note: string } | undefined {
  let newest: { readonly size: number; readonly note: string } | undefined;
  for (const bytesOfOne of splitNotes(bytes)) {
    const note = bytesOfOne.toString();
    const { size } = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
    if (newest === undefined || size > newest.size) newest = { size, note };
  }
  return newest;
}

const SEPARATOR_BYTES = Buffer.from(SEPARATOR);
