import { call } from '../outside/call.ts';
import { StoreError } from './store-error.ts';

/**
 * For authors of stores: what a client answers, or a rejection with `StoreError` `STORE_TIMEOUT` after `ms`
 * milliseconds. A late answer is dropped. A pause of this process is not held against the database: what has arrived
 * meanwhile is read first.
 *
 *     const row = await withTimeout(() => client.query('select 1'), 25);
 */
export async function withTimeout<T>(ask: () => PromiseLike<T>, ms: number): Promise<T> {
  const answer = await call('store', 'client', ask, { deadlineMs: ms });
  if (answer.ok) return answer.value;
  if (answer.failure.code === 'TIMEOUT' && !(answer.cause instanceof StoreError)) throw timedOut(ms);
  throw answer.cause;
}

export function timedOut(ms: number): StoreError {
  return new StoreError('STORE_TIMEOUT', `the store did not answer within ${ms} ms`, { failure: 'TIMEOUT' });
}
