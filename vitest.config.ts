import { existsSync, readdirSync } from 'node:fs';
import { configDefaults, defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config';
import { globsOf, LONG_TESTS, LONGEST_TESTS } from './test/setup/long-tests.ts';
import { ServicesReporter } from './test/setup/services-reporter.ts';

// Tests run against the sources: workspace packages resolve through their `@flyball/source` export condition.
const conditions = ['@flyball/source', 'module', 'node', 'development|production'];

/**
 * Projects whose files share a process and its modules. Loading and compiling them again for each file took two thirds
 * of the time. A test of what is there once per process imports a copy of its own, `./ids.ts?alone`. Of `testing`,
 * `express`, `cli` and `audit` loading is a twentieth of the time, so they would gain nothing; and what `express`
 * measures of memory needs a process of its own.
 */
const SHARED: ReadonlySet<string> = new Set(['agent-kit', 'core', 'detectors', 'judges']);

/**
 * Which tests run: `quick` for `npm test`, `long` for `npm run test:long`, `longest` for `npm run thorough`, and all
 * where nothing is asked for.
 */
const asked = process.env['FLYBALL_TESTS'];

/** Those of a folder that are asked for, of all that it has. */
function chosen(home: string, all: string[]): string[] {
  if (asked === 'long') return globsOf(LONG_TESTS, home);
  return asked === 'longest' ? globsOf(LONGEST_TESTS, home) : all;
}

/** Those that are not: the rules of the repository are a step of the check. */
const left = (home: string): string[] =>
  asked === 'quick' ? ['repo/**', ...globsOf(LONG_TESTS, home), ...globsOf(LONGEST_TESTS, home)] : [];

const project = (name: string, root: string, include: string[]): TestProjectInlineConfiguration => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name,
    root,
    include,
    exclude: [...configDefaults.exclude, ...left(root.replace('./', ''))],
    // The cache is not keyed on tsconfig: a changed flag would go unnoticed.
    fsModuleCache: false,
    isolate: !SHARED.has(name),
    // Properties take their time, more so on a busy machine with two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

/** One project per folder, named after it. */
const projectsIn = (folder: string): TestProjectInlineConfiguration[] =>
  readdirSync(folder)
    .filter((name) => existsSync(`${folder}/${name}/package.json`))
    .map((name) => project(name, `./${folder}/${name}`, chosen(`${folder}/${name}`, ['{src,test}/**/*.test.ts'])));

const isThorough = asked === 'longest';

/**
 * Of an adapter against the oldest versions it supports: what uses most of a framework. `npm run thorough` runs all of
 * it; the quick and the long tests are of the newest alone.
 */
const oldest = (...files: string[]): string[] =>
  isThorough ? ['test/**/*.test.ts'] : files.map((name) => `test/${name}.test.ts`);

/** The AI SDK adapter once more, against the oldest version its peer range names. */
const aiSdk = project('ai-sdk-lowest', './packages/ai-sdk', oldest('conformance', 'stream', 'version'));
const lowestAiSdk: TestProjectInlineConfiguration = {
  ...aiSdk,
  resolve: { conditions, alias: [{ find: /^ai(\/test)?$/, replacement: 'ai-lowest$1' }] },
};

/** And that of LangChain: agents, middlewares and tools are its own. */
const langchain = project('langchain-lowest', './packages/langchain', oldest('conformance', 'langgraph'));
const lowestLangChain: TestProjectInlineConfiguration = {
  ...langchain,
  resolve: { conditions, alias: [{ find: /^langchain$/, replacement: 'langchain-lowest' }] },
};

/**
 * And its core: models of providers then come from another copy of it than the adapter, as they do in applications that
 * mix modules.
 */
const langchainCore = project('langchain-core-lowest', './packages/langchain', [
  'test/{model,tools,leaks,callback}.test.ts',
]);
const lowestLangChainCore: TestProjectInlineConfiguration = {
  ...langchainCore,
  resolve: { conditions, alias: [{ find: /^@langchain\/core(\/.*)?$/, replacement: 'langchain-core-lowest$1' }] },
};

/**
 * The NestJS adapter once more, against the oldest major of Nest, whose packages find each other in a folder of their
 * own.
 */
const nestjs = project('nestjs-lowest', './packages/nestjs', oldest('gateways', 'handlers', 'module'));
const nest11 = new URL('packages/nestjs/test/nest-11/node_modules/@nestjs', import.meta.url).pathname;
const lowestNest: TestProjectInlineConfiguration = {
  ...nestjs,
  resolve: {
    conditions,
    alias: [
      { find: /^@nestjs\/([^/]+)$/, replacement: `${nest11}/$1` },
      { find: /^nestjs-cls$/, replacement: `${nest11}/../nestjs-cls` },
    ],
  },
};

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: [new ServicesReporter(), 'default'],
    // Many tests wait, for deadlines, servers and browsers: two cores are busy with four of them.
    maxWorkers: 4,
    projects: [
      ...projectsIn('packages'),
      ...(asked === 'quick' || asked === 'long' ? [] : [lowestAiSdk, lowestLangChain, lowestLangChainCore, lowestNest]),
      ...projectsIn('examples'),
      project('workspace', './test', [
        ...chosen('test', ['**/*.test.ts']),
        // With more cases than in the other runs.
        ...(isThorough ? ['{differential,leaktest,corpus}/**/*.test.ts'] : []),
      ]),
    ],
  },
});

export default config;
