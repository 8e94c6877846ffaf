import { describe, expect, it } from 'vitest';
import { commitmentOf, entryLeaf } from './entry.ts';
import {
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  MerkleTree,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';
import { subtreesOf, TILE, tilePath, TileWriter, type ReadTile } from './tiles.ts';

/** The definition in RFC 6962, section 2.1, word for word. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

const hashOf = (i: number): Buffer => entryLeaf(commitmentOf(Buffer.alloc(16, i % 256), `{"seq":${i}}`));
const LEAVES = Array.from({ length: 1400 }, (_, i) => hashOf(i));

/** The tiles of the first leaves, as a log keeps them. */
function kept(size: number): { readonly tiles: Map<string, Buffer>; readonly read: ReadTile } {
  const tiles = new Map<string, Buffer>();
  const read: ReadTile = (level, index) => tiles.get(`${level}/${index}`);
  const writer = new TileWriter(0, read, [], (level, index, hashes) => void tiles.set(`${level}/${index}`, hashes));
  for (const leaf of LEAVES.slice(0, size)) writer.add(leaf);
  return { tiles, read };
}

describe('the tree', () => {
  it('has the root of the eight leaves that Certificate Transparency tests with', () => {
    const tree = new MerkleTree();
    const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    for (const hex of data) tree.append(leafHash(Buffer.from(hex, 'hex')));
    expect(tree.root().toString('hex')).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('agrees with the definition at every size, and goes on from what is kept', () => {
    const tree = new MerkleTree();
    for (let size = 0; size < 300; size++) {
      expect(tree.root()).toEqual(naiveRoot(LEAVES.slice(0, size)));
      const again = MerkleTree.at(
        size,
        subtreesOf(kept(size).read, (from, to) => LEAVES.slice(from, to)),
      );
      expect(again.root()).toEqual(tree.root());
      again.append(LEAVES[size]!);
      tree.append(LEAVES[size]!);
      expect(again.root()).toEqual(tree.root());
    }
  });

  it('proves what is in it, and that it only grew; and proves nothing else', () => {
    for (const size of [1, 2, 7, 255, 256, 257, 700, 1024, 1337]) {
      const read = subtreesOf(kept(size).read, (from, to) => LEAVES.slice(from, to));
      const root = naiveRoot(LEAVES.slice(0, size));
      for (let i = 0; i < 24; i++) {
        const index = (i * 397) % size;
        const proof = inclusionProof(read, index, size);
        expect(verifyInclusion(LEAVES[index]!, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(LEAVES[(index + 1) % 1400]!, index, size, proof, root)).toBe(false);
        if (size > 1) expect(verifyInclusion(LEAVES[index]!, (index + 1) % size, size, proof, root)).toBe(false);
        const old = (i * 211) % (size + 1);
        const before = naiveRoot(LEAVES.slice(0, old));
        const grown = consistencyProof(read, old, size);
        expect(verifyConsistency(old, size, before, root, grown)).toBe(true);
        if (old > 0 && old < size) expect(verifyConsistency(old, size, LEAVES[0]!, root, grown)).toBe(old === 1);
      }
    }
  });
});

describe('tiles', () => {
  it('are written as they fill, and go on from where they were', () => {
    const whole = kept(1400).tiles;
    expect([...whole.keys()]).toEqual(['0/0', '0/1', '0/2', '0/3', '0/4']);
    const { tiles, read } = kept(600);
    const recent = LEAVES.slice(600 - (600 % TILE), 600);
    const writer = new TileWriter(
      600,
      read,
      recent,
      (level, index, hashes) => void tiles.set(`${level}/${index}`, hashes),
    );
    for (const leaf of LEAVES.slice(600)) writer.add(leaf);
    expect(tiles).toEqual(whole);
  });

  it('are found where tlog-tiles says', () => {
    expect([
      tilePath(0, 1234067),
      tilePath(0, 273, 112),
      tilePath(1, 0),
      tilePath('entries', 999),
      tilePath(0, 1000),
    ]).toEqual(['tile/0/x001/x234/067', 'tile/0/273.p/112', 'tile/1/000', 'tile/entries/999', 'tile/0/x001/000']);
  });
});
