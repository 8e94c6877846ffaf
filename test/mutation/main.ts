// `npm run mutate -- <area>`: changes the sources of an area at one place at a time and asks whether a test notices.
// Prints every change that nobody noticed, and the share of those that were. Fails on a survivor that `survivors.json`
// does not explain.
//
//   npm run mutate -- decision                 the whole area
//   npm run mutate -- gate gate/block.ts       only files whose path contains the word
//   npm run mutate -- gate --fast              without the tests that wait for deadlines: what they alone notice is listed, too
//   npm run mutate -- gate --sample 300 --seed 7   that many changes of all, drawn by the seed: the score is that of the sample
import { fork, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AREAS, type Area } from './areas.ts';
import { mutantsOf, type Mutant } from './mutants.ts';
import { sampleOf } from './sample.ts';
import { compare, isSame, readSurvivors } from './survivors.ts';
import type { Order, Report, Sign, Tests } from './runner.ts';
import { ROOT } from '../repo/tree.ts';

/**
 * When no test ends for so long, the mutant makes one loop; a test that waits is ended by its own limit well before. On
 * a busy machine it is longer: this many times the longest pause of the unchanged tests.
 */
const PATIENCE_MS = 20_000;
const PAUSES = 5;
/** For the start, and for the unchanged tests, which have nothing to be compared with. */
const FIRST_PATIENCE_MS = 120_000;

interface Options {
  readonly fast: boolean;
  readonly sample: number | undefined;
  readonly seed: number;
}

/** What came of the mutants so far. */
interface Progress {
  readonly queue: Mutant[];
  readonly survived: Mutant[];
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      fast: { type: 'boolean', default: false },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [name = '', ...words] = positionals;
  const sample = values.sample === undefined ? undefined : Number(values.sample);
  const options: Options = { fast: values.fast, sample, seed: Number(values.seed) };
  const area = AREAS[name];
  if (area === undefined) {
    console.error(`no area \`${name}\`: choose one of ${Object.keys(AREAS).join(', ')}`);
    return 2;
  }
  if (![sample ?? 1, options.seed].every(Number.isInteger) || (sample ?? 1) < 1) {
    console.error('`--sample` and `--seed` are whole numbers, and a sample has at least one change');
    return 2;
  }
  const files = sourcesOf(area).filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  const all = files.flatMap((file) => mutantsOf(file, readFileSync(join(ROOT, file), 'utf8')));
  const mutants = sample === undefined ? all : sampleOf(all, sample, options.seed);
  const drawn = mutants.length < all.length ? `${mutants.length} of ${all.length} (seed ${options.seed})` : all.length;
  console.log(`${name}: ${drawn} changes in ${files.length} files${options.fast ? ', without the slow tests' : ''}`);

  const start = performance.now();
  const progress: Progress = { queue: [...mutants], survived: [] };
  const workers = Math.min(availableParallelism(), 4);
  const work = Array.from({ length: workers }, () => runQueue(testsOf(area, options), progress));
  const unfit = (await Promise.all(work)).find((failed) => failed.length > 0);
  if (unfit !== undefined) {
    console.error(`the tests fail without any change: ${unfit.join(', ')}`);
    return 1;
  }
  return report(mutants, progress.survived, (performance.now() - start) / 1000);
}

function testsOf({ tests, slow = [], env = {} }: Area, { fast }: Options): Tests {
  return { tests, slow, without: fast ? slow : [], env };
}

/**
 * Works off the queue in a process of its own. Answers with the tests that fail on the unchanged sources: asked before,
 * when nothing else is done, and after, since a process that remembers a mutant would call everything noticed.
 */
async function runQueue(tests: Tests, { queue, survived }: Progress): Promise<readonly string[]> {
  let runner = await Runner.start(tests);
  const unchanged = await runner.run({});
  if (unchanged === undefined || unchanged.failed.length > 0) {
    runner.stop();
    queue.length = 0;
    return unchanged?.failed ?? ['no answer: a test loops'];
  }
  runner.expect();
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const answer = await runner.run({ mutant });
    if (answer === undefined) {
      // It loops, or took the process down with it: noticed.
      runner.stop();
      runner = await Runner.start(tests, runner);
    } else if (answer.failed.length === 0) {
      survived.push(mutant);
      if (!readSurvivors().some((survivor) => isSame(survivor, mutant))) show(mutant);
    }
  }
  const after = await runner.run({});
  runner.stop();
  return after?.failed ?? ['no answer at the end'];
}

