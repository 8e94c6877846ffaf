import { openCheckpoint, parseCheckpoint, splitNotes } from './checkpoint.ts';
import { commitmentIn, entryLeaf, parseEntryLine, type LogEntry } from './entry.ts';
import { MerkleTree } from './merkle.ts';
import { NoteError, openNote, type NoteVerifier } from './note.ts';

/** What a verification found. */
export interface Verification {
  readonly ok: boolean;
  /** Entries read. */
  readonly size: number;
  /**
   * Entries below the newest checkpoint that agreed: for those any change would have been found. The rest is the tail.
   */
  readonly covered: number;
  /** Entries of which the commitment alone is left. */
  readonly shredded: number;
  /**
   * By the name of each witness: entries of the newest checkpoint that it has cosigned; 0 for none. Absent where none
   * was named.
   */
  readonly witnessed?: { readonly [witness: string]: number };
  /** What is wrong, in the words that both verifiers use. */
  readonly problem?: string;
}

/** Thrown inside, and caught at the end of `verifyLog`. */
class Unsound extends Error {}

/**
 * Verifies entries, in order, against signed checkpoints. Take those that were kept somewhere else: against the log's
 * own copies a rewrite by the owner of the key is clean. `witnesses` are the keys of those who cosign checkpoints.
 *
 *     verifyLog(entriesOf(bytes), readFileSync('elsewhere/checkpoints'), parseVerifier(vkey))
 */
export function verifyLog(
  entries: Iterable<LogEntry | undefined>,
  checkpoints: Buffer,
  key: NoteVerifier,
  witnesses: readonly NoteVerifier[] = [],
): Verification {
  const tree = new MerkleTree();
  let covered = 0;
  let shredded = 0;
  let witnessed: { [witness: string]: number } | undefined;
  const done = (problem?: string): Verification => ({
    ok: problem === undefined,
    ...{ size: tree.size, covered, shredded },
    ...(witnessed !== undefined && { witnessed }),
    ...(problem !== undefined && { problem }),
  });
  try {
    const roots = rootsOf(checkpoints, key);
    if (witnesses.length > 0) witnessed = cosignedBy(checkpoints, key, witnesses);
    const check = (): void => {
      const root = roots.get(tree.size);
      if (root === undefined) return;
      roots.delete(tree.size);
      covered = tree.size;
      if (!root.equals(tree.root())) throw new Unsound(`root: ${tree.size}`);
    };
    check();
    for (const entry of entries) {
      if (entry === undefined || entry.seq !== tree.size) throw new Unsound(`entry: ${tree.size}`);
      if (!('body' in entry)) shredded++;
      tree.append(entryLeaf(commitmentIn(entry)));
      check();
    }
    if (roots.size > 0) throw new Unsound(`truncated: a checkpoint of ${Math.max(...roots.keys())} entries`);
    return done();
  } catch (error) {
    if (error instanceof Unsound) return done(error.message);
    // A cosignature that does not hold.
    if (error instanceof NoteError) return done(`checkpoint: ${error.message}`);
    throw error;
  }
}

function rootsOf(checkpoints: Buffer, key: NoteVerifier): Map<number, Buffer> {
  const roots = new Map<number, Buffer>();
  for (const note of splitNotes(checkpoints)) {
    const { origin, size, root } = opened(note, key);
    if (origin !== key.name) throw new Unsound('checkpoint: another log');
    const known = roots.get(size);
    if (known !== undefined && !known.equals(root)) throw new Unsound('checkpoint: fork');
    roots.set(size, root);
  }
  if (roots.size === 0) throw new Unsound('checkpoint: none');
  return roots;
}

/** How far each witness has cosigned: it has seen a log that only grew up to there (tlog-cosignature v1.0.1). */
function cosignedBy(
  checkpoints: Buffer,
  key: NoteVerifier,
  witnesses: readonly NoteVerifier[],
): { [witness: string]: number } {
  const cosigned = Object.fromEntries(witnesses.map(({ name }) => [name, 0]));
  for (const note of splitNotes(checkpoints)) {
    const { text, signedBy } = openNote(note, [key, ...witnesses]);
    const { size } = parseCheckpoint(text);
    for (const { name } of signedBy) if (name !== key.name) cosigned[name] = Math.max(cosigned[name]!, size);
  }
  return cosigned;
}

function opened(note: Buffer, key: NoteVerifier): ReturnType<typeof openCheckpoint> {
  try {
    return openCheckpoint(note, key);
  } catch (error) {
    if (error instanceof NoteError) throw new Unsound(`checkpoint: ${error.message}`);
    throw error;
  }
}

/** The entries of an export's lines; `undefined` for one that is no entry, also where the last has no end. */
export function* entriesOf(bytes: Buffer): Generator<LogEntry | undefined> {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    yield end < 0 ? undefined : parseEntryLine(bytes.subarray(at, end));
    if (end < 0) return;
    at = end + 1;
  }
}
