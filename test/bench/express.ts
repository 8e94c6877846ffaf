// What governance adds to an Express application: the same routes with and without it, measured in turns in one run.
// The server is a process of its own, so that the client's work is not counted as the server's.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import net from 'node:net';

import type { Subject } from '@flyball/core';

const EVENTS = 500;
const STREAMS = 1_000;
const ROUNDS = 12;
/**
 * Requests before anything is counted, so that what is measured is compiled, and requests of a round: counts, so that a
 * busy machine does not shorten them.
 */
const WARM_UP = 20_000;
const OF_A_ROUND = 4_000;

export async function bench(): Promise<Readonly<Record<string, unknown>>> {
  const servers = await Promise.all(KINDS.map((kind) => startServer(kind)));
  try {
    const json: Load[][] = KINDS.map(() => []);
    const cpu: number[][] = KINDS.map(() => []);
    const sse: number[][] = KINDS.map(() => []);
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [at, server] of servers.entries()) {
        const before = await tell<number>(server, 'cpu');
        const load = await jsonLoad(server.port, round === 0 ? WARM_UP : OF_A_ROUND);
        const after = await tell<number>(server, 'cpu');
        const us = STREAMING.includes(KINDS[at]!) ? await sseMicros(server.port, round === 0 ? 100 : 20) : 0;
        // The first round warms the servers up.
        if (round > 0) {
          json[at]!.push(load);
          cpu[at]!.push((after - before) / load.requests);
          sse[at]!.push(us);
        }
      }
    }
    const rps = json.map((loads) => median(loads.map((load) => load.perSec)));
    const p99 = json.map((loads) => Math.min(...loads.map((load) => load.p99ms)));
    // The best of all rounds: what the machine does besides can only take away.
    const best = json.map((loads) => Math.max(...loads.map((load) => load.perSec)));
    const ratio = (kind: Kind): number => best[KINDS.indexOf(kind)]! / best[0]!;
    // The least of all rounds: what the machine does besides can only add.
    const event = sse.map((times) => Math.min(...times));
    const memory = await Promise.all(servers.slice(0, 2).map((server) => memoryOfStreams(server)));
    return {
      jsonRatio: ratio('governed'),
      // Where it goes, each as a part of the bare throughput.
      jsonRatios: Object.fromEntries(KINDS.slice(2).map((kind) => [kind, ratio(kind)])),
      jsonP99Ratio: p99[1]! / p99[0]!,
      sseUsPerEvent: event[1]! - event[0]!,
      sseOffUsPerEvent: event[KINDS.indexOf('off')]! - event[0]!,
      jsonPerSec: { bare: rps[0], governed: rps[1] },
      // Of the server alone: what other work on the machine takes does not count.
      jsonCpuUs: Object.fromEntries(KINDS.map((kind, at) => [kind, Math.min(...cpu[at]!)])),
      jsonP99Ms: { bare: p99[0], governed: p99[1] },
      sseUs: { bare: event[0], governed: event[1] },
      streams: STREAMS,
      streamKb: { bare: memory[0], governed: memory[1] },
    };
  } finally {
    for (const { child } of servers) child.kill();
  }
}

/**
 * `recorded`: governed, with a sink that keeps records. `input`: answers are not governed. `off`, `shadow`: the
 * policy's mode. `patched`: not governed, and more methods on each response than the gate puts there, which do nothing.
 * `rewritten`: not governed, and four methods that keep the answer, parse it and write it again: about the least that
 * anything does that reads answers. `turn`: not governed, and the handler runs in a microtask.
 */
const KINDS = ['bare', 'governed', 'recorded', 'input', 'off', 'shadow', 'patched', 'rewritten', 'turn'] as const;
type Kind = (typeof KINDS)[number];

const STREAMING: readonly Kind[] = ['bare', 'governed', 'off'];

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

export async function startServer(kind: string, file: string = import.meta.filename): Promise<Running> {
  const child = fork(file, [kind], { execArgv: ['--expose-gc'] });
  const [port] = (await once(child, 'message')) as [number];
  return { child, port };
}

interface Load {
  readonly requests: number;
  readonly perSec: number;
  readonly p99ms: number;
}

const PROMPT = JSON.stringify({ messages: [{ role: 'user', content: 'Where is my order from last week, please?' }] });
const POST = `POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${PROMPT.length}\r\n\r\n${PROMPT}`;

/**
 * Keeps sixteen connections busy until so many requests are answered. INVARIANT: it never sleeps. Waking a process up
 * costs the one that writes to it several microseconds, and the slower a server is the more often it would have to.
 */
