import { describe, expect, it } from 'vitest';
import { signCheckpoint } from './checkpoint.ts';
import { commitmentIn, entryLeaf, type LogEntry } from './entry.ts';
import { MerkleTree } from './merkle.ts';
import { createSigner, parseVerifier } from './note.ts';
import { openProof, ProofError, proofOf } from './proof.ts';

const SIGNER = createSigner('flyball.example/acme', Buffer.alloc(32, 1));
const KEY = parseVerifier(SIGNER.vkey);

function logOf(size: number): { entries: LogEntry[]; leaves: Buffer[]; note: string } {
  const entries = Array.from({ length: size }, (_, seq): LogEntry => ({
    seq,
    salt: Buffer.alloc(16, seq),
    body: `{"seq":${seq}}`,
  }));
  const leaves = entries.map((entry) => entryLeaf(commitmentIn(entry)));
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leaf);
  return { entries, leaves, note: signCheckpoint(size, tree.root(), SIGNER) };
}

describe('A3: one record with its proof', () => {
  it.each([1, 2, 7, 256, 300])('each of %i records is proven by itself', (size) => {
    const { entries, leaves, note } = logOf(size);
    for (const entry of entries.slice(-20)) {
      const found = openProof(proofOf(entry, leaves, note), KEY);
      expect(found).toEqual({ entry, size });
    }
  });

  it('is refused when anything in it is changed, and never by accident accepted', () => {
    const { entries, leaves, note } = logOf(9);
    const proof = proofOf(entries[4]!, leaves, note);
    const accepted: number[] = [];
    for (let at = 0; at < proof.length; at++) {
      const changed = `${proof.slice(0, at)}${proof[at] === 'A' ? 'B' : 'A'}${proof.slice(at + 1)}`;
      try {
        openProof(changed, KEY);
        accepted.push(at);
      } catch (error) {
        expect(error).toBeInstanceOf(ProofError);
      }
    }
    expect(accepted.map((at) => [at, proof.slice(at - 10, at + 4)])).toEqual([]);
  });

  it('of another log, or against another key, says so', () => {
    const { entries, leaves, note } = logOf(3);
    const other = parseVerifier(createSigner('other.example', Buffer.alloc(32, 2)).vkey);
    expect(() => openProof(proofOf(entries[0]!, leaves, note), other)).toThrow('the checkpoint does not hold');
    expect(() => openProof('a diary', KEY)).toThrow('not a proof of a record');
  });
});