/** A child with a warm Vitest, one order at a time. */
class Runner {
  readonly #child: ChildProcess;
  #patienceMs = FIRST_PATIENCE_MS;
  /** The longest time without a sign of life. */
  #pausedMs = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(tests: Tests, like?: Runner): Promise<Runner> {
    const child = fork(new URL('runner.ts', import.meta.url), [JSON.stringify(tests)], {
      cwd: ROOT,
      env: { ...process.env, ...tests.env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const runner = new Runner(child);
    if ((await runner.#answer()) === undefined) throw new Error('a runner did not start in time');
    if (like !== undefined) runner.#patienceMs = like.#patienceMs;
    return runner;
  }

  /** `undefined`: no test ended for too long, or the process is gone. */
  async run(order: Order): Promise<Report | undefined> {
    if (!this.#child.connected) return undefined;
    this.#child.send(order);
    return this.#answer();
  }

  /** From now on a run that is silent for much longer than those so far is given up. */
  expect(): void {
    this.#patienceMs = Math.max(PATIENCE_MS, PAUSES * this.#pausedMs);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #answer(): Promise<Report | undefined> {
    return new Promise((resolve) => {
      const settle = (report?: Report): void => {
        clearTimeout(timer);
        this.#child.off('message', hear);
        this.#child.off('exit', gone);
        resolve(report);
      };
      let heardAt = performance.now();
      const hear = (message: Report | Sign): void => {
        this.#pausedMs = Math.max(this.#pausedMs, performance.now() - heardAt);
        heardAt = performance.now();
        if (message === 'alive') timer.refresh();
        else settle(message);
      };
      const gone = (): void => settle();
      const timer = setTimeout(gone, this.#patienceMs);
      this.#child.on('message', hear);
      this.#child.once('exit', gone);
    });
  }
}

function report(mutants: readonly Mutant[], survived: readonly Mutant[], seconds: number): number {
  const { unexplained, accepted, outdated } = compare(mutants, survived, readSurvivors());
  for (const { file, was, now } of outdated) console.log(`no longer survives ${file}\n  - ${was}\n  + ${now}`);
  perFile(mutants, accepted, unexplained);
  const noticed = mutants.length - survived.length;
  const share = mutants.length === 0 ? 100 : (100 * noticed) / mutants.length;
  console.log(
    `noticed ${noticed} of ${mutants.length} (${share.toFixed(1)} %); survived ${unexplained.length} unexplained, ` +
      `${accepted.length} accepted; ${outdated.length} outdated in survivors.json; ${seconds.toFixed(0)} s`,
  );
  return unexplained.length + outdated.length === 0 ? 0 : 1;
}

function show({ file, line, was, now }: Mutant): void {
  console.log(`survived ${file}:${line}\n  - ${was}\n  + ${now}`);
}

/** One line a file: what was noticed, what survives with a reason, what without. */
function perFile(mutants: readonly Mutant[], accepted: readonly Mutant[], unexplained: readonly Mutant[]): void {
  const of = (list: readonly Mutant[], file: string): number => list.filter((mutant) => mutant.file === file).length;
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const [all, known, left] = [of(mutants, file), of(accepted, file), of(unexplained, file)];
    console.log(`${file}: ${all} changes, ${all - known - left} noticed, ${known} accepted, ${left} left`);
  }
}

function sourcesOf({ sources }: Area): readonly string[] {
  return sources.flatMap((path) => {
    if (!statSync(join(ROOT, path)).isDirectory()) return [path];
    const names = readdirSync(join(ROOT, path)).filter(
      (name) => name.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(name),
    );
    return names.toSorted().map((file) => `${path}${file}`);
  });
}

process.exitCode = await main(process.argv.slice(2));
