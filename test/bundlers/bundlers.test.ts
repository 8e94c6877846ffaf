import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import webpack from 'webpack';
import { publishedPackages, read, ROOT } from '../repo/tree.ts';
import { installed } from './published.ts';

const execute = promisify(execFile);

/** What an application does: it awaits at its top, and everything is needed, patterns, packs and conditions. */
const APPLICATION = `
import { createGovernor } from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';
const governor = await createGovernor({
  policy: {
    yaml: [
      'policy: p', 'version: 1', 'detectors: [{ use: secrets }, { id: ticket, patterns: ["TCK-[0-9]{3}"] }]', 'rules:',
      '  - { id: keys, on: input, detect: [secret, ticket], when: subject.tenant == "t", then: block, reason: P_KEYS }',
    ].join('\\n'),
  },
});
requireGovernor(governor, 'test');
const said = async (content) =>
  (await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content }))).reason;
console.log(await said('hello'), await said('TCK-123'), await said('AKIAIOSFODNN7ABCDEFG'));
await governor.close();
`;
const PRINTS = 'NO_RULE_OBJECTED P_KEYS P_KEYS\n';
/** Bundling and starting take a second or so alone, and more beside others. */
const SLOW = 120_000;

let app = '';
beforeAll(() => {
  app = installed(...publishedPackages().map(({ home }) => home.slice('packages/'.length)));
  writeFileSync(join(app, 'app.js'), APPLICATION);
}, SLOW);
afterAll(() => void (app !== '' && rmSync(app, { recursive: true, force: true })));

/** Runs what a bundler made, outside of the application's folder: nothing of its modules may be needed any more. */
async function runs(folder: string, file = 'app.js'): Promise<string> {
  const { stdout } = await execute(process.execPath, [join(folder, file)], { timeout: 60_000, cwd: folder });
  return stdout;
}

