import { randomBytes } from 'node:crypto';
import { columnsOf, type Columns } from '../log/columns.ts';
import { signCheckpoint } from './checkpoint.ts';
import { commitmentOf, entryLeaf, SALT_BYTES } from './entry.ts';
import { MerkleTree } from './merkle.ts';
import type { NoteSigner } from './note.ts';

/** A record on its way into a log: its number, what its commitment is made of, and what it is searched by. */
export interface NewEntry extends Columns {
  readonly seq: number;
  readonly salt: Buffer;
  readonly commitment: Buffer;
  readonly body: string;
}

/**
 * Numbers the records of a log that begins with its process, and signs what was kept: for sinks that keep entries in
 * some database.
 *
 *     const entries = chain.prepare(bodies); // keep them, then
 *     chain.append(entries);
 *     const checkpoint = chain.checkpoint();
 */
export class EntryChain {
  readonly #signer: NoteSigner;
  readonly #tree = new MerkleTree();
  #signed = 0;

  constructor(signer: NoteSigner) {
    this.#signer = signer;
  }

  /** Entries that were kept. */
  get size(): number {
    return this.#tree.size;
  }

  /** Entries that no checkpoint covers yet. */
  get tail(): number {
    return this.#tree.size - this.#signed;
  }

  /**
   * The next entries: each record once, without those whose audit id `isKept` says is kept already. The same bodies may
   * be prepared again as long as they were not appended, and get other salts then.
   */
  prepare(bodies: readonly string[], isKept?: (auditId: string) => boolean): readonly NewEntry[] {
    const seen = new Set<string>();
    const entries: NewEntry[] = [];
    // All at once: the call costs more than its bytes.
    const salts = randomBytes(SALT_BYTES * bodies.length);
    for (const body of bodies) {
      const columns = columnsOf(body);
      const { auditId } = columns;
      if (seen.has(auditId) || isKept?.(auditId) === true) continue;
      seen.add(auditId);
      const at = entries.length;
      const salt = salts.subarray(SALT_BYTES * at, SALT_BYTES * (at + 1));
      entries.push({ ...columns, seq: this.#tree.size + at, salt, commitment: commitmentOf(salt, body), body });
    }
    return entries;
  }

  /** They are kept: from now on a checkpoint speaks of them. */
  append(entries: readonly NewEntry[]): void {
    for (const { commitment } of entries) this.#tree.append(entryLeaf(commitment));
  }

  /** Signs what there is, if anything came since the last time. */
  checkpoint(): { readonly size: number; readonly note: string } | undefined {
    const { size } = this.#tree;
    if (size === this.#signed) return undefined;
    this.#signed = size;
    return { size, note: signCheckpoint(size, this.#tree.root(), this.#signer) };
  }
}
