import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
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

describe('`audit: { file }`, the log that the core does not depend on', { timeout: SLOW }, () => {
  const NAMED = `
import { createGovernor } from '@flyball/core';
const policy = { policy: 'p', version: 1, default: 'block' };
await createGovernor({ policy: 'no policy', audit: { file: 'named.db' } }).catch(() => {});
const governor = await createGovernor({ policy, audit: { file: 'named.db' } }).catch((error) => console.log(error.message));
if (governor) {
  await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }));
  await governor.close();
  const { readLog } = await import(/* webpackIgnore: true */ ['@flyball', 'audit'].join('/'));
  console.log([...readLog('named.db').records()].map(({ record }) => record.change ?? record.kind).join(' '));
}
`;
  const KEEPS = 'started stopped started loaded decision stopped\n';
  const NEEDS = /^`audit: \{ file \}` needs `@flyball\/audit`, .*openLog.*\n$/;

  /** Built in the application, and run where the packages are and where they are not. */
  async function both(build: (folder: string) => Promise<unknown>, name: string): Promise<readonly string[]> {
    writeFileSync(join(app, 'named.js'), NAMED);
    const folder = out(name);
    await build(folder);
    const away = mkdtempSync(join(tmpdir(), 'flyball-away-'));
    cpSync(folder, away, { recursive: true });
    try {
      return [await runs(folder, 'named.js'), await runs(away, 'named.js')];
    } finally {
      rmSync(away, { recursive: true });
    }
  }

  it('is opened and closed by the governor, also where its policy does not load', async () => {
    writeFileSync(join(app, 'named.js'), NAMED);
    expect(await runs(app, 'named.js')).toBe(KEEPS);
  });

  it('esbuild, minified', async () => {
    const [here, away] = await both(
      (outdir) =>
        esbuild.build({
          ...{ entryPoints: [join(app, 'named.js')], outdir, bundle: true, minify: true },
          ...{ format: 'esm', platform: 'node', target: 'es2024', logLevel: 'error' },
        }),
      'named-esbuild',
    );
    expect(here).toBe(KEEPS);
    expect(away).toMatch(NEEDS);
  });

  it('rollup', async () => {
    const [here, away] = await both(async (dir) => {
      const build = await rollup({
        input: join(app, 'named.js'),
        plugins: [nodeResolve({ exportConditions: ['node'] })],
        onwarn: ({ message }) => expect(message).not.toContain('audit'),
      });
      await build.write({ dir, format: 'esm' });
      await build.close();
    }, 'named-rollup');
    expect(here).toBe(KEEPS);
    expect(away).toMatch(NEEDS);
  });

  it('webpack', async () => {
    const [here, away] = await both(async (folder) => {
      const config: webpack.Configuration = {
        ...{ mode: 'none', target: 'node22', context: app, entry: join(app, 'named.js') },
        experiments: { outputModule: true },
        output: { path: folder, filename: 'named.js', module: true, chunkFormat: 'module' },
      };
      const stats = await new Promise<webpack.Stats>((resolve, reject) => {
        webpack(config, (error, done) => (error ? reject(error) : resolve(done!)));
      });
      const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
      expect([...errors!, ...warnings!.filter(({ message }) => /dependency|audit/.test(message))]).toEqual([]);
    }, 'named-webpack');
    expect(here).toBe(KEEPS);
    expect(away).toMatch(NEEDS);
  });
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

/** Libraries; `@flyball/cli` is a program. */
const LIBRARIES: readonly string[] = publishedPackages()
  .flatMap(({ manifest: { name, publishConfig } }) =>
    Object.entries(publishConfig?.exports ?? {}).flatMap(([entry, conditions]) =>
      typeof conditions === 'object' ? [`${name}${entry.slice(1)}`] : [],
    ),
  )
  .filter((name) => name !== '@flyball/cli');

/** Of each, that its declarations are found: what is not found is `any`. */
const EVERY_ENTRY: string = LIBRARIES.map(
  (name, index) =>
    `import * as entry${index} from '${name}';\nexport const known${index}: 0 extends 1 & typeof entry${index} ? 'unknown' : 'known' = 'known';\n`,
).join('');

describe('for what cannot load ES modules, such as Jest as it is', { timeout: SLOW }, () => {
  const COMMON_JS = APPLICATION.replaceAll(/import (.*) from '(.*)';/g, "const $1 = require('$2');").replace(
    /(const governor[\s\S]*)/,
    '(async () => {\n$1})();\n',
  );
  /** Node without what it loads ES modules with where it is asked for CommonJS; it then names no `module-sync`. */
  const WITHOUT_MODULES = '--no-experimental-require-module';

  it('there is CommonJS', async () => {
    writeFileSync(join(app, 'app.cjs'), COMMON_JS);
    const { stdout } = await execute(process.execPath, [WITHOUT_MODULES, join(app, 'app.cjs')]);
    expect(stdout).toBe(PRINTS);
  });

  it('of every package that can be loaded without modules of others', async () => {
    const names = LIBRARIES.filter((name) => !/ai-sdk|nestjs|langchain|judges|postgres/.test(name));
    writeFileSync(
      join(app, 'every.cjs'),
      `console.log(${JSON.stringify(names)}.filter((name) => Object.keys(require(name)).length === 0).join());`,
    );
    const { stdout } = await execute(process.execPath, [WITHOUT_MODULES, join(app, 'every.cjs')]);
    expect(stdout).toBe('\n');
    expect(names.length).toBeGreaterThan(20);
  });

  const BOTH = `
const required = { ...require('@flyball/core'), ...require('@flyball/core/adapter') };
(async () => {
  const imported = { ...(await import('@flyball/core')), ...(await import('@flyball/core/adapter')) };
  const error = await imported.createGovernor({}).catch((error) => error);
  const found = {};
  imported.setAmbientInteraction(() => found);
  console.log(required.createGovernor === imported.createGovernor, required.FlyballError.isInstance(error), required.ambientInteraction() === found);
})();
`;

  it('and one copy of everything in Node, which can load them', async () => {
    writeFileSync(join(app, 'both.cjs'), BOTH);
    expect(await runs(app, 'both.cjs')).toBe('true true true\n');
  });

  it('where there are two, they know the errors and the running interaction of each other', async () => {
    writeFileSync(join(app, 'both.cjs'), BOTH);
    const { stdout } = await execute(process.execPath, [WITHOUT_MODULES, join(app, 'both.cjs')]);
    expect(stdout).toBe('false true true\n');
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

  it.each(['node10', 'node16', 'bundler', 'node16, in CommonJS'])(
    'TypeScript finds its types with the resolution `%s`',
    async (name) => {
      const [moduleResolution = ''] = name.split(',');
      const file = name === moduleResolution ? 'app.ts' : 'app.cts';
      writeFileSync(
        join(app, file),
        `import { createGovernor, type Governor } from '@flyball/core';\nimport { requireGovernor } from '@flyball/core/adapter';\nimport { createMemoryStore } from '@flyball/core';\n` +
          `${EVERY_ENTRY}export async function make(): Promise<Governor> {\n  const governor = await createGovernor({ policy: { policy: 'p', version: 1 }, store: createMemoryStore() });\n  return requireGovernor(governor, 'x');\n}\n// @ts-expect-error\nvoid createGovernor({ policies: 1 });\n`,
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
        file,
      ];
      const compiler = join(ROOT, 'test/node_modules/typescript-5/bin/tsc');
      const result = (await execute(process.execPath, [compiler, ...args], { cwd: app }).catch(
        (error: unknown) => error,
      )) as { readonly stdout: string };
      expect(result.stdout).toBe('');
    },
  );
});
