import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchFile } from './policy-file.ts';
import { readPolicy } from './policy-source.ts';

let folder: string;
let stop: (() => void) | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flyball-watch-'));
});
afterEach(async () => {
  stop?.();
  stop = undefined;
  await rm(folder, { recursive: true, force: true });
});

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Well beyond the time for which changes are gathered. */
const QUIET = 250;

test('one callback for changes that come together, none for those of another file or after the end', async () => {
  const file = join(folder, 'policy.yaml');
  await writeFile(file, 'a');
  const changed = vi.fn();
  stop = await watchFile(file, changed);
  await later(QUIET);
  changed.mockClear();
  for (const text of ['b', 'c', 'd']) await writeFile(file, text);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 5000 });
  await later(QUIET);
  expect(changed).toHaveBeenCalledTimes(1);

  await writeFile(join(folder, 'other.yaml'), 'x');
  await later(QUIET);
  expect(changed).toHaveBeenCalledTimes(1);

  await writeFile(file, 'e');
  stop();
  await later(QUIET);
  await writeFile(file, 'f');
  await later(QUIET);
  expect(changed).toHaveBeenCalledTimes(1);
});

test('a config map changes by the link beside the file, whose name begins with two dots', async () => {
  await mkdir(join(folder, '..v1'));
  await writeFile(join(folder, '..v1', 'policy.yaml'), 'a');
  await symlink('..v1', join(folder, '..data'));
  await symlink(join('..data', 'policy.yaml'), join(folder, 'policy.yaml'));
  const changed = vi.fn();
  stop = await watchFile(join(folder, 'policy.yaml'), changed);
  await later(QUIET);
  changed.mockClear();
  await unlink(join(folder, '..data'));
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 5000 });
});

test('a folder that goes away ends nothing but the watching', async () => {
  const inner = join(folder, 'inner');
  await mkdir(inner);
  const file = join(inner, 'policy.yaml');
  await writeFile(file, 'a');
  const changed = vi.fn();
  stop = await watchFile(file, changed);
  await rm(inner, { recursive: true });
  await later(QUIET);
  stop();
});

test.each([
  [
    'policies/chat.yaml',
    "`policy` is the string `policies/chat.yaml`: for a policy in a file write `policy: { file: 'policies/chat.yaml' }`",
  ],
  ['policy: p', '`policy` is the string `policy: p`: give a policy as an object'],
  ['x'.repeat(70), `\`policy\` is the string \`${'x'.repeat(60)}\``],
  [undefined, '`policy` is undefined: give a policy as an object'],
  [null, '`policy` is null: give a policy as an object'],
])('%s is told to be no policy', async (given, message) => {
  await expect(readPolicy(given as never)).rejects.toThrow(message);
});

test('of a policy that was compiled before, the document is read', async () => {
  const document = { policy: 'p', version: 1 };
  expect(await readPolicy({ precompiled: 1, trees: {}, document } as never)).toEqual(document);
});

test('a file that is not there is told with its path and the cause', async () => {
  const file = join(folder, 'missing.yaml');
  await expect(readPolicy({ file })).rejects.toMatchObject({
    code: 'POLICY_NOT_LOADED',
    message: expect.stringContaining(file),
    cause: expect.objectContaining({ code: 'ENOENT' }),
  });
});
