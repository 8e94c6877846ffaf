import { hash } from 'node:crypto';

/** SHA-256 of nothing: the root of a tree without leaves. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

const ZERO = Buffer.from([0x00]);

/** Hash of a leaf (RFC 6962, section 2.1): `SHA-256(00 ‖ data)`. */
export function leafHash(data: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([ZERO, data]), 'buffer');
}

const pair = Buffer.alloc(65, 0x01);

/** Hash of an inner node: `SHA-256(01 ‖ left ‖ right)`. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(pair, 1);
  right.copy(pair, 33);
  return hash('sha256', pair, 'buffer');
}

/** Hash of the complete subtree over leaves `[index * 2^height, (index + 1) * 2^height)`. */
export type Subtree = (height: number, index: number) => Buffer;

/**
 * A Merkle tree that grows. It holds one hash for each bit of its size, so a log of any length costs a few hundred
 * bytes of memory; an append costs two hashes on average.
 */
export class MerkleTree {
  #size = 0;
  readonly #frontier: Buffer[] = [];

  /** The tree over the first `size` leaves, of hashes that are known already. */
  static at(size: number, read: Subtree): MerkleTree {
    const tree = new MerkleTree();
    let before = 0;
    for (let height = Math.ceil(Math.log2(size + 1)); height >= 0; height--) {
      const leaves = 2 ** height;
      if (Math.floor(size / leaves) % 2 === 0) continue;
      tree.#frontier.push(read(height, before / leaves));
      before += leaves;
    }
    tree.#size = size;
    return tree;
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    let node = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(this.#frontier.pop()!, node);
    this.#frontier.push(node);
    this.#size++;
  }

  root(): Buffer {
    return this.#frontier.length === 0
      ? EMPTY_ROOT
      : this.#frontier.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** Largest power of two below `n`, for n > 1. Plain arithmetic: shifts stop at 2^31. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Root over leaves `[from, to)`, where `from` is a multiple of the largest power of two that fits. */
function rangeRoot(read: Subtree, from: number, to: number): Buffer {
  const n = to - from;
  const height = Math.log2(n);
  if (Number.isInteger(height)) return read(height, from / n);
  const k = split(n);
  return nodeHash(rangeRoot(read, from, from + k), rangeRoot(read, from + k, to));
}

/** Proof that leaf `index` is in the tree of `size` leaves: siblings, the leaf's first (RFC 6962, section 2.1.1). */
export function inclusionProof(read: Subtree, index: number, size: number): Buffer[] {
  const path = (m: number, from: number, to: number): Buffer[] => {
    if (to - from === 1) return [];
    const k = split(to - from);
    return m < k
      ? [...path(m, from, from + k), rangeRoot(read, from + k, to)]
      : [...path(m - k, from + k, to), rangeRoot(read, from, from + k)];
  };
  return path(index, 0, size);
}

/** Proof that the tree of `old` leaves is the beginning of that of `size` (RFC 6962, section 2.1.2). */
export function consistencyProof(read: Subtree, old: number, size: number): Buffer[] {
  if (old === 0 || old === size) return [];
  const path = (m: number, from: number, to: number, whole: boolean): Buffer[] => {
    if (m === to - from) return whole ? [] : [rangeRoot(read, from, to)];
    const k = split(to - from);
    return m <= k
      ? [...path(m, from, from + k, whole), rangeRoot(read, from + k, to)]
      : [...path(m - k, from + k, to, false), rangeRoot(read, from, from + k)];
  };
  return path(old, 0, size, true);
}

/** RFC 9162, section 2.1.3.2. */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (index >= size || !areHashes(proof)) return false;
  const walk = new ProofWalk(index, size - 1);
  let node = leaf;
  for (const sibling of proof) {
    if (walk.isOver) return false;
    node = walk.isRight() ? nodeHash(sibling, node) : nodeHash(node, sibling);
    walk.up();
  }
  return walk.isOver && node.equals(root);
}

/** RFC 9162, section 2.1.4.2. */
export function verifyConsistency(
  old: number,
  size: number,
  oldRoot: Buffer,
  root: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (old > size || !areHashes(proof)) return false;
  if (old === size) return proof.length === 0 && oldRoot.equals(root);
  if (old === 0) return proof.length === 0;
  const [first, ...rest] = Number.isInteger(Math.log2(old)) ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  const walk = new ProofWalk(old - 1, size - 1);
  walk.skipRights();
  let before = first;
  let after = first;
  for (const sibling of rest) {
    if (walk.isOver) return false;
    if (walk.isRight()) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
    } else after = nodeHash(after, sibling);
    walk.up();
  }
  return walk.isOver && before.equals(oldRoot) && after.equals(root);
}

/** A hash with bytes behind it is another spelling of the same proof, and there is one. */
function areHashes(proof: readonly Buffer[]): boolean {
  return proof.every(({ length }) => length === 32);
}

/** The way from a node to the root, beside the way from the last one. */
class ProofWalk {
  #node: number;
  #last: number;

  constructor(node: number, last: number) {
    this.#node = node;
    this.#last = last;
  }

  get isOver(): boolean {
    return this.#last === 0;
  }

  /** The sibling stands on the left. A last node without a sibling rises until it has one. */
  isRight(): boolean {
    if (this.#node % 2 === 0 && this.#node !== this.#last) return false;
    while (this.#node % 2 === 0 && this.#node !== 0) this.up();
    return true;
  }

  skipRights(): void {
    while (this.#node % 2 === 1) this.up();
  }

  up(): void {
    this.#node = Math.floor(this.#node / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}