export async function jsonLoad(port: number, requests: number): Promise<Load> {
  const sockets = await Promise.all(Array.from({ length: 16 }, () => connected(port)));
  const length = await lengthOfAnswer(sockets[0]!);
  const times: number[] = [];
  let left = requests;
  let isAwake = true;
  const stayAwake = (): void => void (isAwake && setImmediate(stayAwake));
  stayAwake();
  const start = performance.now();
  await Promise.all(sockets.map((socket) => busy(socket)));
  isAwake = false;
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  times.sort((a, b) => a - b);
  return { requests: times.length, perSec: times.length / seconds, p99ms: times[Math.floor(times.length * 0.99)]! };

  function busy(socket: net.Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let sent = 0;
      let received = 0;
      const send = (): void => {
        if (left-- <= 0) return resolve();
        received = 0;
        sent = performance.now();
        socket.write(POST);
      };
      socket.on('data', (chunk) => {
        if (received === 0 && !isOk(chunk)) return reject(new Error(`unexpected answer: ${chunk.toString()}`));
        received += chunk.length;
        if (received < length) return;
        times.push(performance.now() - sent);
        send();
      });
      socket.once('error', reject);
      send();
    });
  }
}

/** Of every answer, head and all: they differ in the time that they say. */
async function lengthOfAnswer(socket: net.Socket): Promise<number> {
  socket.write(POST);
  let text = '';
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += chunk.toString('latin1');
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) continue;
    const whole = head + 4 + Number(/content-length: (\d+)/i.exec(text)![1]);
    if (text.length >= whole) return whole;
  }
}

/** It begins with `HTTP/1.1 200`. */
const isOk = (chunk: Buffer): boolean => chunk[9] === 0x32 && chunk[10] === 0x30 && chunk[11] === 0x30;

/** Time of one event of a stream of five hundred, in microseconds. */
export async function sseMicros(port: number, requests: number, path = '/sse'): Promise<number> {
  const socket = await connected(port);
  const start = performance.now();
  for (let i = 0; i < requests; i++) {
    await exchange(socket, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, (text) => text.endsWith('\r\n0\r\n\r\n'));
  }
  const micros = ((performance.now() - start) * 1000) / requests / EVENTS;
  socket.destroy();
  return micros;
}

/** Kilobytes of heap that an open stream costs. */
async function memoryOfStreams(server: Running): Promise<number> {
  const before = await tell<number>(server, 'heap');
  const sockets = await Promise.all(Array.from({ length: STREAMS }, () => connected(server.port)));
  await Promise.all(
    sockets.map((socket) =>
      exchange(socket, 'GET /open HTTP/1.1\r\nHost: x\r\n\r\n', (text) => text.includes('ready')),
    ),
  );
  const during = await tell<number>(server, 'heap');
  for (const socket of sockets) socket.destroy();
  return (during - before) / STREAMS / 1024;
}

/** Asks the server about itself. */
export async function tell<T>({ child }: Running, what: 'cpu' | 'heap'): Promise<T> {
  child.send(what);
  const [answer] = (await once(child, 'message')) as [T];
  return answer;
}

async function connected(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}

