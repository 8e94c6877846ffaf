// Applications of NestJS, built in every way that its command line knows, with the packages as users get them.
import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { BUILDS, nestApplication, type Layout } from './nest-application.ts';

const execute = promisify(execFile);

/** Building and starting take some seconds alone, and many beside others. */
const SLOW = 300_000;
const PRINTS = '201 said hello to acme\n403 P_PLAN\ntrue\n';

const ESM12: Layout = { nest: 12, esm: true, monorepo: false };
const CJS11: Layout = { nest: 11, esm: false, monorepo: false };

const made: string[] = [];
afterAll(() => {
  for (const app of made) rmSync(app, { recursive: true, force: true });
});

/** The application is built once, and again in other ways. */
const applications = new Map<Layout, string>();
function applicationOf(layout: Layout): string {
  const app = applications.get(layout) ?? nestApplication(layout);
  applications.set(layout, app);
  made.push(app);
  return app;
}

async function builtAndRun(layout: Layout, args: readonly string[], entry: string): Promise<string> {
  const app = applicationOf(layout);
  rmSync(join(app, 'dist'), { recursive: true, force: true });
  const nest = join(BUILDS, 'node_modules/@nestjs/cli/bin/nest.js');
  const run = (file: string, ...rest: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
    execute(process.execPath, [file, ...rest], { cwd: app, timeout: SLOW }).catch((error: unknown) => {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${stdout}\n${stderr}`, { cause: error });
    });
  const { stdout, stderr } = await run(nest, 'build', ...args);
  if (!existsSync(join(app, entry))) throw new Error(`no ${entry}:\n${stdout}\n${stderr}`);
  return (await run(join(app, entry))).stdout;
}

describe('an application of Nest', { timeout: SLOW }, () => {
  it.each([
    ['nest build, ES modules', ESM12, [], 'dist/main.js'],
    ['nest build with swc, ES modules', ESM12, ['--builder', 'swc'], 'dist/main.js'],
    ['nest build with rspack, ES modules', ESM12, ['--builder', 'rspack'], 'dist/main.js'],
    ['nest build, CommonJS on Nest 11', CJS11, [], 'dist/main.js'],
    ['nest build with swc, CommonJS on Nest 11', CJS11, ['--builder', 'swc'], 'dist/main.js'],
    ['nest build with webpack, CommonJS on Nest 11', CJS11, ['--webpack'], 'dist/main.js'],
    [
      'a repository of several, webpack, CommonJS on Nest 11',
      { nest: 11, esm: false, monorepo: true },
      ['api', '--webpack'],
      'dist/apps/api/main.js',
    ],
    [
      'a repository of several, rspack, ES modules',
      { nest: 12, esm: true, monorepo: true },
      ['api', '--builder', 'rspack'],
      'dist/apps/api/main.js',
    ],
  ] as const)('%s: is governed', async (_name, layout, args, entry) => {
    expect(await builtAndRun(layout, args, entry)).toBe(PRINTS);
  });
});
