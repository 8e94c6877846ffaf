import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Task } from './child.ts';
import { freshPrefix, removeKeys, sharedRedis } from './servers.ts';

// `FLYBALL_REPETITIONS=20` runs the full number.
const REPETITIONS = Number(process.env['FLYBALL_REPETITIONS'] ?? 3);
const PROCESSES = 8;
const EVENTS = 1000;

const url = await sharedRedis();

describe.skipIf(url === undefined)('processes that share a Redis (skipped when none answers)', () => {
  it(
    `S1: ${PROCESSES} processes with ${EVENTS} concurrent events each, every one sent twice, together admit exactly the limit, ${REPETITIONS} times`,
    { timeout: 180_000 },
    async () => {
      await withProcesses(PROCESSES, async (tell) => {
        for (let run = 0; run < REPETITIONS; run++) {
          const allow = 1 + ((run * 997) % (PROCESSES * EVENTS));
          const admitted = await tell({ op: 'charge', run: `run ${run}`, events: EVENTS, allow });
          expect(admitted.reduce((sum, one) => sum + one, 0)).toBe(allow);
        }
      });
    },
  );

  it(
    'S2: 300 parallel strikes, each sent by every process, are 300: the cooldown starts at the 300th, not before',
    { timeout: 60_000 },
    async () => {
      await withProcesses(4, async (tell) => {
        const ids = Array.from({ length: 299 }, (_, i) => `strike ${i}`);
        expect(Math.max(...(await tell({ op: 'strike', ids, threshold: 300 })))).toBe(0);
        expect(Math.max(...(await tell({ op: 'strike', ids, threshold: 300 })))).toBe(0);
        expect(Math.max(...(await tell({ op: 'strike', ids: ['strike 299'], threshold: 300 })))).toBeGreaterThan(
          59_000,
        );
      });
    },
  );
});

/** Starts processes on one fresh prefix, and ends every one of them by its own handle. */
async function withProcesses(
  count: number,
  body: (tell: (task: Task) => Promise<number[]>) => Promise<void>,
): Promise<void> {
  const prefix = freshPrefix();
  const children: ChildProcess[] = [];
  try {
    for (let i = 0; i < count; i++) {
      children.push(
        fork(fileURLToPath(new URL('child.ts', import.meta.url)), {
          execArgv: ['--conditions=@flyball/source', '--no-warnings'],
        }),
      );
    }
    const tell = (task: Task): Promise<number[]> => Promise.all(children.map((child) => ask(child, task)));
    expect(await tell({ op: 'open', url: url!, prefix })).toEqual(children.map(() => 1));
    await body(tell);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await removeKeys(url!, prefix);
  }
}

function ask(child: ChildProcess, task: Task): Promise<number> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (answer: { value?: number; error?: string }) => {
      child.off('exit', ended);
      if (answer.value === undefined) reject(new Error(answer.error));
      else resolve(answer.value);
    });
    child.send(task);
  });
}
