import { describe, expect, it } from 'vitest';
import { importViolations } from './import-rules.ts';
import { filesOf, read } from './tree.ts';

const real = new Map(
  [...filesOf('packages'), ...filesOf('examples')]
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path, read(path)] as const),
);

/** The real sources, and one more file. */
const planted = (path: string, text: string): readonly string[] => importViolations(new Map([...real, [path, text]]));

describe('who may import whom', () => {
  it('finds sources to look at', () => {
    expect(real.size).toBeGreaterThan(50);
  });

  it('is kept by every source file', () => {
    expect(importViolations(real)).toEqual([]);
  });
});

describe('a planted violation is found', () => {
  const core = 'packages/core/src';
  const cases: readonly [rule: string, path: string, text: string, finding: string][] = [
    [
      'rule 1: contract imports nothing',
      `${core}/contract/planted.ts`,
      `import type { Json } from '../content/segments.ts';`,
      `rule 1: ${core}/contract/planted.ts (contract) imports \`../content/segments.ts\` (content)`,
    ],
    [
      'rule 1: the layers above contract never import each other',
      `${core}/scanner/planted.ts`,
      `import type { Rule } from '../policy/compiled.ts';`,
      `rule 1: ${core}/scanner/planted.ts (scanner) imports \`../policy/compiled.ts\` (policy)`,
    ],
    [
      'rule 1: also not by a re-export',
      `${core}/state/planted.ts`,
      `export type { Rule } from '../policy/compiled.ts';`,
      `rule 1: ${core}/state/planted.ts (state) imports \`../policy/compiled.ts\` (policy)`,
    ],
    [
      'rule 1: also not by an inline type import',
      `${core}/policy/planted.ts`,
      `export type A = import('../audit/sink.ts').Sink;`,
      `rule 1: ${core}/policy/planted.ts (policy) imports \`../audit/sink.ts\` (audit)`,
    ],
    [
      'rule 1: the gate imports neither state nor audit',
      `${core}/gate/planted.ts`,
      `import { MemoryStore } from '../state/memory-store.ts'; new MemoryStore();`,
      `rule 1: ${core}/gate/planted.ts (gate) imports \`../state/memory-store.ts\` (state)`,
    ],
    [
      'rule 1: nobody below it imports the governor',
      `${core}/policy/planted.ts`,
      `import { createGovernor } from '../governor.ts'; createGovernor();`,
      `rule 1: ${core}/policy/planted.ts (policy) imports \`../governor.ts\` (governor)`,
    ],
    ...[
      ['Date.now()', 'Date.now'],
      ['new Date()', 'new Date()'],
      ['Math.random()', 'Math.random'],
      ['performance.now()', 'performance'],
      ['crypto.randomUUID()', 'crypto'],
      ['fetch("x")', 'fetch'],
    ].map(([use, name]): [string, string, string, string] => [
      `rule 2: pure layers do not touch ${use}`,
      `${core}/policy/planted.ts`,
      `export const now: unknown = ${use};`,
      `rule 2: ${core}/policy/planted.ts (policy) uses \`${name}\`, and must be pure`,
    ]),
    [
      'rule 2: the core imports no node module statically',
      `${core}/gate/planted.ts`,
      `import { readFileSync } from 'node:fs'; readFileSync('x');`,
      `rule 2: ${core}/gate/planted.ts imports \`node:fs\`, and must load on edge runtimes`,
    ],
    [
      'rule 2: pure layers import no node module at all',
      `${core}/content/planted.ts`,
      `export const fs = (): Promise<unknown> => import('node:fs');`,
      `rule 2: ${core}/content/planted.ts (content) imports \`node:fs\`, and must be pure`,
    ],
    [
      'rule 2: importing the core loads no heavy package',
      `${core}/index.ts`,
      `export * from './heavy.ts'; import 'zod';`,
      `rule 2: importing the core loads \`zod\`, through ${core}/index.ts`,
    ],
    [
      'rule 2: compiled policies load no heavy package, however late',
      `${core}/precompiled.ts`,
      `export const read = () => import('yaml');`,
      `rule 2: a policy that was compiled before loads \`yaml\`, through ${core}/precompiled.ts`,
    ],
    [
      'rule 3: only http keeps an ambient context',
      'packages/express/src/planted.ts',
      `import { AsyncLocalStorage } from 'node:async_hooks'; new AsyncLocalStorage();`,
      'rule 3: packages/express/src/planted.ts keeps an ambient context, which only http may',
    ],
    [
      'rule 4: adapters never import each other',
      'packages/ai-sdk/src/planted.ts',
      `import { problem } from '@flyball/http'; problem();`,
      'rule 4: packages/ai-sdk/src/planted.ts imports `@flyball/http`',
    ],
    [
      'rule 4: the core imports no other package of the project',
      `${core}/planted.ts`,
      `import '@flyball/redis';`,
      `rule 4: ${core}/planted.ts imports \`@flyball/redis\``,
    ],
    [
      'rule 4: examples import published names only',
      'examples/express-chat/src/planted.ts',
      `import '../../../packages/core/src/index.ts';`,
      'rule 4: examples/express-chat/src/planted.ts imports `../../../packages/core/src/index.ts`, which is no published name',
    ],
    [
      'rule 4: nor the inside of a package',
      'examples/express-chat/src/planted.ts',
      `import '@flyball/core/dist/governor.js';`,
      'rule 4: examples/express-chat/src/planted.ts imports `@flyball/core/dist/governor.js`, which is no published name',
    ],
    [
      'rule 6: no circle of imports, though only of types',
      `${core}/contract/planted.ts`,
      `import type { Planted } from './planted.ts'; export interface Planted { readonly next?: Planted }`,
      `rule 6: a circle of imports: ${core}/contract/planted.ts → ${core}/contract/planted.ts`,
    ],
    [
      'rule 6: also not by way of another file',
      `${core}/contract/event.ts`,
      `import type { Ladder } from './limits.ts'; export type Planted = Ladder;`,
      `rule 6: a circle of imports: ${core}/contract/event.ts → ${core}/contract/limits.ts → ${core}/contract/event.ts`,
    ],
    [
      'rule 5: sources never import tests',
      'packages/http/src/planted.ts',
      `import '../test/harness.ts';`,
      'rule 5: packages/http/src/planted.ts imports `../test/harness.ts`, which lies outside src',
    ],
    [
      'rule 5: nor a test that lies beside them',
      'packages/http/src/planted.ts',
      `import './problem.test.ts';`,
      'rule 5: packages/http/src/planted.ts imports the test `./problem.test.ts`',
    ],
  ];

  it.each(cases)('%s', (_rule, path, text, finding) => {
    expect(planted(path, text)).toContain(finding);
  });

  it('and a file that keeps the rules adds nothing', () => {
    const text = `import type { Mode } from '../contract/effect.ts'; export const at = (event: { performance: number }): number => event.performance; export const hash = (text: Uint8Array<ArrayBuffer>): unknown => crypto.subtle.digest('SHA-256', text);`;
    expect(planted(`${core}/policy/planted.ts`, text)).toEqual(importViolations(real));
  });
});
