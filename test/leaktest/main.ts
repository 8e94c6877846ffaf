// `npm run leaktest -- --cases N --seed S [--json]`: random policies, texts and chunkings through the real gate,
// against the reference gate. Ends with the sums; with `--json` the last line of stdout is one JSON object. Exit code 1
// if any is not 0.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { readWords } from '../usage.ts';
import { expected } from './compare.ts';
import { minimise } from './minimise.ts';
import { CASES_PER_POLICY, emptyTally, runPolicy, type Tally } from './run-cases.ts';
import type { GateCase } from './policy-case.ts';

/** A worker takes every n-th policy. */
interface Share {
  readonly cases: number;
  readonly seed: number;
  readonly first: number;
  readonly step: number;
}

const USAGE = [
  'npm run leaktest -- [--cases 100000] [--seed 1] [--json]',
  '  random policies, texts and chunkings through the real gate, against the reference gate; 1 if any differs',
];
const SHARE = 'FLYBALL_LEAKTEST_SHARE';

async function main(): Promise<number> {
  const { values } = readWords(USAGE, {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  });
  const cases = Number(values.cases);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
    console.error(['give whole numbers', ...USAGE].join('\n'));
    return 2;
  }
  const start = performance.now();
  const step = cases < 5000 ? 1 : Math.min(2, availableParallelism());
  const shares = Array.from({ length: step }, (_, first): Share => ({ cases, seed, first, step }));
  const total = sum(await Promise.all(step === 1 ? shares.map(runShare) : shares.map(inProcess)));
  for (const { case: failing, difference } of total.failures.slice(0, 3)) {
    console.log(`differs by ${JSON.stringify(difference)}; the smallest such case, for test/corpus/release/:`);
    console.log(JSON.stringify(corpusCase(await minimise(failing)), null, 2));
  }
  const { leakedChars, needlessHolds, mismatches, stopped, refused } = total;
  console.log(
    `${total.cases} cases in ${((performance.now() - start) / 1000).toFixed(1)} s, seed ${seed}, ${stopped} texts stopped`,
  );
  console.log(`policies refused and replaced: ${JSON.stringify(refused)}`);
  console.log(`leaked characters ${leakedChars}, needless holds ${needlessHolds}, mismatches ${mismatches}`);
  if (values.json) console.log(JSON.stringify({ cases: total.cases, leakedChars, needlessHolds, mismatches, seed }));
  return leakedChars + needlessHolds + mismatches === 0 ? 0 : 1;
}

async function runShare({ cases, seed, first, step }: Share): Promise<Tally> {
  const tally = emptyTally();
  for (let number = first; number * CASES_PER_POLICY < cases; number += step) {
    await runPolicy(seed, number, tally, cases - number * CASES_PER_POLICY);
  }
  return tally;
}

function inProcess(share: Share): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, {
      env: { ...process.env, [SHARE]: JSON.stringify(share) },
      serialization: 'advanced',
    });
    child.once('message', (tally) => resolve(tally as Tally));
    child.once('exit', (code) => reject(new Error(`a worker ended with code ${code} before it answered`)));
  });
}

function sum(tallies: readonly Tally[]): Tally {
  const total = emptyTally();
  for (const tally of tallies) {
    total.cases += tally.cases;
    total.leakedChars += tally.leakedChars;
    total.needlessHolds += tally.needlessHolds;
    total.mismatches += tally.mismatches;
    total.stopped += tally.stopped;
    total.failures.push(...tally.failures);
    for (const [code, count] of Object.entries(tally.refused)) total.refused[code] = (total.refused[code] ?? 0) + count;
  }
  return total;
}

function corpusCase(gateCase: GateCase) {
  const { blocks, stoppedAt } = expected(gateCase);
  const released = blocks.map(({ channel, block, text }) => ({ channel, block, text }));
  return { name: 'say what went wrong', ...gateCase, expected: { stopped: stoppedAt !== undefined, released } };
}

const share = process.env[SHARE];
if (share === undefined) process.exitCode = await main();
else {
  const tally = await runShare(JSON.parse(share) as Share);
  process.send!(tally, () => process.disconnect());
}
