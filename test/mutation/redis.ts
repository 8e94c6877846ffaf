import { spawn, type ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import { BINARY, freePort } from '../../packages/redis/test/servers.ts';

const START_MS = 20_000;
/** For what takes a moment: a server that does not answer by then runs a script that loops. */
const ANSWER_MS = 5000;

/**
 * The Redis of one process that runs mutants. What a mutant leaves there (its function library, a script that loops)
 * would decide about the next one: tests of Redis are skipped where none answers, and what is skipped notices nothing.
 */
export class OwnRedis {
  readonly url: string;
  readonly #server: ChildProcess;
  readonly #onExit = (): void => void this.#server.kill('SIGKILL');

  private constructor(port: number, binary: string) {
    this.url = `redis://127.0.0.1:${port}`;
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#server = spawn(binary, options, { stdio: 'ignore' });
    process.once('exit', this.#onExit);
  }

  static async start(): Promise<OwnRedis> {
    if (BINARY === undefined) throw new Error('the area needs a Redis 7 or Valkey to start, and there is none');
    const redis = new OwnRedis(await freePort(), BINARY);
    const end = performance.now() + START_MS;
    while (!(await redis.clear())) {
      if (performance.now() > end) throw new Error('no Redis has started');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return redis;
  }

  /** Empties it. False: it does not answer, and is of no use any more. */
  async clear(answerMs: number = ANSWER_MS): Promise<boolean> {
    const client = new Redis(this.url, {
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      connectTimeout: answerMs,
      commandTimeout: answerMs,
    });
    client.on('error', () => undefined);
    try {
      await client.flushall();
      await client.call('FUNCTION', 'FLUSH');
      return true;
    } catch {
      return false;
    } finally {
      client.disconnect();
    }
  }

  stop(): void {
    process.off('exit', this.#onExit);
    this.#onExit();
  }
}
