// One process that holds a warm Vitest and is told, mutant by mutant, what to ask. Sources are handed out with all
// mutants in them, behind switches; one that no switch can make is handed out in place of the file.
import { join } from 'node:path';
import { BaseSequencer, createVitest, type TestModule, type TestSpecification } from 'vitest/node';
import { KeptThread, type Hits, type Wanted } from './kept-thread.ts';
import { mutate, type Mutant } from './mutants.ts';
import { Reach, type Asked, type Seen } from './reach.ts';
import { withSwitches } from './switches.ts';
import { ROOT } from '../repo/tree.ts';

/** What the process is started with: test files, or folders of them, and files that are run last, or not at all. */
export interface Tests {
  readonly tests: readonly string[];
  readonly slow: readonly string[];
  readonly without: readonly string[];
  /** The process is given a Redis of its own, emptied before each order. */
  readonly redis?: boolean;
  /** Environment of the process. */
  readonly env: { readonly [name: string]: string };
}

/** The first that `main.ts` sends. */
export interface Setup {
  readonly tests: Tests;
  readonly mutants: readonly Mutant[];
  /** Their texts, by file. */
  readonly sources: { readonly [file: string]: string };
  /** Found out by another process. */
  readonly known?: Known;
}

/** And then: the number of a mutant, or nothing for a run of the sources as they are. */
export interface Order {
  readonly mutant?: number;
}

/** What comes back. */
export interface Report {
  /** Test files that failed, from the root; empty: nobody noticed. */
  readonly failed: readonly string[];
  /** What failed did so because time ran out, and for no other reason: a busy machine does that, too. */
  readonly late: boolean;
  /** Of the unchanged tests. */
  readonly known?: Known;
}

/** What the unchanged tests say. */
export interface Known {
  /** Files that fail at times, and are not asked. */
  readonly leftOut: readonly string[];
  /** Files that fail where they have run before: asked in a new thread alone. */
  readonly once: readonly string[];
  /** How long files and tests took, in milliseconds, by path and by id. */
  readonly lasted: readonly (readonly [key: string, ms: number])[];
  readonly seen: Seen;
}

/** What comes meanwhile: one more test has ended. */
export type Sign = 'alive';

/** Of one run. */
interface Outcome extends Report {
  /** The tests that failed. */
  readonly by: Asked;
}

const NOBODY: Asked = new Map();
const NOTHING_FAILED: Outcome = { failed: [], late: false, by: NOBODY };
const NO_ANSWER: Outcome = { failed: ['no answer'], late: true, by: NOBODY };

/** Of one test, before the unchanged tests have run; later so many times what it took, and at least the least. */
const FIRST_LIMIT_MS = 300_000;
const LEAST_LIMIT_MS = 5000;
const LIMIT_FACTOR = 4;
/** What a loop is given beyond the limit, which only ends a test that waits. */
const LOOP_MS = 5000;

/** Runs files in the order in which they were asked for. */
class AsGiven extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}

const {
  tests: given,
  mutants,
  sources,
  known,
} = await new Promise<Setup>((resolve) => process.once('message', resolve));
let reached: readonly Hits[] = [];
const newThread = (): KeptThread => new KeptThread((hits) => (reached = hits));
const kept = newThread();
/** The thread of the next run. */
let thread = kept;

/** The text that stands for a file, by its path. */
const texts = new Map<string, string>();
/** Mutants that no switch can make. */
const alone = new Set<number>();
const numbered = mutants.map((mutant, number) => ({ mutant, number }));
for (const [file, ofFile] of Map.groupBy(numbered, ({ mutant }) => mutant.file)) {
  const path = join(ROOT, file);
  const { text, left } = withSwitches(file, sources[file]!, ofFile);
  texts.set(path, text);
  for (const { number } of left) alone.add(number);
}

const conditions = ['@flyball/source', 'module', 'node', 'development|production'];
const vitest = await createVitest(
  {
    root: ROOT,
    config: false,
    watch: false,
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    reporters: [{ onTestCaseResult: isAlive, onTestModuleCollected: isAlive }],
    sequence: { sequencer: AsGiven },
    pool: { name: 'kept', createPoolWorker: (options) => thread.workerFor(options) },
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
    fsModuleCache: false,
  },
  {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    plugins: [{ name: 'mutant', enforce: 'pre', load: (id: string) => texts.get(id.split('?')[0]!) }],
  },
);
const globbed = await vitest.globTestSpecifications(given.tests.map((path) => join(ROOT, path)));
let specifications = globbed.filter((specification) => !given.without.includes(relative(specification)));
/** How often a file noticed, by the file that was mutated and by itself. */
const noticed = new Map<string, number>();
const lasted = new Map<string, number>(known?.lasted);
let once: readonly string[] = [];
let reach = new Reach({ fresh: [], kept: [] });
let watch: NodeJS.Timeout | undefined;
if (known !== undefined) learn(known);

