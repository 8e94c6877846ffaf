import { nodeHash, type Subtree } from './merkle.ts';

/** Hashes of one tile (tlog-tiles). */
export const TILE = 256;
const HASH = 32;

/** Reads a whole tile: 256 hashes of one level, in one piece. `undefined`: it is not kept. */
export type ReadTile = (level: number, index: number) => Buffer | undefined;

/** Keeps a tile that is full. */
export type PutTile = (level: number, index: number, hashes: Buffer) => void;

/** Root over hashes whose number is a power of two. */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  let level = hashes;
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, i) => nodeHash(level[2 * i]!, level[2 * i + 1]!));
  return level[0]!;
}

function hashesIn(tile: Buffer): Buffer[] {
  return Array.from({ length: tile.length / HASH }, (_, i) => tile.subarray(i * HASH, (i + 1) * HASH));
}

/**
 * Gathers leaf hashes into tiles, and hands out each as it fills; the root of a full one is a hash of the level above.
 * Begins at a size that is kept already, of which `recent` are the leaves since the last full tile.
 */
export class TileWriter {
  readonly #open: Buffer[][] = [];
  readonly #put: PutTile;
  #size: number;

  constructor(size: number, read: ReadTile, recent: readonly Buffer[], put: PutTile) {
    this.#size = size;
    this.#put = put;
    this.#open[0] = [...recent];
    for (let level = 1; TILE ** level <= size; level++) {
      const whole = Math.floor(size / TILE ** level);
      const from = whole - (whole % TILE);
      this.#open[level] = Array.from({ length: whole - from }, (_, i) => rootOfTile(read, level - 1, from + i));
    }
  }

  add(leaf: Buffer): void {
    this.#size++;
    this.#addAt(0, leaf);
  }

  /** Tiles at the right edge, which are not full. */
  *edge(): Generator<{ readonly level: number; readonly index: number; readonly hashes: readonly Buffer[] }> {
    for (const [level, hashes] of this.#open.entries())
      if (hashes.length > 0) yield { level, index: Math.floor(this.#size / TILE ** (level + 1)), hashes };
  }

  #addAt(level: number, hash: Buffer): void {
    const tile = (this.#open[level] ??= []);
    tile.push(hash);
    if (tile.length < TILE) return;
    const index = Math.floor(this.#size / TILE ** (level + 1)) - 1;
    this.#put(level, index, Buffer.concat(tile));
    this.#open[level] = [];
    this.#addAt(level + 1, rootOf(tile));
  }
}

/**
 * Hashes of subtrees, out of whole tiles and, after the last of them, out of the leaves themselves. `leaves(from, to)`
 * reads the leaf hashes of that range.
 */
export function subtreesOf(read: ReadTile, leaves: (from: number, to: number) => readonly Buffer[]): Subtree {
  const subtree: Subtree = (height, index) => {
    const level = Math.floor(height / 8);
    const span = 2 ** (height - level * 8);
    const first = index * span;
    const tile = read(level, Math.floor(first / TILE));
    if (tile !== undefined) {
      const at = (first % TILE) * HASH;
      return rootOf(hashesIn(tile.subarray(at, at + span * HASH)));
    }
    if (level === 0) return rootOf(leaves(first, first + span));
    // The tile is not full yet: each of its hashes is the root of a full one below.
    return rootOf(Array.from({ length: span }, (_, at) => rootOfTile(read, level - 1, first + at)));
  };
  return subtree;
}

function rootOfTile(read: ReadTile, level: number, index: number): Buffer {
  const tile = read(level, index);
  if (tile === undefined) throw new Error(`tile ${level}/${index} of the log is missing`);
  return rootOf(hashesIn(tile));
}

/** `tile/0/x001/x234/067`, `tile/0/273.p/112`: where a tile is found below the prefix of an export. */
export function tilePath(level: number | 'entries', index: number, width: number = TILE): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!;
  const parts = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group));
  return `tile/${level}/${parts.join('/')}${width < TILE ? `.p/${width}` : ''}`;
}
