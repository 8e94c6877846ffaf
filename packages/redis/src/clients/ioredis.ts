import type { Cluster, Redis } from 'ioredis';
import { CONNECT_MS, retryAfter, SILENT_MS, type Client } from './client.ts';

/** A client of ioredis 5 or 6, known by what is used of it: it may come from any copy of the library. */
export interface IoredisClient {
  readonly status: string;
  readonly isCluster: boolean;
  call(command: string, ...args: string[]): Promise<unknown>;
  disconnect(): void;
}

/** As the version that this package is compiled against has it. */
type Opened = Redis | Cluster;

/**
 * Options of the connections this package opens itself: a lost command is answered at once, never kept and sent later.
 */
export interface OwnOptions {
  readonly enableOfflineQueue: boolean;
  readonly autoResendUnfulfilledCommands: boolean;
  readonly autoResubscribe: boolean;
  readonly maxRetriesPerRequest: number;
  readonly connectTimeout: number;
  readonly socketTimeout: number;
  readonly retryStrategy: (attempts: number) => number;
  readonly reconnectOnError: (error: Error) => boolean;
}

export const IOREDIS_OWN: OwnOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_MS,
  socketTimeout: SILENT_MS,
  retryStrategy: retryAfter,
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
};

/** What a cluster tells each of its connections. */
type NodeOptions = NonNullable<NonNullable<Parameters<Cluster['duplicate']>[1]>['redisOptions']>;

const METHODS = ['call', 'duplicate', 'on', 'off', 'subscribe', 'disconnect'];

export function isIoredis(client: unknown): client is IoredisClient {
  const given = client as { readonly [name: string]: unknown } | null;
  return (
    typeof given === 'object' &&
    given !== null &&
    typeof given['status'] === 'string' &&
    METHODS.every((name) => typeof given[name] === 'function')
  );
}

/** `opened`: it is this package's own already. */
export function ioredisClient(from: IoredisClient, opened = false): Client {
  const given = from as Opened;
  const client = opened ? given : givingUp(given);
  const own = opened || client !== given;
  const ignored = (): void => undefined;
  // Unheard, an error would end the process; those who watch are told.
  if (own) client.on('error', ignored);
  const gather = gatherer();

  return {
    cluster: isCluster(client),
    ready: () => client.status === 'ready',
    connect() {
      if (client.status === 'wait') void client.connect().catch(ignored);
    },
    send([name, ...args]) {
      if (!isCluster(client)) gather(client.stream);
      return client.call(name, ...args);
    },
    async sendToPrimaries([name, ...args]) {
      const nodes = isCluster(client) ? client.nodes('master') : [client];
      return Promise.all(nodes.map((node) => node.call(name, ...args)));
    },
    watch({ onReady, onLost, onError }) {
      const handlers = Object.entries({ ready: onReady, close: onLost, error: own ? onError : undefined });
      for (const [event, handler] of handlers) if (handler !== undefined) client.on(event, handler);
      return () => {
        for (const [event, handler] of handlers) if (handler !== undefined) client.off(event, handler);
      };
    },
    subscribe(channel, { onMessage, onListening, onError }) {
      const subscriber: Opened = isCluster(client)
        ? client.duplicate()
        : client.duplicate({ ...IOREDIS_OWN, keyPrefix: '', lazyConnect: false });
      const hear = (_channel: string, message: string): void => onMessage(message);
      const ready = (): void => void subscriber.subscribe(channel).then(onListening, onError);
      subscriber.on('error', onError);
      subscriber.on('message', hear);
      subscriber.on('ready', ready);
      if (subscriber.status === 'wait') void subscriber.connect().catch(onError);
      return () => {
        subscriber.off('message', hear);
        subscriber.off('ready', ready);
        subscriber.disconnect();
      };
    },
    close() {
      if (own) client.disconnect();
    },
  };
}

/**
 * The application's client as it is where it gives up a connection that answers nothing; otherwise one like it that
 * does, with the same address, credentials, certificates and sentinels. Without a bound such a connection is kept for
 * as long as the operating system does, a quarter of an hour, and every call on it runs into its deadline.
 */
function givingUp(client: Opened): Opened {
  if (isCluster(client)) {
    const { redisOptions } = client.options;
    if (redisOptions?.socketTimeout !== undefined) return client;
    const { enableOfflineQueue, reconnectOnError: _, retryStrategy: __, ...each } = IOREDIS_OWN;
    const options = { ...redisOptions, ...each } as NodeOptions;
    return client.duplicate([], { redisOptions: options, enableOfflineQueue, lazyConnect: false });
  }
  return client.options.socketTimeout === undefined ? client.duplicate({ ...IOREDIS_OWN, lazyConnect: false }) : client;
}

/**
 * Commands that are sent together leave in one write, which costs the processor more than all else that a command does.
 * They wait for no more than what runs already: the writes are let go before the event loop goes on.
 */
function gatherer(): (stream: NetStream | undefined) => void {
  let held: NetStream | undefined;
  const letGo = (): void => {
    held?.uncork();
    held = undefined;
  };
  return (stream) => {
    if (held !== undefined || typeof stream?.cork !== 'function') return;
    held = stream;
    stream.cork();
    process.nextTick(letGo);
  };
}

type NetStream = Redis['stream'];

/** By its mark, not its class. */
function isCluster(client: Opened): client is Cluster {
  return client.isCluster;
}