function isAlive(): void {
  watch?.refresh();
  process.send?.('alive' satisfies Sign);
}

function learn({ leftOut, once: files, seen }: Known): void {
  specifications = specifications.filter((specification) => !leftOut.includes(relative(specification)));
  once = files;
  reach = new Reach(seen);
}

/**
 * What fails and passes a moment later, or runs out of time, says nothing on this machine: it is left out from here on,
 * so that a mutant which nobody else notices survives. Only what fails again is a failure.
 */
async function runUnchanged(): Promise<Report> {
  const leftOut: string[] = [];
  const files = (): TestSpecification[] =>
    inOrder(everyone()).filter((specification) => !leftOut.includes(relative(specification)));
  for (;;) {
    const { failed } = await outcomeOf(files(), { record: true });
    if (failed.length === 0) break;
    await thread.end();
    const again = await outcomeOf(
      inOrder(everyone()).filter((specification) => failed.includes(relative(specification))),
      {},
    );
    if (again.failed.length > 0 && !again.late) return again;
    leftOut.push(...failed);
    await thread.end();
  }
  const fresh = reached;
  const { failed } = await outcomeOf(files(), { record: true });
  if (failed.length > 0) await thread.end();
  const found: Known = { leftOut, once: failed, lasted: [...lasted], seen: { fresh, kept: reached } };
  learn(found);
  return { ...NOTHING_FAILED, known: found };
}

/** Asks those that reach the mutant; in a new thread where this one has loaded what the mutant would change. */
async function ask(number: number): Promise<Report> {
  const { file } = mutants[number]!;
  if (alone.has(number)) return inPlace(number, () => askApart(file, everyone(), undefined));
  if (reach.isLoaded(number)) return askApart(file, everyone(), number);
  const asked = [...reach.of(number)];
  const isOnce = ([path]: (typeof asked)[number]): boolean => once.includes(relative({ moduleId: path }));
  const report = await askHere(file, new Map(asked.filter((it) => !isOnce(it))), number);
  return report.failed.length > 0 ? report : askApart(file, new Map(asked.filter(isOnce)), number);
}

async function askHere(file: string, asked: Asked, number: number): Promise<Report> {
  const report = await untilNoticed(file, asked, number);
  if (report.failed.length === 0) return report;
  // A thread that remembers another mutant would call everything noticed.
  const isOwn = !report.late && (await outcomeOf(inOrder(report.by), {})).failed.length === 0;
  if (isOwn && (await isSure(report, number))) return report;
  await thread.end();
  return isOwn || report.late ? { ...report, late: true } : untilNoticed(file, asked, number);
}

/** A busy machine makes tests fail that measure time: what a mutant does comes again. */
async function isSure({ by }: Outcome, number: number | undefined): Promise<boolean> {
  return (await outcomeOf(inOrder(by), { number })).failed.length > 0;
}

async function askApart(file: string, asked: Asked, number: number | undefined): Promise<Report> {
  if (asked.size === 0) return NOTHING_FAILED;
  thread = newThread();
  const report = await untilNoticed(file, asked, number);
  const late = report.late || (report.failed.length > 0 && !(await isSure(report, number)));
  await thread.end();
  thread = kept;
  return { ...report, late };
}

async function inPlace(number: number, run: () => Promise<Report>): Promise<Report> {
  const mutant = mutants[number]!;
  const path = join(ROOT, mutant.file);
  const before = texts.get(path)!;
  const put = (text: string): void => {
    texts.set(path, text);
    vitest.invalidateFile(path);
  };
  put(mutate(sources[mutant.file]!, mutant));
  const report = await run();
  put(before);
  return report;
}

/** One file first, and then more and more at a time: each costs its loading, also when an earlier one notices. */
async function untilNoticed(file: string, asked: Asked, number: number | undefined): Promise<Outcome> {
  const left = inOrder(asked, file);
  for (let size = 1; left.length > 0; size *= 2) {
    const outcome = await outcomeOf(left.splice(0, size), { number, bail: 1 });
    for (const test of outcome.failed) noticed.set(`${file} ${test}`, (noticed.get(`${file} ${test}`) ?? 0) + 1);
    if (outcome.failed.length > 0) return outcome;
  }
  return NOTHING_FAILED;
}

