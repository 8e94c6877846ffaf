import { Redis, type Cluster, type RedisOptions } from 'ioredis';
import { gone, toStoreError } from './errors.ts';
import { functionName, LIBRARY, SCRIPTS, type FunctionName } from './library.ts';

export type RedisClient = Redis | Cluster;

/** Options of the connections this package opens itself: a lost command is answered at once, never kept and sent later. */
const OWN = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2000,
  // A connection that answers nothing for so long is taken for dead; the governor asks something every second.
  socketTimeout: 3000,
  retryStrategy: (times: number) => Math.min(50 * times, 1000),
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

/** What a cluster tells each of its connections. */
type NodeOptions = NonNullable<NonNullable<Parameters<Cluster['duplicate']>[1]>['redisOptions']>;

export interface Call {
  readonly name: FunctionName;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
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

export function createConnection(from: { readonly url: string } | { readonly client: RedisClient }): Connection {
  const client: RedisClient = 'url' in from ? new Redis(from.url, OWN) : givingUp(from.client);
  const own = !('client' in from) || client !== from.client;
  const cluster = isCluster(client);
  let lastError: unknown;
  const noted = (error: unknown): void => void (lastError = error);
  if (own) client.on('error', noted);
  const closing: (() => void)[] = [];
  /** Set while the first connection is being made. */
  let opening: Promise<void> | undefined;
  if (client.status !== 'ready') {
    opening = new Promise<void>((resolve) => {
      const settled = (): void => {
        client.off('ready', settled);
        client.off('close', settled);
        opening = undefined;
        resolve();
      };
      client.on('ready', settled);
      client.on('close', settled);
      closing.push(settled);
    });
  }
  let mode: 'function' | 'script' = 'function';
  let loading: Promise<void> | undefined;

  /** On every primary of a cluster. Loading what is there already is an error that says so. */
  function load(): Promise<void> {
    const nodes = isCluster(client) ? client.nodes('master') : [client];
    loading ??= Promise.all(
      nodes.map((node) =>
        node.function('LOAD', LIBRARY).catch((error: unknown) => {
          if (!/already exists/i.test(messageOf(error))) throw error;
        }),
      ),
    ).then(() => undefined);
    return loading.finally(() => (loading = undefined));
  }

  async function runFunction(asked: Call): Promise<unknown> {
    const { name, keys, args } = asked;
    const call = (): Promise<unknown> => client.fcall(functionName(name), keys.length, ...keys, ...args);
    try {
      return await call();
    } catch (error) {
      if (/unknown command|this user has no permissions to run the 'f/i.test(messageOf(error))) {
        mode = 'script';
        return runScript(asked);
      }
      if (!/function not found/i.test(messageOf(error))) throw error;
      await load(); // a new server, or one that came back empty
      return call();
    }
  }

  async function runScript({ name, keys, args }: Call): Promise<unknown> {
    const { sha, text } = SCRIPTS[name];
    try {
      return await client.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      return client.eval(text, keys.length, ...keys, ...args);
    }
  }

  return {
    cluster,

    async run(call) {
      if (client.status === 'wait') void client.connect().catch(noted);
      if (call.background) await opening;
      // A client of the application's may queue commands until it is connected again; a decision cannot wait for that.
      if (client.status !== 'ready') throw gone(lastError);
      try {
        return await (mode === 'function' ? runFunction(call) : runScript(call));
      } catch (error) {
        throw toStoreError(error);
      }
    },

    listen(channel, { onMessage, onConnected, onLost }) {
      const subscriber: RedisClient = isCluster(client)
        ? client.duplicate()
        : client.duplicate({ ...OWN, keyPrefix: '', lazyConnect: false });
      const lost = (): void => onLost(lastError);
      const ready = (): void => {
        subscriber.subscribe(channel).then(onConnected, noted);
      };
      subscriber.on('error', noted);
      subscriber.on('message', (_channel: string, message: string) => onMessage(message));
      subscriber.on('ready', ready);
      if (subscriber.status === 'wait') void subscriber.connect().catch(noted);
      client.on('close', lost);
      client.on('ready', onConnected);
      const stop = (): void => {
        client.off('close', lost);
        client.off('ready', onConnected);
        subscriber.removeAllListeners('message');
        subscriber.off('ready', ready);
        subscriber.disconnect();
      };
      closing.push(stop);
      return stop;
    },

    async close() {
      for (const end of closing.splice(0)) end();
      if (own) client.disconnect();
    },
  };
}

/**
 * The application's client as it is where it gives up a connection that answers nothing; otherwise one like it that does, with the same
 * address, credentials, certificates and sentinels. Without a bound such a connection is kept for as long as the operating system does,
 * a quarter of an hour, and every call on it runs into its deadline.
 */
function givingUp(client: RedisClient): RedisClient {
  if (isCluster(client)) {
    const { redisOptions } = client.options;
    if (redisOptions?.socketTimeout !== undefined) return client;
    const { enableOfflineQueue, reconnectOnError: _, retryStrategy: __, ...each } = OWN;
    const options = { ...redisOptions, ...each } as NodeOptions;
    return client.duplicate([], { redisOptions: options, enableOfflineQueue, lazyConnect: false });
  }
  return client.options.socketTimeout === undefined ? client.duplicate({ ...OWN, lazyConnect: false }) : client;
}

/** By its mark, not its class: an application's client may come from another copy of ioredis. */
function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
