import { Worker } from 'node:worker_threads';
import type { PoolOptions, PoolWorker, WorkerRequest } from 'vitest/node';

/** What a run is told: which mutant is on, and how long a test may take. */
export interface Wanted {
  readonly number: number | undefined;
  /** Whether it says which tests reach which mutants. */
  readonly record: boolean;
  /** Ends after so many failed tests; 0: never. */
  readonly bail: number;
  readonly limitMs: number;
}

/** The mutants that one test reaches, or a file outside of its tests. */
export interface Hits {
  readonly path: string;
  /** Empty: outside of the tests. */
  readonly test: string;
  readonly numbers: readonly number[];
}

/** What comes back of a run that says it. */
export interface Reached {
  readonly reached: readonly Hits[];
}

type Listener = (message: unknown) => void;

/**
 * One thread that lives on from run to run until `end`. Modules stay read that way: reading them is most of the time of
 * a run.
 */
export class KeptThread {
  readonly #onReached: (reached: readonly Hits[]) => void;
  #thread: Worker | undefined;
  #isSetUp = false;
  /** Of the run that is on, or was last. */
  #worker: RunWorker | undefined;

  constructor(onReached: (reached: readonly Hits[]) => void) {
    this.#onReached = onReached;
  }

  /** For one run. A thread that is there already is taken. */
  workerFor(options: PoolOptions): PoolWorker {
    this.#thread ??= this.#start(options);
    this.#worker = new RunWorker((message) => this.#send(message));
    return this.#worker;
  }

  /** The next run gets a new thread; one that is on fails. */
  async end(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
    this.#worker?.emit('exit', 0);
  }

  #start({ env, execArgv }: PoolOptions): Worker {
    const thread = new Worker(new URL('thread.ts', import.meta.url), {
      env: env as NodeJS.ProcessEnv,
      execArgv: [...execArgv, '--disable-warning=ExperimentalWarning'],
    });
    this.#isSetUp = false;
    thread.on('message', (message: Reached | object) => {
      if ('reached' in message) this.#onReached(message.reached);
      else this.#worker?.emit('message', message);
    });
    for (const event of ['error', 'exit']) {
      thread.on(event, (what: unknown) => {
        if (this.#thread !== thread) return;
        this.#thread = undefined;
        this.#worker?.emit(event, what);
      });
    }
    return thread;
  }

  /** False: the thread need not hear it. */
  #send(message: WorkerRequest): boolean {
    if (message.type === 'stop' || (message.type === 'start' && this.#isSetUp)) return false;
    this.#isSetUp ||= message.type === 'start';
    this.#thread?.postMessage(message);
    return true;
  }
}

/** To Vitest a worker that starts and stops with its run. */
class RunWorker implements PoolWorker {
  readonly name = 'kept';
  readonly #send: (message: WorkerRequest) => boolean;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(send: (message: WorkerRequest) => boolean) {
    this.#send = send;
  }

  send(message: WorkerRequest): void {
    if (this.#send(message)) return;
    const type = message.type === 'start' ? 'started' : 'stopped';
    queueMicrotask(() => this.emit('message', { type, __vitest_worker_response__: true }));
  }

  on(event: string, callback: Listener): void {
    const known = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, known.add(callback));
  }

  off(event: string, callback: Listener): void {
    this.#listeners.get(event)?.delete(callback);
  }

  emit(event: string, what: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(what);
  }

  deserialize(data: unknown): unknown {
    return data;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}
}
