// `npm run runtimes`: the packed packages where applications run that are not Node with npm. Other managers install
// them in empty folders, other runtimes and Jest run what was installed. Fetches the tools from npm, without their
// install scripts: a command of its own.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { serveTarballs } from '../repo/local-registry.ts';
import { publishedPackages, ROOT } from '../repo/tree.ts';
import { APPLICATION, EDGE, JEST_TEST, NEST_JEST, ONE_COPY, POLICY, SAYS, WORKER } from './applications.ts';

const execute = promisify(execFile);

/** Pinned, so that a run says something about Flyball and not about a new tool. */
const TOOLS: { readonly [name: string]: string } = {
  deno: '2.9.6',
  bun: '1.4.5',
  miniflare: '4.20260730.0',
  jest: '30.5.2',
  pnpm: '12.21.0',
  '@yarnpkg/cli-dist': '4.18.1',
};

/** What an application of Nest 11 is tested with. */
const NEST: readonly string[] = [
  ...['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}@11.2.10`),
  ...[
    '@nestjs/testing@11.2.6',
    'reflect-metadata@0.2.2',
    'rxjs@7.8.2',
    'jest@30.5.2',
    '@types/jest@30',
    '@types/node@24',
    'ts-jest@29',
    'typescript@5',
  ],
];

/** Longest that one command may take. */
const BOUND_MS = 240_000;

const home = mkdtempSync(join(tmpdir(), 'flyball-runtimes-'));
const results: string[] = [];

async function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { stdout } = await execute(command, args, {
    cwd,
    timeout: BOUND_MS,
    maxBuffer: 1e8,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  return stdout;
}

/** `npm run runtimes -- yarn` tries what has this in its name; npm always, since others run what it installed. */
const [only = ''] = process.argv.slice(2);

async function tried(what: string, attempt: () => Promise<string>): Promise<void> {
  if (what !== 'npm' && !what.includes(only)) return;
  const started = performance.now();
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s`;
  try {
    const said = await attempt();
    if (!said.includes(SAYS)) throw new Error(`it said ${JSON.stringify(said.slice(-500))}`);
    results.push(`${seconds()}  yes  ${what}`);
  } catch (error) {
    const { message, stdout = '' } = error as Error & { readonly stdout?: string };
    results.push(`${seconds()}  NO   ${what}\n${message}\n${stdout}`);
    process.exitCode = 1;
  }
  console.log(results.at(-1));
}

function folder(name: string, files: { readonly [file: string]: string }): string {
  const path = join(home, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

async function main(): Promise<void> {
  const tools = folder('tools', { 'package.json': '{ "private": true }' });
  const named = Object.entries(TOOLS).map(([name, version]) => `${name}@${version}`);
  const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run(tools, 'npm', ['install', ...quiet, ...named]);
  const platform = `${process.platform}-${process.arch}`;
  const deno = join(tools, 'node_modules/@deno', process.platform === 'linux' ? `${platform}-glibc` : platform, 'deno');
  const bun = join(tools, 'node_modules/@oven', `bun-${platform}`, 'bin/bun');
  const pnpm = [join(tools, 'node_modules/.bin/pnpm')];
  const yarn = [process.execPath, join(tools, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js')];

  const packed = await run(home, process.execPath, [join(ROOT, 'scripts/pack.mjs'), join(home, 'tarballs')]);
  const registry = await serveTarballs(packed.trim().split('\n'));
  const others = (await run(home, 'npm', ['config', 'get', 'registry'])).trim();
  try {
    const { version } = publishedPackages()[0]!.manifest;
    const application = {
      'package.json': JSON.stringify({
        private: true,
        type: 'module',
        dependencies: {
          '@flyball/core': version,
          '@flyball/detectors': version,
          '@flyball/express': version,
          express: '5',
        },
      }),
      'app.js': APPLICATION,
      'policy.yaml': POLICY,
      '.npmrc': `@flyball:registry=${registry.address}/\n`,
      'bunfig.toml': `[install.scopes]\n"@flyball" = "${registry.address}/"\n`,
    };
    const yarnrc = (linker: string): string =>
      [
        `nodeLinker: ${linker}`,
        'enableGlobalCache: false',
        'enableImmutableInstalls: false',
        'enableTelemetry: false',
        // It would remember where a package of an earlier run was.
        'globalFolder: .yarn/global',
        `npmRegistryServer: "${others}"`,
        'unsafeHttpWhitelist: ["*"]',
        // Packages of this minute are what is asked for.
        'npmPreapprovedPackages: ["@flyball/*"]',
        `npmScopes:\n  flyball:\n    npmRegistryServer: "${registry.address}"`,
        '',
      ].join('\n');

    const npm = folder('npm', application);
    await tried('npm', async () => {
      await run(npm, 'npm', ['install', ...quiet]);
      return run(npm, process.execPath, ['app.js']);
    });
    const withPnpm = folder('pnpm', { ...application, 'pnpm-workspace.yaml': 'minimumReleaseAge: 0\n' });
    await tried('pnpm', async () => {
      await run(withPnpm, pnpm[0]!, ['install', '--ignore-scripts']);
      return run(withPnpm, process.execPath, ['app.js']);
    });
    for (const linker of ['node-modules', 'pnp']) {
      const withYarn = folder(`yarn-${linker}`, { ...application, '.yarnrc.yml': yarnrc(linker), 'yarn.lock': '' });
      await tried(`yarn, ${linker}`, async () => {
        await run(withYarn, yarn[0]!, [yarn[1]!, 'install', '--mode=skip-build']);
        return run(withYarn, yarn[0]!, [yarn[1]!, 'node', 'app.js']);
      });
    }
    const withBun = folder('bun', application);
    await tried('bun, as the manager and the runtime', async () => {
      await run(withBun, bun, ['install', '--ignore-scripts']);
      return run(withBun, bun, ['app.js']);
    });
    await tried('Deno, with the folder that npm made', () =>
      run(npm, deno, ['run', '--allow-all', '--no-prompt', 'app.js']),
    );
    writeFileSync(join(npm, 'one.cjs'), ONE_COPY);
    for (const [what, ...command] of [
      ['Node', process.execPath],
      ['Bun', bun],
      ['Deno', deno, 'run', '--allow-all', '--no-prompt'],
    ] as const)
      await tried(`${what}, \`require\` and \`import\` load one copy`, () =>
        run(npm, command[0], [...command.slice(1), 'one.cjs']),
      );

    writeFileSync(join(npm, 'compile.js'), EDGE.compile);
    writeFileSync(join(npm, 'whole.js'), EDGE.whole);
    writeFileSync(join(npm, 'compiled.js'), EDGE.compiled);
    await run(npm, process.execPath, ['compile.js']);
    for (const [name, what] of [
      ['whole', 'workerd, with the compiler'],
      ['compiled', 'workerd, with a compiled policy'],
    ] as const) {
      await tried(what, async () => {
        await esbuild.build({
          entryPoints: [join(npm, `${name}.js`)],
          outfile: join(npm, `${name}-worker.js`),
          bundle: true,
          format: 'esm',
          platform: 'neutral',
          conditions: ['workerd', 'module'],
          mainFields: ['module', 'main'],
        });
        writeFileSync(join(tools, 'worker.mjs'), WORKER);
        return run(tools, process.execPath, ['worker.mjs', join(npm, `${name}-worker.js`)]);
      });
    }

    const jest = join(tools, 'node_modules/jest/bin/jest.js');
    const ours = (...names: readonly string[]): readonly string[] => [
      ...['install', ...quiet, `--@flyball:registry=${registry.address}/`],
      ...names.map((name) => `@flyball/${name}@${version}`),
    ];
    const commonJs = folder('jest', { 'package.json': '{ "private": true }', 'governor.test.js': JEST_TEST });
    await tried('Jest as it is', async () => {
      await run(commonJs, 'npm', [...ours('core', 'express'), 'express@5']);
      return run(commonJs, process.execPath, [jest, '--rootDir', commonJs]);
    });
    await tried('Jest with `--experimental-vm-modules`', () =>
      run(commonJs, process.execPath, ['--experimental-vm-modules', jest, '--rootDir', commonJs]),
    );
    await tried('Jest with the configuration of `nest new`, Nest 11', async () => {
      const nest = folder('nest', NEST_JEST);
      await run(nest, 'npm', [...ours('core', 'nestjs'), ...NEST]);
      return run(nest, process.execPath, [join(nest, 'node_modules/jest/bin/jest.js')]);
    });
  } finally {
    registry.close();
  }
}

try {
  await main();
} finally {
  rmSync(home, { recursive: true, force: true });
}
