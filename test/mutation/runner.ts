// One process that holds a warm Vitest and is told, mutant by mutant, what to run. The mutated text is handed out in place of the
// file, which stays as it is. `main.ts` ends the process when a mutant makes a test loop for ever.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVitest, type TestSpecification } from 'vitest/node';
import { mutate, type Mutant } from './mutants.ts';
import { ROOT } from '../repo/tree.ts';

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
    reporters: [{}],
    // One thread, which dies with this process; modules are kept, so that only what changed is read again.
    pool: 'threads',
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
    bail: 1,
    testTimeout: 5000,
    hookTimeout: 5000,
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
const specifications = await vitest.globTestSpecifications(process.argv.slice(2).map((path) => join(ROOT, path)));
/** The files that noticed most come first, then the quick ones: most mutants need no second one. */
const noticed = new Map<string, number>();
/** How long the tests of a file take, in milliseconds. */
const took = new Map<string, number>();

async function run({ mutant }: Order): Promise<Report> {
  const start = performance.now();
  for (const file of new Set([current?.file, mutant?.file])) {
    if (file !== undefined) vitest.invalidateFile(join(ROOT, file));
  }
  current = mutant;
  const failed = mutant === undefined ? await failing(specifications) : await firstFailing();
  for (const file of failed) noticed.set(file, (noticed.get(file) ?? 0) + 1);
  return { failed, ms: performance.now() - start };
}

async function firstFailing(): Promise<readonly string[]> {
  const ordered = specifications.toSorted((a, b) => count(b) - count(a) || duration(a) - duration(b));
  for (const specification of ordered) {
    const failed = await failing([specification]);
    if (failed.length > 0) return failed;
  }
  return [];
}

const count = ({ moduleId }: TestSpecification): number => noticed.get(relative(moduleId)) ?? 0;
const duration = ({ moduleId }: TestSpecification): number => took.get(moduleId) ?? 0;
const relative = (moduleId: string): string => moduleId.slice(ROOT.length);

async function failing(chosen: readonly TestSpecification[]): Promise<readonly string[]> {
  // A failure of an earlier run would count towards `bail`, and end this one before its first test.
  for (const { project, moduleId } of specifications) vitest.state.clearFiles(project, [moduleId]);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([...chosen]);
  for (const module of testModules) took.set(module.moduleId, module.diagnostic().duration);
  const failed = testModules.filter((module) => !module.ok()).map(({ moduleId }) => relative(moduleId));
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