function exchange(socket: net.Socket, request: string, complete: (text: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const receive = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!complete(text)) return;
      socket.off('data', receive);
      socket.off('error', reject);
      resolve();
    };
    socket.on('data', receive);
    socket.once('error', reject);
    socket.write(request);
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** The application: a JSON route, a stream as fast as it can be written, and one that stays open. */
async function serve(kind: Kind): Promise<void> {
  const { default: express } = await import('express');
  const app = express().disable('x-powered-by').use(express.json());
  if (kind === 'turn') app.use((_req, _res, next) => void Promise.resolve().then(() => next()));
  else if (kind === 'patched') app.use((_req, res, next) => next(patch(res)));
  else if (kind === 'rewritten') app.use((_req, res, next) => next(rewrite(res)));
  else if (kind !== 'bare') {
    const { createGovernor, createMemorySink } = await import('@flyball/core');
    const { governance } = await import('@flyball/express');
    const governor = await createGovernor({
      ...(kind === 'recorded' && { audit: createMemorySink() }),
      policy: {
        policy: 'bench',
        version: 1,
        mode: kind === 'off' || kind === 'shadow' ? kind : 'enforce',
        detectors: [
          { id: 'secret', phrases: ['secret plan', 'internal use only', 'launch code'] },
          { id: 'token', patterns: ['\\bsk-[A-Za-z0-9]{20,40}\\b'] },
        ],
        rules: [
          { id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' },
          { id: 'token', on: ['input', 'output'], detect: 'token', then: 'redact', reason: 'P_TOKEN' },
        ],
      },
    });
    const subject = (): Subject => ({ tenant: 'bench', user: 'u' });
    app.use(governance({ governor, subject, ...(kind === 'input' && { response: false }) }));
  }
  const chunk = (content: string): string => {
    const choices = [{ index: 0, delta: { content }, finish_reason: null }];
    return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`;
  };
  const words = Array.from({ length: EVENTS }, (_, at) => chunk(` word${at % 10}`));
  app.post('/json', (_req, res) => void res.json({ answer: 'It left on Monday and is on its way.', order: 17 }));
  app.get('/sse', (_req, res) => {
    res.setHeader('Content-Type', 'text/event-stream');
    for (const word of words) res.write(word);
    res.end();
  });
  // As a framework writes what it is given one by one: numbered, each in a turn of its own.
  app.get('/turns', (_req, res) => {
    res.setHeader('Content-Type', 'text/event-stream');
    let at = 0;
    const next = (): void => {
      if (at === words.length) return void res.end();
      res.write(`id: ${++at}\n${words[at - 1]!}`);
      process.nextTick(next);
    };
    next();
  });
  app.get('/open', (_req, res) => {
    res.setHeader('Content-Type', 'text/event-stream');
    for (const word of words.slice(0, 10)) res.write(word);
    res.write(chunk(' ready'));
  });
  const server = app.listen(0, '127.0.0.1', () => {
    const address = server.address() as net.AddressInfo;
    process.send!(address.port);
  });
  process.on('message', (what) => {
    if (what === 'heap') globalThis.gc!();
    const { user, system } = process.cpuUsage();
    process.send!(what === 'heap' ? process.memoryUsage().heapUsed : user + system);
  });
  process.on('disconnect', () => process.exit());
}

const PASSING = Object.fromEntries(
  [
    ...[
      'write',
      'end',
      'writeHead',
      'flushHeaders',
      'addTrailers',
      'setHeader',
      'setHeaders',
      'appendHeader',
      'removeHeader',
    ],
    ...['on', 'addListener', 'once', 'prependListener', 'prependOnceListener', 'off', 'removeListener'],
  ].map((name) => [
    name,
    function (this: object, ...args: readonly unknown[]): unknown {
      const below = Object.getPrototypeOf(this) as Record<string, (...args: readonly unknown[]) => unknown>;
      return Reflect.apply(below[name]!, this, args);
    },
  ]),
);

function patch(res: object): undefined {
  Object.assign(res, PASSING);
  for (const name of ['headersSent', 'writableEnded']) {
    Object.defineProperty(res, name, {
      configurable: true,
      get(this: object): unknown {
        return Reflect.get(Object.getPrototypeOf(this) as object, name, this);
      },
    });
  }
}

/** An answer that is kept until it is complete. */
const KEPT: unique symbol = Symbol('kept');
type Kept = ServerResponse & { [KEPT]: (string | Uint8Array)[] | undefined };

const below = (res: object): ServerResponse => Object.getPrototypeOf(res) as ServerResponse;

const REWRITING = {
  write(this: Kept, chunk: string | Uint8Array, ...rest: unknown[]): unknown {
    if (this[KEPT] === undefined) return Reflect.apply(below(this).write, this, [chunk, ...rest]);
    this[KEPT].push(chunk);
    return true;
  },
  end(this: Kept, chunk: unknown, encoding: unknown, done: unknown): unknown {
    const kept = this[KEPT];
    // What Node's own code ends in turn goes through.
    if (kept === undefined) return Reflect.apply(below(this).end, this, [chunk, encoding, done]);
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) kept.push(chunk);
    this[KEPT] = undefined;
    const [only] = kept;
    const text = kept.length === 1 ? String(only) : Buffer.concat(kept.map((one) => Buffer.from(one))).toString();
    const value = Buffer.from(JSON.stringify(JSON.parse(text) as unknown));
    return Reflect.apply(below(this).end, this, [value, undefined, done]);
  },
  writeHead(this: Kept, ...args: unknown[]): unknown {
    return Reflect.apply(below(this).writeHead, this, args);
  },
  flushHeaders(this: Kept): void {
    Reflect.apply(below(this).flushHeaders, this, []);
  },
};

function rewrite(res: ServerResponse): undefined {
  // One by one: `Object.assign` costs ten times as much.
  const methods = REWRITING as unknown as ServerResponse;
  (res as Kept)[KEPT] = [];
  res.write = methods.write;
  res.end = methods.end;
  res.writeHead = methods.writeHead;
  res.flushHeaders = methods.flushHeaders;
}

if (process.argv[1] === import.meta.filename) await serve(process.argv[2] as Kind);
