/** The folding of look-alikes and invisible characters, read when it is first needed. */
import type { Folding } from './fold.ts';
import { readMap } from './read-table.ts';
import { FOLDS } from './unicode-tables.ts';

let folding: Folding | undefined;

export function standardFolding(): Folding {
  return (folding ??= readFolding());
}

function readFolding(): Folding {
  const map = readMap(FOLDS);
  return {
    read: (codePoint) => map.get(codePoint),
    entries: () => map,
  };
}
