import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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
  stop = watchFile(file, changed);
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
  stop = watchFile(join(folder, 'policy.yaml'), changed);
  await later(QUIET);
  changed.mockClear();
  await unlink(join(folder, '..data'));
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 5000 });
});

test.each<readonly [name: string, change: (now: string) => Promise<void>]>([
  [
    'in a folder that is replaced by another',
    async (now) => {
      await rename(now, join(folder, 'old'));
      await rename(join(folder, 'v2'), now);
    },
  ],
  [
    'in a folder that goes away and comes back',
    async (now) => {
      await rm(now, { recursive: true });
      await later(QUIET);
      await rename(join(folder, 'v2'), now);
    },
  ],
  [
    'behind a link to another folder',
    async (now) => {
      await rm(now, { recursive: true });
      await symlink('v2', now);
    },
  ],
])('a file %s is seen, and so is what becomes of it then', async (_, change) => {
  for (const name of ['now', 'v2']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'policy.yaml'), name);
  }
  const file = join(folder, 'now', 'policy.yaml');
  const changed = vi.fn();
  stop = watchFile(file, changed);
  await later(QUIET);
  await change(join(folder, 'now'));
  await later(2000);
  expect(changed).toHaveBeenCalled();
  const before = changed.mock.calls.length;
  await writeFile(file, 'after');
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(before + 1), { timeout: 5000 });
});

test('a file behind a link is seen to change', async () => {
  await mkdir(join(folder, 'there'));
  await writeFile(join(folder, 'there', 'policy.yaml'), 'a');
  await symlink(join('there', 'policy.yaml'), join(folder, 'policy.yaml'));
  const changed = vi.fn();
  stop = watchFile(join(folder, 'policy.yaml'), changed);
  await later(QUIET);
  await writeFile(join(folder, 'there', 'policy.yaml'), 'b');
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 5000 });
});

test('a folder that is not there ends nothing, and its file is seen when it comes', async () => {
  const changed = vi.fn();
  stop = watchFile(join(folder, 'later', 'policy.yaml'), changed);
  await later(QUIET);
  await mkdir(join(folder, 'later'));
  await writeFile(join(folder, 'later', 'policy.yaml'), 'a');
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 5000 });
});

describe('a text that is no UTF-8', () => {
  const yaml = (phrase: string): string =>
    ['policy: p', 'version: 1', `detectors: [{ id: name, phrases: [${phrase}] }]`, ''].join('\n');
  test.each([
    ['Latin-1', Buffer.from(yaml('Müller'), 'latin1'), 3, 'another encoding, such as Latin-1'],
    ['UTF-16', Buffer.from(`\uFEFF${yaml('Müller')}`, 'utf16le'), 1, 'UTF-16'],
    ['UTF-8 that is cut', Buffer.from(yaml('Müller')).subarray(0, 57), 3, 'another encoding, such as Latin-1'],
  ])('is refused at its line: %s', async (_, bytes, line, encoding) => {
    const file = join(folder, 'policy.yaml');
    await writeFile(file, bytes);
    const message = `this is no UTF-8, but ${encoding}: save the file as UTF-8`;
    const issue = { file, line, column: 1, path: '', code: 'TEXT_INVALID', message };
    await expect(readPolicy({ file })).rejects.toMatchObject({ code: 'POLICY_INVALID', issues: [issue] });
    const above = { policy: 'q', version: 1, extends: file } as const;
    await expect(readPolicy(above)).rejects.toMatchObject({ issues: [issue] });
  });

  test('and UTF-8 with a mark in front, other line ends and a sign for what was lost is read', async () => {
    const file = join(folder, 'policy.yaml');
    await writeFile(file, `\uFEFF${yaml('"M\uFFFDller é 🐦"').replaceAll('\n', '\r\n')}`);
    expect((await readPolicy({ file })).detectors).toEqual([{ id: 'name', phrases: ['M\uFFFDller é 🐦'] }]);
  });
});

test('what is a folder, or may not be read, is told as such', async () => {
  const given = `Give the path of a file that exists, or the policy itself where there are no files`;
  await expect(readPolicy({ file: folder })).rejects.toMatchObject({
    message: `cannot read the policy file \`${folder}\`: it is a folder. ${given}`,
  });
  const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const files = process.getBuiltinModule('node:fs').promises;
  const reading = vi.spyOn(files, 'readFile').mockRejectedValue(refused);
  await expect(readPolicy({ file: 'a.yaml' })).rejects.toMatchObject({
    message: `cannot read the policy file \`a.yaml\`: this process may not read it. ${given}`,
  });
  await expect(readPolicy({ policy: 'p', version: 1, extends: 'b.yaml' })).rejects.toThrow(
    'cannot read `b.yaml`: this process may not read it (`b.yaml`)',
  );
  reading.mockRestore();
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
