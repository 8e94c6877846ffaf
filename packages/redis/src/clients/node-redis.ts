import { CONNECT_MS, retryAfter, SILENT_MS, type Client } from './client.ts';

/** A client that `createClient` of `redis` 5 or 6 (node-redis) makes, known by what is used of it. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  sendCommand(command: readonly string[]): Promise<unknown>;
  connect(): Promise<unknown>;
  destroy(): void;
}

/** What else is used; its types differ by version and by the modules of a client. */
interface Opened extends NodeRedisClient {
  readonly options?: { readonly socket?: object } | undefined;
  duplicate(overrides?: object): Opened;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
}

const METHODS = ['sendCommand', 'duplicate', 'connect', 'destroy', 'subscribe', 'on', 'off'];

/**
 * A cluster and a Sentinel of node-redis ask for a key or a role with each command, and have no `isReady` that says
 * whether one would be sent.
 */
export function isNodeRedis(client: unknown): client is NodeRedisClient {
  const given = client as { readonly [name: string]: unknown } | null;
  if (typeof given !== 'object' || given === null || !METHODS.every((name) => typeof given[name] === 'function')) {
    return false;
  }
  return (
    typeof given['isReady'] === 'boolean' && given['masters'] === undefined && given['getSentinelNode'] === undefined
  );
}

/**
 * Always a duplicate of the application's client: one that queues nothing while it is not connected, gives up a
 * connection that answers nothing, and tries again for ever. Address, credentials and certificates are the same.
 */
export function nodeRedisClient(from: NodeRedisClient): Client {
  const given = from as Opened;
  const client = duplicateOf(given);
  const ignored = (): void => undefined;
  client.on('error', ignored);

  return {
    cluster: false,
    ready: () => client.isReady,
    connect() {
      if (!client.isOpen) void client.connect().catch(ignored);
    },
    send: (command) => client.sendCommand(command),
    async sendToPrimaries(command) {
      return [await client.sendCommand(command)];
    },
    watch({ onReady, onLost, onError }) {
      // Reported with the first failed attempt after a connection was lost, and with each one after it.
      const handlers = Object.entries({ ready: onReady, reconnecting: onLost, end: onLost, error: onError });
      for (const [event, handler] of handlers) if (handler !== undefined) client.on(event, handler);
      return () => {
        for (const [event, handler] of handlers) if (handler !== undefined) client.off(event, handler);
      };
    },
    subscribe(channel, { onMessage, onListening, onError }) {
      const subscriber = duplicateOf(given);
      let first = true;
      subscriber.on('error', onError);
      subscriber.on('ready', () => {
        // The library listens again by itself before it says that it is ready; only the first time is ours to ask.
        if (!first) onListening();
        first = false;
      });
      subscriber
        .connect()
        .then(() => subscriber.subscribe(channel, onMessage))
        .then(onListening, onError);
      return () => {
        if (subscriber.isOpen) subscriber.destroy();
      };
    },
    close() {
      if (client.isOpen) client.destroy();
    },
  };
}

function duplicateOf(client: Opened): Opened {
  const socket = { ...client.options?.socket, connectTimeout: CONNECT_MS, socketTimeout: SILENT_MS };
  return client.duplicate({
    disableOfflineQueue: true,
    socket: { ...socket, reconnectStrategy: retryAfter },
  });
}
