import { StoreError } from './store-error.ts';

/**
 * The promise, or `StoreError` `STORE_TIMEOUT` after `ms`. A late answer is discarded: the caller has already decided without it.
 * The limit is for the store, not for this process: after a pause here, what has arrived meanwhile is read before time is called.
 */
export function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = (): void => {
      reject(new StoreError('STORE_TIMEOUT', `the store did not answer within ${ms} ms`, { failure: 'TIMEOUT' }));
    };
    // Event loops run timers before they read sockets, so a second timer lets them read once.
    let timer = setTimeout(() => (timer = setTimeout(expire, 0)), ms);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
