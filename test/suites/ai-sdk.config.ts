import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

// For `ai-sdk.ts`: the SDK's tests against the sources of its own packages, so that nothing has to be built, on the
// runner of this repository.
const folder = process.env['FLYBALL_SUITE_FOLDER']!;
const require = createRequire(import.meta.url);
const packages = join(folder, 'packages');
const { version } = JSON.parse(readFileSync(join(packages, 'ai', 'package.json'), 'utf8')) as {
  readonly version: string;
};
const governing = join(import.meta.dirname, 'govern-models.ts');
const conditions = ['@flyball/source', 'module', 'node', 'development|production'];

const config: ViteUserConfig = defineConfig({
  define: { __PACKAGE_VERSION__: JSON.stringify(version) },
  resolve: {
    conditions,
    alias: [
      { find: /^vitest$/, replacement: join(dirname(require.resolve('vitest/package.json')), 'dist/index.js') },
      { find: /^@ai-sdk\/provider-utils\/test$/, replacement: join(packages, 'provider-utils/src/test/index.ts') },
      { find: /^@ai-sdk\/test-server\/with-vitest$/, replacement: join(packages, 'test-server/src/with-vitest.ts') },
      {
        find: /^@ai-sdk\/(provider|provider-utils|gateway|test-server)$/,
        replacement: join(packages, '$1/src/index.ts'),
      },
    ],
  },
  ssr: { resolve: { conditions } },
  plugins: [
    {
      name: 'flyball-suite',
      enforce: 'pre',
      transform(code, id) {
        if (process.env['FLYBALL_SUITE_MODE'] === undefined || !id.endsWith('/src/model/resolve-model.ts'))
          return undefined;
        const bare = code.replace('export function resolveLanguageModel(', 'function resolveBareModel(');
        // A version that resolves its models elsewhere would run bare, and the report would say that nothing differs.
        if (bare === code) throw new Error('this version of the SDK resolves its language models elsewhere');
        return `${bare}
import { governLanguageModel } from ${JSON.stringify(governing)};
export function resolveLanguageModel(model: LanguageModel): LanguageModelV4 {
  return governLanguageModel(resolveBareModel(model));
}
`;
      },
    },
  ],
  test: {
    environment: 'node',
    // The same file is another module in each run.
    fsModuleCache: false,
    include: ['src/**/*.test.ts'],
    exclude: ['**/*.ui.test.ts', '**/*.e2e.test.ts', '**/node_modules/**'],
    server: { deps: { inline: [/@ai-sdk/, /flyball/] } },
    ...(process.env['FLYBALL_SUITE_MODE'] !== undefined && {
      snapshotSerializers: [join(import.meta.dirname, 'without-signals.ts')],
    }),
    // A busy machine is no difference: what hangs still fails.
    testTimeout: 30_000,
  },
});

export default config;
