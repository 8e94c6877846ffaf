// A log in the form that verifiers of transparency logs fetch (C2SP tlog-tiles v0.1.0).
import { commitmentIn, entryLeaf, leafData, type LogEntry } from '../integrity/entry.ts';
import { TILE, tilePath, TileWriter } from '../integrity/tiles.ts';

/** A file below the prefix of a log. */
export interface TileFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * The tiles over the first `size` entries, and the bundles of their leaves: files in the order in which they fill,
 * those at the right edge last. A leaf is 33 bytes whatever its record, so that records of any length have a place; the
 * records themselves travel beside.
 *
 *     for (const { path, bytes } of tileFiles(log.entries(), size)) write(join(folder, path), bytes);
 */
export function* tileFiles(entries: Iterable<LogEntry>, size: number): Generator<TileFile> {
  let full: TileFile[] = [];
  const tiles = new TileWriter(
    0,
    () => undefined,
    [],
    (level, index, bytes) => void full.push({ path: tilePath(level, index), bytes }),
  );
  let bundle: Buffer[] = [];
  let bundles = 0;
  let read = 0;
  for (const entry of entries) {
    if (read === size) break;
    read++;
    const commitment = commitmentIn(entry);
    bundle.push(bundled(leafData(commitment)));
    tiles.add(entryLeaf(commitment));
    if (bundle.length < TILE) continue;
    yield { path: tilePath('entries', bundles++), bytes: Buffer.concat(bundle) };
    bundle = [];
    yield* full;
    full = [];
  }
  if (read < size) throw new Error(`the log has ${read} entries, and its checkpoint is of ${size}`);
  if (bundle.length > 0) yield { path: tilePath('entries', bundles, bundle.length), bytes: Buffer.concat(bundle) };
  for (const { level, index, hashes } of tiles.edge())
    yield { path: tilePath(level, index, hashes.length), bytes: Buffer.concat(hashes) };
}

function bundled(data: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length);
  return Buffer.concat([length, data]);
}
