import { describe, expect, test } from 'vitest';
import { mutantsOf, type Mutant } from './mutants.ts';
import { workOff, type Runs } from './queue.ts';
import type { Report } from './runner.ts';

const [MUTANT] = mutantsOf('planted.ts', 'const a = b < c;') as readonly [Mutant];
const passed: Report = { failed: [], late: false };
const failed: Report = { failed: ['a.test.ts'], late: false };
const late: Report = { failed: ['a.test.ts'], late: true };
const lost = undefined;

/** Answers as planned, from process to process, and counts the processes that were given up. */
async function workOn(...answers: readonly (Report | undefined)[]) {
  const left = [...answers];
  let stopped = 0;
  const child: Runs = { run: async () => left.shift(), stop: () => void stopped++ };
  const queue = [{ mutant: MUTANT, number: 0 }];
  const progress = { queue, tried: new Set<Mutant>(), survived: [] as Mutant[], onSurvivor: () => undefined };
  await workOff(child, async () => ({ ...child }), progress);
  return { tried: progress.tried.size, survived: progress.survived.length, stopped, unasked: left.length };
}

describe('a mutant counts as noticed', () => {
  test.each<readonly [name: string, answers: readonly (Report | undefined)[], noticed: boolean, stopped: number]>([
    ['when a test fails', [failed], true, 0],
    ['when time runs out twice', [late, late], true, 0],
    ['when no answer comes twice, from two processes', [lost, lost], true, 2],
    ['when time runs out, and then a test fails', [late, failed], true, 0],
    ['not when every test passes', [passed], false, 0],
    ['not when time runs out once', [late, passed], false, 0],
    ['not when no answer comes once', [lost, passed], false, 1],
  ])('%s', async (_, answers, noticed, stopped) => {
    expect(await workOn(...answers)).toEqual({
      tried: 1,
      survived: noticed ? 0 : 1,
      // The last is stopped when there is nothing left.
      stopped: stopped + 1,
      unasked: 0,
    });
  });
});
