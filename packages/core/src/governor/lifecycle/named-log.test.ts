import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGovernor } from '../../index.ts';

const POLICY = { policy: 'p', version: 1 } as const;

// Where the package is installed, `test/bundlers` opens it.
it('a log that is named by its file, and no package to open it: one sentence says what is missing', async () => {
  await expect(createGovernor({ policy: POLICY, audit: { file: 'flyball.db' } })).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringMatching(/^`audit: \{ file \}` needs `@flyball\/audit`/) as string,
    cause: expect.objectContaining({ message: expect.stringContaining('@flyball/audit') as string }) as Error,
  });
});

describe('in the words of Node itself', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flyball-named-'));
    symlinkSync(import.meta.dirname.replace(/\/src\/.*$/, '/src'), join(folder, 'core'));
    mkdirSync(join(folder, 'node_modules/@flyball'), { recursive: true });
    writeFileSync(
      join(folder, 'main.mjs'),
      `import { openNamedLog } from './core/governor/lifecycle/named-log.ts';
const opened = openNamedLog({ file: 'flyball.db' });
await opened.then(() => console.log('opened'), ({ code, message }) => console.log(code + ' ' + message));`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function said(files: { readonly [name: string]: string }): string {
    const home = join(folder, 'node_modules/@flyball/audit');
    rmSync(home, { recursive: true, force: true });
    if (Object.keys(files).length > 0) mkdirSync(home);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
    const flags = ['--disable-warning=ExperimentalWarning', '--preserve-symlinks', join(folder, 'main.mjs')];
    const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout;
  }
  const MANIFEST = { 'package.json': '{ "name": "@flyball/audit", "type": "module", "exports": "./index.js" }' };

  it('what is not installed is said to be so', () => {
    expect(said({})).toMatch(
      /^OPTIONS_INVALID `audit: \{ file \}` needs .* not installed .*npm install @flyball\/audit/,
    );
  });

  it.each([
    ['has lost a file', {}, 'index.js'],
    ['lacks a package that it needs', { 'index.js': `import 'not-there';` }, "package 'not-there'"],
    [
      'throws and names itself',
      { 'index.js': `throw new Error("no binding for '@flyball/audit'");` },
      "no binding for '@flyball/audit'",
    ],
    ['throws', { 'index.js': `throw new Error('no sqlite in this runtime');` }, 'no sqlite in this runtime'],
  ])('one that %s is told with its own failure', (_what, files, why) => {
    const words = said({ ...MANIFEST, ...files });
    expect(words).toMatch(
      /^OPTIONS_INVALID `audit: \{ file \}` needs `@flyball\/audit`, which is installed and did not load: /,
    );
    expect(words).toContain(why);
    expect(words).not.toContain('npm install');
  });

  it('one that loads is asked to open the file', () => {
    expect(said({ ...MANIFEST, 'index.js': 'export const openLog = async ({ file }) => ({ name: file });' })).toBe(
      'opened\n',
    );
  });
});

it('what takes more than a file is opened by the application', async () => {
  for (const audit of [{ file: 'flyball.db', keepDays: 30 }, { file: 7 }, {}])
    await expect(createGovernor({ policy: POLICY, audit: audit as never })).rejects.toThrow(
      /`audit` must be a sink .*openLog.* or `\{ file \}` alone/,
    );
});
