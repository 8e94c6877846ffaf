import { defineConfig } from 'vitest/config';

// Tests run against the sources: workspace packages resolve through their `source` export condition.
const conditions = ['source', 'module', 'node', 'development|production'];
const project = (name: string, root: string, include: string[]) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name, root, include },
});

const packages = ['core', 'http', 'express', 'ai-sdk', 'redis'];

export default defineConfig({
  test: {
    projects: [
      ...packages.map((name) => project(name, `./packages/${name}`, ['src/**/*.test.ts', 'test/**/*.test.ts'])),
      project('express-chat', './examples/express-chat', ['src/**/*.test.ts', 'test/**/*.test.ts']),
      project('workspace', './test', ['**/*.test.ts']),
    ],
  },
});
