// One process that holds a warm Vitest and is told, mutant by mutant, what to run. The mutated text is handed out in
// place of the file, which stays as it is. `main.ts` ends the process when a mutant makes a test loop for ever.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, createVitest, type TestSpecification } from 'vitest/node';
import { mutate, type Mutant } from './mutants.ts';
import { ROOT } from '../repo/tree.ts';

/** What the process is started with: test files, or folders of them, and files that are run last, or not at all. */
export interface Tests {
  readonly tests: readonly string[];
  readonly slow: readonly string[];
  readonly without: readonly string[];
  /** Environment of the process. */
  readonly env: { readonly [name: string]: string };
}

/** What `main.ts` sends: a mutant, or nothing for a run of the sources as they are. */
export interface Order {
  readonly mutant?: Mutant;
}

/** What comes back. */
export interface Report {
  /** Test files that failed, from the root; empty: nobody noticed. */
  readonly failed: readonly string[];
  readonly ms: number;
}

/** What comes meanwhile: one more test has ended. */
export type Sign = 'alive';

/** Runs files in the order in which they were asked for. */
class AsGiven extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}

const conditions = ['@flyball/source', 'module', 'node', 'development|production'];
let current: Mutant | undefined;

const vitest = await createVitest(
  'test',
  {
    root: ROOT,
    config: false,
    watch: false,
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // A run may take long, a single test may not: `main.ts` waits as long as tests end.
    reporters: [{ onTestCaseResult: () => void process.send?.('alive' satisfies Sign) }],
    sequence: { sequencer: AsGiven },
    // One thread, which dies with this process; modules are kept, so that only what changed is read again.
    pool: 'threads',
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
    bail: 1,
    testTimeout: 15_000,
    hookTimeout: 15_000,
    fsModuleCache: false,
  },
  {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        load(id: string): string | undefined {
          const [path = ''] = id.split('?');
          if (current === undefined || path !== join(ROOT, current.file)) return undefined;
          return mutate(readFileSync(path, 'utf8'), current);
        },
      },
    ],
  },
);
const { tests, slow, without } = JSON.parse(process.argv[2] ?? '') as Tests;
const globbed = await vitest.globTestSpecifications(tests.map((path) => join(ROOT, path)));
const specifications = globbed.filter((specification) => !without.includes(relative(specification)));
const isSlow = (specification: TestSpecification): boolean => slow.includes(relative(specification));
/** How often a file noticed, by the file that was mutated and by itself. */
const noticed = new Map<string, number>();
/** How long a file took on the unchanged sources. */
const lasted = new Map<string, number>();

async function run({ mutant }: Order): Promise<Report> {
  const start = performance.now();
  for (const file of new Set([current?.file, mutant?.file])) {
    if (file !== undefined) vitest.invalidateFile(join(ROOT, file));
  }
  current = mutant;
  const ordered = inOrder();
  let failed = await failing(mutant === undefined ? ordered : ordered.slice(0, 1));
  // Alone, the first costs nothing for the others when it notices.
  if (mutant !== undefined && failed.length === 0) failed = await failing(ordered.slice(1));
  for (const file of failed) noticed.set(key(file), (noticed.get(key(file)) ?? 0) + 1);
  return { failed, ms: performance.now() - start };
}

/**
 * Slow files last; before them the files that noticed most of the same source, and of others the quickest. Most need no
 * second one.
 */
function inOrder(): readonly TestSpecification[] {
  const rank = (specification: TestSpecification): readonly number[] => {
    const file = relative(specification);
    return [isSlow(specification) ? 1 : 0, -(noticed.get(key(file)) ?? 0), lasted.get(file) ?? 0];
  };
  return specifications
    .map((specification) => ({ specification, rank: rank(specification) }))
    .toSorted((a, b) => a.rank.map((value, at) => value - b.rank[at]!).find((difference) => difference !== 0) ?? 0)
    .map(({ specification }) => specification);
}

const key = (file: string): string => `${current?.file} ${file}`;
function relative({ moduleId }: { readonly moduleId: string }): string {
  return moduleId.slice(ROOT.length);
}

async function failing(chosen: readonly TestSpecification[]): Promise<readonly string[]> {
  if (chosen.length === 0) return [];
  // A failure of an earlier run would count towards `bail`, and end this one before its first test.
  for (const { project, moduleId } of specifications) vitest.state.clearFiles(project, [moduleId]);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([...chosen]);
  const failed = testModules.filter((module) => !module.ok()).map(relative);
  if (current === undefined)
    for (const module of testModules) lasted.set(relative(module), module.diagnostic().duration);
  return failed.length === 0 && unhandledErrors.length > 0 ? ['an unhandled error'] : failed;
}

process.on('message', (order: Order) => {
  run(order).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ failed: [String(error)], ms: 0 } satisfies Report),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ failed: [], ms: 0 } satisfies Report);
