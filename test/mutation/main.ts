// `npm run mutate -- <area>`: changes the sources of an area at one place at a time and asks whether a test notices.
// Prints every change that nobody noticed, and the share of those that were. Fails on a survivor that `survivors.json`
// does not explain.
//
//   npm run mutate -- decision                 the whole area
//   npm run mutate -- gate gate/block.ts       only files whose path contains the word
//   npm run mutate -- gate --fast              the area's own quick tests alone: what only slow ones notice is listed, too
//   npm run mutate -- gate --sample 300 --seed 7   that many changes of all, drawn by the seed: the score is that of the sample
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AREAS, type Area } from './areas.ts';
import { mutantsOf, type Mutant } from './mutants.ts';
import { sampleOf } from './sample.ts';
import { compare, isSame, readSurvivors } from './survivors.ts';
import { Child } from './child.ts';
import { firstChild, workOff, type Progress } from './queue.ts';
import type { Known, Setup, Tests } from './runner.ts';
import { ROOT } from '../repo/tree.ts';
import { readWords } from '../usage.ts';

interface Options {
  readonly fast: boolean;
  readonly sample: number | undefined;
  readonly seed: number;
}

async function main(args: string[]): Promise<number> {
  const usage = [
    'npm run mutate -- <area> [words of paths] [--fast] [--sample 300] [--seed 1]',
    '  changes the sources of an area at one place at a time, and asks whether a test notices',
    `  areas: ${Object.keys(AREAS).join(', ')}`,
  ];
  const { values, positionals } = readWords(
    usage,
    {
      fast: { type: 'boolean', default: false },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
    { most: Infinity },
    args,
  );
  const [name = '', ...words] = positionals;
  const sample = values.sample === undefined ? undefined : Number(values.sample);
  const options: Options = { fast: values.fast, sample, seed: Number(values.seed) };
  const area = AREAS[name];
  if (area === undefined) {
    console.error([name === '' ? 'name an area' : `no area \`${name}\``, ...usage].join('\n'));
    return 2;
  }
  if (![sample ?? 1, options.seed].every(Number.isInteger) || (sample ?? 1) < 1) {
    console.error('`--sample` and `--seed` are whole numbers, and a sample has at least one change');
    return 2;
  }
  const files = sourcesOf(area).filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  // Read once: who changes a source meanwhile changes no mutant.
  const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
  const all = files.flatMap((file) => mutantsOf(file, sources.get(file)!));
  const mutants = sample === undefined ? all : sampleOf(all, sample, options.seed);
  const drawn = mutants.length < all.length ? `${mutants.length} of ${all.length} (seed ${options.seed})` : all.length;
  console.log(`${name}: ${drawn} changes in ${files.length} files${options.fast ? ', without the slow tests' : ''}`);

  const start = performance.now();
  const onSurvivor = (mutant: Mutant): void => {
    if (!readSurvivors().some((survivor) => isSame(survivor, mutant))) show(mutant);
  };
  const queue = mutants.map((mutant, number) => ({ mutant, number }));
  const progress: Progress = { queue, tried: new Set(), survived: [], onSurvivor };
  // A run that is ended says what it knows by then.
  process.once('SIGTERM', () => process.exit(report([...progress.tried], progress.survived, start)));
  const setup: Setup = { tests: testsOf(area, options), mutants, sources: Object.fromEntries(sources) };
  const first = await firstChild(setup);
  if ('unfit' in first) {
    console.error(`the tests fail without any change: ${first.unfit.join(', ')}`);
    return 1;
  }
  const { child, known } = first;
  tellOf(known, start);
  const another = (): Promise<Child> => Child.start({ ...setup, known });
  const work = Array.from({ length: Math.min(availableParallelism(), 4) }, async (_, at) =>
    workOff(at === 0 ? child : await another(), another, progress),
  );
  await Promise.all(work);
  return report([...progress.tried], progress.survived, start);
}

function tellOf({ leftOut, once }: Known, start: number): void {
  console.log(`the unchanged tests took ${((performance.now() - start) / 1000).toFixed(0)} s`);
  if (leftOut.length > 0) console.log(`fail at times without any change, and are not asked: ${leftOut.join(', ')}`);
  if (once.length > 0)
    console.log(`fail where they have run before, and are asked in a new thread: ${once.join(', ')}`);
}

function testsOf({ tests, slow = [], redis = false, env = {} }: Area, { fast }: Options): Tests {
  return { tests: [...new Set([...tests, ...slow])], slow, without: fast ? slow : [], redis, env };
}

function report(mutants: readonly Mutant[], survived: readonly Mutant[], start: number): number {
  const seconds = (performance.now() - start) / 1000;
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
  for (const file of [...new Set(mutants.map((mutant) => mutant.file))].toSorted()) {
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
