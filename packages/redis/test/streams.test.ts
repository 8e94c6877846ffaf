import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createGovernor } from '@flyball/core';
import { describe, expect, it } from 'vitest';
import { createRedisStore } from '../src/index.ts';
import { BINARY, withServers } from './servers.ts';
import type { Ended, StreamsTask } from './streams-child.ts';

// A thousand running streams in four processes, and how long they go on. A process beside them that only looks at the
// clock says for how long the machine let it wait meanwhile: so much later may they end.

const PROCESSES = 4;
const STREAMS = 250;
/** Each of the processes on the way may have to wait: the operator's, the server, the one that streams. */
const LATER = 3;

function ask<T>(child: ChildProcess, task: StreamsTask): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (answer: { value?: T; error?: string }) => {
      child.off('exit', ended);
      if (answer.value === undefined) reject(new Error(answer.error));
      else resolve(answer.value);
    });
    child.send(task);
  });
}

const nowMs = (): number => performance.timeOrigin + performance.now();

describe.skipIf(BINARY === undefined)('a thousand streams (skipped when there is no Redis 7 to start)', () => {
  it.each([
    { what: 'after a halt', deaf: false, halted: true, withinMs: 100, reason: 'HALTED' },
    { what: 'after a halt whose pushes are lost', deaf: true, halted: true, withinMs: 1000, reason: 'HALTED' },
    { what: 'once the store is gone', deaf: false, halted: false, withinMs: 5000, reason: 'FAILED_CLOSED' },
  ])('S5, D6: end $what, in four processes', { timeout: 120_000 }, async ({ deaf, halted, withinMs, reason }) => {
    const children: ChildProcess[] = [];
    try {
      await withServers(async (start) => {
        const server = await start();
        const prefix = 'streams:';
        const begin = (): ChildProcess => {
          const child = fork(fileURLToPath(new URL('streams-child.ts', import.meta.url)), {
            execArgv: ['--conditions=@flyball/source', '--no-warnings'],
          });
          children.push(child);
          return child;
        };
        const witness = begin();
        const streaming = Array.from({ length: PROCESSES }, begin);
        const task = { op: 'open', url: server.url, prefix, streams: STREAMS, deaf } as const;
        const open = await Promise.all(streaming.map((child) => ask<number>(child, task)));
        expect(open).toEqual(Array.from({ length: PROCESSES }, () => STREAMS));
        const over = Promise.all(streaming.map((child) => ask<Ended>(child, { op: 'ended' })));
        let from: number;
        if (halted) {
          const operator = await createGovernor({
            policy: { policy: 'p', version: 1 },
            store: createRedisStore({ url: server.url, prefix, deadlineMs: 5000 }),
            ready: 'wait',
          });
          await ask(witness, { op: 'watch' });
          from = nowMs();
          await operator.control.halt({ tenant: 'acme' }, { who: 'ops', why: 'drill' });
          await over;
          await operator.close();
        } else {
          await ask(witness, { op: 'watch' });
          from = nowMs();
          await server.kill();
        }
        const ended = await over;
        const waited = await ask<number>(witness, { op: 'waited' });
        for (const { at, reasons, leaked } of ended) {
          expect([reasons, leaked]).toEqual([[reason], 0]);
          expect(at - from).toBeLessThan(withinMs + LATER * waited);
        }
      });
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });
});
