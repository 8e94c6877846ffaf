/** A command as a server reads it. */
export type Command = readonly [name: string, ...args: readonly string[]];

/**
 * What the store needs of a client, whatever library it is of. The store has its own deadline around every call, and
 * asks nothing of a client that is not connected: libraries queue such commands, and send them when nobody waits for
 * them any more.
 */
export interface Client {
  /** Several servers: the keys of one call must lie in one slot. */
  readonly cluster: boolean;
  /** Connected: a command would be sent now. */
  ready(): boolean;
  /** Begins to connect, where nobody has. */
  connect(): void;
  /**
   * Rejects with the library's own error. Of a cluster that server is asked which has the keys of the command, and any
   * of them where it has none.
   */
  send(command: Command): Promise<unknown>;
  /** To every primary; what each of them answers. */
  sendToPrimaries(command: Command): Promise<readonly unknown[]>;
  /** Calls back when it is connected (again), when a connection is lost, and on errors. Answers how to stop. */
  watch(watcher: Watcher): () => void;
  /** Listens to a channel on a connection of its own. Answers how to stop. */
  subscribe(channel: string, listener: ChannelListener): () => void;
  /** Ends what this package has opened, and nothing of the application's. */
  close(): void;
}

export interface Watcher {
  onReady?(): void;
  onLost?(): void;
  onError?(error: unknown): void;
}

export interface ChannelListener {
  onMessage(message: string): void;
  /** Listening, or listening again. */
  onListening(): void;
  onError(error: unknown): void;
}

/**
 * Milliseconds after which connections that this package opens are given up. The governor asks something every second.
 */
export const CONNECT_MS = 2000;
export const SILENT_MS = 3000;

/** Milliseconds until the next attempt to connect. */
export const retryAfter = (attempts: number): number => Math.min(50 * Math.max(1, attempts), 1000);
