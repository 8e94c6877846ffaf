import { posix } from 'node:path';
import { Visitor, type Program } from 'oxc-parser';
import { parseModule, type Module } from './module.ts';

/** Sources by path from the root: the real ones, or planted ones. */
export type Sources = ReadonlyMap<string, string>;

/**
 * Rule 1, inside the core: each layer and what it may import besides itself. `governor` and what stands beside it at
 * the top of `src` (index, adapter) join everything.
 */
const LAYERS: { readonly [layer: string]: readonly string[] } = {
  contract: [],
  errors: [],
  clock: [],
  ids: ['clock'],
  suggest: [],
  'check-options': ['errors', 'suggest'],
  outside: ['contract', 'errors'],
  content: ['contract', 'errors'],
  dialects: ['errors'],
  policy: ['contract', 'dialects', 'errors', 'suggest'],
  decision: ['contract', 'errors', 'policy'],
  scanner: ['contract', 'dialects', 'errors'],
  detection: ['contract', 'errors', 'outside', 'policy', 'scanner'],
  detectors: ['contract', 'dialects', 'errors', 'outside', 'scanner', 'detection', 'suggest'],
  'written-patterns': ['contract', 'dialects', 'policy', 'detectors', 'detection', 'scanner'],
  plans: ['contract', 'outside', 'policy', 'detectors', 'detection', 'scanner'],
  assemble: [
    'contract',
    'errors',
    'suggest',
    'outside',
    'policy',
    'detectors',
    'detection',
    'scanner',
    'plans',
    'written-patterns',
  ],
  precompiled: [
    'contract',
    'dialects',
    'errors',
    'outside',
    'policy',
    'detectors',
    'detection',
    'scanner',
    'plans',
    'assemble',
  ],
  gate: ['contract', 'errors', 'check-options', 'outside', 'content', 'policy', 'scanner', 'detection'],
  store: ['contract', 'errors', 'check-options', 'clock', 'ids', 'outside'],
  state: ['contract', 'errors', 'check-options', 'clock', 'ids', 'outside', 'store'],
  audit: ['contract', 'errors', 'check-options', 'clock', 'ids', 'outside'],
  adapter: ['contract', 'errors', 'check-options', 'clock', 'ids', 'outside', 'content', 'gate', 'governor'],
};

/**
 * Files at the top of `src` that are layers of their own; the others are doors, and join everything as the governor
 * does.
 */
const FILES: ReadonlySet<string> = new Set([
  'errors',
  'clock',
  'ids',
  'suggest',
  'check-options',
  'written-patterns',
  'plans',
  'assemble',
]);

/** Rule 2: layers whose answers depend on their arguments alone. */
const PURE = ['contract', 'content', 'policy', 'decision'];
const IMPURE_GLOBALS = new Set([
  'performance',
  'crypto',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
]);

/** Packages that load on edge runtimes: no static `node:` import. */
const PORTABLE = ['core', 'detectors', 'agent-kit', 'ai-sdk', 'judges'];
/** Loaded only when a policy is loaded or compiled: never by importing the core. */
const HEAVY = ['zod', 'yaml', '@marcbachmann/cel-js', 'refa'];
/** What adapters may import of the project. `http` is the base that `express` and `nestjs` share. */
const ADAPTERS: { readonly [adapter: string]: readonly string[] } = {
  // The packs are its data; they know nothing of it.
  core: ['@flyball/detectors'],
  http: ['@flyball/core'],
  express: ['@flyball/core', '@flyball/http'],
  nestjs: ['@flyball/core', '@flyball/http', '@flyball/agent-kit'],
  'agent-kit': ['@flyball/core'],
  'ai-sdk': ['@flyball/core', '@flyball/agent-kit'],
  langchain: ['@flyball/core', '@flyball/agent-kit'],
  redis: ['@flyball/core'],
  postgres: ['@flyball/core', '@flyball/audit'],
  judges: ['@flyball/core'],
  audit: ['@flyball/core'],
  testing: ['@flyball/core'],
  cli: ['@flyball/core', '@flyball/audit'],
};

const isTest = (path: string): boolean => /\.test(-d)?\.ts$/.test(path);

/** Every breach of the rules in ARCHITECTURE.md ("Who may import whom"), one line each. */
export function importViolations(sources: Sources): readonly string[] {
  const modules = new Map([...sources].map(([path, text]) => [path, parseModule(path, text)] as const));
  const found: string[] = [];
  for (const [path, module] of modules) {
    const [, group, name, inside] = /^(packages|examples)\/([^/]+)\/(.*)$/.exec(path) ?? [];
    if (name === undefined || inside === undefined) continue;
    if (group === 'examples') found.push(...exampleViolations(path, name, module));
    else if (inside.startsWith('src/') && !isTest(path)) found.push(...packageViolations(path, name, module));
  }
  found.push(...heavyViolations(modules), ...circles(modules));
  return found.toSorted();
}

