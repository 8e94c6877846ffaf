// A thousand running streams in four processes, and how long until the last of them has ended: after a halt, after a
// halt whose pushes are lost, and after the store has gone. On a Redis of its own, which is killed. Other processes run
// this same file; the clock of one machine is the same in all of them.
import { fork, type ChildProcess } from 'node:child_process';
import { createGovernor } from '@flyball/core';
import { createRedisStore } from '@flyball/redis';
import { BINARY, startServer } from '../../packages/redis/test/servers.ts';
import { quantile, round } from './redis.ts';
import type { Figures } from './run.ts';

const PROCESSES = 4;
const STREAMS = 250;
/** How often each stream says something. */
const DELTA_MS = 100;

const POLICY = {
  policy: 'bench',
  version: 1,
  onError: 'block',
  detectors: [{ id: 'codename', phrases: ['Project Nightjar'] }],
  rules: [{ id: 'no-codename', on: ['input', 'output'], detect: 'codename', then: 'block', reason: 'P_CODENAME' }],
} as const;

type Drill = 'halt' | 'pushes lost' | 'store gone';

/** When each stream of a process ended, in milliseconds on the machine's clock, and why. */
interface Ended {
  readonly at: readonly number[];
  readonly reasons: { readonly [reason: string]: number };
}

export async function bench(): Promise<Figures> {
  if (BINARY === undefined) return { streams: 0, haltMaxMs: null, pushesLostMaxMs: null, storeGoneMaxMs: null };
  return {
    streams: PROCESSES * STREAMS,
    ...named('halt', await run('halt')),
    ...named('pushesLost', await run('pushes lost')),
    ...named('storeGone', await run('store gone')),
  };
}

interface Times {
  readonly p50: number;
  readonly max: number;
  readonly reasons: { readonly [reason: string]: number };
}

const named = (name: string, { p50, max, reasons }: Times): Figures => ({
  [`${name}P50ms`]: p50,
  [`${name}MaxMs`]: max,
  [`${name}Reasons`]: reasons,
});

async function run(drill: Drill): Promise<Times> {
  const { server, stop } = await startServer([]);
  const children: ChildProcess[] = [];
  const governor = await createGovernor({
    policy: POLICY,
    store: createRedisStore({ url: server.url }),
    ready: 'wait',
  });
  try {
    for (let i = 0; i < PROCESSES; i++) {
      const args = [server.url, drill === 'pushes lost' ? 'deaf' : 'hearing'];
      children.push(fork(import.meta.filename, args, { execArgv: process.execArgv }));
    }
    await Promise.all(children.map((child) => answer(child)));
    const ended = Promise.all(children.map((child) => answer<Ended>(child)));
    // The streams speak for a while before anything happens.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const began = nowMs();
    if (drill === 'store gone') await server.kill();
    else await governor.control.halt({ tenant: 'acme' }, { who: 'bench', why: 'measured' });
    const all = await ended;
    const times = all.flatMap(({ at }) => at.map((ms) => ms - began));
    if (times.length !== PROCESSES * STREAMS) throw new Error(`${times.length} streams ended`);
    const reasons: { [reason: string]: number } = {};
    for (const one of all) {
      for (const [reason, count] of Object.entries(one.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count;
    }
    return { p50: round(quantile(times, 0.5), 1), max: round(Math.max(...times), 1), reasons };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await governor.close();
    await stop();
  }
}

/** The other processes: streams that run until they are stopped. */
async function serve(url: string, hearing: boolean): Promise<void> {
  const store = createRedisStore({ url });
  // All of the store but what is said unasked.
  const deaf = { ...store, subscribe: () => () => undefined };
  const governor = await createGovernor({ policy: POLICY, store: hearing ? store : deaf, ready: 'wait' });
  const gates = await Promise.all(
    Array.from({ length: STREAMS }, (_, i) =>
      governor.openGate(
        governor
          .interaction({ tenant: 'acme', user: `user ${i}` })
          .event({ stage: 'output', resource: { model: 'm' } }),
      ),
    ),
  );
  const at: number[] = [];
  const reasons: { [reason: string]: number } = {};
  await new Promise<void>((resolve) => {
    for (const gate of gates) {
      gate.stopped.addEventListener('abort', () => {
        at.push(nowMs());
        const reason = gate.terminal?.reason ?? 'none';
        reasons[reason] = (reasons[reason] ?? 0) + 1;
        if (at.length === gates.length) resolve();
      });
    }
    setInterval(() => {
      for (const gate of gates) if (gate.terminal === undefined) gate.write('text', 'answer', 'a few words ');
    }, DELTA_MS);
    process.send!({ ready: true });
  });
  process.send!({ at, reasons });
}

function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process ended with ${String(code)}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  await serve(process.argv[2] ?? '', process.argv[3] === 'hearing');
}