const out = (name: string): string => {
  const folder = join(app, `out-${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
};

describe('the published core in an application that awaits at its top', { timeout: SLOW }, () => {
  it('runs as it is', async () => {
    expect(await runs(app)).toBe(PRINTS);
  });

  it('rollup', async () => {
    const folder = out('rollup');
    const warnings: string[] = [];
    const build = await rollup({
      input: join(app, 'app.js'),
      plugins: [nodeResolve({ exportConditions: ['node'] })],
      onwarn: ({ message }) => void warnings.push(message),
    });
    await build.write({ dir: folder, format: 'esm' });
    await build.close();
    expect(await runs(folder)).toBe(PRINTS);
    expect(
      warnings.filter((warning) => !/^Circular|contains an annotation that Rollup cannot interpret/.test(warning)),
    ).toEqual([]);
  });

  it('rolldown', async () => {
    const folder = out('rolldown');
    const build = await rolldown({ input: join(app, 'app.js'), platform: 'node' });
    await build.write({ dir: folder, format: 'esm' });
    await build.close();
    expect(await runs(folder)).toBe(PRINTS);
  });

  it.each([
    ['esbuild', false],
    ['esbuild --splitting', true],
  ])('%s', async (name, splitting) => {
    const folder = out(name.replace(/\W+/g, '-'));
    const { warnings } = await esbuild.build({
      entryPoints: [join(app, 'app.js')],
      outdir: folder,
      bundle: true,
      splitting,
      format: 'esm',
      platform: 'node',
      target: 'es2024',
    });
    expect(warnings).toEqual([]);
    expect(await runs(folder)).toBe(PRINTS);
  });

  it('webpack with source-map-loader', async () => {
    const folder = out('webpack');
    const stats = await new Promise<webpack.Stats>((resolve, reject) => {
      const config: webpack.Configuration = {
        mode: 'none',
        target: 'node22',
        context: app,
        entry: join(app, 'app.js'),
        experiments: { outputModule: true },
        output: { path: folder, filename: 'app.js', module: true, chunkFormat: 'module' },
        module: {
          rules: [{ test: /\.js$/, enforce: 'pre', use: [join(ROOT, 'test/node_modules/source-map-loader')] }],
        },
      };
      webpack(config, (error, done) => (error ? reject(error) : resolve(done!)));
    });
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    expect(errors).toEqual([]);
    expect(warnings!.filter(({ message }) => /source ?map/i.test(message))).toEqual([]);
    expect(await runs(folder)).toBe(PRINTS);
  });

  it.each(['browser', 'workerd', 'edge-light'])(
    'with the condition `%s` nothing of Node is imported',
    async (condition) => {
      const folder = out(condition);
      const { metafile } = await esbuild.build({
        entryPoints: [join(app, 'app.js')],
        outdir: folder,
        bundle: true,
        format: 'esm',
        // `neutral`: an import of a module of Node would be an error.
        platform: 'neutral',
        conditions: ['module', condition],
        mainFields: ['module', 'main'],
        metafile: true,
      });
      const outside = Object.values(metafile.outputs).flatMap(({ imports }) =>
        imports.filter(({ external }) => external),
      );
      expect(outside).toEqual([]);
      expect(await runs(folder)).toBe(PRINTS);
    },
  );
});

/** KiB by package, of all files that npm unpacks; and minified, what an application that uses all of the core ships. */
const BUDGET = JSON.parse(read('test/bundlers/size-budget.json')) as {
  readonly packages: { readonly [name: string]: number };
  readonly minified: { readonly [entry: string]: number };
};

describe('no package outgrows its budget unseen', { timeout: SLOW }, () => {
  // Below two thirds of it a budget says nothing any more.
  const isWithin = (kib: number, budget: number | undefined): void => {
    expect(kib).toBeLessThanOrEqual(budget ?? 0);
    expect(kib).toBeGreaterThan(((budget ?? 0) * 2) / 3);
  };

  it.each(publishedPackages().map(({ home }) => home.slice('packages/'.length)))('%s', (name) => {
    const folder = join(app, 'node_modules/@flyball', name);
    const bytes = globSync('**/*', { cwd: folder })
      .map((file) => statSync(join(folder, file)))
      .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
    isWithin(Math.ceil(bytes / 1024), BUDGET.packages[name]);
  });

  it.each(['@flyball/core', '@flyball/core/adapter'])('%s, minified by a bundler with all it needs', async (entry) => {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: `export * from '${entry}';`, resolveDir: app },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      conditions: ['module'],
      mainFields: ['module', 'main'],
    });
    isWithin(Math.ceil(outputFiles[0]!.contents.length / 1024), BUDGET.minified[entry]);
  });
});

describe('what is published', { timeout: SLOW }, () => {
  it('names no source map that is not there', () => {
    const files = globSync('node_modules/@flyball/**/*.{js,d.ts}', { cwd: app }).filter(
      (file) => !/node_modules.*node_modules/.test(file.slice(13)),
    );
    expect(files.length).toBeGreaterThan(20);
    const dangling = files.filter((file) => {
      const [, map] = /^\/\/# sourceMappingURL=(.+)$/m.exec(readFileSync(join(app, file), 'utf8')) ?? [];
      return map !== undefined && !existsSync(join(app, file, '..', map));
    });
    expect(dangling).toEqual([]);
  });

  it('an error that nobody catches prints a sentence, and not the code', async () => {
    writeFileSync(
      join(app, 'fails.js'),
      `import { createGovernor } from '@flyball/core';\nawait createGovernor({ policy: { yaml: 'policy: p' } });\n`,
    );
    const failed = (await execute(process.execPath, [join(app, 'fails.js')]).catch((error: unknown) => error)) as {
      readonly stderr: string;
    };
    expect(failed.stderr).toContain('policy:1:1 the field `version` is missing');
    expect(failed.stderr.length).toBeLessThan(4000);
    expect(Math.max(...failed.stderr.split('\n').map((line) => line.length))).toBeLessThan(300);
  });

  it.each(['node10', 'node16', 'bundler'])(
    'TypeScript finds its types with the resolution `%s`',
    async (moduleResolution) => {
      writeFileSync(
        join(app, 'app.ts'),
        `import { createGovernor, type Governor } from '@flyball/core';\nimport { requireGovernor } from '@flyball/core/adapter';\nimport { createMemoryStore } from '@flyball/core';\n` +
          `export async function make(): Promise<Governor> {\n  const governor = await createGovernor({ policy: { policy: 'p', version: 1 }, store: createMemoryStore() });\n  return requireGovernor(governor, 'x');\n}\n// @ts-expect-error\nvoid createGovernor({ policies: 1 });\n`,
      );
      const module = moduleResolution === 'node16' ? 'node16' : 'esnext';
      const args = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--target',
        'es2022',
        '--module',
        module,
        '--moduleResolution',
        moduleResolution,
        'app.ts',
      ];
      const compiler = join(ROOT, 'test/node_modules/typescript-5/bin/tsc');
      const result = (await execute(process.execPath, [compiler, ...args], { cwd: app }).catch(
        (error: unknown) => error,
      )) as { readonly stdout: string };
      expect(result.stdout).toBe('');
    },
  );
});
