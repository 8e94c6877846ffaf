// How far a halt reaches: a thousand streams in four processes, from the call in this one until the last of them has
// stopped; the same where every push is lost and the next re-read has to tell; and from the moment the store is gone
// until the last stream has ended by `onError`.
import { fork, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createGovernor, type Store } from '@flyball/core';
import { createRedisStore } from '@flyball/redis';
import { quantile, REDIS_URL, round, withRedis } from './redis.ts';
import type { Figures } from './run.ts';

const PROCESSES = 4;
const STREAMS = 250;
const HALTS = 20;
/** A delta of each stream in so many milliseconds, as fast as a model speaks. */
const DELTA_MS = 40;
const OPERATOR = { who: 'bench', why: 'measured' };

const POLICY = {
  policy: 'bench',
  version: 1,
  detectors: [{ id: 'codename', phrases: ['Project Nightjar'] }],
  rules: [{ id: 'no-codename', on: 'output', detect: 'codename', then: 'block', reason: 'P_CODENAME' }],
} as const;

/** How a process hears of its store: as usual; without pushes; or through a way that can be cut. */
type Hearing = 'pushes' | 'deaf' | 'cut';

export async function bench(): Promise<Figures> {
  const figures = await withRedis(async (_client, prefix) => {
    const pushed = await halted(`${prefix}p:`, 'pushes', HALTS);
    const deaf = await halted(`${prefix}d:`, 'deaf', HALTS);
    const gone = await lost(`${prefix}g:`);
    return {
      ...{ processes: PROCESSES, streams: PROCESSES * STREAMS, halts: HALTS },
      allStoppedP50ms: round(quantile(pushed, 0.5), 1),
      allStoppedMaxMs: round(Math.max(...pushed), 1),
      pushesLostP50ms: round(quantile(deaf, 0.5)),
      pushesLostMaxMs: round(Math.max(...deaf)),
      storeGoneMaxMs: round(gone),
    };
  });
  return figures ?? { allStoppedMaxMs: null, pushesLostMaxMs: null, storeGoneMaxMs: null };
}

/** Milliseconds of each halt until the last stream of all processes has stopped. */
async function halted(prefix: string, hearing: Hearing, times: number): Promise<readonly number[]> {
  const governor = await createGovernor({
    policy: POLICY,
    store: createRedisStore({ url: REDIS_URL, prefix }),
    ready: 'wait',
  });
  const children = await start(prefix, hearing);
  try {
    const took: number[] = [];
    for (let i = 0; i < times; i++) {
      const tenant = `tenant ${i}`;
      await Promise.all(children.map((child) => say(child, { op: 'open', tenant })));
      // Anywhere between two re-reads.
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 900));
      const stopped = Promise.all(children.map((child) => say(child, { op: 'stopped' })));
      const called = nowMs();
      await governor.control.halt({ tenant }, OPERATOR);
      took.push(Math.max(...(await stopped)) - called);
      await governor.control.resume({ tenant }, OPERATOR);
    }
    return took;
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await governor.close();
  }
}

/** Milliseconds until the last stream has ended, from the moment the store was cut off. */
async function lost(prefix: string): Promise<number> {
  const children = await start(prefix, 'cut');
  try {
    await Promise.all(children.map((child) => say(child, { op: 'open', tenant: 'acme' })));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const stopped = Promise.all(children.map((child) => say(child, { op: 'stopped' })));
    const from = nowMs();
    for (const child of children) child.send({ op: 'cut' });
    return Math.max(...(await stopped)) - from;
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

async function start(prefix: string, hearing: Hearing): Promise<readonly ChildProcess[]> {
  const children = Array.from({ length: PROCESSES }, () =>
    fork(import.meta.filename, [prefix, hearing], { execArgv: process.execArgv }),
  );
  await Promise.all(children.map((child) => answer(child)));
  return children;
}

type Task = { readonly op: 'open'; readonly tenant: string } | { readonly op: 'stopped' } | { readonly op: 'cut' };

async function serve(prefix: string, hearing: Hearing): Promise<void> {
  const way = hearing === 'cut' ? await wayTo(REDIS_URL) : undefined;
  const made = createRedisStore({ url: way?.url ?? REDIS_URL, prefix });
  const store: Store = hearing === 'deaf' ? { ...made, subscribe: () => () => undefined } : made;
  const governor = await createGovernor({ policy: POLICY, store, ready: 'wait' });
  let gates: Awaited<ReturnType<typeof governor.openGate>>[] = [];
  let stopped: Promise<number> = Promise.resolve(0);
  setInterval(() => {
    for (const gate of gates) gate.write('text', 'answer', 'a few words ');
  }, DELTA_MS);

  process.on('message', (task: Task) => {
    void (async () => {
      if (task.op === 'cut') return way?.cut();
      if (task.op === 'stopped') return process.send!(await stopped);
      const opened = Array.from({ length: STREAMS }, (_, i) =>
        governor.openGate(governor.interaction({ tenant: task.tenant, user: `u${i}` }).event({ stage: 'output' })),
      );
      gates = await Promise.all(opened);
      const all = gates.map(
        (gate) => new Promise<number>((resolve) => gate.stopped.addEventListener('abort', () => resolve(nowMs()))),
      );
      stopped = Promise.all(all).then((times) => Math.max(...times));
      process.send!(0);
    })();
  });
  process.send!(0);
}

/** A way to a server that can be cut: connections end, and no new one is made. */
async function wayTo(url: string): Promise<{ readonly url: string; readonly cut: () => void }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port || 6379), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function say(child: ChildProcess, task: Task): Promise<number> {
  const heard = answer(child);
  child.send(task);
  return heard;
}

function answer(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process ended with ${String(code)}`));
    child.once('exit', ended);
    child.once('message', (value) => {
      child.off('exit', ended);
      resolve(Number(value));
    });
  });
}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  await serve(process.argv[2] ?? '', process.argv[3] as Hearing);
}
