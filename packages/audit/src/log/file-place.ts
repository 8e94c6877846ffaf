import { statSync } from 'node:fs';

/**
 * Answers whether the file at a path is still the one that was there when this was called. A file that is removed or
 * replaced takes what is written with it, and neither the system nor SQLite says so.
 */
export function filePlace(file: string): () => boolean {
  const first = numberOf(file);
  return () => numberOf(file) === first;
}

function numberOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}
