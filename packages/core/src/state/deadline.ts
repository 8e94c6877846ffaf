import { StoreError } from './store-error.ts';
import type { MaybePromise } from './store.ts';

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as { readonly then?: unknown } | undefined)?.then === 'function';
}

/** The promise, or `StoreError` `STORE_TIMEOUT` after `ms`. A late answer is discarded: the caller has already decided without it. */
export function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new StoreError('STORE_TIMEOUT', `the store did not answer within ${ms} ms`, { failure: 'TIMEOUT' }));
    }, ms);
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
