// One process that holds a warm Vitest and is told, mutant by mutant, what to run. The mutated text is handed out in
// place of the file, which stays as it is. `main.ts` ends the process when a mutant makes a test loop for ever.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, createVitest, type TestModule, type TestSpecification } from 'vitest/node';
import { mutate, type Mutant } from './mutants.ts';
import { ROOT } from '../repo/tree.ts';

/** What the process is started with: test files, or folders of them, and files that are run last, or not at all. */
export interface Tests {
  readonly tests: readonly string[];
  readonly slow: readonly string[];
  readonly without: readonly string[];
  /** The process is given a Redis of its own, emptied before each run. */
  readonly redis?: boolean;
  /** How long one test may take. Default: what the unchanged tests took says so. */
  readonly limitMs?: number;
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
  /** What failed did so because time ran out, and for no other reason: a busy machine does that, too. */
  readonly late: boolean;
  /**
   * Of the unchanged tests: the files that fail at times, and are not asked any more, and how long one test may take.
   */
  readonly unchanged?: { readonly leftOut: readonly string[]; readonly limitMs: number };
}

/** What comes meanwhile: one more test has ended. */
export type Sign = 'alive';

const NOTHING_FAILED: Report = { failed: [], late: false };

/** Before the unchanged tests have run; later as many times the longest test, and never less than the least. */
const FIRST_LIMIT_MS = 300_000;
const LEAST_LIMIT_MS = 10_000;
const LIMIT_FACTOR = 2;

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
const { tests, slow, without, limitMs: given } = JSON.parse(process.argv[2] ?? '') as Tests;
const globbed = await vitest.globTestSpecifications(tests.map((path) => join(ROOT, path)));
let specifications = globbed.filter((specification) => !without.includes(relative(specification)));
const isSlow = (specification: TestSpecification): boolean => slow.includes(relative(specification));
/** How often a file noticed, by the file that was mutated and by itself. */
const noticed = new Map<string, number>();
/** How long a file took on the unchanged sources. */
const lasted = new Map<string, number>();
let longestMs = 0;
limitTests(given ?? FIRST_LIMIT_MS);

async function run({ mutant }: Order): Promise<Report> {
  for (const file of new Set([current?.file, mutant?.file])) {
    if (file !== undefined) vitest.invalidateFile(join(ROOT, file));
  }
  current = mutant;
  if (mutant === undefined) return runUnchanged();
  const [first, ...others] = inOrder();
  // Alone, the first costs nothing for the others when it notices.
  let report = await outcomeOf(first === undefined ? [] : [first], 1);
  if (report.failed.length === 0) report = await outcomeOf(others, 1);
  for (const file of report.failed) noticed.set(key(file), (noticed.get(key(file)) ?? 0) + 1);
  return report;
}

/**
 * What fails and passes a moment later, or runs out of time, says nothing on this machine: it is left out from here on,
 * so that a mutant which nobody else notices survives. Only what fails again is a failure.
 */
async function runUnchanged(): Promise<Report> {
  const { failed } = await outcomeOf(inOrder(), 0);
  const limitMs = limitTests();
  if (failed.length === 0) return { ...NOTHING_FAILED, unchanged: { leftOut: [], limitMs } };
  const again = await outcomeOf(
    specifications.filter((specification) => failed.includes(relative(specification))),
    0,
  );
  if (again.failed.length > 0 && !again.late) return again;
  specifications = specifications.filter((specification) => !failed.includes(relative(specification)));
  return { ...NOTHING_FAILED, unchanged: { leftOut: failed, limitMs } };
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

/** Ends after so many failed tests; 0: never. */
async function outcomeOf(chosen: readonly TestSpecification[], bail: number): Promise<Report> {
  if (chosen.length === 0) return NOTHING_FAILED;
  // A failure of an earlier run would count towards `bail`, and end this one before its first test.
  for (const { project, moduleId } of specifications) vitest.state.clearFiles(project, [moduleId]);
  for (const { config } of vitest.projects) config.bail = bail;
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([...chosen]);
  if (current === undefined) remember(testModules);
  const broken = testModules.filter((module) => !module.ok());
  if (broken.length > 0) return { failed: broken.map(relative), late: broken.every(isLate) };
  return unhandledErrors.length > 0 ? { failed: ['an unhandled error'], late: false } : NOTHING_FAILED;
}

function remember(modules: readonly TestModule[]): void {
  for (const module of modules) {
    lasted.set(relative(module), module.diagnostic().duration);
    for (const test of module.children.allTests()) longestMs = Math.max(longestMs, test.diagnostic()?.duration ?? 0);
  }
}

/** What the longest of the unchanged tests takes, on this machine as busy as it is, says how long any may. */
function limitTests(limitMs = Math.max(LEAST_LIMIT_MS, LIMIT_FACTOR * longestMs)): number {
  for (const { config } of vitest.projects) config.testTimeout = config.hookTimeout = limitMs;
  return limitMs;
}

function isLate(module: TestModule): boolean {
  const errors = [module, ...module.children.allSuites()].flatMap((part) => part.errors());
  for (const test of module.children.allTests('failed')) errors.push(...(test.result().errors ?? []));
  return errors.length > 0 && errors.every(({ message }) => /^(Test|Hook) timed out in /.test(message));
}

process.on('message', (order: Order) => {
  run(order).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ failed: [String(error)], late: false } satisfies Report),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.(NOTHING_FAILED);
