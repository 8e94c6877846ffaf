// `npm run mutate -- <area>`: changes the sources of an area at one place at a time and asks whether a test notices. Prints every
// change that nobody noticed, and the share of those that were. Fails on a survivor that `survivors.json` does not explain.
//
//   npm run mutate -- decision                 the whole area
//   npm run mutate -- gate gate/block.ts       only files whose path contains the word
import { fork, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AREAS, type Area } from './areas.ts';
import { mutantsOf, type Mutant } from './mutants.ts';
import { compare, readSurvivors } from './survivors.ts';
import type { Order, Report } from './runner.ts';
import { ROOT } from '../repo/tree.ts';

/** A mutant whose tests take this much longer than the unchanged ones, and then some, makes them loop. */
const PATIENCE = 10;
const MINIMUM_MS = 20_000;

async function main([name = '', ...words]: readonly string[]): Promise<number> {
  const area = AREAS[name];
  if (area === undefined) {
    console.error(`no area \`${name}\`: choose one of ${Object.keys(AREAS).join(', ')}`);
    return 2;
  }
  const files = sourcesOf(area).filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  const mutants = files.flatMap((file) => mutantsOf(file, readFileSync(join(ROOT, file), 'utf8')));
  console.log(`${name}: ${mutants.length} changes in ${files.length} files`);

  const start = performance.now();
  const queue = [...mutants];
  const survived: Mutant[] = [];
  const workers = Math.min(availableParallelism(), 4);
  const work = Array.from({ length: workers }, () => runQueue(area, queue, survived));
  const unfit = (await Promise.all(work)).find((failed) => failed.length > 0);
  if (unfit !== undefined) {
    console.error(`the tests fail without any change: ${unfit.join(', ')}`);
    return 1;
  }
  return report(mutants, survived, files, (performance.now() - start) / 1000);
}

/**
 * Works off the queue in a process of its own. Answers with the tests that fail on the unchanged sources: asked before, when
 * nothing else is done, and after, since a process that remembers a mutant would call everything noticed.
 */
async function runQueue(area: Area, queue: Mutant[], survived: Mutant[]): Promise<readonly string[]> {
  let runner = await Runner.start(area);
  const unchanged = await runner.run({}, 300_000);
  if (unchanged === undefined || unchanged.failed.length > 0) {
    runner.stop();
    queue.length = 0;
    return unchanged?.failed ?? ['no answer within five minutes'];
  }
  const patience = Math.max(MINIMUM_MS, unchanged.ms * PATIENCE);
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const answer = await runner.run({ mutant }, patience);
    if (answer === undefined) {
      // It loops, or took the process down with it: noticed.
      runner.stop();
      runner = await Runner.start(area);
    } else if (answer.failed.length === 0) survived.push(mutant);
  }
  const after = await runner.run({}, patience);
  runner.stop();
  return after?.failed ?? ['no answer at the end'];
}

/** A child with a warm Vitest, one order at a time. */
class Runner {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start({ tests, env }: Area): Promise<Runner> {
    const child = fork(new URL('runner.ts', import.meta.url), [...tests], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const runner = new Runner(child);
    if ((await runner.#answer(60_000)) === undefined) throw new Error('a runner did not start within a minute');
    return runner;
  }

  /** `undefined`: no answer in time, or the process is gone. */
  async run(order: Order, patienceMs: number): Promise<Report | undefined> {
    if (!this.#child.connected) return undefined;
    this.#child.send(order);
    return this.#answer(patienceMs);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #answer(patienceMs: number): Promise<Report | undefined> {
    return new Promise((resolve) => {
      const settle = (report?: Report): void => {
        clearTimeout(timer);
        this.#child.off('message', settle);
        this.#child.off('exit', gone);
        resolve(report);
      };
      const gone = (): void => settle();
      const timer = setTimeout(settle, patienceMs);
      this.#child.once('message', settle);
      this.#child.once('exit', gone);
    });
  }
}

function report(
  mutants: readonly Mutant[],
  survived: readonly Mutant[],
  files: readonly string[],
  seconds: number,
): number {
  const { unexplained, accepted, outdated } = compare(survived, files, readSurvivors());
  for (const file of files) {
    for (const { line, was, now } of unexplained.filter((mutant) => mutant.file === file)) {
      console.log(`survived ${file}:${line}\n  - ${was}\n  + ${now}`);
    }
  }
  for (const { file, was, now } of outdated) console.log(`no longer survives ${file}\n  - ${was}\n  + ${now}`);
  const noticed = mutants.length - survived.length;
  const share = mutants.length === 0 ? 100 : (100 * noticed) / mutants.length;
  console.log(
    `noticed ${noticed} of ${mutants.length} (${share.toFixed(1)} %); survived ${unexplained.length} unexplained, ` +
      `${accepted.length} accepted; ${outdated.length} outdated in survivors.json; ${seconds.toFixed(0)} s`,
  );
  return unexplained.length + outdated.length === 0 ? 0 : 1;
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
