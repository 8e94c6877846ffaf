import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { KeyFile } from './key-file.ts';

it('keys are forgotten while somebody reads them: their ids are told, and they leave the file afterwards', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flyball-keys-'));
  try {
    const file = join(folder, 'subjects');
    const keys = new KeyFile(file);
    const [ada] = keys.keysOf([{ tenant: 'acme', user: 'ada' }]);
    const reader = new DatabaseSync(file);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM subject').get();
    expect(keys.forget({ tenant: 'acme', user: 'ada' })).toEqual({ ids: [ada!.id], held: [] });
    const isThere = (): boolean =>
      [file, `${file}-wal`].some((path) => readFileSync(path).includes(Buffer.from(ada!.key)));
    expect(isThere()).toBe(true);
    reader.close();
    keys.keysOf([{ tenant: 'acme' }]);
    expect(isThere()).toBe(false);
    expect(statSync(`${file}-wal`).size).toBe(0);
    keys.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
