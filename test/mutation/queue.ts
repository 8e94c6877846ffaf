import { Child } from './child.ts';
import type { Mutant } from './mutants.ts';
import type { Order, Report, Tests } from './runner.ts';

/** What came of the mutants so far. */
export interface Progress {
  readonly queue: Mutant[];
  /** Those that were asked about to the end. */
  readonly tried: Set<Mutant>;
  readonly survived: Mutant[];
  readonly onSurvivor: (mutant: Mutant) => void;
  readonly onLeftOut: (files: readonly string[]) => void;
}

/** What a process is to its queue. `undefined`: it gave no answer, and is of no use any more. */
export interface Runs {
  run(order: Order): Promise<Report | undefined>;
  stop(): void;
}

/** How often a process that fails the unchanged tests is replaced before that is believed of the tests. */
const ATTEMPTS = 3;

/**
 * Works off the queue in a process of its own. Answers with the tests that fail on the unchanged sources: asked before,
 * when nothing else is done, and after, since a process that remembers a mutant would call everything noticed. What
 * such a process called noticed is asked again of another.
 */
export async function runQueue(tests: Tests, progress: Progress): Promise<readonly string[]> {
  let unfit: readonly string[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const child = await Child.start(tests);
    const report = await child.run({});
    unfit = failedIn(report);
    if (unfit.length > 0) {
      child.stop();
      continue;
    }
    const { leftOut = [], limitMs } = report?.unchanged ?? {};
    if (leftOut.length > 0) progress.onLeftOut(leftOut);
    const known: Tests = {
      ...tests,
      without: [...tests.without, ...leftOut],
      ...(limitMs !== undefined && { limitMs }),
    };
    child.expect();
    const { last, noticed } = await workOff(child, (like) => Child.start(known, like), progress);
    unfit = failedIn(await last.run({}));
    last.stop();
    if (unfit.length === 0) return [];
    progress.queue.push(...noticed);
  }
  progress.queue.length = 0;
  return unfit;
}

/** Answers with the process that is left, and the mutants that were noticed. */
export async function workOff<C extends Runs>(
  first: C,
  another: (like: C) => Promise<C>,
  { queue, tried, survived, onSurvivor }: Pick<Progress, 'queue' | 'tried' | 'survived' | 'onSurvivor'>,
): Promise<{ readonly last: C; readonly noticed: readonly Mutant[] }> {
  let child = first;
  const noticed: Mutant[] = [];
  const ask = async (mutant: Mutant): Promise<Report> => {
    const report = await child.run({ mutant });
    if (report !== undefined) return report;
    // It loops, or took the process down with it.
    child.stop();
    child = await another(child);
    return { failed: ['no answer'], late: true };
  };
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    let report = await ask(mutant);
    // Time runs out on a busy machine without any mutant: only what comes again was noticed.
    if (report.late) report = await ask(mutant);
    tried.add(mutant);
    if (report.failed.length > 0) noticed.push(mutant);
    else {
      survived.push(mutant);
      onSurvivor(mutant);
    }
  }
  return { last: child, noticed };
}

const failedIn = (report: Report | undefined): readonly string[] => report?.failed ?? ['no answer: a test loops'];
