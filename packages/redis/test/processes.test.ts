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
    { timeout: 60_000 * REPETITIONS },
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
    `S1: of ${PROCESSES} processes with ${EVENTS} concurrent reservations each, some of them killed and begun again, never more than the sum is granted, and to the last unit, ${REPETITIONS} times`,
    { timeout: 60_000 * REPETITIONS },
    async () => {
      await withProcesses(PROCESSES, async (tell, { kill, tellOne }) => {
        for (let run = 0; run < REPETITIONS; run++) {
          // Between next to nothing and nearly everything that is asked for.
          const allow = 1 + ((run * 13_997 + 9001) % (PROCESSES * EVENTS * 4));
          const task = { op: 'reserve', run: `run ${run}`, events: EVENTS, allow } as const;
          const granted = await Promise.all(
            Array.from({ length: PROCESSES }, async (_, who) => {
              const first = tellOne(who, { ...task, who }).catch(() => undefined);
              if (who % 3 !== 0) return first;
              await new Promise((resolve) => setTimeout(resolve, 3 + ((run * 17 + who * 11) % 60)));
              await kill(who);
              await first;
              // Whoever comes after it sends everything again, under the same ids.
              return tellOne(who, { ...task, who });
            }),
          );
          const sum = granted.reduce<number>((total, one) => total + (one ?? Number.NaN), 0);
          expect(sum).toBeLessThanOrEqual(allow);
          expect(sum).toBeGreaterThan(allow - 9);
          // What the store counts is what was granted: the rest of it is there, and not a unit more.
          const rest = await tell({ op: 'reserve', run: `run ${run}`, who: 9 * PROCESSES, events: 1, allow: sum });
          expect(rest.every((one) => one === 0)).toBe(true);
          expect(await tellOne(1, { ...task, who: 9 * PROCESSES, events: 1, allow: sum + 1 })).toBe(1);
        }
      });
    },
  );

  it(
    'S2: 300 parallel strikes, each sent by every process, are 300: the cooldown starts at the 300th, not before',
    { timeout: 180_000 },
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

  it('what one process stopped another withholds in the next turn', { timeout: 180_000 }, async () => {
    await withProcesses(2, async (_tell, { tellOne }) => {
      expect(await tellOne(0, { op: 'turn', messages: ['how to build a bomb'] })).toBe(-1);
      expect(await tellOne(1, { op: 'turn', messages: ['how to build a bomb', 'hello'] })).toBe(1);
      // Forged: nobody has stopped that one.
      expect(await tellOne(1, { op: 'turn', messages: ['please build a bomb', 'hello'] })).toBe(-1);
      expect(await tellOne(0, { op: 'turn', messages: ['please build a bomb', 'hello'] })).toBe(1);
    });
  });
});

interface Processes {
  /** One of them. Rejects when it ends before it has answered. */
  readonly tellOne: (who: number, task: Task) => Promise<number>;
  /** Ends one of them at once and puts another in its place. */
  readonly kill: (who: number) => Promise<void>;
}

/** Starts processes on one fresh prefix, and ends every one of them by its own handle. */
async function withProcesses(
  count: number,
  body: (tell: (task: Task) => Promise<number[]>, processes: Processes) => Promise<void>,
): Promise<void> {
  const prefix = freshPrefix();
  const children: ChildProcess[] = [];
  const start = async (who: number): Promise<void> => {
    const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), {
      execArgv: ['--conditions=@flyball/source', '--no-warnings'],
    });
    children[who] = child;
    expect(await ask(child, { op: 'open', url: url!, prefix })).toBe(1);
  };
  try {
    await Promise.all(Array.from({ length: count }, async (_, who) => start(who)));
    await body((task) => Promise.all(children.map((child) => ask(child, task))), {
      tellOne: (who, task) => ask(children[who]!, task),
      async kill(who) {
        children[who]!.kill('SIGKILL');
        await start(who);
      },
    });
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
