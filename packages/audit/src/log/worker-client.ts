import { Worker } from 'node:worker_threads';

/** Why the worker could not do something. `code`: SQLite's primary result code, 0 for anything else. */
export class WorkFailed extends Error {
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

interface Waiting<Done> {
  resolve(done: Done): void;
  reject(error: WorkFailed): void;
}

type Reply<Done> = { readonly id: number } & (
  | ({ readonly ok: true } & Done)
  | { readonly ok: false; readonly message: string; readonly code: number }
);

/** Asks the worker that owns a file. One that dies is made anew by the next question. */
export class WorkerClient<Work, Done> {
  readonly #script: URL;
  readonly #setup: object;
  readonly #waiting = new Map<number, Waiting<Done>>();
  #worker: Worker | undefined;
  #next = 0;

  constructor(script: URL, setup: object) {
    this.#script = script;
    this.#setup = setup;
  }

  ask(work: Work): Promise<Done> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // While something is under way the process stays; an idle log keeps none alive.
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
      worker.postMessage({ id, work });
    });
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    // Node 22 still calls SQLite an experiment. The filter holds in the worker alone.
    const worker = new Worker(this.#script, {
      workerData: this.#setup,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.on('message', (reply: Reply<Done>) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (this.#waiting.size === 0) worker.unref();
      if (reply.ok) waiting?.resolve(reply);
      else waiting?.reject(new WorkFailed(reply.message, reply.code));
    });
    const lost = (cause: unknown): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const said = cause instanceof Error ? cause.message : 'it ended';
      for (const waiting of this.#waiting.values())
        waiting.reject(new WorkFailed(`the worker of the log failed: ${said}`, 0));
      this.#waiting.clear();
    };
    worker.on('error', lost);
    worker.on('exit', lost);
    worker.unref();
    return worker;
  }
}