/** Slow files last; before them the files that noticed most of the same source, and of others the quickest. */
function inOrder(asked: Asked, mutated = ''): TestSpecification[] {
  return specifications
    .filter(({ moduleId }) => asked.has(moduleId))
    .map((specification) => {
      const { project, moduleId } = specification;
      const path = relative(specification);
      const ids = asked.get(moduleId);
      const took = ids === undefined ? lasted.get(path) : [...ids].reduce((sum, id) => sum + (lasted.get(id) ?? 0), 0);
      return {
        specification: ids === undefined ? specification : project.createSpecification(moduleId, { testIds: [...ids] }),
        rank: [given.slow.includes(path) ? 1 : 0, -(noticed.get(`${mutated} ${path}`) ?? 0), took ?? 0],
      };
    })
    .toSorted((a, b) => a.rank.map((value, at) => value - b.rank[at]!).find((difference) => difference !== 0) ?? 0)
    .map(({ specification }) => specification);
}

const everyone = (): Asked => new Map(specifications.map(({ moduleId }) => [moduleId, undefined]));

function relative({ moduleId }: { readonly moduleId: string }): string {
  return moduleId.slice(ROOT.length);
}

async function outcomeOf(chosen: readonly TestSpecification[], wanted: Partial<Wanted>): Promise<Outcome> {
  if (chosen.length === 0) return NOTHING_FAILED;
  // A failure of an earlier run would count towards `bail`, and end this one before its first test.
  for (const { project, moduleId } of specifications) vitest.state.clearFiles(project, [moduleId]);
  const limitMs = limitOf(chosen);
  const full: Wanted = { number: undefined, record: false, bail: 0, limitMs, ...wanted };
  for (const project of vitest.projects) project.provide('wanted' as never, full as never);
  reached = [];
  let isGivenUp = false;
  watch = setTimeout(() => {
    isGivenUp = true;
    void thread.end();
  }, limitMs + LOOP_MS);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([...chosen]);
  clearTimeout(watch);
  if (isGivenUp) return NO_ANSWER;
  if (full.record) remember(testModules);
  const broken = testModules.filter((module) => !module.ok());
  if (broken.length > 0) {
    const by = new Map(broken.map((module) => [module.moduleId, failedIn(module)]));
    return { failed: broken.map(relative), late: broken.every(isLate), by };
  }
  // It may be what an earlier mutant has left: only what comes again is this one's.
  return unhandledErrors.length > 0 ? { ...NO_ANSWER, failed: ['an unhandled error'] } : NOTHING_FAILED;
}

/** `undefined`: not one test alone. */
function failedIn(module: TestModule): ReadonlySet<string> | undefined {
  const ids = new Set([...module.children.allTests('failed')].map(({ id }) => id));
  return ids.size === 0 ? undefined : ids;
}

function remember(modules: readonly TestModule[]): void {
  for (const module of modules) {
    lasted.set(relative(module), module.diagnostic().duration);
    for (const test of module.children.allTests()) lasted.set(test.id, test.diagnostic()?.duration ?? 0);
  }
}

/** What the longest of the unchanged tests takes, on this machine as busy as it is, says how long any may. */
function limitOf(chosen: readonly TestSpecification[]): number {
  const took = chosen.flatMap((it) => it.testIds?.map((id) => lasted.get(id)) ?? [lasted.get(relative(it))]);
  if (took.includes(undefined)) return FIRST_LIMIT_MS;
  return Math.max(LEAST_LIMIT_MS, LIMIT_FACTOR * Math.max(...took.map((ms) => ms ?? 0)));
}

function isLate(module: TestModule): boolean {
  const errors = [module, ...module.children.allSuites()].flatMap((part) => part.errors());
  for (const test of module.children.allTests('failed')) errors.push(...(test.result().errors ?? []));
  return errors.length > 0 && errors.every(({ message }) => /^(Test|Hook) timed out in /.test(message));
}

process.on('message', ({ mutant }: Order) => {
  (mutant === undefined ? runUnchanged() : ask(mutant)).then(
    // What else is known of a run says nothing elsewhere.
    ({ failed, late, known: found }) =>
      process.send?.({ failed, late, ...(found !== undefined && { known: found }) } satisfies Report),
    (error: unknown) => process.send?.({ failed: [String(error)], late: false } satisfies Report),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ failed: [], late: false } satisfies Report);
