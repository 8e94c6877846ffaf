import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LineFiles } from './line-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flyball-lines-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** The next writes leave half a line, and then there is no room. */
async function full(times: number, cannotUndo = false): Promise<void> {
  vi.restoreAllMocks();
  const handle = await open(join(folder, 'probe'), 'w');
  const kind = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  await rm(join(folder, 'probe'));
  const write = kind.appendFile;
  const appending = vi.spyOn(kind, 'appendFile');
  for (let time = 0; time < times; time++)
    appending.mockImplementationOnce(async function (this: typeof handle, data) {
      await write.call(this, (data as Buffer).subarray(0, 3));
      throw new Error('ENOSPC: no space left on device, write');
    });
  if (cannotUndo) vi.spyOn(kind, 'truncate').mockRejectedValue(new Error('EIO'));
}

const contents = async (): Promise<readonly string[]> =>
  Promise.all((await readdir(folder)).sort().map((name) => readFile(join(folder, name), 'utf8')));

test('attempts on a full disk leave no empty files behind', async () => {
  const files = new LineFiles({ folder, maxBytes: 1000, keepDays: 9, now: () => Date.now() });
  await full(5);
  for (let attempt = 0; attempt < 5; attempt++) await expect(files.write(['{"a":1}'])).rejects.toThrow('ENOSPC');
  expect(await contents()).toEqual([]);
  await files.write(['{"a":1}']);
  await full(2);
  for (let attempt = 0; attempt < 2; attempt++) await expect(files.write(['{"a":2}'])).rejects.toThrow('ENOSPC');
  await files.write(['{"a":2}']);
  await files.close();
  expect(await contents()).toEqual(['{"a":1}\n', '{"a":2}\n']);
});

test('a file with what could not be undone is kept', async () => {
  const files = new LineFiles({ folder, maxBytes: 1000, keepDays: 9, now: () => Date.now() });
  await full(1, true);
  await expect(files.write(['{"a":1}'])).rejects.toThrow('ENOSPC');
  await files.close();
  expect(await contents()).toEqual(['{"a']);
});
