import type { StoreError } from '@flyball/core/store';
import type { Client, Command } from './clients/client.ts';
import { IOREDIS_OWN, ioredisClient, isIoredis, type IoredisClient } from './clients/ioredis.ts';
import { lateClient } from './clients/late.ts';
import { isNodeRedis, nodeRedisClient, type NodeRedisClient } from './clients/node-redis.ts';
import { gone, toStoreError } from './errors.ts';
import { functionName, LIBRARY, SCRIPTS, type FunctionName } from './library.ts';

/** A client of ioredis 5 or 6 (`Redis` or `Cluster`), or of `redis` 5 or 6 (`createClient`). */
export type RedisClient = IoredisClient | NodeRedisClient;

export interface Call {
  readonly name: FunctionName;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
  /** Of tests; production leaves the time to the server. */
  readonly now: number | undefined;
  readonly background: boolean;
}

export interface Connection {
  readonly cluster: boolean;
  /**
   * Runs one operation of the library. Rejects with a `StoreError`, at once when there is no connection; a call
   * in the background waits for the first one to be made or refused.
   */
  run(call: Call): Promise<unknown>;
  /** Listens to a channel on a connection of its own. */
  listen(channel: string, listener: Listener): () => void;
  close(): Promise<void>;
}

export interface Listener {
  readonly onMessage: (message: string) => void;
  /** Listening (again): whatever was said before is lost. */
  readonly onConnected: () => void;
  readonly onLost: (cause?: unknown) => void;
}

/** `undefined`: the object is no client that this package knows. */
export function clientOf(given: unknown): Client | undefined {
  if (isIoredis(given)) return ioredisClient(given);
  return isNodeRedis(given) ? nodeRedisClient(given) : undefined;
}

export function clientAt(url: string): Client {
  return lateClient(async () => {
    const { Redis } = await import('ioredis');
    return ioredisClient(new Redis(url, IOREDIS_OWN), true);
  });
}

export function createConnection(client: Client): Connection {
  let lastError: unknown;
  const noted = (error: unknown): void => void (lastError = error);
  const closing: (() => void)[] = [client.watch({ onError: noted })];
  client.connect();
  /** Set while the first connection is being made. */
  let opening: Promise<void> | undefined;
  if (!client.ready()) {
    opening = new Promise<void>((resolve) => {
      const settled = (): void => {
        stop();
        opening = undefined;
        resolve();
      };
      const stop = client.watch({ onReady: settled, onLost: settled, onError: settled });
      closing.push(settled);
    });
  }
  let mode: 'function' | 'script' = 'function';
  let loading: Promise<void> | undefined;

  /** Loading what is there already is an error that says so. */
  function load(): Promise<void> {
    loading ??= client.sendToPrimaries(['function', 'load', LIBRARY]).then(nothing, (error: unknown) => {
      if (!/already exists/i.test(messageOf(error))) throw error;
    });
    return loading.finally(() => (loading = undefined));
  }

  function told(error: unknown): StoreError {
    const known = toStoreError(error);
    // A client leaves a replica for whoever answers next: that is why it is not connected then.
    if (known.code === 'REDIS_READ_ONLY') noted(error);
    return known.code === 'REDIS_GONE' ? gone(lastError ?? error) : known;
  }

  /** One promise where nothing goes wrong: a decision waits for it. */
  function runFunction(asked: Call): Promise<unknown> {
    const call = (): Promise<unknown> => client.send(commandOf('fcall', functionName(asked.name), asked));
    return call().catch(async (error: unknown) => {
      if (lacksFunctions(error)) return withScripts(asked);
      if (!/function not found/i.test(messageOf(error))) throw told(error);
      try {
        await load(); // a new server, or one that came back empty
        return await call();
      } catch (refused) {
        // A user who may call functions, and load none.
        if (lacksFunctions(refused)) return withScripts(asked);
        throw told(refused);
      }
    });
  }

  function withScripts(asked: Call): Promise<unknown> {
    mode = 'script';
    return runScript(asked);
  }

  function runScript(asked: Call): Promise<unknown> {
    const { sha, text } = SCRIPTS[asked.name];
    const send = (how: 'eval' | 'evalsha', what: string): Promise<unknown> => client.send(commandOf(how, what, asked));
    return send('evalsha', sha)
      .catch((error: unknown) => {
        if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
        return send('eval', text);
      })
      .catch((error: unknown) => {
        throw told(error);
      });
  }

  function perform(call: Call): Promise<unknown> {
    // A client of the application's may queue commands until it is connected again; a decision cannot wait for that.
    if (!client.ready()) return Promise.reject(gone(lastError));
    try {
      return mode === 'function' ? runFunction(call) : runScript(call);
    } catch (error) {
      return Promise.reject(told(error));
    }
  }

  return {
    cluster: client.cluster,

    run(call) {
      client.connect();
      if (!call.background) return perform(call);
      // One that is answered, each second: what was wrong before is over.
      return (opening?.then(() => perform(call)) ?? perform(call)).then((answer) => {
        noted(undefined);
        return answer;
      });
    },

    listen(channel, { onMessage, onConnected, onLost }) {
      const unwatch = client.watch({
        onReady: onConnected,
        onLost: () => onLost(lastError === undefined ? undefined : gone(lastError)),
      });
      const unsubscribe = client.subscribe(channel, { onMessage, onListening: onConnected, onError: noted });
      const stop = (): void => {
        unwatch();
        unsubscribe();
      };
      closing.push(stop);
      return stop;
    },

    async close() {
      for (const end of closing.splice(0)) end();
      client.close();
    },
  };
}

function commandOf(name: string, what: string, { keys, args, now }: Call): Command {
  const clock = now === undefined ? '' : String(now);
  const command: [string, ...string[]] = [name, what, String(keys.length), ...keys, clock];
  for (const arg of args) command.push(typeof arg === 'string' ? arg : String(arg));
  return command;
}

/** Redis before 7, a proxy that passes no functions, or a user whom the server lets neither load nor call them. */
function lacksFunctions(error: unknown): boolean {
  return /unknown command|no permissions to run the '(fcall|function)/i.test(messageOf(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function nothing(): void {
  // What a server says to a library that it has taken is of no interest.
}
