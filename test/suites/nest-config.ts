// Configuration of vitest for the integration tests of Nest, from a checkout: they run against the published packages
// of Nest, which governance then shares with them. FLYBALL_NEST: the checkout. FLYBALL_NEST_PACKAGES: the published
// packages. FLYBALL_SUITE_MODE: absent for the bare run.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { ViteUserConfig } from 'vitest/config';

const root = process.env['FLYBALL_NEST']!;
const packages = process.env['FLYBALL_NEST_PACKAGES']!;
const source = join(import.meta.dirname, '../../packages/nestjs/src');
/** Nest 11 wrote its tests for mocha and CommonJS. */
const isForMocha = packages.includes('nest-11');
const governed = process.env['FLYBALL_SUITE_MODE'] !== undefined;
/** What is installed here; others come from the checkout. */
const NEST = new RegExp(
  `^(@nestjs/(?:${readdirSync(join(packages, '@nestjs')).join('|')})${isForMocha ? '(?:/.*)?' : ''})$`,
);
const conditions = ['@flyball/source', 'module', 'node', 'development|production'];

/** `import * as request` is a function in CommonJS, and none in a module. */
const namespaces = {
  name: 'namespaces-as-in-common-js',
  transform: (code: string, id: string) =>
    isForMocha && id.startsWith(join(root, 'integration'))
      ? code.replaceAll(
          /^import \* as (\w+) from ('[^.][^']*');$/gm,
          'import * as $1__all from $2; const $1 = $1__all.default ?? $1__all;',
        )
      : undefined,
  enforce: 'pre' as const,
};

const config: ViteUserConfig = {
  root,
  plugins: [namespaces],
  resolve: {
    conditions,
    alias: [
      { find: NEST, replacement: `${packages}/$1` },
      {
        find: /^(rxjs|reflect-metadata|class-validator|class-transformer|graphql|mercurius)$/,
        replacement: `${packages}/$1`,
      },
      { find: /^@flyball\/nestjs\/(\w+)$/, replacement: join(source, '$1.ts') },
      { find: '@flyball/nestjs', replacement: join(source, 'index.ts') },
    ],
  },
  ssr: { resolve: { conditions } },
  // As Nest's own configuration says: no tsconfig covers its tests.
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
  test: {
    globals: true,
    include: [
      ...(process.env['FLYBALL_NEST_SUITES'] ?? '').split(',').map((suite) => `integration/${suite}/**/*.spec.ts`),
      ...(process.env['FLYBALL_SAMPLES'] === '' ? [] : [join(import.meta.dirname, 'nest-samples.ts')]),
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    fileParallelism: false,
    fsModuleCache: false,
    setupFiles: [
      join(packages, 'reflect-metadata/Reflect.js'),
      ...(isForMocha ? [join(import.meta.dirname, 'as-mocha.ts')] : []),
      ...(governed ? [join(import.meta.dirname, 'govern-nest.ts')] : []),
    ],
  },
};

// oxlint-disable-next-line import/no-default-export -- vitest looks for it
export default config;
