import type { Client } from './client.ts';

/**
 * A client whose library is still being loaded: not connected until it is there. So nobody needs a library for a client
 * of another one. What goes wrong with the loading is told as an error of the client.
 */
export function lateClient(load: () => Promise<Client>): Client {
  let client: Client | undefined;
  let failed: unknown;
  let closed = false;
  const waiting = new Set<(client: Client) => void>();
  const failing = new Set<(error: unknown) => void>();
  load().then(
    (loaded) => {
      client = loaded;
      if (closed) return loaded.close();
      for (const begin of waiting) begin(loaded);
    },
    (error: unknown) => {
      failed = error;
      for (const tell of failing) tell(error);
    },
  );

  /** Does something with the client once it is there. Answers how to undo it. */
  function once(begin: (client: Client) => () => void, onError: ((error: unknown) => void) | undefined): () => void {
    if (client !== undefined) return begin(client);
    if (failed !== undefined) onError?.(failed);
    let undo = (): void => undefined;
    const started = (loaded: Client): void => void (undo = begin(loaded));
    waiting.add(started);
    if (onError !== undefined) failing.add(onError);
    return () => {
      waiting.delete(started);
      if (onError !== undefined) failing.delete(onError);
      undo();
    };
  }

  const missing = (): Promise<never> =>
    Promise.reject(failed instanceof Error ? failed : new Error('Connection is closed.'));
  return {
    cluster: false,
    ready: () => client?.ready() === true,
    connect: () => client?.connect(),
    send: (command) => client?.send(command) ?? missing(),
    sendToPrimaries: (command) => client?.sendToPrimaries(command) ?? missing(),
    watch: (watcher) => once((loaded) => loaded.watch(watcher), watcher.onError?.bind(watcher)),
    subscribe: (channel, listener) =>
      once((loaded) => loaded.subscribe(channel, listener), listener.onError.bind(listener)),
    close() {
      closed = true;
      client?.close();
    },
  };
}
