import { fork, type ChildProcess } from 'node:child_process';
import { OwnRedis } from './redis.ts';
import type { Order, Report, Setup, Sign } from './runner.ts';
import { ROOT } from '../repo/tree.ts';

/** Without a sign of life for so long, the process is lost. It ends by itself what a mutant makes loop. */
const PATIENCE_MS = 600_000;

/** A child with a warm Vitest, one order at a time. */
export class Child {
  readonly #process: ChildProcess;
  readonly #redis: OwnRedis | undefined;

  private constructor(process: ChildProcess, redis: OwnRedis | undefined) {
    this.#process = process;
    this.#redis = redis;
  }

  static async start(setup: Setup): Promise<Child> {
    const { redis: needsRedis, env } = setup.tests;
    const redis = needsRedis === true ? await OwnRedis.start() : undefined;
    const forked = fork(new URL('runner.ts', import.meta.url), {
      cwd: ROOT,
      env: { ...process.env, ...env, ...(redis !== undefined && { REDIS_URL: redis.url }) },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const child = new Child(forked, redis);
    forked.send(setup);
    if ((await child.#answer()) === undefined) throw new Error('a runner did not start in time');
    return child;
  }

  /** `undefined`: the process is lost, or its Redis does not answer any more. */
  async run(order: Order): Promise<Report | undefined> {
    if (!this.#process.connected) return undefined;
    this.#process.send(order);
    const report = await this.#answer();
    return (await this.#redis?.clear()) === false ? undefined : report;
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
      const hear = (message: Report | Sign): void => {
        if (message === 'alive') timer.refresh();
        else settle(message);
      };
      const gone = (): void => settle();
      const timer = setTimeout(gone, PATIENCE_MS);
      this.#process.on('message', hear);
      this.#process.once('exit', gone);
    });
  }
}
