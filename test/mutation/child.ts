import { fork, type ChildProcess } from 'node:child_process';
import { OwnRedis } from './redis.ts';
import type { Order, Report, Sign, Tests } from './runner.ts';
import { ROOT } from '../repo/tree.ts';

/**
 * When no test ends for so long, the mutant makes one loop; a test that waits is ended by its own limit well before. On
 * a busy machine it is longer: this many times the longest pause of the unchanged tests.
 */
const PATIENCE_MS = 20_000;
const PAUSES = 3;
/** For the start, and for the unchanged tests, which have nothing to be compared with. */
const FIRST_PATIENCE_MS = 600_000;

/** A child with a warm Vitest, one order at a time. */
export class Child {
  readonly #process: ChildProcess;
  readonly #redis: OwnRedis | undefined;
  #patienceMs = FIRST_PATIENCE_MS;
  /** The longest time without a sign of life. */
  #pausedMs = 0;

  private constructor(process: ChildProcess, redis: OwnRedis | undefined) {
    this.#process = process;
    this.#redis = redis;
  }

  static async start(tests: Tests, like?: Child): Promise<Child> {
    const redis = tests.redis === true ? await OwnRedis.start() : undefined;
    const forked = fork(new URL('runner.ts', import.meta.url), [JSON.stringify(tests)], {
      cwd: ROOT,
      env: { ...process.env, ...tests.env, ...(redis !== undefined && { REDIS_URL: redis.url }) },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const child = new Child(forked, redis);
    if ((await child.#answer()) === undefined) throw new Error('a runner did not start in time');
    if (like !== undefined) child.#patienceMs = like.#patienceMs;
    return child;
  }

  /** `undefined`: no test ended for too long, or the process is gone, or its Redis does not answer any more. */
  async run(order: Order): Promise<Report | undefined> {
    if (!this.#process.connected) return undefined;
    this.#process.send(order);
    const report = await this.#answer();
    return (await this.#redis?.clear()) === false ? undefined : report;
  }

  /** From now on a run that is silent for much longer than those so far is given up. */
  expect(): void {
    this.#patienceMs = Math.max(PATIENCE_MS, PAUSES * this.#pausedMs);
  }

  stop(): void {
    this.#process.kill('SIGKILL');
    this.#redis?.stop();
  }

  #answer(): Promise<Report | undefined> {
    return new Promise((resolve) => {
      const settle = (report?: Report): void => {
        clearTimeout(timer);
        this.#process.off('message', hear);
        this.#process.off('exit', gone);
        resolve(report);
      };
      let heardAt = performance.now();
      const hear = (message: Report | Sign): void => {
        this.#pausedMs = Math.max(this.#pausedMs, performance.now() - heardAt);
        heardAt = performance.now();
        if (message === 'alive') timer.refresh();
        else settle(message);
      };
      const gone = (): void => settle();
      const timer = setTimeout(gone, this.#patienceMs);
      this.#process.on('message', hear);
      this.#process.once('exit', gone);
    });
  }
}
