import { Child } from './child.ts';
import type { Mutant } from './mutants.ts';
import type { Known, Order, Report, Setup } from './runner.ts';
import type { Numbered } from './switches.ts';

/** What came of the mutants so far. */
export interface Progress {
  readonly queue: Numbered[];
  /** Those that were asked about to the end. */
  readonly tried: Set<Mutant>;
  readonly survived: Mutant[];
  readonly onSurvivor: (mutant: Mutant) => void;
}

/** What a process is to its queue. `undefined`: it gave no answer, and is of no use any more. */
export interface Runs {
  run(order: Order): Promise<Report | undefined>;
  stop(): void;
}

/** How often a process that fails the unchanged tests is replaced before that is believed of the tests. */
const ATTEMPTS = 3;

/** A process that has run the unchanged tests, and what they say; or those that fail. */
export async function firstChild(
  setup: Setup,
): Promise<{ readonly child: Child; readonly known: Known } | { readonly unfit: readonly string[] }> {
  let unfit: readonly string[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const child = await Child.start(setup);
    const report = await child.run({});
    if (report?.known !== undefined) return { child, known: report.known };
    unfit = report?.failed ?? ['no answer: a test loops'];
    child.stop();
  }
  return { unfit };
}

/** Works off the queue, with another process where one is lost. */
export async function workOff<C extends Runs>(
  first: C,
  another: () => Promise<C>,
  { queue, tried, survived, onSurvivor }: Progress,
): Promise<void> {
  let child = first;
  const ask = async ({ number }: Numbered): Promise<Report> => {
    const report = await child.run({ mutant: number });
    if (report !== undefined) return report;
    child.stop();
    child = await another();
    return { failed: ['no answer'], late: true };
  };
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    let report = await ask(next);
    // Time runs out on a busy machine without any mutant: only what comes again was noticed.
    if (report.late) report = await ask(next);
    const { mutant } = next;
    tried.add(mutant);
    if (report.failed.length > 0) continue;
    survived.push(mutant);
    onSurvivor(mutant);
  }
  child.stop();
}
