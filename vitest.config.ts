import { existsSync, readdirSync } from 'node:fs';
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config';
import { ServicesReporter } from './test/setup/services-reporter.ts';

// Tests run against the sources: workspace packages resolve through their `@flyball/source` export condition.
const conditions = ['@flyball/source', 'module', 'node', 'development|production'];

const project = (name: string, root: string, include: string[]): TestProjectInlineConfiguration => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name,
    root,
    include,
    // The cache is not keyed on tsconfig: a changed flag would go unnoticed.
    fsModuleCache: false,
    // Properties take their time, more so on a busy machine with two cores.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});

/** One project per folder, named after it. */
const projectsIn = (folder: string): TestProjectInlineConfiguration[] =>
  readdirSync(folder)
    .filter((name) => existsSync(`${folder}/${name}/package.json`))
    .map((name) => project(name, `./${folder}/${name}`, ['src/**/*.test.ts', 'test/**/*.test.ts']));

/** The AI SDK adapter once more, against the oldest version its peer range names. */
const aiSdk = project('ai-sdk-lowest', './packages/ai-sdk', ['test/**/*.test.ts']);
const lowestAiSdk: TestProjectInlineConfiguration = {
  ...aiSdk,
  resolve: { conditions, alias: [{ find: /^ai(\/test)?$/, replacement: 'ai-lowest$1' }] },
};

/** And that of LangChain: agents, middlewares and tools are its own. */
const langchain = project('langchain-lowest', './packages/langchain', ['test/**/*.test.ts']);
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
const nestjs = project('nestjs-lowest', './packages/nestjs', ['test/**/*.test.ts']);
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
    // Many tests wait, for deadlines, servers and browsers: two cores are busy with three of them.
    maxWorkers: 3,
    projects: [
      ...projectsIn('packages'),
      lowestAiSdk,
      lowestLangChain,
      lowestLangChainCore,
      lowestNest,
      ...projectsIn('examples'),
      project('workspace', './test', ['**/*.test.ts']),
    ],
  },
});

export default config;