function packageViolations(path: string, name: string, { uses, program }: Module): string[] {
  const found: string[] = [];
  const layer = name === 'core' ? layerOf(path) : undefined;
  for (const { specifier, kind } of uses) {
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    if (target !== undefined && !target.startsWith(`packages/${name}/src/`)) {
      found.push(`rule 5: ${path} imports \`${specifier}\`, which lies outside src`);
    } else if (target !== undefined && isTest(target)) {
      found.push(`rule 5: ${path} imports the test \`${specifier}\``);
    } else if (target !== undefined && layer !== undefined) {
      const other = layerOf(target);
      const allowed = LAYERS[layer];
      if (allowed !== undefined && other !== layer && !allowed.includes(other)) {
        found.push(`rule 1: ${path} (${layer}) imports \`${specifier}\` (${other})`);
      }
    }
    if (specifier.startsWith('node:')) {
      if (kind === 'static' && PORTABLE.includes(name)) {
        found.push(`rule 2: ${path} imports \`${specifier}\`, and must load on edge runtimes`);
      } else if (layer !== undefined && PURE.includes(layer)) {
        found.push(`rule 2: ${path} (${layer}) imports \`${specifier}\`, and must be pure`);
      }
      if (specifier === 'node:async_hooks' && name !== 'http') {
        found.push(`rule 3: ${path} keeps an ambient context, which only http may`);
      }
    }
    if (specifier.startsWith('@flyball/')) {
      const imported = specifier.split('/').slice(0, 2).join('/');
      const allowed = ADAPTERS[name] ?? [];
      if (!allowed.includes(imported)) found.push(`rule 4: ${path} imports \`${specifier}\``);
    }
  }
  if (layer !== undefined && PURE.includes(layer)) {
    for (const what of impureUses(program)) found.push(`rule 2: ${path} (${layer}) uses \`${what}\`, and must be pure`);
  }
  return found;
}

function exampleViolations(path: string, name: string, { uses }: Module): string[] {
  return uses.flatMap(({ specifier }) => {
    const outside = specifier.startsWith('.')
      ? !posix.join(posix.dirname(path), specifier).startsWith(`examples/${name}/`)
      : /^@flyball\/[^/]+\/(src|dist|test)(\/|$)/.test(specifier);
    return outside ? [`rule 4: ${path} imports \`${specifier}\`, which is no published name`] : [];
  });
}

/**
 * Rule 6: no file imports itself by way of others, types included: in a circle nothing can be read first. One line for
 * each import that closes a circle.
 */
function circles(modules: ReadonlyMap<string, Module>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const follow = (path: string): void => {
    const at = way.indexOf(path);
    if (at !== -1) found.push(`rule 6: a circle of imports: ${inOrder(way.slice(at)).join(' → ')}`);
    if (at !== -1 || done.has(path)) return;
    way.push(path);
    for (const { specifier, kind } of modules.get(path)?.uses ?? []) {
      // What is imported when it is reached is there by then: a lazy import closes no circle.
      if (kind !== 'dynamic' && specifier.startsWith('.')) follow(posix.join(posix.dirname(path), specifier));
    }
    way.pop();
    done.add(path);
  };
  for (const path of [...modules.keys()].toSorted()) follow(path);
  return [...new Set(found)];
}

/** A circle begins nowhere: it is told from its first path in the alphabet. */
function inOrder(circle: readonly string[]): readonly string[] {
  const first = circle.indexOf(circle.toSorted()[0]!);
  return [...circle.slice(first), ...circle.slice(0, first), circle[first]!];
}

/** Follows static imports from the core's entries: none of the heavy packages may be reached. */
function heavyViolations(modules: ReadonlyMap<string, Module>): string[] {
  const found: string[] = [...compilersIn(modules)];
  const reached = new Set(['packages/core/src/index.ts', 'packages/core/src/adapter.ts']);
  for (const path of reached) {
    for (const { specifier, kind } of modules.get(path)?.uses ?? []) {
      if (kind !== 'static') continue;
      if (specifier.startsWith('.')) reached.add(posix.join(posix.dirname(path), specifier));
      else if (HEAVY.some((name) => specifier === name || specifier.startsWith(`${name}/`))) {
        found.push(`rule 2: importing the core loads \`${specifier}\`, through ${path}`);
      }
    }
  }
  return found;
}

/**
 * Policies that were compiled before run without the compilers, also those that would be loaded when they are reached.
 */
function compilersIn(modules: ReadonlyMap<string, Module>): string[] {
  const found: string[] = [];
  const reached = new Set(['packages/core/src/precompiled.ts']);
  for (const path of reached) {
    for (const { specifier, kind } of modules.get(path)?.uses ?? []) {
      if (kind === 'type') continue;
      if (specifier.startsWith('.')) reached.add(posix.join(posix.dirname(path), specifier));
      else if (HEAVY.some((name) => specifier === name || specifier.startsWith(`${name}/`)))
        found.push(`rule 2: a policy that was compiled before loads \`${specifier}\`, through ${path}`);
    }
  }
  return found;
}

/** Clock, randomness and I/O, by name. A property of the same name is something else. */
function impureUses(program: Program): readonly string[] {
  const found = new Set<string>();
  const skip = new Set<unknown>();
  new Visitor({
    MemberExpression: (node) => {
      if (!node.computed) skip.add(node.property);
      if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return;
      const name = `${node.object.name}.${node.property.name}`;
      // A digest depends on its input alone, and the platform's is on every runtime.
      if (name === 'crypto.subtle') skip.add(node.object);
      if (name === 'Date.now' || name === 'Math.random') found.add(name);
    },
    Property: (node) => {
      if (!node.computed) skip.add(node.key);
    },
    TSPropertySignature: (node) => {
      if (!node.computed) skip.add(node.key);
    },
    NewExpression: ({ callee, arguments: args }) => {
      if (callee.type === 'Identifier' && callee.name === 'Date' && args.length === 0) found.add('new Date()');
    },
    Identifier: (node) => {
      if (IMPURE_GLOBALS.has(node.name) && !skip.has(node)) found.add(node.name);
    },
  }).visit(program);
  return [...found];
}

/** `contract` for `packages/core/src/contract/event.ts`; `governor` for what joins everything. */
function layerOf(path: string): string {
  const [, folder, file] = /^packages\/core\/src\/(?:([^/]+)\/|([^/]+)\.ts$)/.exec(path) ?? [];
  if (folder !== undefined && folder in LAYERS) return folder;
  return file !== undefined && FILES.has(file) ? file : 'governor';
}
